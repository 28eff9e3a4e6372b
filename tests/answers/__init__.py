"""Right and wrong answers to the exercises, as a student would type them; never part of the package.

One module a notebook, with the name of its module in `nnkit.exercises`. Each defines

- ``ANSWERS``: exercise → label → source of a right answer (plain loops, vectorised, einsum, float32, lists …);
- ``WRONG``, for exercises with a probe of their own: exercise → label of a declared mistake → source of an answer that
  makes exactly this mistake;
- ``PROVIDED`` (optional): source that the notebook gives to the student, run before every answer.
"""

from __future__ import annotations

import linecache
from typing import Any

PRELUDE = "import numpy as np\nimport math\n"


def namespace_of(source: str, provided: str = "") -> dict[str, Any]:
    """Run a student's cells and return their names; the source is known to tracebacks, as a notebook's is."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for number, text in enumerate((PRELUDE, provided, source)):
        file = f"<cell {number} {hash(text)}>"
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        exec(compile(text, file, "exec"), namespace)
    return namespace
