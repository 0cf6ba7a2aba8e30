"""A backup taken while the desk works, checked after it is written, and restored whole or not at all.

The ledger goes one way and the keys another, never into the same file: whoever finds one of the two reads nothing that
is under seal. The ledger is copied first and the keystore after it, so that no row is without its key.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager

Progress = Callable[[int, int], None]
"""Told how much of how much is done."""
Steps = Callable[[str], AbstractContextManager[Progress]]
"""Opens a progress bar with a label."""
