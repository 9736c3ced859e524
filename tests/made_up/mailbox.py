"""The demo's mailbox, read from the data beside this file."""

from __future__ import annotations

from email.utils import parseaddr
from pathlib import Path
from typing import Any

import yaml

from tests.made_up.filled import Fault, Filled
from tests.made_up.paper import Style
from tests.made_up.sent import Sent

MAILBOX = Path(__file__).with_name("mailbox.yaml")


def load_mails() -> tuple[Sent, ...]:
    """The mails in the file's order. Raises KeyError or TypeError when the data are not as its head says."""
    return tuple(_mail(told) for told in yaml.safe_load(MAILBOX.read_text(encoding="utf-8")))


def _mail(told: dict[str, Any]) -> Sent:
    forwarded = told.pop("forwarded", None)
    return Sent(
        **told
        | {
            "sender": parseaddr(told["sender"]),
            "forms": tuple(_form(one) for one in told["forms"]),
            "faults": tuple(told.get("faults", ())),
            "forwarded": (forwarded["saying"], parseaddr(forwarded["by"])) if forwarded else None,
        }
    )


def _form(told: dict[str, Any]) -> tuple[str, Filled, Style]:
    fields, columns = told.get("fields", {}), told.get("columns", "").split()
    filled = Filled(
        told["form"],
        fields,
        tuple(dict(zip(columns, row.split(), strict=True)) for row in told.get("rows", ())),
        written=told.get("written", {}),
        seal=fields["school"] if told.get("seal") == "own" else told.get("seal", ""),
        lower=told.get("lower", ""),
        signed=told.get("signed", {}),
        faults=tuple(_fault(one) for one in told.get("faults", ())),
    )
    style = told.get("style", {})
    return told["file"], filled, Style(**style | ({"ink": tuple(style["ink"])} if "ink" in style else {}))


def _fault(told: str) -> Fault:
    """`expert.age birth_month 2`: code, field, row."""
    code, field, row = [*told.split(), None, None][:3]
    assert code
    return code, field, int(row) if row else None
