"""Alembic's scripts of the keystore; they run by themselves when it is opened."""

NEWEST = "k0001"
"""The revision of the newest one (a test holds it against the files)."""
