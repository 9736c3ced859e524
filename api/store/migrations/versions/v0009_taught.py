"""Who taught an alias, and what kind of deed on many records is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("register_entries", sa.Column("by", sa.String(length=64), nullable=True))
    op.add_column("batches", sa.Column("kind", sa.String(length=8), nullable=False, server_default="accept"))
