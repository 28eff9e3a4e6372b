"""The gradient of any function of an array, from two of its values for each entry."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np

from nnkit.exercises.beside.probes.autograd import FUNCTIONS, WrongArgument
from nnkit.exercises.catalogue.draws import signed
from nnkit.exercises.catalogue.families import times
from nnkit.exercises.catalogue.withheld import DERIVATIVES
from nnkit.exercises.exercise import Case, exercise, wrong
from nnkit.languages import say

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
        where = f"x = {entries}" if x.size <= 3 and x.ndim < 2 else say("x of shape {shape}", shape=x.shape)
        kind = " (integers)" if x.dtype.kind == "i" else ""
        with_step = "" if h is None else f", h = {h}"
        return Case(
            {"f": f, "x": x, "h": h},
            covers,
            say("f is {f}, {where}{kind}{with_step}", f=f, where=where, kind=kind, with_step=with_step),
        )

    def floats(*shape: int) -> np.ndarray:
        return signed(rng, 0.5, 2.5, shape)

    cases = [
        case("the loss θx + θ²x² at x = −2", 3.0, "single numbers"),
        case("the sum of sines", floats(), "single numbers", 0.5),
        case("the sum of sines", 3, "integers"),
        case("the sum of cubes", floats(1), "one entry"),
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
        case("the product of all entries", -rng.integers(1, 5, 4), "integers"),
        case("the product of all entries", floats(1, 4), "matrices", 0.25),
        case("the sum of sines", floats(7), "vectors"),
    ]
    if hidden:
        cases += [
            case("the sum of cubes", floats(), "single numbers", 0.25),
            case("the sum of cubes", floats(3, 1), "matrices", 0.5),
            case("the sum of sines", floats(5), "vectors", 0.125),
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


def full_of_one_number(f: str, x: np.ndarray, h: float | None) -> Any:
    """One number for all entries together, at every place."""
    return np.full(x.shape, all_at_once(f, x, h))


def left_below(x: np.ndarray, place: Any, h: float) -> tuple[np.ndarray, np.ndarray]:
    """Ends at which the entries before this one have stayed at their lower end."""
    above, below = x.astype(np.float64), x.astype(np.float64)
    for earlier in np.ndindex(x.shape):
        below[earlier] -= h
        if earlier == place:
            above[earlier] += h
            break
        above[earlier] -= h
    return above, below


def backward_difference(f: str, x: np.ndarray, h: float | None) -> np.ndarray:
    """f(x) − f(x − h), over h."""
    return 2 * slopes(f, x, h, lambda x, place, h: (x, moved(x, place, -h)))


def in_float32(f: str, x: np.ndarray, h: float | None) -> np.ndarray:
    """Ends with the digits of float32, and results."""

    def ends(x: np.ndarray, place: Any, h: float) -> tuple[np.ndarray, np.ndarray]:
        above, below = moved(x, place, h, np.float32), moved(x, place, -h, np.float32)
        return above.astype(np.float64), below.astype(np.float64)  # f itself reckons in float64

    return slopes(f, x, h, ends).astype(np.float32)


def only_the_first(expected: Any) -> Any:
    """The loop ends in its first round."""
    result = np.zeros(np.shape(expected))
    first = (0,) * result.ndim
    result[first] = np.asarray(expected)[first]
    return result


def only_the_last(expected: Any) -> Any:
    """What was found before is lost in every round."""
    result = np.zeros(np.shape(expected))
    last = (-1,) * result.ndim
    result[last] = np.asarray(expected)[last]
    return result


def sum_of_values(f: str, x: np.ndarray, h: float | None) -> np.ndarray:
    """f(x + h) + f(x − h), over 2h."""
    below = slopes(f, x, h, lambda x, place, h: (moved(x, place, -h), 0.0 * x))
    above = slopes(f, x, h, lambda x, place, h: (moved(x, place, h), 0.0 * x))
    return above + below + FUNCTIONS[f](0.0 * x) / (h or STEP)


def replaced(x: np.ndarray, place: Any, h: float) -> tuple[np.ndarray, np.ndarray]:
    """Ends at which the entry is h and −h."""
    return moved(moved(x, place, -x[place]), place, h), moved(moved(x, place, -x[place]), place, -h)


def refusing(refused: Callable[[np.ndarray], bool]) -> Callable[..., Any]:
    """f refuses what it is given for some shapes of x; elsewhere all is right."""

    def answer(f: str, x: np.ndarray, h: float | None) -> Any:
        if refused(x):
            raise WrongArgument("f received something else")
        return central_difference(f, x, h)

    return answer


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
        wrong("backward difference", backward_difference).told("""
            Yours compares f(x) with f(x − h). That chord lies on one side of x only; on a curve it is too steep or too
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
        wrong("all entries at once, in the shape of x", full_of_one_number).told("""
            All entries of yours are the same number: what f does when every entry of x moves at once. The gradient asks
            for each entry alone, while all the others stay where they are."""),
        wrong("the same numbers twice", lambda expected: 0.0 * np.asarray(expected)).told("""
            Yours is 0, everywhere, as if f had been given the same numbers both times. In which direction is the entry
            moved for each of the two, and is it another array each time, or one with two names?"""),
        wrong("only the first entry", only_the_first).told("""
            Your first slope is right and all others are 0. How often does your loop run before the function
            returns?"""),
        wrong("only the last entry", only_the_last).told("""
            Your last slope is right and all others are 0. What becomes of the slopes of the earlier rounds when the
            loop goes on?"""),
        wrong("sum of the two values", sum_of_values).told("""
            Yours is the sum of the two values of f, divided by 2h. How much does f *change* on the way from one to the
            other?"""),
        wrong("entry replaced", partial(slopes, ends=replaced)).told("""
            The entry itself is gone when you ask f: h and −h stand in its place. Yours is the slope at 0, where a slope
            at x is asked for."""),
        wrong("half a step to each side", lambda f, x, h: central_difference(f, x, (h or STEP) / 2) / 2).told("""
            Yours is half of the slope: f is asked at x + h/2 and x − h/2, and divided is by 2h. How far apart are the
            two points?"""),
        wrong("chord of half the length", lambda f, x, h: central_difference(f, x, (h or STEP) / 2)).told("""
            Yours is right where h is tiny; where it is large one sees that f was asked at x + h/2 and x − h/2. Asked
            for are x + h and x − h."""),
        wrong("float32", in_float32).told("""
            Only a few digits of yours are right. float32 keeps seven digits, and two values that agree in most of them
            are subtracted. Of which type is the array in which you move the entries?"""),
        wrong("rounded", lambda expected: np.round(expected, 4)).told("""
            Yours is the slope rounded to four decimals. Round what you print, not what you return."""),
        wrong("row by row", partial(slopes, places=lambda x: range(len(x)))).told("""
            Vectors are right; in a matrix all entries of a row come out equal. `len(x)` counts rows: how do you reach
            every entry?"""),
        wrong("never moved back", partial(slopes, ends=never_back)).told("""
            Entries are moved and stay moved while the next one is tried, so later slopes are taken at another place
            than x. It shows where entries work together."""),
        wrong("left at the lower end", partial(slopes, ends=left_below)).told("""
            Every slope is right alone; where entries work together one sees that those before stayed at x − h while the
            next one was tried. What has to happen before the loop goes on?"""),
        wrong("integers stay integers", partial(slopes, ends=in_integers)).told("""
            Only integers fail. An array of integers rounds what is written into it: 2 + 0.0001 is stored as 2 again,
            and 2 − 0.0001 as 1."""),
        wrong("moved in place", partial(slopes, ends=in_place)).told("""
            x comes back changed. In floats, + h, − 2h, + h does not end exactly where it began, and an array of
            integers drops the fraction each time. Work on a copy, or keep the old entry and write it back."""),
        wrong("flat result", lambda expected: np.reshape(expected, -1) if np.ndim(expected) else expected).told("""
            The slopes are there, in one long row. They belong in the shape of x: entry by entry, each in its
            place."""),
        wrong("f called with one entry", refusing(lambda x: x.ndim > 0)).told("""
            f is a function of the whole array. Give it all of x, with one entry moved."""),
        wrong("f called with the entries in a row", refusing(lambda x: x.ndim != 1)).told("""
            f receives the entries of x in one long row. It takes them in the shape of x: give the row that shape before
            you ask f."""),
        wrong("f called with a Python number", refusing(lambda x: x.ndim == 0)).told("""
            Where x has no dimensions, f receives a number of Python's own. Then too it takes an array, without
            dimensions; what arithmetic makes of such an array is one as well."""),
    ),
)
