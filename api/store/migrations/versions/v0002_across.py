"""Findings across documents: a record's own lane, the platform's lists, specimens of seals."""

import sqlalchemy as sa
from alembic import op

from api.store.tables import Json, UtcTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("records", sa.Column("own_lane", sa.String(length=8), nullable=False, server_default="ask"))
    op.execute("UPDATE records SET own_lane = lane")
    op.create_table(
        "platform_rows",
        sa.Column("programme", sa.String(length=80), nullable=False),
        sa.Column("school_code", sa.String(length=40), nullable=False),
        sa.Column("certificate", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("imported_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("programme", "school_code", "certificate", "level"),
    )
    op.create_table(
        "specimens",
        sa.Column("school_code", sa.String(length=40), nullable=False),
        sa.Column("record", sa.String(length=40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kept_at", UtcTime(), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.PrimaryKeyConstraint("school_code", "record", "place"),
    )
