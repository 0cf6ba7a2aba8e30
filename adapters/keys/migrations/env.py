"""Alembic's entry: migrations run on the connection that ``Database.migrate`` hands over, inside its transaction."""

from alembic import context

from adapters.keys.tables import metadata

attributes = context.config.attributes
context.configure(connection=attributes["connection"], target_metadata=metadata, version_table=attributes["table"])
context.run_migrations()
