"""``banjie doctor``: everything looked at, nothing changed, and what to do said where something is not well."""
