"""The filter of the lists as it stands in an address, the same on pages and in the JSON API."""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from api.accounts.actor import Actor
from api.export.schema import Lane, State
from api.queue.filter import Filter, Order, Sort

Age = Literal["day", "days", "week", "month", "older", "none"]
Due = Literal["over", "day", "days", "week", "later", "none"]
FIRST: dict[Sort, Order] = {"received": "desc", "due": "asc", "school": "asc"}
"""Which way each order goes unless it is said."""


class Choice(BaseModel):
    """An empty value asks nothing; `none` asks for the records that have none."""

    lane: Literal[Lane, ""] = ""
    state: Literal[State, ""] = ""
    level: str = Field("", max_length=16, description="The review level that it has passed.")
    programme: str = Field("", max_length=80)
    city: str = Field("", max_length=40)
    kind: str = Field("", max_length=24, description="Of the school: undergraduate, higher_vocational ….")
    form: str = Field("", max_length=80, description="A form's key; none: no known form.")
    finding: str = Field("", max_length=40, description="A code that it has.")
    assignee: str = Field("", max_length=64, description="A login name; me; none: nobody's.")
    age: Literal[Age, ""] = Field("", description="Came today, 1 to 3, 4 to 7, 8 to 30 days ago, or earlier.")
    due: Literal[Due, ""] = Field("", description="Over, due today, in 1 to 3, in 4 to 7 days, or later.")
    q: str = Field("", max_length=200, description="Words, all of which must occur in what was read.")
    sort: Sort = "received"
    order: Literal[Order, ""] = Field("", description="By default the newest, the first due, by the school's name.")

    def filter(self, actor: Actor | None = None) -> Filter:
        """actor: who asks; she is `me`, and sees the records of her cities only."""
        asked: dict[str, Any] = {key: value or None for key, value in _asked(self).items()}
        if self.assignee == "me" and actor:
            asked["assignee"] = actor.name
        asked |= {"sort": self.sort, "order": self.way, "cities": actor.cities if actor else ()}
        return Filter(**asked)

    @property
    def way(self) -> Order:
        return self.order or FIRST[self.sort]

    def chosen(self) -> dict[str, str]:
        """What is set, for links; without what only says which part of the list is shown."""
        plain = self.model_dump(include=set(Choice.model_fields), exclude_defaults=True)
        return {key: str(value) for key, value in plain.items() if value}

    def query(self) -> str:
        return urlencode(self.chosen())

    def narrowed(self) -> bool:
        """Whether anything but the order is chosen."""
        return bool(self.chosen().keys() - {"sort", "order"})


def _asked(choice: Choice) -> dict[str, str]:
    return {key: getattr(choice, key) for key in Choice.model_fields if key not in ("sort", "order")}
