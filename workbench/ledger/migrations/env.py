"""What Alembic runs for every migration: on the connection, and in the transaction, that `migrations.upgrade` was given."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
