"""``banjie policy``: reading, checking, comparing and trying policies."""
