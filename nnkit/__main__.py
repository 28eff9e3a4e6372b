"""`python -m nnkit`: the same as the command `nnkit`."""

import sys

from nnkit.cli import main

if __name__ == "__main__":
    sys.exit(main())
