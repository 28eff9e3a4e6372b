"""How often each class is taken for each: rows are true classes, columns those that were named."""

from typing import Any

import numpy as np

from nnkit.exercises.catalogue.mnist.parts.kinds import of_kind
from nnkit.exercises.catalogue.withheld import CONFUSION
from nnkit.exercises.exercise import Case, exercise, wrong
from nnkit.exercises.judge.wording import plural, written
from nnkit.languages import say


def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Right and wrong predictions, pairs that come several times, classes that never come or are never named."""

    def case(k: int, covers: str, y_true: Any, y_pred: Any) -> Case:
        small = say(
            "y_true = {y_true}, y_pred = {y_pred}, k = {k}", y_true=written(y_true), y_pred=written(y_pred), k=k
        )
        text = small if len(y_true) <= 6 else f"{plural(len(y_true), 'sample')}, k = {k}"
        return Case({"y_true": np.array(y_true), "y_pred": np.array(y_pred), "k": k}, covers, text)

    def drawn(samples: int, k: int, covers: str) -> Case:
        y_true = rng.integers(k, size=samples)
        y_true[:3] = 0, 0, k - 1
        y_pred = np.where(rng.random(samples) < 0.6, y_true, rng.integers(k, size=samples))
        y_pred[:3] = 1, 1, k - 1
        return case(k, covers, y_true, y_pred)

    found = [
        case(2, "one sample", [0], [1]),
        case(2, "two classes", [0, 1, 1], [0, 1, 0]),
        case(3, "a pair that comes twice", [2, 2, 0, 1], [1, 1, 0, 1]),
        case(3, "all right", [0, 1, 2, 1], [0, 1, 2, 1]),
        case(3, "none right", [0, 1, 2, 0], [1, 2, 0, 2]),
        case(4, "a last class that never occurs", [0, 1, 2, 1, 0], [0, 2, 1, 1, 1]),
        case(4, "a class that is never named", [0, 3, 2, 1], [0, 2, 2, 2]),
        case(4, "a class in the middle that never occurs", [3, 0, 1, 3], [3, 0, 3, 1]),
        case(1, "one class", [0, 0], [0, 0]),
        drawn(40, 5, "many samples"),
        drawn(60, 10, "ten classes"),
        case(2, "more than 255 of one pair", [1] * 300 + [0], [0] * 300 + [1]),
    ]
    return [*found, drawn(200, 10, "ten classes"), drawn(15, 4, "many samples")] if hidden else found


def counts(y_true: Any, y_pred: Any, k: int, by: Any = 1) -> np.ndarray:
    """The answer as it should be, or with something else than 1 for every sample."""
    table = np.zeros((k, k), dtype=int)
    np.add.at(table, (y_true, y_pred), by)
    return table


def of_classes(y_true: Any, y_pred: Any, classes: Any) -> np.ndarray:
    """Rows and columns for these classes only."""
    size = int(max(y_true.max(), y_pred.max())) + 1
    return counts(y_true, y_pred, size)[np.ix_(classes, classes)]


def rows_shared(y_true: Any, y_pred: Any, k: int) -> np.ndarray:
    """`[[0] * k] * k`: one row, k times."""
    return np.tile(np.bincount(y_pred, minlength=k), (k, 1))


def in_equal_parts(y_true: Any, y_pred: Any, k: int) -> np.ndarray:
    """A histogram that was given no range."""
    return np.histogram2d(y_true, y_pred, bins=k)[0]


def first_k(y_true: Any, y_pred: Any, k: int) -> np.ndarray:
    """A loop over the classes in the place of one over the samples."""
    places = np.arange(k)  # where there are fewer samples, this is an IndexError like that of the loop
    return counts(y_true[places], y_pred[places], k)


EXERCISE = exercise(
    "confusion_matrix(y_true, y_pred, k)",
    reference=counts,
    cases=cases,
    judge=of_kind(
        "iu", "integers", "A count is a whole number; arrays are floats unless they are told another `dtype`."
    ),
    withheld=CONFUSION,
    shape_notes={"": "One row and one column for each of the k classes, those that never occur included."},
    hints=(
        """Each sample adds 1 to one entry of the table. Which row is it in, and which column?""",
        """Begin with `np.zeros((k, k), dtype=int)` and go through the pairs of labels. Without a loop: `+= 1` at a list
        of places counts a place that comes twice once only; `np.add.at` counts it twice.""",
    ),
    mistakes=(
        wrong("rows and columns exchanged", lambda expected: expected.T.copy()).told("""
            Your rows are the classes that were named, your columns the true ones. Rows are to be the true classes."""),
        wrong("pairs counted once", lambda expected: (expected > 0) * 1).told("""
            Each entry of yours is 0 or 1, however often its pair comes: a second sample with the same pair is not
            counted. To write a 1 is not to count; nor does `table[y_true, y_pred] += 1`, which reads all old values
            before it writes."""),
        wrong("right ones only", lambda expected: np.diag(np.diag(expected))).told("""
            Yours counts on the diagonal only, the right predictions. The errors are to be counted as well."""),
        wrong("errors only", lambda expected: expected - np.diag(np.diag(expected))).told("""
            Your diagonal is 0: only the errors are counted. A right prediction is a pair like any other."""),
        wrong("largest label for k", lambda y_true, y_pred: counts(y_true, y_pred, max(*y_true, *y_pred) + 1)).told("""
            Yours is as large as the largest label asks for. There are k classes, also where the last one never
            occurs."""),
        wrong("largest true label for k", lambda y_true, y_pred: counts(y_true, y_pred, max(y_true) + 1)).told("""
            Yours is as large as the largest true label asks for. There are k classes, also where some never
            occur."""),
        wrong(
            "classes that occur",
            lambda y_true, y_pred: of_classes(y_true, y_pred, np.unique([*y_true, *y_pred])),
        ).told("""
            Yours has rows and columns for the classes that occur. There are k of each, also for a class that never
            does."""),
        *(
            wrong(
                label, lambda expected, empty=empty: expected / np.maximum(expected.sum(1, keepdims=True), empty)
            ).told("""Each row of yours is divided by its sum: shares of each true class. Asked for are the counts.""")
            for label, empty in {"shares of each row": 1, "shares of each row, nan where there are none": 0}.items()
        ),
        wrong("shares of each column", lambda expected: expected / np.maximum(expected.sum(0), 1)).told("""
            Each column of yours is divided by its sum: shares of each class that was named. Asked for are the
            counts."""),
        wrong("shares of all", lambda expected: expected / expected.sum()).told("""
            Yours is divided by the number of samples. Asked for are the counts."""),
        wrong("both ways", lambda expected: expected + expected.T).told("""
            Every sample is counted twice, at (true, named) and at (named, true). A 3 taken for an 8 is another error
            than an 8 taken for a 3."""),
        wrong("one row, k times", rows_shared).told("""
            All rows of yours are the same: `[[0] * k] * k` holds one list k times, and whoever writes into one row
            writes into all."""),
        wrong("counted from 1", lambda y_true, y_pred, k: counts(y_true - 1, y_pred - 1, k)).told("""
            Each pair of yours stands one row too high and one column too far left, class 0 at the end. Classes count
            from 0, and so do rows."""),
        wrong("sorted", lambda y_true, y_pred, k: counts(np.sort(y_true), np.sort(y_pred), k)).told("""
            Yours counts the pairs that come about when both are sorted. A true label and a prediction belong together
            because they stand at the same place."""),
        wrong("label in the place of 1", lambda y_true, y_pred, k: counts(y_true, y_pred, k, by=y_true)).told("""
            Each sample of yours adds the number of its true class; class 0 cannot be seen at all. One sample counts as
            1, whatever its class is called."""),
        wrong("begins with 1", lambda expected: expected + 1).told("""
            Every entry of yours is one too large. With which numbers does the table begin?"""),
        wrong("first k samples", first_k).told("""
            Yours goes through k samples. k is the number of classes; how many samples are there?"""),
        *(
            wrong(label, change).told("""
                Your rows are k equal parts of the way from the least true label that occurs to the largest, and so are
                your columns for the predictions. A histogram does that unless it is told where its parts begin and end.
                Row i is class i, whatever occurs.""")
            for label, change in {
                "range of a histogram": lambda y_true, y_pred, k: in_equal_parts(y_true, y_pred, k).astype(int),
                "range of a histogram, as floats": in_equal_parts,
            }.items()
        ),
        wrong(
            "as long as the largest pair asks for",
            lambda y_true, y_pred, k: np.bincount(k * y_true + y_pred).reshape(k, k),
        ).told("""
            Yours stops wherever the last pair of all, k − 1 taken for k − 1, does not occur. A `bincount` is as long as
            the largest number in it asks for, unless it is told a `minlength`. How many pairs are there?"""),
        wrong("labels against labels", lambda y_true, k: counts(y_true, y_true, k)).told("""
            Yours compares the true labels with themselves: the predictions take no part."""),
        wrong("eight bits", lambda expected: expected.astype(np.uint8)).told("""
            Yours is right up to 255 and then begins anew with 0: integers of 8 bits hold no more."""),
        wrong("last sample left out", lambda y_true, y_pred, k: counts(y_true[:-1], y_pred[:-1], k)).told("""
            One sample is missing, the last one. How far does the loop go?"""),
        wrong("first sample left out", lambda y_true, y_pred, k: counts(y_true[1:], y_pred[1:], k)).told("""
            One sample is missing, the first one. Where does the loop begin?"""),
        wrong("first sample only", lambda y_true, y_pred, k: counts(y_true[:1], y_pred[:1], k)).told("""
            Yours counts one sample, the first. Does a `return` stand inside the loop?"""),
        wrong("as floats", lambda expected: expected.astype(float)).told("""
            The counts are right, as floats. A count is a whole number; `np.zeros` makes floats unless it is told
            another `dtype`."""),
    ),
)
