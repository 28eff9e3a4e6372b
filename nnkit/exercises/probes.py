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
import os
import re
import sys
import sysconfig
import types
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from nnkit.engine import Primitive
from nnkit.exercises import watchdog, wire
from nnkit.exercises.watchdog import PACKAGE_FOLDER

Probe = Callable[[Any, dict[str, Any], Mapping[str, Any]], Any]
PROBES: dict[str, Probe] = {}

# Modules with probes of their own, beside this one; loaded when a request names a probe that is not known yet.
PROBE_MODULES = ("graph_probes", "autograd_probes", "training_networks_probes", "descent_probes")

MAX_PRINTED = 2_000
MAX_WARNINGS = 5
LIBRARY_FOLDERS = tuple({sysconfig.get_path(name) + os.sep for name in ("stdlib", "platstdlib", "purelib", "platlib")})


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
    put = _find_probe(message["probe"])
    listener = _CallListener(student, message["companions"], message["withheld"], namespace)

    def work() -> None:
        listener.prepare()
        for arguments in message["cases"]:
            watchdog.stop_if_given_up()
            answers.append(_answer_case(put, student, name, arguments, namespace, listener))
        if listener.prepare():
            # The answer itself has imported a withheld function: once more, now that it can be recognised.
            _answer_case(put, student, name, message["cases"][0], namespace, listener)

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
            entry["returned"] = wire.Opaque("very large answer")
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
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="warn", under="ignore"):
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
    answer["warned"] = _first_of_each(_text_of(warning.message) for warning in caught)
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
    """Keep what the student's code prints or displays: nbgrader gives no points to a cell that writes to stderr."""
    buffer = _BoundedText()
    with contextlib.redirect_stdout(buffer), contextlib.redirect_stderr(buffer), _notebook_held():
        yield buffer


@contextlib.contextmanager
def _notebook_held() -> Iterator[None]:
    """In a notebook, drop what is displayed and let `exit()` end the answer only.

    A picture for every case would bury the verdict, and IPython's own `exit` would end the kernel and lose all that is
    in it.
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None:
        yield
        return
    from IPython.core.displaypub import CapturingDisplayPublisher

    publisher, ask_exit = shell.display_pub, getattr(shell, "ask_exit", None)
    shell.display_pub, shell.ask_exit = CapturingDisplayPublisher(), _end_the_answer
    try:
        yield
    finally:
        shell.display_pub, shell.ask_exit = publisher, ask_exit


def _end_the_answer() -> None:
    raise SystemExit("exit() ends Python; a function ends with `return`")


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
        self._student = student
        self._companions = companions
        self._namespace = namespace
        self._unloaded = list(withheld)
        self._codes: dict[types.CodeType, tuple[set[str], str]] = {}
        self._builtins: list[tuple[Any, str]] = []
        self._own: set[types.CodeType] = set()

    def prepare(self) -> bool:
        """Find what to listen for. Called again, True when a withheld function was loaded in the meantime."""
        if not self._own:
            self._own = set(_codes_of(self._student))
            for name in self._companions:
                for code in _codes_of(self._namespace.get(name)):
                    if code not in self._own:
                        self._codes[code] = (self.called, name)
        found = False
        for name in list(self._unloaded):
            target = _loaded(name)
            if target is None:
                continue
            self._unloaded.remove(name)
            found = True
            codes = _codes_of(target)
            if self._own.intersection(codes):
                self.delegated.add(name)
            for code in codes:
                self._codes[code] = (self.delegated, name)
            if not codes:
                self._builtins.append((target, name))
        return found

    def __enter__(self) -> _CallListener:
        if self._codes or self._builtins:
            sys.setprofile(self._listen)
        return self

    def __exit__(self, *details: object) -> None:
        sys.setprofile(None)

    def _listen(self, frame: types.FrameType, event: str, argument: Any) -> None:
        if event == "call":
            entry = self._codes.get(frame.f_code)
            if entry is not None and (entry[0] is self.delegated or self._beneath_the_answer(frame)):
                entry[0].add(entry[1])
        elif event == "c_call":
            for target, name in self._builtins:
                if argument is target:
                    self.delegated.add(name)

    def _beneath_the_answer(self, frame: types.FrameType) -> bool:
        """Whether the student's own code has called this; what the probe itself calls is the probe's."""
        caller = frame.f_back
        while caller is not None:
            if caller.f_code in self._own:
                return True
            caller = caller.f_back
        return False


def _loaded(dotted: str) -> Any:
    """The object of a dotted name, None while its module is not loaded."""
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


def _codes_of(target: Any, depth: int = 0) -> list[types.CodeType]:
    """The code objects that run when the target is called; none for a function of a compiled module.

    Only types that are what they seem are looked into: an object of the student's may do anything when it is asked.
    """
    kind = type(target)
    if depth > 20:
        return []
    if issubclass(kind, types.FunctionType):
        inner = vars(target).get("__wrapped__")  # what functools.wraps leaves on a decorated function
        return [target.__code__, *(_codes_of(inner, depth + 1) if inner is not None else [])]
    if kind is types.MethodType:
        return _codes_of(target.__func__, depth + 1)
    if kind is functools.partial:
        return _codes_of(target.func, depth + 1)
    if kind is np.vectorize:
        return _codes_of(target.pyfunc, depth + 1)
    if kind is _LRU_CACHE:
        return _codes_of(target.__wrapped__, depth + 1)
    if kind is Primitive:  # as a method of Tensor, too
        return _codes_of(target.function, depth + 1)
    if issubclass(kind, type):
        members = type.__dict__["__dict__"].__get__(target).values()
        return [member.__code__ for member in members if type(member) is types.FunctionType]
    inner = type.__dict__["__dict__"].__get__(kind).get("__call__")
    return [inner.__code__] if type(inner) is types.FunctionType else []


_LRU_CACHE = type(functools.lru_cache(lambda: None))


# ---------------------------------------------------------------------------------------------------------------------
# What went wrong, in the student's own words
# ---------------------------------------------------------------------------------------------------------------------


def _describe_error(error: BaseException, name: str, namespace: Mapping[str, Any]) -> dict[str, Any]:
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


def _text_of(error: BaseException | str) -> str:
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
