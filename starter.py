"""Door 2: the command line, installed also as ``banjie``."""

import gc
import os
import sys


def main() -> None:
    """Run one command; the exit code says how it ended (see ``cli.exits``)."""
    try:
        # What this process writes is nobody else's to read.
        os.umask(0o077)
        # What is loaded stays: looking for rings among it would take a tenth of the time that a command takes to begin.
        gc.disable()
        from cli.app import program_for

        banjie = program_for(sys.argv[1:])
        gc.enable()
    except KeyboardInterrupt:
        # Ctrl-C while the program is still loading.
        sys.exit(130)
    banjie()


if __name__ == "__main__":
    main()
