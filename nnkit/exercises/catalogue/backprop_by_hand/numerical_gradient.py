"""The gradient of any function of an array, from two of its values for each entry."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np

from nnkit.exercises.beside.probes.autograd import FUNCTIONS
from nnkit.exercises.catalogue.draws import signed
from nnkit.exercises.catalogue.families import times
from nnkit.exercises.catalogue.withheld import DERIVATIVES
from nnkit.exercises.exercise import Case, exercise, wrong

STEP = 1e-4  # where a case has no h

# What (f(x + h) − f(x − h)) / 2h is for each entry, worked out: exact for squares, h² more for cubes.
DIFFERENCES: dict[str, Callable[[np.ndarray, float], Any]] = {
    "the loss θx + θ²x² at x = −2": lambda theta, h: 8 * theta - 2,
    "the sum of squares": lambda x, h: 2 * x,
    "the sum of squares, as a Python float": lambda x, h: 2 * x,
    "the sum of squares, as a 0-d array": lambda x, h: 2 * x,
    "the sum of cubes": lambda x, h: 3 * x**2 + h**2,
    "the sum of sines": lambda x, h: np.cos(x) * np.sin(h) / h,
    "the product of all entries": lambda x, h: np.prod(x) / x,
    "1·first + 2·second + 3·third …": lambda x, h: np.arange(1.0, x.size + 1).reshape(x.shape),
}


def central_difference(f: str, x: np.ndarray, h: float | None) -> Any:
    """What a right answer gives."""
    return DIFFERENCES[f](x.astype(np.float64), h or STEP)


def functions(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Functions of one number and of arrays, with the usual step and with steps that can be seen."""

    def case(f: str, x: Any, covers: str, h: float | None = None) -> Case:
        x = np.asarray(x)
        entries = f"{x.ravel().tolist() if x.ndim else x.item()}".replace("-", "−")
        where = f"x = {entries}" if x.size <= 3 and x.ndim < 2 else f"x of shape {x.shape}"
        kind = " (integers)" if x.dtype.kind == "i" else ""
        with_step = "" if h is None else f", h = {h}"
        return Case({"f": f, "x": x, "h": h}, covers, f"f is {f}, {where}{kind}{with_step}")

    def floats(*shape: int) -> np.ndarray:
        return signed(rng, 0.5, 2.5, shape)

    cases = [
        case("the loss θx + θ²x² at x = −2", 3.0, "single numbers"),
        case("the sum of squares, as a Python float", floats(2), "a function that returns a plain float"),
        case("the sum of squares, as a 0-d array", floats(3), "one that returns a 0-d array"),
        case("the sum of cubes", floats(2), "a large h", 0.5),
        case("the sum of cubes", floats(2, 2), "a large h", 0.25),
        case("the product of all entries", floats(3), "entries that work together", 0.5),
        case("the product of all entries", floats(2, 2), "entries that work together"),
        case("1·first + 2·second + 3·third …", floats(2, 3), "matrices"),
        case("the sum of sines", floats(3, 4), "matrices"),
        case("the sum of squares", floats(2, 3, 2), "three axes"),
        case("the sum of sines", rng.integers(1, 6, 3), "integers"),
        case("the product of all entries", rng.integers(2, 6, (2, 2)), "integers"),
    ]
    if hidden:
        cases += [
            case("the sum of sines", floats(), "single numbers", 0.5),
            case("the sum of cubes", floats(1), "one entry"),
            case("the product of all entries", floats(1, 4), "matrices", 0.25),
            case("the product of all entries", -rng.integers(1, 5, 4), "integers"),
            case("the sum of sines", floats(7), "vectors"),
        ]
    return cases


def moved(x: np.ndarray, place: Any, by: float, dtype: Any = np.float64) -> np.ndarray:
    """A copy of x with one entry, or one row, moved."""
    copy = np.array(x, dtype=dtype)
    copy[place] = copy[place] + by
    return copy


def slopes(
    f: str,
    x: np.ndarray,
    h: float | None,
    ends: Callable[..., tuple[np.ndarray, np.ndarray]] = lambda x, place, h: (moved(x, place, h), moved(x, place, -h)),
    places: Callable[[np.ndarray], Iterable[Any]] = lambda x: np.ndindex(x.shape),
) -> np.ndarray:
    """(f(one end) − f(other end)) / 2h at every place, as a right answer goes or with other ends or places."""
    result, h = np.zeros(x.shape), h or STEP
    for place in places(x):
        above, below = ends(x, place, h)
        result[place] = (FUNCTIONS[f](above) - FUNCTIONS[f](below)) / (2 * h)
    return result


def one_sided(f: str, x: np.ndarray, h: float | None) -> np.ndarray:
    """f(x + h) − f(x), over 2h."""
    return slopes(f, x, h, lambda x, place, h: (moved(x, place, h), x))


def all_at_once(f: str, x: np.ndarray, h: float | None) -> Any:
    """One number for all entries together."""
    h = h or STEP
    return (FUNCTIONS[f](x + h) - FUNCTIONS[f](x - h)) / (2 * h)


def in_integers(x: np.ndarray, place: Any, h: float) -> tuple[np.ndarray, np.ndarray]:
    """Ends of the dtype of x."""
    return moved(x, place, h, x.dtype), moved(x, place, -h, x.dtype)


def in_place(x: np.ndarray, place: Any, h: float) -> tuple[np.ndarray, np.ndarray]:
    """Ends that x itself is moved to, and then moved back."""
    x[place] += h
    above = x.astype(np.float64)
    x[place] -= 2 * h
    below = x.astype(np.float64)
    x[place] += h
    return above, below


def never_back(x: np.ndarray, place: Any, h: float) -> tuple[np.ndarray, np.ndarray]:
    """Ends at which the entries before this one are still moved."""
    above, below = x.astype(np.float64), x.astype(np.float64)
    for earlier in np.ndindex(x.shape):
        above[earlier] += h
        below[earlier] -= h
        if earlier == place:
            break
    return above, below


def one_entry_only(f: str, x: np.ndarray, h: float | None) -> Any:
    """f refuses an entry that comes without the others."""
    if x.ndim:
        raise TypeError("f received one number")
    return central_difference(f, x, h)


EXERCISE = exercise(
    "numerical_gradient(f, x, h=1e-4)",
    reference=central_difference,
    cases=functions,
    probe="numerical_gradient",
    relative=1e-6,
    absolute=1e-7,
    withheld=DERIVATIVES,
    shape_notes={"": "There is one slope for every entry of x, so the gradient has the shape of x."},
    hints=(
        """For a single number: how much does f change when you go from x − h to x + h, and how long is that way?""",
        """Make a float copy of x, move one entry of it up by h, ask f; move the same entry down by h, ask f again. f
        gets the whole array each time. Which other entries may have moved?""",
        """`for place in np.ndindex(x.shape):` visits every entry of an array of any shape, a number's included;
        `moved[place]` reads and writes it. Copy x afresh for every entry, with `np.array(x, dtype=float)`.""",
    ),
    mistakes=(
        wrong("one-sided difference", lambda f, x, h: 2 * one_sided(f, x, h)).told("""
            Yours compares f(x + h) with f(x). That chord lies on one side of x only; on a curve it is too steep or too
            flat by an amount that grows with h. Where would the other end have to be?"""),
        wrong("one side over two steps", one_sided).told("""
            Yours compares f(x + h) with f(x) and divides by 2h. How long is the way between these two points? And why
            ask f at only one side of x?"""),
        times("divided by h", 2).told("""
            Yours is twice the expected value, everywhere. How far apart are the two points at which you ask f?"""),
        times("/ 2 * h", lambda h: (h or STEP) ** 2).told("""
            Yours is too small by a factor h². Python works `… / 2 * h` from left to right: where does h end up?"""),
        times("not divided", lambda h: 2 * (h or STEP)).told("""
            Yours is the change of f. The gradient is that change for each unit of way: what did you walk?"""),
        times("signs swapped", -1).told("""
            Yours has the right size everywhere and the opposite sign. Which of the two values of f is taken away from
            the other?"""),
        wrong("h ignored", lambda f, x: central_difference(f, x, None)).told("""
            With the usual h everything is right; with another one your values do not change. Does the step in your loop
            come from the argument h?"""),
        wrong("all entries at once", all_at_once).told("""
            Yours moves all entries of x together and gets one number. The gradient asks for each entry alone, while all
            the others stay where they are."""),
        wrong("row by row", partial(slopes, places=lambda x: range(len(x)))).told("""
            Vectors are right; in a matrix all entries of a row come out equal. `len(x)` counts rows: how do you reach
            every entry?"""),
        wrong("never moved back", partial(slopes, ends=never_back)).told("""
            Entries are moved and stay moved while the next one is tried, so later slopes are taken at another place
            than x. It shows where entries work together."""),
        wrong("integers stay integers", partial(slopes, ends=in_integers)).told("""
            Only integers fail. An array of integers rounds what is written into it: 2 + 0.0001 is stored as 2 again,
            and 2 − 0.0001 as 1."""),
        wrong("moved in place", partial(slopes, ends=in_place)).told("""
            x comes back changed. In floats, + h, − 2h, + h does not end exactly where it began, and an array of
            integers drops the fraction each time. Work on a copy, or keep the old entry and write it back."""),
        wrong("flat result", lambda expected: np.reshape(expected, -1) if np.ndim(expected) else expected).told("""
            The slopes are there, in one long row. They belong in the shape of x: entry by entry, each in its
            place."""),
        wrong("f called with one entry", one_entry_only).told("""
            f is a function of the whole array. Give it all of x, with one entry moved."""),
    ),
)
