"""Alembic's entry. The connection is given by `api.store.engine.migrate`, within its transaction."""

from alembic import context

from api.store.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
    transactional_ddl=False,  # the caller's transaction is the one
)
context.run_migrations()
