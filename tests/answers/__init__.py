"""Right and wrong answers to the exercises, as a student would type them; never part of the package.

One file for an exercise, with the names that it has in `nnkit.exercises.catalogue`: ``<notebook>/<exercise>.py``. Each
defines

- ``RIGHT``: label → source of a right answer (plain loops, vectorised, einsum, float32, lists …);
- ``WRONG``, for exercises with a probe of their own: label of a declared mistake → source of an answer that makes
  exactly this mistake;
- ``EQUIVALENT`` (optional): changed lines of right answers → why the change is right as well (see `tests.survivors`);
- ``PROMISES`` (optional): what the exercise's text promises, in its own words → source of an answer that breaks this
  and nothing else; the check has to refuse it;
- ``PROVIDED`` (optional): source that the notebook gives to the student, run before every answer.
"""

from __future__ import annotations

import importlib.util
import linecache
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nnkit.exercises import index

PRELUDE = "import numpy as np\nimport math\n"


@dataclass(frozen=True)
class Answers:
    """What is known of the answers to one exercise."""

    right: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    provided: str = ""
    equivalent: Mapping[str, str] = field(default_factory=dict)
    promises: Mapping[str, str] = field(default_factory=dict)


def answers_to(name: str) -> Answers:
    """The answers to an exercise, from the file of its name; none at all where there is no such file.

    >>> sorted(answers_to("double_twice").wrong)
    []
    """
    module = f"tests.answers.{index.notebook_of(name)}.{name}"
    if importlib.util.find_spec(module) is None:
        return Answers()
    found = vars(importlib.import_module(module))
    return Answers(
        right=found.get("RIGHT", {}),
        wrong=found.get("WRONG", {}),
        provided=found.get("PROVIDED", ""),
        promises=found.get("PROMISES", {}),
        equivalent=found.get("EQUIVALENT", {}),
    )


def changed(source: str, *pairs: tuple[str, str]) -> str:
    """A source with some of its text replaced; each piece has to be there.

    >>> changed("return a + b", ("+", "-"))
    'return a - b'
    """
    for old, new in pairs:
        if old not in source:
            raise ValueError(f"The source to be changed does not hold {old!r}.")
        source = source.replace(old, new)
    return source


def namespace_of(source: str, provided: str = "") -> dict[str, Any]:
    """Run a student's cells and return their names; the source is known to tracebacks, as a notebook's is."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for number, text in enumerate((PRELUDE, provided, source)):
        file = f"<cell {number} {hash(text)}>"
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        exec(compile(text, file, "exec"), namespace)
    return namespace
