"""`yinjian user …`, and what is said of the first administrator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from rich.console import Console
from rich.table import Table

from api.accounts import users
from api.accounts.actor import Actor
from api.accounts.cities import known_cities
from api.audit.key import open_store
from api.settings import Settings


def operator() -> Actor:
    """Who calls a command, by the account of the machine. No user's name has a colon."""
    from getpass import getuser

    try:
        name = getuser()
    except (OSError, KeyError):  # a container may have no name for its account
        name = ""
    return Actor(f"cli:{name}"[:64], name or "命令行", "administrator")


def welcome(said: Console) -> Callable[[str, str], None]:
    """Says the first administrator's one-time password on the terminal, and nowhere else."""

    def say(name: str, password: str) -> None:
        said.print(f"已建立第一个管理员账号 {name}，一次性密码（只显示这一次）：", markup=False)
        said.print(f"    {password}", markup=False, highlight=False)
        said.print("首次登录时须修改；遗失可用 yinjian user passwd 重设。", markup=False)

    return say


def add_user(settings: Settings, out: Console, name: str, role: str, shown: str, cities: list[str]) -> None:
    with _session(settings) as session:
        known = known_cities(session) if cities else None
        word = users.add_user(session, operator(), name, role, shown=shown, cities=cities, known_cities=known)
    _tell(out, users.plain_name(name), word)


def reset_password(settings: Settings, out: Console, name: str) -> None:
    with _session(settings) as session:
        word = users.reset_password(session, operator(), name)
    _tell(out, users.plain_name(name), word)


def list_users(settings: Settings, out: Console) -> None:
    table = Table("账号", "姓名", "角色", "城市", "状态")
    with _session(settings) as session:
        for user in users.users(session):
            state = "已停用" if user.disabled else "待改密码" if user.must_change else "正常"
            role = users.ROLE_WORDS.get(user.role, user.role)  # type: ignore[call-overload]
            table.add_row(user.name, user.shown, role, "、".join(user.cities) or "全部", state)
    out.print(table)


def _tell(out: Console, name: str, word: str) -> None:
    out.print(f"{name} 的一次性密码（只显示这一次，首次登录时须修改）：", markup=False, highlight=False)
    out.print(word, markup=False, highlight=False)


@contextmanager
def _session(settings: Settings) -> Iterator[Any]:
    with closing(open_store(settings)) as store, store.session() as session:
        yield session
