"""Alembic's scripts; they run by themselves when an engine or a command opens the ledger."""

NEWEST = "0021"
"""The revision of the newest one (a test holds it against the files)."""
