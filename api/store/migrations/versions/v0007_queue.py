"""The queue: what records are counted and sorted by, a search by substring, holds, saved views, bulk acceptances."""

import sqlalchemy as sa
from alembic import op

from api.queue.facets import due_on
from api.store.search import school_key, search_text
from api.store.tables import QUEUE, Json, UtcTime
from api.values import from_json
from corpora.programme import load_programmes
from corpora.register import School, load_registers

revision = "0007"
down_revision = "0006"

# A trigram index finds any text of three characters and more by itself. Its list of terms finds shorter ones, since
# each pair of characters begins a trigram: the text therefore ends with two characters more. `number` is what FTS5
# calls a record; the row's own number would not outlast VACUUM.
SEARCH = (
    "CREATE TABLE search_numbers (number INTEGER PRIMARY KEY, record VARCHAR(40) NOT NULL UNIQUE)",
    "CREATE VIRTUAL TABLE search_index USING fts5(text, tokenize='trigram case_sensitive 1')",
    "CREATE VIRTUAL TABLE search_terms USING fts5vocab(search_index, instance)",
    "INSERT INTO search_numbers (record) SELECT id FROM records ORDER BY id",
    """INSERT INTO search_index (rowid, text) SELECT number, search || char(10, 10)
    FROM search_numbers JOIN records ON records.id = search_numbers.record""",
    """CREATE TRIGGER search_added AFTER INSERT ON records BEGIN
    INSERT INTO search_numbers (record) VALUES (new.id);
    INSERT INTO search_index (rowid, text)
        SELECT number, new.search || char(10, 10) FROM search_numbers WHERE record = new.id;
END""",
    """CREATE TRIGGER search_changed AFTER UPDATE OF search ON records WHEN old.search <> new.search BEGIN
    UPDATE search_index SET text = new.search || char(10, 10)
        WHERE rowid = (SELECT number FROM search_numbers WHERE record = new.id);
END""",
    """CREATE TRIGGER search_gone AFTER DELETE ON records BEGIN
    DELETE FROM search_index WHERE rowid = (SELECT number FROM search_numbers WHERE record = old.id);
    DELETE FROM search_numbers WHERE record = old.id;
END""",
)


def upgrade() -> None:
    op.add_column("records", sa.Column("level", sa.String(length=16), nullable=True))
    op.add_column("records", sa.Column("school_key", sa.String(length=160), nullable=False, server_default=""))
    op.add_column("records", sa.Column("kind", sa.String(length=24), nullable=True))
    op.add_column("records", sa.Column("due_on", sa.Date(), nullable=True))
    op.add_column("records", sa.Column("assignee", sa.String(length=64), nullable=True))
    _write_again()
    op.create_index("records_in_queue", "records", list(QUEUE), unique=False)
    op.create_index("records_by_change", "records", ["city", "updated_at"], unique=False)
    op.create_index("findings_of_records", "findings", ["record", "code"], unique=False)
    op.create_table(
        "holds",
        sa.Column("record", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("until", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["record"], ["records.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("record"),
    )
    op.create_table(
        "views",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_views_owner"), "views", ["owner"], unique=False)
    op.create_table(
        "batches",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("undone_at", UtcTime(), nullable=True),
        sa.Column("body", Json, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    if op.get_bind().dialect.name == "sqlite":
        _search_in_sqlite()
    else:
        _search_in_postgresql()


def _write_again() -> None:
    """What follows the body, for the records that are there; the body now tells the school's kind and the round."""
    connection, kinds = op.get_bind(), _kinds()
    programmes = {programme.key: programme for programme in load_programmes()}
    told = ("id", "school_code", "search", "level", "school_key", "kind")
    typed = (sa.column("received_at", UtcTime()), sa.column("due_on", sa.Date()), sa.column("body", Json))
    records = sa.table("records", *(sa.column(name) for name in told), *typed)
    for identity in connection.scalars(sa.select(records.c.id)).all():  # one by one: bodies are large
        here = records.c.id == identity
        columns = (records.c.school_code, records.c.received_at, records.c.body)
        code, received_at, body = connection.execute(sa.select(*columns).where(here)).one()
        kind = kinds.get(code) or None
        due = due_on(programmes.get(body.get("programme")), body.get("form"), kind, received_at)
        body = body | {"school_kind": kind, "due": due.isoformat() if due else None}
        written = {"search": search_text(body), "level": body.get("level"), "school_key": school_key(body)}
        connection.execute(sa.update(records).where(here).values(body=body, kind=kind, due_on=due, **written))


def _kinds() -> dict[str | None, str]:
    """The kind of each school."""
    entries = sa.table("register_entries", sa.column("kind"), sa.column("body", Json))
    imported = op.get_bind().scalars(sa.select(entries.c.body).where(entries.c.kind == "schools"))
    schools = load_registers(extra=[from_json(School, body) for body in imported]).schools
    return {school.code: school.standing for school in schools}


def _search_in_sqlite() -> None:
    for statement in SEARCH:
        op.execute(statement)


def _search_in_postgresql() -> None:
    """With trigrams where the extension may be had; without it every text is read, which is right but slower."""
    connection = op.get_bind()
    available = connection.scalar(sa.text("SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'"))
    allowed = connection.scalar(sa.text("SELECT has_database_privilege(current_user, current_database(), 'CREATE')"))
    if available and allowed:
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        op.execute("CREATE INDEX records_by_text ON records USING gin (search gin_trgm_ops)")
