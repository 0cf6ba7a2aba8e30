"""Alembic's entry: migrations run on the connection that ``Database.migrate`` hands over, inside its transaction."""

from alembic import context

from adapters.tables import metadata

attributes = context.config.attributes
table = attributes.get("table", "alembic_version")
context.configure(connection=attributes["connection"], target_metadata=metadata, version_table=table)
context.run_migrations()
