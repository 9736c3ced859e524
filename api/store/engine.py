"""Opens the store: SQLite in WAL mode by default, PostgreSQL by its address, brought up to date by Alembic."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event
from sqlalchemy.orm import Session, sessionmaker

MIGRATIONS = Path(__file__).parent / "migrations"
WAIT = 30_000  # milliseconds that a writer on SQLite waits for the one before it


class Store:
    """The rows. `with store.session() as session:` is one transaction, committed at its end, undone by an exception."""

    def __init__(self, url: str):
        self.url = url
        self.engine = open_engine(url)
        self.audit_key = b""
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        migrate(self.engine)

    def session(self) -> Any:
        """A context manager that gives a Session and commits."""
        return self._sessions.begin()

    def seal_by(self, key: bytes) -> None:
        """From now on, what is written into the audit log is sealed by this key, which is kept elsewhere."""
        self.audit_key = key
        self._sessions.configure(info={"audit_key": key})

    def reading(self) -> Session:
        """A session for reading only; close it, or use it with `with`."""
        return self._sessions()

    def close(self) -> None:
        self.engine.dispose()


def open_engine(url: str, *, durable: bool = True) -> sa.Engine:
    """An engine on the store. `durable=False` may lose the last commits when the power fails (SQLite only).

    Raises OSError when the folder of a SQLite file cannot be made.
    """
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20)
    if name := sa.make_url(url).database:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, connect_args={"timeout": WAIT / 1000})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        # A writer takes the lock at once and waits for it, so that nobody sees "database is locked".
        connection.isolation_level = "IMMEDIATE"
        connection.execute(f"PRAGMA busy_timeout={WAIT}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")

    return engine


def migrate(engine: sa.Engine, revision: str = "head") -> None:
    """Brings the tables up to date (or to an earlier revision); several processes may do so at once."""
    with engine.connect() as connection:
        if _current(connection) == _head():
            return
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('yinjian.migrate'))"))
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()


def _current(connection: sa.Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _head() -> str | None:
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()
