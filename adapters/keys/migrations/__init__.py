"""Alembic's scripts of the keystore; they run by themselves when it is opened."""

NEWEST = "k0002"
"""The revision of the newest one (a test holds it against the files)."""
