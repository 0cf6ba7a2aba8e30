"""``banjie forecast``: what is typed, and how a forecast is shown."""
