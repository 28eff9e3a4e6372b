"""A class that learns mean and spread of every column, and scales with them there and back."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.draws import signed
from nnkit.exercises.catalogue.families import slips_in
from nnkit.exercises.catalogue.training_networks.parts.scaling import judge
from nnkit.exercises.catalogue.withheld import STANDARDIZING
from nnkit.exercises.exercise import Case, exercise, wrong
from nnkit.exercises.judge.wording import plural
from nnkit.languages import say


def not_zero(spread: Any) -> Any:
    """Spreads by which every column can be divided: 1 in the place of 0."""
    return np.where(spread == 0, 1.0, spread)


def small_for_zero(spread: Any) -> Any:
    """1 in the place of all small spreads."""
    return np.where(spread < 1e-3, 1.0, spread)


def all_or_none(spread: Any) -> Any:
    """1 for all columns as soon as one is constant."""
    return np.ones_like(spread) if (spread == 0).any() else spread


def scale(
    X: np.ndarray,
    other: np.ndarray,
    Z: np.ndarray,
    fit: Callable[..., tuple[Any, Any]] = lambda X: (X.mean(axis=0), not_zero(X.std(axis=0))),
    transform: Callable[..., Any] = lambda X, mean, std: (X - mean) / std,
    inverse: Callable[..., Any] = lambda Z, mean, std: Z * std + mean,
) -> dict[str, Any]:
    """What the probe sends for somebody who works in this way; the last three are the places where things go wrong."""
    with np.errstate(all="ignore"):
        first, second = fit(X), fit(other)
        return {
            "problem": None,
            "fitted": transform(X, *first),
            "other": transform(other, *first),
            "alone": transform(other[:1], *first),
            "back": inverse(Z, *first),
            "beside": transform(X, *first),
            "second": transform(X, *second),
            "kept": transform(X, *second),
            "anew": transform(X, *second),
        }


def draw(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Tables whose columns differ in size, some of them constant."""

    def table(rows: int, columns: int) -> np.ndarray:
        sizes = 10.0 ** rng.integers(-1, 3, columns)
        return ((rng.normal(size=(rows, columns)) + rng.uniform(1, 3, columns)) * sizes).round(3)

    def case(rows: int, columns: int, others: int, covers: str, constant: int | None = None) -> Case:
        X, other = table(rows, columns), table(others, columns)
        Z = signed(rng, 0.3, 2, (others + 1, columns), decimals=2)
        if constant is not None:
            X[:, constant] = float(rng.integers(2, 9))
        words = say("fit on {rows} of {columns}", rows=plural(rows, "row"), columns=plural(columns, "column"))
        words += (
            "" if constant is None or rows == 1 else say(", of which column {constant} is constant", constant=constant)
        )
        return Case(
            {"X": X, "other": other, "Z": Z}, covers, say("{words}; {others} other rows", words=words, others=others)
        )

    def hairs() -> Case:
        """A spread that is far from 1 and no 0: what is measured in metres may be as thin as a hair."""
        arguments = case(5, 2, 3, "").arguments
        X, other = arguments["X"].copy(), arguments["other"].copy()
        X[:, 0] = rng.permutation([4.1, 4.7, 5.3, 5.8, 6.9]) * 1e-5
        other[:, 0] = rng.permutation([4.5, 5.5, 6.5]) * 1e-5
        text = "fit on 5 rows of 2 columns, the first of them around 5·10⁻⁵; 3 other rows"
        return Case({"X": X, "other": other, "Z": arguments["Z"]}, "a column of small spread", text)

    by_hand = {
        "X": np.array([[1.0, 10.0], [3.0, 30.0]]),
        "other": np.array([[2.0, 50.0], [5.0, 10.0]]),
        "Z": np.array([[-1.0, 2.0]]),
    }
    text = "fit on [[1, 10], [3, 30]]; other rows [[2, 50], [5, 10]]; inverse of [[−1, 2]]"
    cases = [
        Case(by_hand, "a table worked on paper", text),
        case(6, 3, 4, "columns of different size"),
        case(5, 1, 3, "one column"),
        case(4, 3, 5, "a constant column", constant=1),
        case(7, 2, 2, "a constant column", constant=0),
        case(1, 2, 3, "a single row", constant=0),
        case(3, 3, 4, "as many rows as columns"),
        hairs(),
    ]
    if hidden:
        cases += [case(20, 5, 6, "columns of different size"), case(8, 4, 3, "a constant column", constant=3)]
    return cases


slip = slips_in(scale)


def transformed_in_place(other: np.ndarray, **arguments: Any) -> dict[str, Any]:
    """`X -= mean; X /= std` in transform."""
    seen = scale(other=other, **arguments)
    other[...] = seen["other"]
    return seen


EXERCISE = exercise(
    "Standardizer()",
    reference=scale,
    cases=draw,
    probe="standardizer",
    judge=judge,
    withheld=STANDARDIZING,
    hints=(
        """`fit` learns two numbers for each column of X and stores them in `self`; `transform` and `inverse_transform`
        use what is stored and look at no data of their own to find it.""",
        """`X.mean(axis=0)` and `X.std(axis=0)` have one number for each column. Where the standard deviation is 0,
        divide by 1: `np.where(condition, a, b)` chooses entry by entry.""",
        """transform subtracts the mean, then divides. Its inverse does the opposite in the opposite order. `fit` ends
        with `return self`.""",
    ),
    mistakes=(
        wrong(
            "fitted to what it transforms",
            lambda expected, other, Z: (
                expected
                | {
                    "other": scale(other, other, Z)["fitted"],
                    "second": expected["fitted"],
                    "kept": expected["fitted"],
                    "anew": expected["fitted"],
                }
            ),
        ).told("""
            What was fitted comes out right; other rows are scaled by their own mean and spread. Then the same
            measurement would get two different numbers, depending on its company. Where should mean and spread come
            from?"""),
        slip(  # a single row has none: np.divide makes it infinite, `/` would raise
            "sample standard deviation",
            fit=lambda X: (X.mean(axis=0), not_zero(np.sqrt(X.var(axis=0) * np.divide(len(X), len(X) - 1)))),
        ).told("""
            Your spread divides by N − 1. Asked for is the population's, which divides by N: the scaled columns then
            have standard deviation 1 exactly."""),
        slip("constant column divided by 0", fit=lambda X: (X.mean(axis=0), X.std(axis=0))).told("""
            A column that is the same in every row has spread 0, and 0 / 0 is no number. Divide such a column by 1."""),
        slip("a little added to the spread", fit=lambda X: (X.mean(axis=0), X.std(axis=0) + 1e-15)).told("""
            A small number beside the spread, or in the place of 0, keeps the division finite. But when a column that
            was constant moves a little later on, it is divided by that small number and comes out huge. Divide such a
            column by 1."""),
        slip("small spreads taken for 0", fit=lambda X: (X.mean(axis=0), small_for_zero(X.std(axis=0)))).told("""
            A column whose spread is small, 10⁻⁵, comes out as if it were constant. That is much for a hair measured in
            metres. Which spread alone needs another divisor?"""),
        slip("no column divided", fit=lambda X: (X.mean(axis=0), all_or_none(X.std(axis=0)))).told("""
            As soon as one column is constant, all columns of yours keep their spread. Each has a divisor of its
            own."""),
        slip(
            "constant column set to 0",
            fit=lambda X: (X.mean(axis=0), np.where(X.std(axis=0) == 0, np.inf, X.std(axis=0))),
            inverse=lambda Z, mean, std: Z * np.where(np.isinf(std), 0, std) + mean,
        ).told("""
            A column that was constant comes out as 0 for all other rows too. Divided by 1 it still shows how far they
            are from the mean."""),
        slip("one mean for the whole table", fit=lambda X: (X.mean(), not_zero(X.std()))).told("""
            Your mean and spread are single numbers, those of all columns together. A column in kilometres and one in
            degrees have nothing in common: each has its own."""),
        slip("mean of the whole table", fit=lambda X: (X.mean(), not_zero(X.std(axis=0)))).told("""
            Your mean is a single number, that of all columns together. A column in kilometres and one in degrees have
            nothing in common: each has its own."""),
        slip("spread of the whole table", fit=lambda X: (X.mean(axis=0), not_zero(X.std()))).told("""
            Your spread is a single number, that of all columns together, so each keeps its size beside the others. Each
            has a spread of its own."""),
        slip("kept row by row", fit=lambda X: (X.mean(axis=0) + 0 * X, not_zero(X.std(axis=0)) + 0 * X)).told("""
            What your object keeps has one row for each row that was fitted, and another table may have more of them, or
            fewer. One row of means serves all."""),
        slip("along the rows", fit=lambda X: (X.mean(axis=1), not_zero(X.std(axis=1)))).told("""
            Your mean and spread run along the rows: there is one for each sample. Over which axis do the samples
            lie?"""),
        wrong(
            "spread of what it transforms",
            lambda X, other, Z: (
                scale(X, other, Z)
                | {
                    "other": (other - X.mean(axis=0)) / not_zero(other.std(axis=0)),
                    "alone": other[:1] - X.mean(axis=0),
                    "second": (X - other.mean(axis=0)) / not_zero(X.std(axis=0)),
                    "kept": (X - other.mean(axis=0)) / not_zero(X.std(axis=0)),
                    "anew": (X - other.mean(axis=0)) / not_zero(X.std(axis=0)),
                }
            ),
        ).told("""
            Other rows have the mean of the fitted ones taken off and are divided by their own spread. Both come from
            `fit`, once."""),
        slip("median", fit=lambda X: (np.median(X, axis=0), not_zero(X.std(axis=0)))).told("""
            What you take off is the median of each column, the one in the middle. Its mean is asked for."""),
        slip(
            "mean absolute deviation",
            fit=lambda X: (X.mean(axis=0), not_zero(np.abs(X - X.mean(axis=0)).mean(axis=0))),
        ).told("""
            Your spread is the mean distance from the mean. The standard deviation squares the distances before their
            mean is taken, and takes the root of it."""),
        slip("root of the mean square", fit=lambda X: (X.mean(axis=0), not_zero(np.sqrt((X**2).mean(axis=0))))).told("""
            Your spread is the root of the mean square of X itself. Spread is measured from the mean."""),
        slip(
            "row by row", fit=lambda X: (X.mean(axis=1, keepdims=True), not_zero(X.std(axis=1, keepdims=True)))
        ).told("""
            Your mean and spread run along the rows, so different quantities of one sample are mixed. Over which axis do
            the samples lie?"""),
        slip("divided by the variance", fit=lambda X: (X.mean(axis=0), not_zero(X.var(axis=0)))).told("""
            You divide by the variance. It has the square of the unit; what divides metres must be in metres."""),
        slip("only centred", transform=lambda X, mean, std: X - mean, inverse=lambda Z, mean, std: Z + mean).told("""
            The columns are centred and keep their spread. By what are they divided?"""),
        slip("only divided", transform=lambda X, mean, std: X / std, inverse=lambda Z, mean, std: Z * std).told("""
            The columns have spread 1 and are not centred. What is subtracted?"""),
        slip("from 0 to 1", fit=lambda X: (X.min(axis=0), not_zero(np.ptp(X, axis=0)))).told("""
            Your columns run from 0 to 1: smallest and largest value decide, so one outlier moves everything. Mean and
            standard deviation are asked for."""),
        slip("brackets missing", transform=lambda X, mean, std: X - mean / std).told("""
            Your transform is X − mean / std: the division is done first. What has to be divided?"""),
        slip("inverse in the same order", inverse=lambda Z, mean, std: (Z + mean) * std).told("""
            transform is right. Your inverse adds the mean and then multiplies, so the mean is multiplied too. What was
            done last is undone first."""),
        slip("inverse without the mean", inverse=lambda Z, mean, std: Z * std).told("""
            transform is right. Your inverse gives back the spread and forgets the mean."""),
        slip("inverse divides", inverse=lambda Z, mean, std: Z / std + mean).told("""
            transform is right. Your inverse divides by the spread once more. What undoes a division?"""),
        slip("inverse subtracts", inverse=lambda Z, mean, std: Z * std - mean).told("""
            transform is right. Your inverse takes the mean off once more. What undoes a subtraction?"""),
        slip("inverse is transform", inverse=lambda Z, mean, std: (Z - mean) / std).told("""
            transform is right, and your inverse does the same. It is to undo it: the opposite steps, the last one
            first."""),
        wrong(
            "array kept",
            lambda X, other, Z: (
                scale(X, other, Z)
                | {
                    "kept": scale(other[::-1] * 2 + 1, X, Z)["other"],
                }
            ),
        ).told("""
            Your object keeps the very array that `fit` was given. Whoever writes into that array later changes what was
            learned. Take the numbers in `fit`, or a copy."""),
        wrong("shared by all objects", lambda expected: expected | {"beside": expected["anew"]}).told("""
            One Standardizer is right; as soon as a second one is fitted, the first has forgotten its own numbers. Two
            objects of your class share them: `self.mean = …` belongs to one object, a variable of the class or of the
            notebook to all."""),
        wrong("fit returns nothing", lambda: {"problem": {"kind": "fit", "type": "NoneType"}}).told("""
            `fit` returns None. With `return self` at its end one can write `scaler = Standardizer().fit(X)`."""),
        wrong("fit returns an array", lambda: {"problem": {"kind": "fit", "type": "ndarray"}}).told("""
            `fit` returns an array. It only learns, and returns the object itself; `transform` is asked for scaled
            data."""),
        wrong("transform changes its array", transformed_in_place).told("""
            The values are right, and the array that was given to `transform` is changed: `X -= …` writes into the
            caller's. `X - …` makes a new one."""),
    ),
)
