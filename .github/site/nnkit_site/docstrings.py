"""What Sphinx needs to read nnkit's docstrings: they are written for people, who read `*` and `|x|` as they stand.

A docstring of nnkit may say ``f(*tensors)`` or |x| in running text. To reStructuredText these are the beginnings of
emphasis and of a substitution that nobody has defined; here they are told apart from what is meant so.
"""

from __future__ import annotations

import re
from typing import Any

_CODE = re.compile(r"(``.+?``|`.+?`_?|\*\*?(?=\w)[^*\n]+?(?<=\w)\*\*?(?!\w))")
_SIGNS = re.compile(r"([*|])")


def escaped(line: str) -> str:
    """A line of running text with every sign that would begin something, but ends nowhere, made an ordinary one.

    Examples
    --------
    >>> print(escaped("|x| is at most ``a * b``, **always**, and x * y"))
    \\|x\\| is at most ``a * b``, **always**, and x \\* y
    """
    pieces = _CODE.split(line)
    return "".join(piece if at % 2 else _SIGNS.sub(r"\\\1", piece) for at, piece in enumerate(pieces))


def _prepare(app: Any, what: str, name: str, value: Any, options: Any, lines: list[str]) -> None:
    lines[:] = [line if line.lstrip().startswith((">>>", "...")) else escaped(line) for line in lines]


def setup(app: Any) -> dict[str, bool]:
    """Be an extension of Sphinx, one that works on docstrings before numpydoc does."""
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("autodoc-process-docstring", _prepare, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
