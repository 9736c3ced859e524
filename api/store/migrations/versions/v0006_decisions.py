"""What people did to records, handed-over tasks, and whose city a record is of."""

import sqlalchemy as sa
from alembic import op

from api.store.tables import Json, UtcTime
from api.values import from_json
from corpora.register import School, load_registers

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("records", sa.Column("city", sa.String(length=40), nullable=True))
    op.add_column("records", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.create_index(op.f("ix_records_city"), "records", ["city"], unique=False)
    op.create_table(
        "changes",
        sa.Column("record", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("shown", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("edits", Json, nullable=False),
        sa.Column("detail", Json, nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("record", "number"),
    )
    op.create_index(op.f("ix_changes_by"), "changes", ["by"], unique=False)
    op.create_table(
        "delegations",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=True),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("to", sa.String(length=64), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("until", UtcTime(), nullable=False),
        sa.Column("programme", sa.String(length=80), nullable=True),
        sa.Column("record", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index(op.f("ix_delegations_to"), "delegations", ["to"], unique=False)
    _fill_cities()


def _fill_cities() -> None:
    """By the school. Records that only their sender's office places get their city when they are processed again."""
    connection = op.get_bind()
    records = sa.table("records", sa.column("school_code"), sa.column("city"))
    known = connection.scalars(sa.select(records.c.school_code).where(records.c.school_code.is_not(None)).distinct())
    if codes := set(known):
        entries = sa.table("register_entries", sa.column("kind"), sa.column("body", Json))
        imported = connection.scalars(sa.select(entries.c.body).where(entries.c.kind == "schools"))
        schools = load_registers(extra=[from_json(School, body) for body in imported]).schools
        cities = {one.code: one.city for one in schools if one.code in codes}
        for code, city in cities.items():
            connection.execute(sa.update(records).where(records.c.school_code == code).values(city=city or None))
