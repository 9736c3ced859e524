"""What was exported, and the text that records are searched by."""

import sqlalchemy as sa
from alembic import op

from api.store.search import search_text
from api.store.tables import Json, UtcTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "exports",
        sa.Column("export", sa.String(length=32), nullable=False),
        sa.Column("record", sa.String(length=40), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("format", sa.String(length=8), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("export", "record"),
    )
    op.create_index(op.f("ix_exports_record"), "exports", ["record"], unique=False)
    op.add_column("records", sa.Column("search", sa.Text(), nullable=False, server_default=""))
    records = sa.table("records", sa.column("id"), sa.column("body", Json), sa.column("search"))
    connection = op.get_bind()
    for identity in connection.scalars(sa.select(records.c.id)).all():  # one by one: bodies are large
        here = records.c.id == identity
        body = connection.scalar(sa.select(records.c.body).where(here)) or {}
        connection.execute(sa.update(records).where(here).values(search=search_text(body)))
