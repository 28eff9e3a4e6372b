"""What a reader's own `backward` really does, written down while it does it.

A class that differentiates keeps what its values were made from in whatever form its author likes, so nothing is asked
of it afterwards. Instead an expression is built under observation: each operator of the class says which values went in
and which came out, and that is the graph. Then `backward` runs, and every reading and writing of a `.grad` is noted, in
its order. A message is a writing: what was added, or put there instead; whose it is, is seen from the gradients that
were read for it, else from the values at hand in the function that wrote.

The class is observed through its own attribute access and operators. They are put back whatever happens, so that it is
afterwards as it was.
"""

from __future__ import annotations

import contextlib
import functools
import math
import sys
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from nnkit.draw import style
from nnkit.widgets.limits import TooLong, bounded, said

OPERATIONS = {
    "__add__": "+", "__radd__": "+", "__sub__": "−", "__rsub__": "−", "__mul__": "×", "__rmul__": "×",
    "__truediv__": "÷", "__rtruediv__": "÷", "__pow__": "(·)ⁿ", "__neg__": "−",
    "exp": "exp", "log": "log", "sin": "sin", "cos": "cos", "tanh": "tanh", "sigmoid": "σ", "relu": "relu",
    "sqrt": "√",
}  # fmt: skip
"""Methods that make a value of others → what stands in the circle of their result."""

MOST_WRITES = 150
"""A walk that writes more gradients than this is stopped: nobody steps through it."""

MOST_NODES = 60
"""An expression of more values than this is not drawn."""


@dataclass
class Made:
    """A value of the graph, or a plain number that went into one.

    Parameters
    ----------
    data : float
        Its number.
    symbol : str
        Of the operation that made it; "" for what was there at the beginning.
    operands : tuple of int
        What it was made from, by position.
    name : str
        What the expression calls it.
    again : callable, optional
        The operation, applied to the numbers of its operands: their class's own way forward.
    value : object
        The reader's value; None for a plain number.
    """

    data: float
    symbol: str = ""
    operands: tuple[int, ...] = ()
    name: str = ""
    again: Callable[..., float] | None = None
    value: Any = None


@dataclass(frozen=True)
class Write:
    """A gradient was written.

    Parameters
    ----------
    target : int
        Whose.
    before, after : float
        What stood there, and what stands there now.
    adds : bool
        Whether what stood there was read for it; else it is overwritten.
    senders : tuple of int
        The users of the target whose message this is; several if it takes from all of them at once, none where that
        cannot be seen.
    candidates : tuple of int
        Users of the target that were at hand where it was written, the nearest first.
    begins : bool
        Whether the target's own `backward`, which is told no message, has put there what a walk begins with.
    """

    target: int
    before: float
    after: float
    adds: bool
    senders: tuple[int, ...] = ()
    candidates: tuple[int, ...] = ()
    begins: bool = False

    @property
    def message(self) -> float:
        """What has arrived."""
        return self.after - self.before if self.adds else self.after

    @property
    def clears(self) -> bool:
        """Whether nothing has arrived: it is set to 0, whatever stood there."""
        return not self.adds and not self.senders and self.after == 0.0


@dataclass
class Recording:
    """An expression, and a walk back through it as it happened.

    Parameters
    ----------
    made : list of Made
        Each after what it was made from; the last is the result.
    writes : list of Write
        In their order.
    gradients : list
        What stands in each `.grad` at the end; None for a plain number.
    measured : list
        For each value with a name that the expression was given, the slope of the result by central differences.
    problem : str
        What kept the expression from being built or the walk from coming to its end: a sentence, or "".
    """

    made: list[Made] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    gradients: list[float | None] = field(default_factory=list)
    measured: dict[int, float] = field(default_factory=dict)
    problem: str = ""


def record(expression: Callable[..., Any], kind: type, numbers: Mapping[str, float]) -> Recording:
    """Build an expression of a class's values, walk back through it, and write down what happens.

    Parameters
    ----------
    expression : callable
        Takes values of the class under the names of `numbers`, returns their result.
    kind : type
        The class: ``kind(number)`` makes a value; a result has ``backward()``, and every value ``data`` and ``grad``.
    numbers : mapping
        Where the walk is looked at.

    Returns
    -------
    Recording
        Whatever the class does; what cannot be seen or went wrong stands in `problem`.

    Examples
    --------
    >>> class Value:
    ...     def __init__(self, data, sources=()):
    ...         self.data, self.grad, self.sources = data, 0.0, sources
    ...     def __add__(self, other):
    ...         return Value(self.data + other.data, (self, other))
    ...     def backward(self, message=1.0):
    ...         self.grad += message
    ...         for source in self.sources:
    ...             source.backward(message)
    >>> walk = record(lambda a: a + a, Value, {"a": 3.0})
    >>> [(one.symbol, one.operands, one.data) for one in walk.made]
    [('', (), 3.0), ('+', (0, 0), 6.0)]
    >>> [(write.target, write.message, write.senders) for write in walk.writes]
    [(1, 1.0, ()), (0, 1.0, (1,)), (0, 1.0, (1,))]
    """
    name = getattr(kind, "__name__", str(kind))
    if not isinstance(kind, type):
        return Recording(problem=f"A class is looked at, such as Value; got a {type(kind).__name__}.")
    observer = _Observer(kind)
    recording = Recording()
    try:
        with observer.watching():
            result = observer.build(expression, numbers)
            recording.made = observer.graph(result)
            observer.walk(result, recording)
    except _Unseen as reason:
        recording.problem = str(reason)
    except TypeError as error:  # a class of compiled code cannot be observed
        if "immutable type" not in str(error):
            raise
        recording.problem = f"{name} cannot be followed: its operators are not written in Python."
    _find_senders(recording)
    if recording.made and not recording.problem:
        with contextlib.suppress(Exception, TooLong):
            for index, made in enumerate(recording.made):
                if made.name in numbers and not made.operands:
                    recording.measured[index] = _whole_slope(expression, kind, numbers, made.name)
    return recording


def slope(recording: Recording, node: int, position: int) -> float:
    """Measure the local slope of an operation by central differences, with the class's own way forward.

    Parameters
    ----------
    recording : Recording
    node : int
        The result of the operation.
    position : int
        Which of its operands is moved.

    Returns
    -------
    float
        nan where the operation cannot be repeated.
    """
    made = recording.made[node]
    if made.again is None:
        return math.nan
    data = [recording.made[operand].data for operand in made.operands]

    def moved(number: float) -> float:
        return made.again(*data[:position], number, *data[position + 1 :])  # type: ignore[misc]

    try:
        return bounded(_difference, moved, data[position])
    except (Exception, TooLong):
        return math.nan


def _difference(function: Callable[[float], float], at: float) -> float:
    """The slope of a function: central differences of two widths, and what they would become at width 0."""
    step = 1e-3 * max(abs(at), 1.0)
    wide, narrow = ((function(at + h) - function(at - h)) / (2 * h) for h in (step, step / 2))
    return float((4 * narrow - wide) / 3)


def _whole_slope(expression: Callable[..., Any], kind: type, numbers: Mapping[str, float], name: str) -> float:
    def moved(number: float) -> float:
        values = {other: kind(number if other == name else at) for other, at in numbers.items()}
        return float(expression(**values).data)

    return float(bounded(_difference, moved, numbers[name]))


class _Unseen(BaseException):
    """What cannot be seen, or was too much; the sentence is for the reader."""


_GONE = object()


class _Observer:
    """Watches one class while an expression of its values is built and walked back through."""

    def __init__(self, kind: type) -> None:
        self.kind = kind
        self.made: list[Made] = []
        self.index: dict[int, int] = {}  # the id of a value → its position in `made`
        self.known: dict[int, float | None] = {}  # the id of a value → its gradient as it was last written
        self.kept: list[Any] = []  # every value that was seen, so that no id is given twice
        self.reads: list[int] = []
        self.own: set[int] = set()  # positions in `reads`: read in order to be written anew
        self.window = 0
        self.recording: Recording | None = None
        self.users: list[set[int]] = []

    # ---- how the class is observed -----------------------------------------------------------------------------------

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Observe the class and those made from it; put everything back at the end."""
        replaced: list[tuple[type, str, Any]] = []

        def replace(owner: type, name: str, by: Any) -> None:
            replaced.append((owner, name, vars(owner).get(name, _GONE)))
            setattr(owner, name, by)

        try:
            for owner in self._family():
                for name, symbol in OPERATIONS.items():
                    method = vars(owner).get(name)
                    if callable(method) and isinstance(method, types.FunctionType):
                        replace(owner, name, self._operator(name, symbol, method))
                if owner is self.kind or "__setattr__" in vars(owner):
                    replace(owner, "__setattr__", self._writer(owner.__setattr__))
                if owner is self.kind or "__getattribute__" in vars(owner):
                    replace(owner, "__getattribute__", self._reader(owner.__getattribute__))
            yield
        finally:
            for owner, name, before in reversed(replaced):
                if before is _GONE:
                    delattr(owner, name)
                else:
                    setattr(owner, name, before)

    def _family(self) -> list[type]:
        """The class, those it is made from, and those made from it."""
        family: list[type] = [owner for owner in self.kind.__mro__ if owner is not object]
        for owner in family:
            heirs: list[type] = type.__subclasses__(owner)
            family += [heir for heir in heirs if issubclass(heir, self.kind) and heir not in family]
        return family

    def _operator(self, name: str, symbol: str, method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def observed(value: Any, *others: Any, **named: Any) -> Any:
            seen = len(self.kept)
            result = method(value, *others, **named)
            if self.recording is None and isinstance(result, self.kind) and id(result) not in self.index:
                self._made(result, name, symbol, (value, *others, *named.values()), self.kept[seen:])
            return result

        return observed

    def _writer(self, write: Callable[..., None]) -> Callable[..., None]:
        def observed(value: Any, name: str, new: Any) -> None:
            if id(value) not in self.known:
                self.known[id(value)] = None
                self.kept.append(value)
            if name != "grad":
                write(value, name, new)
                return
            number = _number(new)  # now: an array may be written over in place
            write(value, name, new)
            if self.recording is not None and id(value) in self.index:
                self._written(self.index[id(value)], number, sys._getframe(1))
            self.known[id(value)] = number

        return observed

    def _reader(self, read: Callable[..., Any]) -> Callable[..., Any]:
        def observed(value: Any, name: str) -> Any:
            if name == "grad" and self.recording is not None and id(value) in self.index:
                self.reads.append(self.index[id(value)])
            return read(value, name)

        return observed

    # ---- the way forward ---------------------------------------------------------------------------------------------

    def build(self, expression: Callable[..., Any], numbers: Mapping[str, float]) -> Any:
        """Build the expression and return its result."""
        name = self.kind.__name__
        values = {}
        for letter, number in numbers.items():
            try:
                value = values[letter] = bounded(self.kind, number)
                data = _data(value)
            except (Exception, TooLong) as error:
                raise _Unseen(f"{name}({number:g}) {said(error)}.") from None
            self._enter(value, Made(data, name=letter, value=value))
        names: dict[str, Any] = {}

        def look(frame: types.FrameType, event: str, argument: Any) -> None:
            if event == "return" and frame.f_code is getattr(expression, "__code__", None):
                names.update(frame.f_locals)

        before = sys.getprofile()
        sys.setprofile(look)
        try:
            result = bounded(functools.partial(expression, **values))
        except (Exception, TooLong) as error:
            raise _Unseen(f"The expression {said(error)}.") from None
        finally:
            sys.setprofile(before)
        for letter, value in names.items():
            if letter in numbers:  # it may stand for something else by now
                continue
            if isinstance(value, self.kind) and id(value) in self.index and not self.made[self.index[id(value)]].name:
                self.made[self.index[id(value)]].name = letter
        if not isinstance(result, self.kind) or id(result) not in self.index:
            raise _Unseen(
                f"An operation of {name} gives a new {name}; this expression gave a {type(result).__name__} that none "
                "of its operators has made."
            )
        return result

    def _enter(self, value: Any, made: Made) -> int:
        self.made.append(made)
        if value is not None:
            self.kept.append(value)
            self.index[id(value)] = len(self.made) - 1
        if len(self.made) > MOST_NODES:
            raise _Unseen(f"This expression has more than {MOST_NODES} values, too many to step through.")
        return len(self.made) - 1

    def _made(self, result: Any, name: str, symbol: str, operands: Sequence[Any], created: Sequence[Any]) -> None:
        """Note the result of an operation, and the constants that went into it."""
        if name.startswith("__r") and len(operands) == 2:
            operands = operands[::-1]
        fresh = [one for one in created if one is not result and id(one) not in self.index]
        positions = []
        for operand in operands:
            number: float | None
            if isinstance(operand, self.kind):
                value, number = operand, _data(operand)
            else:  # a plain number; perhaps the class has made a value of it
                number = _number(operand)
                value = next((one for one in fresh if _number(getattr(one, "data", None)) == number), None)
                if name == "__pow__" and value is None:
                    symbol = style.power(number) if number is not None else symbol
                    continue
            if value is not None and id(value) in self.index:
                positions.append(self.index[id(value)])
            else:
                positions.append(self._enter(value, Made(math.nan if number is None else number, value=value)))
        if len(positions) == 1 and name == "__pow__":
            exponent = operands[-1]
            again = self._again(name, lambda method, value: method(value, exponent))
        else:
            again = self._again(name, lambda method, *values: method(*values))
        self._enter(result, Made(_data(result), symbol, tuple(positions), again=again, value=result))

    def _again(self, name: str, apply: Callable[..., Any]) -> Callable[..., float]:
        forward = f"__{name[3:]}" if name.startswith("__r") else name

        def repeated(*numbers: float) -> float:
            values = [self.kind(number) for number in numbers]
            method = getattr(self.kind, forward, None)
            if method is None:
                values, method = values[::-1], getattr(self.kind, name)
            return float(apply(method, *values).data)

        return repeated

    def graph(self, result: Any) -> list[Made]:
        """Keep what the result depends on, and number it anew."""
        last, needed = self.index[id(result)], set()
        waiting = [last]
        while waiting:
            position = waiting.pop()
            if position not in needed:
                needed.add(position)
                waiting += self.made[position].operands
        order = sorted(needed)
        new = {position: number for number, position in enumerate(order)}
        for position in order:
            self.made[position].operands = tuple(new[operand] for operand in self.made[position].operands)
        self.made = [self.made[position] for position in order]
        self.index = {id(made.value): number for number, made in enumerate(self.made) if made.value is not None}
        self.users = [set() for _ in self.made]
        for number, made in enumerate(self.made):
            for operand in made.operands:
                self.users[operand].add(number)
        return self.made

    # ---- the way back ------------------------------------------------------------------------------------------------

    def walk(self, result: Any, recording: Recording) -> None:
        """Let the class walk back, and note every gradient that is written."""
        name = self.kind.__name__
        if not callable(getattr(result, "backward", None)):
            raise _Unseen(f"{name} has no method backward yet.")
        for made in self.made:
            if made.value is not None and not hasattr(made.value, "grad"):
                raise _Unseen(f"A {name} has no .grad.")
            if made.value is not None:
                self.known[id(made.value)] = _number(made.value.grad)
        self.recording = recording
        try:
            bounded(result.backward)
        except (Exception, TooLong) as error:
            recording.problem = f"backward() {said(error)}."
        except _Unseen as reason:
            recording.problem = str(reason)
        finally:
            self.recording = None
        for number, made in enumerate(self.made):
            recording.gradients.append(None if made.value is None else _number(made.value.grad))
            if made.value is None or recording.problem:
                continue
            ends, noted = recording.gradients[number], self.known[id(made.value)]
            if str(ends) != str(noted):  # nan is not equal to itself
                recording.problem = (
                    f"This walk cannot be followed: the .grad of {made.name or 'a value'} became "
                    f"{style.number(ends) if ends is not None else 'no number'} without being assigned. Two values may "
                    "share one array, or the class writes past its own attribute."
                )

    def _written(self, target: int, number: float | None, frame: types.FrameType) -> None:
        recording = self.recording
        assert recording is not None
        made = self.made[target]
        if number is None:
            raise _Unseen(f"backward() wrote a .grad that is no number: {type(made.value.grad).__name__}.")
        if len(recording.writes) == MOST_WRITES:
            raise _Unseen(f"backward() was stopped: it has written {MOST_WRITES} gradients and was not at its end.")
        before = self.known[id(made.value)]
        fresh = range(self.window, len(self.reads))
        mine = [position for position in fresh if self.reads[position] == target]
        self.own.update(mine[-1:])
        self.window = len(self.reads)
        read = dict.fromkeys(self.reads[position] for position in fresh if position not in self.own)
        senders = tuple(index for index in read if index in self.users[target])
        begins = not read and not mine and bool(number) and self._begins(target, frame)
        candidates = () if senders or begins else self._at_hand(target, frame)
        recording.writes.append(Write(target, before or 0.0, number, bool(mine), senders, candidates, begins))

    def _begins(self, target: int, frame: types.FrameType) -> bool:
        """Say whether a value writes its own gradient in a `backward` that takes nothing but the value."""
        code = frame.f_code
        if code is not getattr(getattr(self.kind, "backward", None), "__code__", None) or code.co_argcount != 1:
            return False
        return frame.f_locals.get(code.co_varnames[0]) is self.made[target].value

    def _at_hand(self, target: int, frame: types.FrameType | None) -> tuple[int, ...]:
        """Return the users of a value that the functions at work hold, the innermost function first.

        Of one function's names the youngest comes first: what a loop has at hand is at work sooner than `self`.
        """
        held: dict[int, None] = {}
        while frame is not None and frame.f_code is not bounded.__code__:
            for value in reversed(list(frame.f_locals.values())):
                position = self.index.get(id(value))
                if position is not None and position in self.users[target]:
                    held[position] = None
            frame = frame.f_back
        return tuple(held)


def _find_senders(recording: Recording) -> None:
    """Say whose message each writing was where no gradient was read for it: whose numbers fit, else who was nearest.

    In a walk that collects its messages elsewhere some writings have nobody at hand; then nothing is guessed at all.
    """
    last = len(recording.made) - 1
    unseen = [
        write for write in recording.writes
        if not (write.senders or write.candidates or write.clears or write.begins) and write.target != last
    ]  # fmt: skip
    held = [0.0] * len(recording.made)
    arrived = [0.0] * len(recording.made)
    for number, write in enumerate(recording.writes):
        senders = write.senders
        if write.candidates and not write.clears and not unseen:
            fitting = [
                sender for sender in write.candidates
                if any(
                    fits(write.message, message * factor)
                    for position, operand in enumerate(recording.made[sender].operands)
                    if operand == write.target
                    for factor in (slope(recording, sender, position),)
                    for message in (held[sender], arrived[sender], 1.0)
                )
            ]  # fmt: skip
            senders = tuple([*fitting, *write.candidates][:1])
        recording.writes[number] = replace(write, senders=senders, candidates=())
        held[write.target], arrived[write.target] = write.after, write.message


def fits(first: float, second: float) -> bool:
    """Say whether two numbers are the same as far as differences, or numbers of single precision, can tell.

    Parameters
    ----------
    first, second : float

    Returns
    -------
    bool

    Examples
    --------
    >>> fits(3.0, 3.0001), fits(3.0, 3.1)
    (True, False)
    """
    return math.isclose(first, second, rel_tol=2e-3, abs_tol=2e-4)


def _number(value: Any) -> float | None:
    """The number in what a class holds: Python's, NumPy's, or an array of one; None if it is none."""
    if isinstance(value, np.ndarray) and value.size == 1:
        value = value.item()
    return float(value) if isinstance(value, bool | int | float | np.number | np.bool_) else None


def _data(value: Any) -> float:
    """The number that a value holds; nan if it is none."""
    number = _number(getattr(value, "data", None))
    return math.nan if number is None else number
