"""Alembic's scripts; they run by themselves when an engine or a command opens the ledger."""
