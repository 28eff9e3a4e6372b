"""What went wrong in the student's code, in the words of its own: the line, and what the names in it were."""

from __future__ import annotations

import linecache
import os
import re
import sysconfig
import types
from collections.abc import Mapping
from typing import Any

import numpy as np

from nnkit.exercises.beside.watchdog import PACKAGE_FOLDER

LIBRARY_FOLDERS = tuple({sysconfig.get_path(name) + os.sep for name in ("stdlib", "platstdlib", "purelib", "platlib")})


def describe_error(error: BaseException, name: str, namespace: Mapping[str, Any]) -> dict[str, Any]:
    """The error, the last line of the student's own code, and what the names in that line were."""
    try:
        return _description(error, name, namespace)
    except Exception:
        # An exception class of the student's may fail at anything, at being asked for its name too.
        unknown = {"type": "an error", "text": "", "line": "", "variables": [], "where": "", "stub": False}
        return unknown


def _description(error: BaseException, name: str, namespace: Mapping[str, Any]) -> dict[str, Any]:
    description: dict[str, Any] = {
        "type": type(error).__name__,
        "text": text_of(error)[:400],
        "line": "",
        "variables": [],
        "where": "",
        "stub": False,
    }
    frames = []
    traceback = error.__traceback__
    while traceback is not None:
        frames.append((traceback.tb_frame, traceback.tb_lineno))
        traceback = traceback.tb_next
    own = [entry for entry in frames if _is_students(entry[0], namespace)]
    if own:
        frame, number = own[-1]
        line = linecache.getline(frame.f_code.co_filename, number, frame.f_globals).strip()
        description["line"] = line[:200]
        description["where"] = frame.f_code.co_qualname.replace(".<locals>", "")
        description["variables"] = _variables_in(line, frame.f_locals)
        root = frame.f_code.co_qualname.split(".")[0]
        description["stub"] = isinstance(error, NotImplementedError) and frames[-1][0] is frame and root == name
    return description


def text_of(error: BaseException | str) -> str:
    """What an error or a warning says; nothing where it fails at saying it."""
    try:
        return str(error)
    except Exception:
        return ""


def _is_students(frame: types.FrameType, namespace: Mapping[str, Any]) -> bool:
    if frame.f_globals is namespace:
        return True
    file = frame.f_code.co_filename
    inside = file.startswith((PACKAGE_FOLDER, *LIBRARY_FOLDERS)) or file.startswith("<frozen")
    return not inside


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
        return f"a {kind.__name__} of {len(value)}"
    if isinstance(value, types.FunctionType | types.BuiltinFunctionType | types.ModuleType | type):
        return ""
    return f"a {kind.__name__}"
