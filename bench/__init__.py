"""Measures the engine against floors: hand-written SQL, no-op workflows, plain parsing and hashing. ``make bench``."""
