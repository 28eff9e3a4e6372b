"""Probes of notebook 02: they build what a case cannot carry, a function to differentiate and programs for a class.

`numerical_gradient` is given functions that look at what they receive. `Value` is put through small programs written
as data: a list of steps such as ``["c", "+", "a", 2]``, each a name, an operation and one or two operands.
"""

from __future__ import annotations

import functools
import operator
import sys
import types
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from nnkit.exercises.beside import wire
from nnkit.exercises.beside.probes import probe

# ---------------------------------------------------------------------------------------------------------------------
# Functions of an array
# ---------------------------------------------------------------------------------------------------------------------

FUNCTIONS: dict[str, Callable[[np.ndarray], Any]] = {
    "the loss θx + θ²x² at x = −2": lambda theta: np.sum(-2 * theta + 4 * theta**2),
    "the sum of squares": lambda x: np.sum(x**2),
    "the sum of squares, as a Python float": lambda x: float(np.sum(x**2)),
    "the sum of squares, as a 0-d array": lambda x: np.array(np.sum(x**2)),
    "the sum of cubes": lambda x: np.sum(x**3),
    "the sum of sines": lambda x: np.sum(np.sin(x)),
    "the product of all entries": lambda x: np.prod(x),
    "1·first + 2·second + 3·third …": lambda x: np.sum(x.ravel() * np.arange(1, x.size + 1)),
}


class WrongArgument(TypeError):  # noqa: N818 -- students read it, and it is they who give it
    """The function to be differentiated was given something else than an array of the right shape."""


def watched(name: str, shape: tuple[int, ...]) -> Callable[[Any], Any]:
    """One of `FUNCTIONS`, refusing what is not an array of the given shape.

    Of an array without dimensions arithmetic makes NumPy's own numbers; those are taken too, Python's are not.

    Examples
    --------
    >>> float(watched("the sum of squares", (2,))(np.array([1.0, 2.0])))
    5.0
    """
    function = FUNCTIONS[name]

    def f(x: Any) -> Any:
        if shape and not isinstance(x, np.ndarray):
            kind = "one number" if np.ndim(x) == 0 else f"a {type(x).__name__}"
            raise WrongArgument(f"f received {kind}; it takes the whole array, of shape {shape}")
        if not isinstance(x, np.ndarray | np.generic):
            raise WrongArgument(f"f received a Python {type(x).__name__}; it takes an array, here one of shape ()")
        if np.shape(x) != shape:
            raise WrongArgument(f"f received an array of shape {np.shape(x)}; it takes shape {shape}, that of x")
        return function(np.array(x, dtype=np.float64))

    return f


@probe
def numerical_gradient(student: Any, arguments: dict[str, Any], namespace: Mapping[str, Any]) -> Any:
    """Call the student's function with a function, an array and, unless it is None, the step h."""
    x, h = arguments["x"], arguments["h"]
    f = watched(arguments["f"], x.shape)
    return student(f, x) if h is None else student(f, x, h)


# ---------------------------------------------------------------------------------------------------------------------
# Programs for a class of numbers
# ---------------------------------------------------------------------------------------------------------------------

OPERATORS: dict[str, tuple[Callable[[Any, Any], Any], str]] = {
    "+": (operator.add, "add"),
    "-": (operator.sub, "sub"),
    "*": (operator.mul, "mul"),
    "/": (operator.truediv, "truediv"),
    "**": (operator.pow, "pow"),
}


# The largest graph of the cases has some 400 values, and one of 31 values has 2³⁰ ways through it. A backward pass that
# visits every value once stays far below this, also if it looks each of them up in a list; one that walks every way
# does not.
MOST_CALLS = 500_000

# A result holds two operands; who keeps far more has a table of everything, and is searched no further.
MOST_PARTS = 10_000


class _Stopped(BaseException):  # a program cannot go on, and no `except` is to keep that back
    """What a step needs is not there or did not give a Value, or a backward pass takes too many calls."""

    def __init__(self, **problem: Any) -> None:
        super().__init__()
        self.problem = problem


@probe
def autograd(student: Any, arguments: dict[str, Any], namespace: Mapping[str, Any]) -> Any:
    """Run programs on the student's class and read the gradients.

    Arguments of a case: ``leaves`` (name → number) and ``graphs``, a list of programs on these leaves; each is a list
    of steps, and its last result's ``backward()`` is called before the next program starts.

    Returns
    -------
    dict
        ``problem``: None, or what kept a program from running. Only without a problem: ``start`` (leaf → its ``.grad``
        before anything), ``values`` (each program's result), ``gradients`` (for each program, leaf → ``.grad`` after
        it), ``between`` (the same for what stands between leaves and result), ``data`` (leaf → its ``.data`` at the
        end).
    """
    leaves = {name: student(number) for name, number in arguments["leaves"].items()}
    try:
        start = {name: _read(leaf, "grad", name) for name, leaf in leaves.items()}
        for gradient in start.values():
            if not isinstance(gradient, int | float | np.generic | np.ndarray):
                raise _Stopped(kind="start", type=type(gradient).__name__)
        values, gradients, between = [], [], []
        for position, program in enumerate(arguments["graphs"]):
            names = dict(leaves)
            result = _run(student, names, program, position)
            values.append(_read(result, "data", program[-1][0]))
            if not hasattr(result, "backward"):
                raise _Stopped(kind="missing", name="backward", graph=position, step=len(program) - 1)
            with _CallCounter(position, len(program) - 1):
                _call(result, "backward", {"graph": position, "step": len(program) - 1})
            gradients.append({name: _read(leaf, "grad", name) for name, leaf in leaves.items()})
            inside = [step[0] for step in program[:-1]]
            between.append({name: _read(names[name], "grad", name) for name in inside})
        data = {name: _read(leaf, "data", name) for name, leaf in leaves.items()}
    except _Stopped as stop:
        return {"problem": stop.problem}
    return {
        "problem": None,
        "start": start,
        "values": values,
        "gradients": gradients,
        "between": between,
        "data": data,
    }


@probe
def arithmetic(student: Any, arguments: dict[str, Any], namespace: Mapping[str, Any]) -> Any:
    """Run one program forward on the student's class and look for the operands in every result.

    Arguments of a case: ``leaves`` (name → number) and ``graphs``, a list with one program on them.

    Returns
    -------
    dict
        ``problem`` as for `autograd`. Only without one: ``start`` (leaf → its ``.grad``), ``values`` and ``gradients``
        (result → its ``.data`` and ``.grad``), ``remembered`` (result → the names of those operands that it holds),
        ``data`` (leaf → its ``.data`` at the end).
    """
    leaves = {name: student(number) for name, number in arguments["leaves"].items()}
    program = arguments["graphs"][0]
    names = dict(leaves)
    try:
        start = {name: _read(leaf, "grad", name) for name, leaf in leaves.items()}
        for gradient in start.values():
            if not isinstance(gradient, int | float | np.generic | np.ndarray):
                raise _Stopped(kind="start", type=type(gradient).__name__)
        _run(student, names, program, 0)
        return {
            "problem": None,
            "start": start,
            "values": {step[0]: _read(names[step[0]], "data", step[0]) for step in program},
            "gradients": {step[0]: _read(names[step[0]], "grad", step[0]) for step in program},
            "remembered": {step[0]: _remembered(student, step, names) for step in program},
            "data": {name: _read(leaf, "data", name) for name, leaf in leaves.items()},
        }
    except _Stopped as stop:
        return {"problem": stop.problem}


def _remembered(student: Any, step: list[Any], names: Mapping[str, Any]) -> list[str]:
    """The names of the operands that the result of a step holds, in whatever form."""
    operands = list(dict.fromkeys(operand for operand in step[2:] if isinstance(operand, str)))
    held = {id(value) for value in _held_by(names[step[0]], student)}
    return [name for name in operands if id(names[name]) in held]


def _held_by(result: Any, student: Any) -> list[Any]:
    """The student's objects that a result holds, in attributes, containers or functions, not through each other."""
    found, seen, waiting = [], {id(result)}, _parts(result)
    for attribute in vars(type(result)).values():  # a list that all objects of the class share
        waiting += [attribute] if isinstance(attribute, list | dict | set) else []
    while waiting and len(seen) < MOST_PARTS:
        part = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        if isinstance(student, type) and isinstance(part, student):
            found.append(part)
        else:
            waiting += _parts(part)
    return found


def _parts(value: Any) -> list[Any]:
    """What a value is made of, as far as Python shows it."""
    if isinstance(value, Mapping):
        return [*value.keys(), *value.values()]
    if isinstance(value, list | tuple | set | frozenset):
        return list(value)
    if isinstance(value, functools.partial):
        return [value.func, *value.args, *value.keywords.values()]
    if isinstance(value, types.FunctionType):
        cells = [cell.cell_contents for cell in value.__closure__ or () if cell != types.CellType()]
        return [*cells, *(value.__defaults__ or ())]
    if isinstance(value, types.MethodType):
        return [value.__self__, value.__func__]
    if isinstance(value, type | types.ModuleType):
        return []
    slots = [name for kind in type(value).__mro__ for name in _names_in(getattr(kind, "__slots__", ()))]
    held = [getattr(value, name) for name in slots if hasattr(value, name)]
    return held + list(getattr(value, "__dict__", {}).values())


def _names_in(slots: Any) -> list[str]:
    """`__slots__` may be one name."""
    return [slots] if isinstance(slots, str) else list(slots)


def _run(student: Any, names: dict[str, Any], program: list[list[Any]], position: int) -> Any:
    """The last result of a program; every result is entered under its name."""
    for number, (target, sign, *operands) in enumerate(program):
        values = [names.get(operand, operand) if isinstance(operand, str) else operand for operand in operands]
        place = {"graph": position, "step": number}
        names[target] = _apply(sign, values, place)
        if not isinstance(names[target], student if isinstance(student, type) else object):
            raise _Stopped(kind="result", type=type(names[target]).__name__, **place)
    return names[target]


def _apply(sign: str, values: list[Any], place: dict[str, int]) -> Any:
    if sign not in OPERATORS and sign != "neg":
        if not hasattr(values[0], sign):
            raise _Stopped(kind="missing", name=sign, **place)
        return _call(values[0], sign, place)
    try:
        return -values[0] if sign == "neg" else OPERATORS[sign][0](*values)
    except TypeError as error:
        # Without a frame beneath this one it was Python that found no method; else the student's own code raised.
        if not _raised_here(error):
            raise
    name = "neg" if sign == "neg" else OPERATORS[sign][1]
    reflected = "r" if isinstance(values[0], int | float) else ""
    raise _Stopped(kind="missing", name=f"__{reflected}{name}__", **place)


def _call(value: Any, method: str, place: dict[str, int]) -> Any:
    try:
        return getattr(value, method)()
    except TypeError as error:
        if not _raised_here(error):
            raise
    raise _Stopped(kind="arguments", name=method, **place)


def _raised_here(error: TypeError) -> bool:
    """Whether an operator or a call failed by itself, before any code beneath the calling function ran."""
    return error.__traceback__ is not None and error.__traceback__.tb_next is None


class _CallCounter:
    """While it is entered, counts calls and stops the program at `MOST_CALLS`."""

    def __init__(self, graph: int, step: int) -> None:
        self._place = {"graph": graph, "step": step}
        self._calls = 0
        self._before: Any = None

    def __enter__(self) -> None:
        self._before = sys.getprofile()
        sys.setprofile(self._count)

    def __exit__(self, *details: object) -> None:
        sys.setprofile(self._before)

    def _count(self, frame: types.FrameType, event: str, argument: Any) -> None:
        if self._before is not None:
            self._before(frame, event, argument)
        if event in ("call", "c_call"):
            self._calls += 1
            if self._calls > MOST_CALLS:
                raise _Stopped(kind="calls", **self._place)


def _read(value: Any, attribute: str, name: str) -> Any:
    """An attribute as plain data."""
    try:
        return wire.plain(getattr(value, attribute))
    except AttributeError:
        raise _Stopped(kind="attribute", name=attribute, of=name) from None
