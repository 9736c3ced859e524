"""`yinjian demo`: the whole way on a bundled mailbox of made-up mails, in a store of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from api import commands
from api.accounts.actor import Actor
from api.accounts.console import welcome
from api.accounts.http import LOCAL
from api.console import Bar, show_records
from api.house import House, open_house
from api.server import serve
from api.settings import Settings
from api.store import work

VISITOR = Actor("demo", "演示管理员", "administrator")
MAILS = Path(__file__).parent / "mails"


def run(settings: Settings, said: Console, out: Console, stop: bool) -> None:
    """Takes the mails, shows what came of them, and serves the pages unless it is to `stop` then.

    A second run finds the same bytes in the store and has nothing to read. The demo's store is `demo` in the data
    folder, whatever database and mailboxes are set: it never mixes with real submissions. Where the port is taken, it
    is served on the next free one. Who looks in from this machine need not sign in.
    """
    own = demo_settings(settings)
    with open_house(own) as house:
        with Bar(said) as bar:
            summary = commands.ingest(house, [MAILS], bar)
        records = _records(house)
    show_records(out, records)
    out.print(f"演示邮箱共 {summary.new + summary.known} 封邮件（新收 {summary.new} 封），{len(records)} 条记录。")
    if not stop:
        if own.host in LOCAL:
            said.print("演示无需登录：在这台机器上打开网页，即是演示管理员。")
        tell: Callable[[str], None] = lambda address: said.print(f"印鉴：{address}  （Ctrl-C 结束）")  # noqa: E731
        serve(own, tell, welcome(said), ports=20, visitor=VISITOR)


def demo_settings(settings: Settings) -> Settings:
    """The same settings on a store of the demo's own."""
    own = {"data": settings.data / "demo", "database_url": "", "files_url": "", "mailboxes": ()}
    return settings.model_copy(update=own)


def _records(house: House) -> list[dict[str, object]]:
    with house.store.reading() as session:
        return [record.body for record in work.records(session)]
