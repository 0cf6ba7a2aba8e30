"""``banjie demo``: a small county and thirty petitions, played through at an accelerated clock on the real engine."""
