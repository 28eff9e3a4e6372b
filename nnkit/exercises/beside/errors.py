"""What went wrong in the student's code, in the words of its own: the line, and what the names in it were."""

from __future__ import annotations

import collections
import linecache
import re
import types
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from nnkit.exercises.beside.folders import is_library

# Classes that a notebook gives in a locked cell: what stops inside one was asked for by a line of the student's.
PROVIDED = frozenset({"Node"})

MANY_CALLS = 20  # of one function in one stack: whoever recurses without an end has far more


def describe_error(error: BaseException, name: str, namespace: Mapping[str, Any]) -> dict[str, Any]:
    """The error, the last line of the student's own code, and what the names in that line were.

    Where that line stands in another function than the answer's, ``caller`` is the answer's own line that led to it.
    """
    try:
        return _description(error, name, namespace)
    except Exception:
        # An exception class of the student's may fail at anything, at being asked for its name too.
        nothing = dict.fromkeys(("text", "line", "where", "caller"), "")
        return {"type": "an error", **nothing, "variables": [], "stub": False}


def _description(error: BaseException, name: str, namespace: Mapping[str, Any]) -> dict[str, Any]:
    description: dict[str, Any] = {
        "type": type(error).__name__,
        "text": text_of(error)[:400],
        "line": "",
        "variables": [],
        "where": "",
        "caller": "",
        "stub": False,
    }
    frames = []
    traceback = error.__traceback__
    while traceback is not None:
        frames.append((traceback.tb_frame, traceback.tb_lineno))
        traceback = traceback.tb_next
    own = [entry for entry in frames if _is_students(entry[0], namespace)]
    if isinstance(error, RecursionError):
        own = _up_to_the_repeated_call(own)
    if own:
        frame, number = own[-1]
        line = _line(frame, number)
        description["line"] = line
        description["where"] = _where(frame)
        description["variables"] = _variables_in(line, frame.f_locals)
        description["stub"] = (
            isinstance(error, NotImplementedError) and frames[-1][0] is frame and _owner(frame) == name
        )
        if _owner(frame) != name:
            asked = [entry for entry in own if _owner(entry[0]) == name] or own[:1]
            description["caller"] = _line(*asked[-1]) if asked[-1][0] is not frame else ""
    return description


def place_in(stack: Iterable[tuple[types.FrameType, int]], namespace: Mapping[str, Any]) -> str:
    """The line of the student's own code in a stack whose innermost frame comes first, "" where there is none."""
    try:
        return next((_line(*entry) for entry in stack if _is_students(entry[0], namespace)), "")
    except Exception:  # what stands in a frame is the student's, too
        return ""


def _line(frame: types.FrameType, number: int) -> str:
    return linecache.getline(frame.f_code.co_filename, number, frame.f_globals).strip()[:200]


def _where(frame: types.FrameType) -> str:
    """The function or method, as one would call it."""
    return frame.f_code.co_qualname.replace(".<locals>", "")


def _owner(frame: types.FrameType) -> str:
    """The function or class of a cell to which a frame belongs, with all that is defined inside it."""
    return frame.f_code.co_qualname.split(".")[0]


def _up_to_the_repeated_call(own: list[tuple[types.FrameType, int]]) -> list[tuple[types.FrameType, int]]:
    """The frames up to the last one that calls what calls it again.

    The innermost frames are only where the stack happened to be full: in the first line of a function, or in a helper.
    """
    counts = collections.Counter(frame.f_code for frame, _ in own)
    repeated = [counts[frame.f_code] > MANY_CALLS for frame, _ in own]
    places = [place for place in range(len(own) - 1) if repeated[place] and repeated[place + 1]]
    return own[: places[-1] + 1] if places else own


def text_of(error: BaseException | str) -> str:
    """What an error or a warning says; nothing where it fails at saying it."""
    try:
        return str(error)
    except Exception:
        return ""


def _is_students(frame: types.FrameType, namespace: Mapping[str, Any]) -> bool:
    if _owner(frame) in PROVIDED:
        return False
    if frame.f_globals is namespace:
        return True
    return not is_library(frame.f_code.co_filename)


def _variables_in(line: str, local_names: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the names in a line of code stand for, in the order in which the line uses them."""
    names = dict.fromkeys(re.findall(r"(?<![\w.])[^\W\d]\w*", line))
    shown = []
    for key in names:
        if key in local_names:
            text = _in_words(local_names[key])
            if text:
                shown.append((key, text))
    return shown[:6]


def _in_words(value: Any) -> str:
    """A few words for a value of the student's: what one would want to know when a line fails."""
    kind = type(value)
    if kind is float:
        return f"{value:.6g}"
    if value is None or kind in (bool, int):
        return repr(value)[:30]
    if kind is str:
        return repr(value[:30])
    if isinstance(value, np.ndarray):
        return f"shape {value.shape}" if value.ndim else f"the number {value[()]!s:.20}"
    if isinstance(value, np.generic):
        return str(value)[:30]
    if kind in (list, tuple, dict, set):
        return f"a {kind.__name__} of {len(value)}" if len(value) else f"an empty {kind.__name__}"
    if isinstance(value, types.FunctionType | types.BuiltinFunctionType | types.ModuleType | type):
        return ""
    return f"a {kind.__name__}"
