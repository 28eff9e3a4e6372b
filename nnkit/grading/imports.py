"""What grading has no use for, and what would take longer to import than all the rest.

nbformat imports jsonschema, and that, where it is installed, a package which builds the grammar of international web
addresses while it is imported: more than a second of computing, in every process that grades. No notebook's format asks
whether something is such an address.
"""

from __future__ import annotations

import contextlib
import sys

GRAMMAR = "rfc3987_syntax"


def leave_out_grammar() -> None:
    """Import jsonschema as it is where that package is not installed; nothing happens where it is imported already.

    Afterwards whoever needs the package can import it.

    Examples
    --------
    >>> leave_out_grammar()
    >>> "jsonschema" in sys.modules
    True
    """
    if "jsonschema" in sys.modules or GRAMMAR in sys.modules:
        return
    # To import it raises ImportError now, which jsonschema expects.
    sys.modules[GRAMMAR] = None  # type: ignore[assignment]
    try:
        with contextlib.suppress(ImportError):
            __import__("jsonschema")
    finally:
        del sys.modules[GRAMMAR]
