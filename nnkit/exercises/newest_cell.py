"""Whether what Python has under a name is what the reader's newest cell says.

A cell with a mistake in its writing defines nothing, and one that stops with an error defines nothing below that line.
Python then still has the version before. A check of that one would be true of what nobody sees any more, so the check
says instead what has become of the newest cell. Grading, which runs every cell once, asks the same of the cells that
were handed in.
"""

from __future__ import annotations

import ast
import contextlib
import re
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from nnkit.exercises.beside.calls import codes_of
from nnkit.exercises.definitions import program_of, python_lines
from nnkit.exercises.judge.verdict import Verdict, saying
from nnkit.exercises.terms import CRASHED
from nnkit.languages import say, sentences

LINE_LENGTH = 100  # of a line that is quoted


def unfinished(name: str, names: Mapping[str, Any], shell: Any) -> Verdict | None:
    """The verdict where the newest cell that defines a name did not come to it; None where it did, or nobody knows.

    Parameters
    ----------
    name : str
        Of a function or class.
    names : Mapping[str, Any]
        What Python knows; the name may be missing.
    shell : IPython.core.interactiveshell.InteractiveShell
        The notebook's. Its history holds what was run, cell by cell.
    """
    cells = [text if isinstance(text, str) else "" for text in shell.user_ns.get("In", ())]
    begins = re.compile(rf"^(?:async\s+)?(?i:def|class)\s+{re.escape(name)}\b", re.MULTILINE)
    newest = next((number for number in reversed(range(len(cells))) if begins.search(cells[number])), None)
    if newest is None or any(_may_bind(name, text) for text in cells[newest + 1 :]):
        return None
    earlier = _cells_of(names.get(name), shell)
    if name in names and earlier and max(earlier) >= newest:
        return None
    broken = _broken(cells[newest])
    if broken is not None:
        why = say(
            "The cell with its newest version has a mistake in its writing, so Python has read nothing of it. "
            "{error} in line {number}, `{line}`: {message}.",
            **_told(broken, cells[newest]),
        )
    elif name in names and earlier and (program := program_of(cells[newest])) and _bindings(name, program) == [True]:
        why = say("The cell with its newest version stopped with an error before Python came to it.")
    else:
        return None
    if name in names:
        what = say("What Python knows as `{name}` is still an earlier version, and that was not checked.", name=name)
    else:
        what = say("So there is no `{name}` yet.", name=name)
    mend = say("Mend the cell, run it, then run this one again.")
    return saying(CRASHED, sentences(why, what, mend), say("not checked"))


def unread(texts: Iterable[str]) -> Verdict | None:
    """The verdict on an answer that is not there because Python could not read its cell; None where it could.

    Parameters
    ----------
    texts : Iterable[str]
        The cells in which the answer may stand, in order; of several that cannot be read the last one is told. They are
        read and not run.

    Examples
    --------
    >>> unread(["def double(x)\\n    return 2 * x"]).message
    "Python could not read the cell with this answer: SyntaxError in line 1, `def double(x)`: expected ':'."
    >>> unread(["def double(x):\\n    return 2 * x"]) is None
    True
    """
    for text in reversed(list(texts)):
        broken = _broken(python_lines(text)) if _broken(text) is not None else None
        if broken is not None:
            message = say(
                "Python could not read the cell with this answer: {error} in line {number}, `{line}`: {message}.",
                **_told(broken, text),
            )
            return replace(saying(CRASHED, message), kind=f"raised: {type(broken).__name__}")
    return None


def _cells_of(student: Any, shell: Any) -> set[int]:
    """The numbers of the cells from which the code of a function or class comes, as far as they are known."""
    files = getattr(shell.compile, "_filename_map", {})
    return {files[code.co_filename] for code in codes_of(student) if code.co_filename in files}


def _broken(text: str) -> SyntaxError | None:
    """Why Python cannot read a cell; None where it can."""
    with warnings.catch_warnings(), contextlib.suppress(ValueError, RecursionError, MemoryError):
        warnings.simplefilter("ignore")
        try:
            compile(text, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        except SyntaxError as error:
            return error
    return None


def _told(broken: SyntaxError, text: str) -> dict[str, Any]:
    """What a sentence says of a mistake in a cell's writing."""
    number = broken.lineno or 1
    line = "".join(text.splitlines()[number - 1 : number]).strip()[:LINE_LENGTH]
    return {"error": type(broken).__name__, "number": number, "line": line, "message": str(broken.msg).rstrip(".")}


def _bindings(name: str, program: ast.Module) -> list[bool]:
    """For each place that may give the name a value: whether it is a definition of its own, and stays as it stands."""
    found = []
    for node in ast.walk(program):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name == name:
            found.append(not node.decorator_list)
        else:
            stored = isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
            imported = isinstance(node, ast.alias) and (node.name == "*" or name in (node.name, node.asname))
            found += [False] * (stored or imported)
    return found


def _may_bind(name: str, text: str) -> bool:
    """Whether a cell, run later, may have given the name a value."""
    program = program_of(text)
    if program is None:
        return False
    calls = (node.func for node in ast.walk(program) if isinstance(node, ast.Call))
    called = {call.id if isinstance(call, ast.Name) else getattr(call, "attr", "") for call in calls}
    executed = name in text and called & {"exec", "setattr", "run_cell_magic"}
    loaded = "run_line_magic" in called and "('run'" in text
    return bool(executed or loaded or _bindings(name, program))
