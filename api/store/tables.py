"""The tables. Ours is the truth; the engine's own tables only remember how far a workflow came.

Times are stored in UTC and are aware in Python. A JSON column holds a stage's value as it was emitted.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    TypeDecorator,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, validates

from api.store.search import school_key, search_text


class UtcTime(TypeDecorator[datetime]):
    """An aware datetime; SQLite keeps none, so everything is stored in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Table(DeclarativeBase):
    type_annotation_map = {datetime: UtcTime(), dict[str, Any]: Json, list[Any]: Json}  # noqa: RUF012


class Message(Table):
    """One message as it arrived. sha256 is of its bytes and the key of the original; `state`: received, done or parked.

    kind: "mail", or "file" for a loose file, whose name then is `name`.
    mail: the decoded Mail without its attachments, once it was opened.
    """

    __tablename__ = "messages"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(Text, default="")
    taken_at: Mapped[datetime]
    received_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(16), default="received", index=True)
    mail: Mapped[dict[str, Any] | None]
    troubles: Mapped[list[Any] | None]
    digital_signatures: Mapped[list[Any] | None]
    conclusion: Mapped[str | None] = mapped_column(String(64))


class Position(Table):
    """Where a message was seen in a mailbox, so that it is fetched once."""

    __tablename__ = "positions"

    mailbox: Mapped[str] = mapped_column(Text, primary_key=True)
    folder: Mapped[str] = mapped_column(Text, primary_key=True)
    uidvalidity: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    uid: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    message: Mapped[str] = mapped_column(ForeignKey("messages.sha256"))


class PageRow(Table):
    """One side of a sheet. `place` counts from 0 over the message. `page` is the key of its Page once it was read.

    file, number: key of the file that it came from, and its page there from 1.
    view: key of its picture, "" for office files.
    dpi, characters: as in `ingest.sheets.Sheet`.
    trouble: why it could not be read, as a code and a sentence for people.
    """

    __tablename__ = "pages"

    message: Mapped[str] = mapped_column(ForeignKey("messages.sha256"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    file: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(8))
    number: Mapped[int] = mapped_column(Integer)
    view: Mapped[str] = mapped_column(String(64))
    dpi: Mapped[float]
    characters: Mapped[int] = mapped_column(default=0)
    page: Mapped[str | None] = mapped_column(String(64))
    trouble_code: Mapped[str | None] = mapped_column(String(40))
    trouble: Mapped[str | None] = mapped_column(Text)


QUEUE = (
    *("lane", "state", "level", "programme", "city", "kind", "form", "assignee", "due_on", "received_at"),
    *("school_key", "message", "place", "id"),
)
"""What lists filter, count and sort by: an index of all, so that the large bodies are not read for it."""


class Record(Table):
    """One form found in a message, as the machine reads it.

    `body` is the record of the contract; the columns repeat what lists filter by.
    own_lane: the lane by the record alone; `lane` also minds the findings across documents.
    version: grows with each change of the body. city: whose office sees it; None: only offices for all cities.
    search, level, school_key, kind, due_on: what it is searched, filtered and sorted by; they follow the body by
    themselves.
    assignee: the login name of who shall deal with it.
    """

    __tablename__ = "records"
    __table_args__ = (
        Index("records_by_school", "school_code", "form"),
        Index("records_in_queue", *QUEUE),
        Index("records_by_change", "city", "updated_at"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    message: Mapped[str] = mapped_column(ForeignKey("messages.sha256"), index=True)
    place: Mapped[int]
    programme: Mapped[str | None] = mapped_column(String(80), index=True)
    form: Mapped[str | None] = mapped_column(String(80), index=True)
    state: Mapped[str] = mapped_column(String(16), index=True)
    lane: Mapped[str] = mapped_column(String(8), index=True)
    own_lane: Mapped[str] = mapped_column(String(8), default="ask", server_default="ask")
    school_code: Mapped[str | None] = mapped_column(String(40))
    city: Mapped[str | None] = mapped_column(String(40), index=True)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    received_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    body: Mapped[dict[str, Any]]
    search: Mapped[str] = mapped_column(Text, default="", server_default="")
    level: Mapped[str | None] = mapped_column(String(16))
    school_key: Mapped[str] = mapped_column(String(160), default="", server_default="")
    kind: Mapped[str | None] = mapped_column(String(24))
    due_on: Mapped[date | None] = mapped_column(Date)
    assignee: Mapped[str | None] = mapped_column(String(64))

    @validates("body")
    def _written(self, _: str, body: dict[str, Any]) -> dict[str, Any]:
        self.search, self.level, self.school_key = search_text(body), body.get("level"), school_key(body)
        self.kind, due = body.get("school_kind"), body.get("due")
        self.due_on = date.fromisoformat(due) if due else None
        return body


class Change(Table):
    """What a person did to a record. number: from 1 within the record. kind: correct, match, accept, undo ….

    edits: places with what stood there before and after (`api.review.edits`). detail: what else is to be remembered.
    undoes: the change that this one took back; undone_by: the one that took this back.
    """

    __tablename__ = "changes"

    record: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(64), index=True)
    shown: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    version: Mapped[int]
    reason: Mapped[str] = mapped_column(Text, default="")
    edits: Mapped[list[Any]]
    detail: Mapped[dict[str, Any]]
    undoes: Mapped[int | None]
    undone_by: Mapped[int | None]


class DelegationRow(Table):
    """A level's task handed to another person for a time. level: None where there are no levels.

    role: the giver's then. programme, record: the only one it is for; None: all. ended_at: taken back before `until`.
    """

    __tablename__ = "delegations"

    number: Mapped[int] = mapped_column(primary_key=True)
    level: Mapped[str | None] = mapped_column(String(16))
    by: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(16))
    to: Mapped[str] = mapped_column(String(64), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime]
    programme: Mapped[str | None] = mapped_column(String(80))
    record: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None]


class FindingRow(Table):
    """A finding of a record, in the record's order, for lists and counts."""

    __tablename__ = "findings"
    __table_args__ = (Index("findings_of_records", "record", "code"),)

    record: Mapped[str] = mapped_column(ForeignKey("records.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), index=True)
    severity: Mapped[str] = mapped_column(String(8))
    field: Mapped[str | None] = mapped_column(String(40))
    row: Mapped[int | None]
    message: Mapped[str] = mapped_column(Text)


class ExportRow(Table):
    """A record that left in an export. It stays when the record goes."""

    __tablename__ = "exports"

    export: Mapped[str] = mapped_column(String(32), primary_key=True)
    record: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)
    at: Mapped[datetime]
    file_name: Mapped[str] = mapped_column(Text)
    format: Mapped[str] = mapped_column(String(8))
    by: Mapped[str] = mapped_column(Text)


class ExportTemplate(Table):
    """The office's own workbook that exports fill. content: key of its bytes; name: what people choose it by."""

    __tablename__ = "export_templates"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    file_name: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(String(64))
    by: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]


class RegisterEntry(Table):
    """An entry of a register that the office imported; it adds to, or replaces, what the project brings along.

    by: the login name of who taught it (an alias); None: it came with a file.
    """

    __tablename__ = "register_entries"

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    body: Mapped[dict[str, Any]]
    imported_at: Mapped[datetime]
    by: Mapped[str | None] = mapped_column(String(64))


class PlatformEntry(Table):
    """One row of the list that the office exported from the national platform."""

    __tablename__ = "platform_rows"

    programme: Mapped[str] = mapped_column(String(80), primary_key=True)
    school_code: Mapped[str] = mapped_column(String(40), primary_key=True)
    certificate: Mapped[str] = mapped_column(String(200), primary_key=True)
    level: Mapped[str] = mapped_column(String(8), primary_key=True)
    headcount: Mapped[int]
    imported_at: Mapped[datetime]


class Specimen(Table):
    """An accepted impression of a school's seal, to check later ones against. body: the seal as in the record."""

    __tablename__ = "specimens"

    school_code: Mapped[str] = mapped_column(String(40), primary_key=True)
    record: Mapped[str] = mapped_column(String(40), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    kept_at: Mapped[datetime]
    body: Mapped[dict[str, Any]]


class Hold(Table):
    """Who has a record open. It lasts until `until`, and longer with each sign of life (`api.queue.holds`)."""

    __tablename__ = "holds"

    record: Mapped[str] = mapped_column(ForeignKey("records.id", ondelete="CASCADE"), primary_key=True)
    by: Mapped[str] = mapped_column(String(64))
    shown: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime]
    until: Mapped[datetime]


class SavedView(Table):
    """A filter that a user keeps under a name. query: as in the address; shared: whether all may use it."""

    __tablename__ = "views"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(Text)
    query: Mapped[str] = mapped_column(Text)
    shared: Mapped[bool]
    made_at: Mapped[datetime]


class Batch(Table):
    """One deed on many records, so that it can be shown and undone. body: what became of each.

    kind: accept, or doubt for one answer to the same question in all of them.
    """

    __tablename__ = "batches"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    kind: Mapped[str] = mapped_column(String(8), default="accept", server_default="accept")
    body: Mapped[dict[str, Any]]


class Outgoing(Table):
    """A mail to a school, from a person's yes on. id: hex; of a reminder, made of its order and school.

    kind: reply or reminder. state: waiting, sending, sent, failed or cancelled (`api.outbox.states`).
    message, records: what a reply answers. programme, form, school: what a reminder asks for, and of whom.
    content: key of the mail's bytes, the same at every attempt. message_id: made by us, so that a second copy is known.
    next_at: not before. started_at: of the attempt in hand. error: what the server said to the last one.
    """

    __tablename__ = "outbox"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(16), index=True)
    message: Mapped[str | None] = mapped_column(String(64), index=True)
    records: Mapped[list[Any]]
    programme: Mapped[str | None] = mapped_column(String(80))
    form: Mapped[str | None] = mapped_column(String(80))
    school: Mapped[str | None] = mapped_column(String(40), index=True)
    city: Mapped[str | None] = mapped_column(String(40), index=True)
    to: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(String(64))
    message_id: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(64))
    shown: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    attempts: Mapped[int]
    next_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text)


class Worker(Table):
    """A process that works, and when it last said so (by the database's clock)."""

    __tablename__ = "workers"

    executor: Mapped[str] = mapped_column(String(200), primary_key=True)
    beat_at: Mapped[datetime]


class User(Table):
    """Who may sign in. password: its argon2 hash; None: by OpenID Connect only.

    must_change: the password is a one-time one. cities: empty for all.
    """

    __tablename__ = "users"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    shown: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(16))
    cities: Mapped[list[Any]]
    password: Mapped[str | None] = mapped_column(Text)
    must_change: Mapped[bool]
    disabled: Mapped[bool]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class SignIn(Table):
    """A session of a signed-in user. id: SHA-256 of what the cookie holds, so that the table opens no door."""

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[str] = mapped_column(ForeignKey("users.name"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class ApiToken(Table):
    """An API token that acts in a user's name within its scopes. hash: SHA-256 of the token, which is kept nowhere."""

    __tablename__ = "tokens"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    user: Mapped[str] = mapped_column(ForeignKey("users.name"), index=True)
    label: Mapped[str] = mapped_column(String(80))
    scopes: Mapped[list[Any]]
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class Attempts(Table):
    """Failed sign-ins in a row. key: SHA-256 of a name or an address, known or not; until: no other try before."""

    __tablename__ = "attempts"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failed: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)
    until: Mapped[datetime | None]


class AuditRow(Table):
    """One entry of the audit log. Everything that is hashed is text, so that the very characters are what is hashed.

    at: UTC with microseconds, ISO 8601. detail: canonical JSON. hash, seal: see `api.audit.chain`.
    """

    __tablename__ = "audit"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(32), index=True)
    by: Mapped[str] = mapped_column(String(64), index=True)
    event: Mapped[str] = mapped_column(String(40), index=True)
    record: Mapped[str | None] = mapped_column(String(40), index=True)
    detail: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64))


class AuditHead(Table):
    """The end of the audit log, in one row: its lock numbers the entries, its seal tells that none was cut off."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64))
