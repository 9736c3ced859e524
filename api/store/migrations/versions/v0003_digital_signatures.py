"""The digital signatures of a message's files."""

import sqlalchemy as sa
from alembic import op

from api.store.tables import Json

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("messages", sa.Column("digital_signatures", Json, nullable=True))
