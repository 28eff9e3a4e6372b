"""The race: the reader's own rules walk down a surface, each beside that of nnkit."""

from __future__ import annotations

import inspect
import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from nnkit.draw import style
from nnkit.widgets import base
from nnkit.widgets.descent import drawn
from nnkit.widgets.fields import Choice, Field, Number, Numbers, Whole, read_state
from nnkit.widgets.limits import TooLong, bounded
from nnkit.widgets.surfaces import FAR_OUT, OPTIMIZERS, SURFACES, optimizer_named, surface_named, walk

STEPS = 450
NEAR = 0.01
PATIENCE = 1.0  # seconds for all rules together; a step of theirs takes some millionths of one
MOST_LINES = 20_000  # of Python, for one step of a rule
MOMENTUM, RHO, BETA2, EPS = 0.9, 0.9, 0.99, {"AdaGrad": 1e-10, "RMSProp": 1e-8, "Adam": 1e-8}
Rule = Callable[..., Any]

# What a rule returns besides the new weights: as many arrays as it is given to remember.
_RETURNS = {
    "momentum": ("w_new", "delta_new"),
    "AdaGrad": ("w_new", "s_new"),
    "RMSProp": ("w_new", "s_new"),
    "Adam": ("w_new", "m_new", "v_new"),
}


class Race(base.Moving):
    """Rules of the reader and plain descent on a surface, played step by step.

    Parameters
    ----------
    settings : mapping, optional
        A state, or a part of one.
    rules : mapping from str to callable
        The reader's functions by the name of the optimizer.
    **changes : Any
        Single settings; they win.
    """

    front = "race"
    title = "The race of your own rules"

    def __init__(
        self, settings: Mapping[str, Any] | None = None, /, *, rules: Mapping[str, Rule], **changes: Any
    ) -> None:
        self.rules = dict(rules)
        self._walked: dict[str, tuple[Any, tuple[np.ndarray, str]]] = {}
        self._names = [name for name in OPTIMIZERS if name == "SGD" or name in self.rules]
        functions = "".join(f", {name.lower()}={_called(rule)}" for name, rule in self.rules.items())
        self.call = f"widgets.race(…{functions})"
        super().__init__(settings, **changes)

    @property
    def fields(self) -> Sequence[Field]:
        """The surface, a rate for each, the start, and how far the race has gone."""
        maps = [name for name, place in SURFACES.items() if place.weights == 2]
        rates = [
            Number(_rate(name), f"rate of {name}", 0.01, 0.001, 1.0, 0.02, logarithmic=True) for name in self._names
        ]
        return [
            Choice("surface", "surface", "bent valley", maps),
            *rates,
            Numbers("start", "", list(SURFACES["bent valley"].start), (2,), -5.5, 5.5),
            Whole("step", "", 0, 0, STEPS),
        ]

    def read(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return a whole state; a start that is left out is that of the surface."""
        surface = given.get("surface", "bent valley")
        own = {"start": list(SURFACES[surface].start)} if surface in SURFACES else {}
        return read_state(self.fields, {**own, **given}, "widgets.race(…)")

    def material(self) -> dict[str, Any]:
        """The surfaces, and who runs."""
        return {
            "surfaces": {name: place.described() for name, place in SURFACES.items() if place.weights == 2},
            "steps": STEPS,
            "names": self._names,
            "own": list(self.rules),
            "keys": {name: _rate(name) for name in self._names},
        }

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """Return the walks of the reader's rules, and what there is to say about them."""
        state = self.read(question["state"])
        walks, told = self.run(state)
        return {"walks": walks, "told": told, "state": state}

    def run(self, state: Mapping[str, Any]) -> tuple[dict[str, np.ndarray], dict[str, str]]:
        """Let the reader's rules walk.

        Parameters
        ----------
        state : mapping

        Returns
        -------
        walks : dict from name to (n, 2) array
            As far as the rule went.
        told : dict from name to str
            A sentence for a rule that steps elsewhere than nnkit's, raises an error, or returns no weights.
        """
        until = time.monotonic() + PATIENCE
        walks, told = {}, {}
        with np.errstate(all="ignore"):  # too large a rate is part of the race
            for name, rule in self.rules.items():
                # A rate that is turned concerns one rule; the others have walked already.
                asked = state["surface"], state["start"], state[_rate(name)]
                if self._walked.get(name, ((), ()))[0] != asked:
                    self._walked[name] = asked, _walked(name, rule, state, state[_rate(name)], until)
                walks[name], said = self._walked[name][1]
                if said:
                    told[name] = said
        return walks, told

    def walks(self) -> dict[str, np.ndarray]:
        """Return all walks: the reader's, and nnkit's of who has no function.

        Returns
        -------
        dict from name to (n, 2) array
        """
        walks, _ = self.run(self.state)
        state = self.state
        for name in self._names:
            if name not in walks:
                walks[name] = walk(state["surface"], name, state["start"], state[_rate(name)], MOMENTUM, STEPS)
        return {name: walks[name] for name in self._names}

    def said(self) -> str:
        """Say who has arrived when in the end, and what there is to say about the reader's rules.

        Returns
        -------
        str
        """
        place, (_, told) = surface_named(self.state["surface"]), self.run(self.state)
        lowest = place.loss(*place.minimum)
        arrivals = {name: arrival([place.loss(*w) - lowest for w in points]) for name, points in self.walks().items()}
        there = sorted((step, self._names.index(name), name) for name, step in arrivals.items() if step is not None)
        missing = [name for name, step in arrivals.items() if step is None]
        said = []
        if there:
            said.append(f"Arrived: {', '.join(f'{name} in step {step}' for step, _, name in there)}.")
        if missing:
            said.append(f"Not arrived after {STEPS} steps: {', '.join(missing)}.")
        said += told.values()
        if self.rules and not told:
            said.append("Your rules step exactly as nnkit's.")
        return " ".join(said)

    def twin(self) -> base.Twin:
        """All walks to their end, whatever the step, and who has arrived when."""
        words = self.said()
        return base.Twin(drawn(surface_named(self.state["surface"]), self.walks(), words), words, base.paragraph(words))


def _rate(name: str) -> str:
    return f"rate_{name.lower()}"


def _called(rule: Rule) -> str:
    return str(getattr(rule, "__name__", type(rule).__name__))


def arrival(above: Sequence[float]) -> int | None:
    """Return the step from which on a walk stays within 0.01 of the lowest loss.

    Parameters
    ----------
    above : sequence of float
        Its loss above the lowest before the first step and after each.

    Returns
    -------
    int or None
        None if it does not, or has left before the race was over.

    Examples
    --------
    >>> arrival([1.0] * 10 + [0.001] * (STEPS - 9)), arrival([1.0, 0.0])
    (10, None)
    """
    far = [step for step, height in enumerate(above) if not height < NEAR]
    if len(above) <= STEPS or (far and far[-1] == STEPS):
        return None
    return far[-1] + 1 if far else 0


def _walked(name: str, rule: Rule, state: Mapping[str, Any], rate: float, until: float) -> tuple[np.ndarray, str]:
    """Let one rule walk; return its points and what there is to say about it, "" if it steps as nnkit's."""
    from nnkit.engine import tensor

    slope = SURFACES[state["surface"]].slope
    w = np.array(state["start"], dtype=float)
    points = [w]
    memory = [np.zeros(2) for _ in _RETURNS[name][1:]]
    beside = tensor(w.copy(), requires_grad=True)
    beside.grad = tensor(np.zeros(2))
    optimizer = optimizer_named(name, beside, rate, MOMENTUM)
    right, its_gradient = beside.detach().numpy(), beside.grad.numpy()  # both see what the optimizer sees
    said, called = "", _called(rule)
    for t in range(1, STEPS + 1):
        x, y = w.tolist()  # plain numbers: they are added and compared in a tenth of an array's time
        g = np.array(slope(x, y))
        if not said:
            # nnkit steps from the same place with the same gradients: a difference is this step's own.
            right[:], its_gradient[:] = w, g
            optimizer.step()
        try:
            new, *memory = _stepped(name, rule, w.copy(), g, memory, t, rate)
        except TooLong:
            return np.array(points), f"{called} did not come to an end in step {t} and was stopped."
        except Exception as error:  # whatever a reader's own function raises is a sentence beneath the picture
            reason = str(error).strip() or "no reason given"
            kind = "" if isinstance(error, NonsenseError) else f" ({type(error).__name__})"
            return np.array(points), f"{called} stopped in step {t}: {reason}{kind}."
        (new_x, new_y), (right_x, right_y) = new.tolist(), right.tolist()
        room = 1e-9 * max(abs(x), abs(y)) + 1e-12
        if not said and not (abs(new_x - right_x) <= room and abs(new_y - right_y) <= room):
            mine, theirs = (_pair(end - w) for end in (new, right))
            said = f"{called} goes its own way: in step {t} it moves by {mine}, nnkit's by {theirs}."
        if not (math.isfinite(new_x) and math.isfinite(new_y)):
            return np.array(points), f"{called} returned weights that are no numbers in step {t}: {_pair(new)}."
        w = new
        points.append(w)
        if max(abs(new_x), abs(new_y)) >= FAR_OUT:
            break
        if time.monotonic() > until:
            return np.array(points), f"{called} is slow: after {t} steps the race was stopped."
    return np.array(points), said


def _pair(values: np.ndarray) -> str:
    return f"({', '.join(style.number(value) for value in values)})"


class NonsenseError(ValueError):
    """What a rule returned is no step."""


def _stepped(
    name: str, rule: Rule, w: np.ndarray, g: np.ndarray, memory: Sequence[np.ndarray], t: int, rate: float
) -> list[np.ndarray]:
    """Call a rule as the notebook does, and return its arrays."""
    given: tuple[float, ...]
    if name == "momentum":
        given = (rate, MOMENTUM)
    elif name == "AdaGrad":
        given = (rate, EPS[name])
    elif name == "RMSProp":
        given = (rate, RHO, EPS[name])
    else:
        given = (t, rate, MOMENTUM, BETA2, EPS[name])
    answer = bounded(rule, w, g, *memory, *given, most=MOST_LINES, lines=True)
    expected = _RETURNS[name]
    if inspect.isgenerator(answer) or not isinstance(answer, tuple | list) or len(answer) != len(expected):
        size = f" of {len(answer)}" if isinstance(answer, tuple | list) else ""
        raise NonsenseError(f"it returned a {type(answer).__name__}{size}; {_wanted(expected)}")
    arrays = []
    for what, value in zip(expected, answer, strict=True):
        try:
            array = np.array(value, dtype=float)
        except (TypeError, ValueError):
            raise NonsenseError(f"{what} is a {type(value).__name__}; {_wanted(expected)}") from None
        if array.shape != (2,):
            raise NonsenseError(f"{what} has shape {array.shape}; {_wanted(expected)}")
        arrays.append(array)
    return arrays


def _wanted(expected: Sequence[str]) -> str:
    return f"expected are {', '.join(expected)}, each of shape (2,)"


def race(
    settings: Mapping[str, Any] | None = None,
    /,
    *,
    momentum: Rule | None = None,
    adagrad: Rule | None = None,
    rmsprop: Rule | None = None,
    adam: Rule | None = None,
    **changes: Any,
) -> None:
    """Show a race of your own rules and plain descent on a surface; each has a rate, and the start is dragged.

    Parameters
    ----------
    settings : mapping, optional
        A state, or a part of one: ``surface``, ``rate_sgd``, ``rate_momentum``, …, ``start``, ``step``.
    momentum : callable, optional
        ``momentum(w, g, delta, lr, mu)`` → w_new, delta_new. It gets μ = 0.9.
    adagrad : callable, optional
        ``adagrad(w, g, s, lr, eps)`` → w_new, s_new.
    rmsprop : callable, optional
        ``rmsprop(w, g, s, lr, alpha, eps)`` → w_new, s_new. It gets alpha = 0.9.
    adam : callable, optional
        ``adam(w, g, m, v, t, lr, beta1, beta2, eps)`` → w_new, m_new, v_new. It gets β₁ = 0.9, β₂ = 0.99.
    **changes : Any
        Single settings; they win.

    Raises
    ------
    ValueError
        If a setting is not known or out of bounds.

    Examples
    --------
    >>> from unittest import mock
    >>> def heavy(w, g, delta, lr, mu):
    ...     return w + mu * delta - lr * g, mu * delta - lr * g
    >>> with mock.patch.dict("os.environ", NNKIT_STATIC="1"):
    ...     race(surface="valley", rate_sgd=0.07, rate_momentum=0.05, momentum=heavy)  # doctest: +ELLIPSIS
    Left: ½(x² + 25 y²) and the walks of SGD, momentum from the start at −4, 1.5. ...
    Arrived: SGD in step 47, momentum in step 78. Your rules step exactly as nnkit's.
    """
    given = {"momentum": momentum, "AdaGrad": adagrad, "RMSProp": rmsprop, "Adam": adam}
    Race(settings, rules={name: rule for name, rule in given.items() if rule is not None}, **changes).show()
