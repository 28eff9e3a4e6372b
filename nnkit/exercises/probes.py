"""What runs beside the student's code: it puts a case to it and says, as plain data, what came back.

Nothing here knows a right answer. `answer_request` takes a request as bytes and gives an answer as bytes (see `wire`),
so the judge can sit in the same process, as in a notebook, or in another one, as in grading.

A probe is one function: it gets the student's object and one case's arguments, and returns what the student's code
returned. Most exercises use `call`. A probe of its own is needed where a case cannot be data: nodes of a graph, a
callable, a class with behaviour. It builds those from the case and turns what it sees back into data.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import io
import linecache
import re
import sys
import sysconfig
import types
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from nnkit.exercises import watchdog, wire

Probe = Callable[[Any, dict[str, Any], Mapping[str, Any]], Any]
PROBES: dict[str, Probe] = {}

# Modules with probes of their own, beside this one; loaded when a request names a probe that is not known yet.
PROBE_MODULES = ("graph_probes", "autograd_probes")

MAX_PRINTED = 2_000
MAX_WARNINGS = 5
PACKAGE_FOLDER = str(Path(__file__).resolve().parent.parent)
LIBRARY_FOLDERS = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})


def probe(function: Probe) -> Probe:
    """Enter a probe into the table under its own name.

    It is called as ``function(student, arguments, namespace)``: the student's function or class, the case's arguments
    (copies: name → value), and everything else that the student defined.
    """
    PROBES[function.__name__] = function
    return function


@probe
def call(student: Any, arguments: dict[str, Any], namespace: Mapping[str, Any]) -> Any:
    """Call the student's function with the arguments in order."""
    return student(*arguments.values())


# ---------------------------------------------------------------------------------------------------------------------
# A request and its answer
# ---------------------------------------------------------------------------------------------------------------------


def answer_request(request: bytes, namespace: Mapping[str, Any]) -> bytes:
    """Put every case of a request to the student's code.

    Parameters
    ----------
    request
        `wire.dumps` of a dictionary: ``exercise``, ``probe``, ``cases`` (a list of argument dictionaries),
        ``companions`` (the other exercises' names), ``withheld`` (dotted names), ``time_limit`` in seconds.
    namespace
        The student's names.

    Returns
    -------
    bytes
        `wire.dumps` of a dictionary: ``state`` ("undefined", "not callable", "answered", "timed out", "stuck"),
        ``type_name``, ``answers`` (one dictionary a case, as far as the time went: ``returned``, ``changed`` names of
        arguments, ``raised``, ``warned``), ``called`` (companions that the answer called), ``delegated`` (withheld
        names that it called), ``printed``.
    """
    message = wire.loads(request)
    name = message["exercise"]
    if name not in namespace:
        return wire.dumps({"state": "undefined"})
    student = namespace[name]
    if not callable(student):
        return wire.dumps({"state": "not callable", "type_name": type(student).__name__})

    answers: list[dict[str, Any]] = []
    listener = _CallListener(student, message["companions"], message["withheld"], namespace)

    def work() -> None:
        put = _find_probe(message["probe"])
        for arguments in message["cases"]:
            answers.append(_answer_case(put, student, name, arguments, namespace, listener))

    with _captured_output() as printed, warnings.catch_warnings():
        outcome = watchdog.run_limited(work, float(message["time_limit"]))
    state = "answered"
    if outcome.timed_out:
        state = "stuck" if outcome.still_running else "timed out"
    finished = list(answers)
    answer = {
        "state": state,
        "limited": outcome.limited,
        "answers": finished,
        "called": sorted(listener.called),
        "delegated": sorted(listener.delegated),
        "printed": printed.getvalue()[:MAX_PRINTED],
    }
    try:
        return wire.dumps(answer)
    except wire.WireError:
        for entry in finished:
            entry["returned"] = wire.Opaque("an answer too large to send")
        return wire.dumps(answer)


def _find_probe(name: str) -> Probe:
    if name not in PROBES:
        for module in PROBE_MODULES:
            importlib.import_module(f"nnkit.exercises.{module}")
    return PROBES[name]


def _answer_case(
    put: Probe,
    student: Any,
    name: str,
    arguments: dict[str, Any],
    namespace: Mapping[str, Any],
    listener: _CallListener,
) -> dict[str, Any]:
    before = wire.dumps(arguments)
    copies = wire.loads(before)
    answer: dict[str, Any] = {"returned": None, "changed": [], "raised": None, "warned": []}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            with listener:
                returned = put(student, copies, namespace)
            answer["returned"] = wire.plain(returned)
        except watchdog.OutOfTime:
            raise
        except BaseException as error:
            # A student may raise anything, SystemExit included; all of it is an answer.
            answer["raised"] = _describe_error(error, name, namespace)
    answer["warned"] = _first_of_each(str(warning.message) for warning in caught)
    original = wire.loads(before)
    answer["changed"] = [key for key in original if not _same(original[key], copies.get(key))]
    return answer


def _first_of_each(texts: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(text[:300] for text in texts))[:MAX_WARNINGS]


def _same(first: Any, second: Any) -> bool:
    """Whether an argument is exactly what it was, dtype, shape and not-a-numbers included."""
    try:
        return wire.dumps(first) == wire.dumps(wire.plain(second))
    except wire.WireError:
        return False


@contextlib.contextmanager
def _captured_output() -> Iterator[io.StringIO]:
    """Keep what the student's code prints: nbgrader gives no points to a cell that writes to stderr."""
    buffer = _BoundedText()
    with contextlib.redirect_stdout(buffer), contextlib.redirect_stderr(buffer):
        yield buffer


class _BoundedText(io.StringIO):
    """A text buffer that forgets what goes beyond its bound, so that an endless print fills no memory."""

    def write(self, text: str, /) -> int:
        room = MAX_PRINTED - self.tell()
        if room > 0:
            super().write(str(text)[:room])
        return len(text)


# ---------------------------------------------------------------------------------------------------------------------
# What the answer calls
# ---------------------------------------------------------------------------------------------------------------------


class _CallListener:
    """While it is entered, notes which companions and which withheld functions are called, by whatever name."""

    def __init__(self, student: Any, companions: list[str], withheld: list[str], namespace: Mapping[str, Any]) -> None:
        self.called: set[str] = set()
        self.delegated: set[str] = set()
        self._codes: dict[types.CodeType, tuple[set[str], str]] = {}
        self._builtins: list[tuple[Any, str]] = []
        for name in companions:
            other = namespace.get(name)
            if other is not None and other is not student:
                for code in _codes_of(other):
                    self._codes[code] = (self.called, name)
        for name in withheld:
            target = _loaded(name)
            if target is None:
                continue
            codes = _codes_of(target)
            for code in codes:
                self._codes[code] = (self.delegated, name)
            if not codes:
                self._builtins.append((target, name))
        # What the probe itself calls is this module's; only calls with the student's code beneath them count.
        self._own = set(_codes_of(student))

    def __enter__(self) -> _CallListener:
        if self._codes or self._builtins:
            sys.setprofile(self._listen)
        return self

    def __exit__(self, *details: object) -> None:
        sys.setprofile(None)

    def _listen(self, frame: types.FrameType, event: str, argument: Any) -> None:
        if event == "call":
            entry = self._codes.get(frame.f_code)
            if entry is not None and frame.f_code not in self._own:
                entry[0].add(entry[1])
        elif event == "c_call":
            for target, name in self._builtins:
                if argument is target:
                    self.delegated.add(name)


def _loaded(dotted: str) -> Any:
    """The object of a dotted name if its module is loaded; nobody can call what is not."""
    module, _, path = dotted.partition(".")
    found: Any = sys.modules.get(module)
    parts = path.split(".")
    while parts and f"{module}.{parts[0]}" in sys.modules:
        module = f"{module}.{parts.pop(0)}"
        found = sys.modules[module]
    for part in parts:
        found = vars(found).get(part) if isinstance(found, types.ModuleType | type) else None
        if found is None:
            return None
    return found


def _codes_of(target: Any) -> list[types.CodeType]:
    """The code objects that run when the target is called; none for a function of a compiled module."""
    target = getattr(target, "pyfunc", target)  # np.vectorize
    with contextlib.suppress(ValueError):
        target = _unwrapped(target)
    if isinstance(target, types.FunctionType):
        return [target.__code__]
    if isinstance(target, types.MethodType):
        return _codes_of(target.__func__)
    if isinstance(target, functools.partial):
        return _codes_of(target.func)
    if isinstance(target, type):
        return [member.__code__ for member in vars(target).values() if isinstance(member, types.FunctionType)]
    inner = vars(type(target)).get("__call__")
    return [inner.__code__] if isinstance(inner, types.FunctionType) else []


def _unwrapped(target: Any) -> Any:
    for _ in range(20):
        inner = getattr(target, "__wrapped__", None)
        if inner is None:
            break
        target = inner
    return target


# ---------------------------------------------------------------------------------------------------------------------
# What went wrong, in the student's own words
# ---------------------------------------------------------------------------------------------------------------------


def _describe_error(error: BaseException, name: str, namespace: Mapping[str, Any]) -> dict[str, Any]:
    """The error, the last line of the student's own code, and what the names in that line were."""
    description: dict[str, Any] = {
        "type": type(error).__name__,
        "text": _text_of(error)[:400],
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


def _text_of(error: BaseException) -> str:
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
    if value is None or kind in (bool, int, float):
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
