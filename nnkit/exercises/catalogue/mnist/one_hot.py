"""Labels as rows of 0 and 1: one column for each class."""

from typing import Any

import numpy as np

from nnkit.exercises.catalogue.mnist.parts.kinds import of_kind
from nnkit.exercises.catalogue.withheld import ONE_HOT
from nnkit.exercises.exercise import Case, exercise, wrong
from nnkit.exercises.judge.wording import plural, written


def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Labels in any order, with classes that come several times and others that never do."""

    def case(k: int, covers: str, *y: int) -> Case:
        text = f"y = {written(y)}, k = {k}" if len(y) <= 5 else f"{plural(len(y), 'label')}, k = {k}"
        return Case({"y": np.array(y), "k": k}, covers, text)

    def drawn(samples: int, k: int, covers: str) -> Case:
        return case(k, covers, *(int(label) for label in rng.integers(k, size=samples)))

    turned = [int(label) for label in rng.permutation(3)]
    found = [
        case(3, "one label", 1),
        case(1, "one class", 0, 0),
        case(3, "two labels", 2, 0),
        case(3, "the class 0", 0, 0, 1),
        case(4, "a last class that never comes", 1, 0, 1),
        case(4, "a class in the middle that never comes", 3, 0, 3, 1),
        case(3, "each class once", *(turned if turned != [0, 1, 2] else [1, 2, 0])),
        case(5, "one class only", 3, 3),
        drawn(8, 6, "several classes"),
        drawn(12, 10, "ten classes"),
    ]
    return [*found, drawn(25, 10, "ten classes"), drawn(9, 6, "several classes")] if hidden else found


def rows(y: Any, k: int) -> np.ndarray:
    """The answer as it should be; a label outside of 0 … k − 1 leaves its row at 0."""
    return (np.asarray(y)[:, None] == np.arange(k)).astype(float)


def of_classes_that_come(y: Any, k: int) -> np.ndarray:
    """A column for each class that comes."""
    return (y[:, None] == np.unique(y)).astype(float)


def k_rows(y: Any, k: int) -> np.ndarray:
    """A row for each class, into which the labels are written one after the other."""
    table = np.zeros((k, k))
    for place, label in enumerate(y):
        table[place, label] = 1
    return table


EXERCISE = exercise(
    "one_hot(y, k)",
    reference=rows,
    cases=cases,
    judge=of_kind("f", "floats", "A table that networks reckon with holds floats, of any width: 1.0 and 0.0."),
    withheld=ONE_HOT,
    shape_notes={"": "One row for each label, one column for each of the k classes, those that never come included."},
    hints=(
        """Begin with a table of zeros, one row for each label and k columns. Which one entry of row i becomes 1?""",
        """An index of two arrays picks one entry for each pair: rows 0, 1, 2, … beside the labels. Or: which row of
        `np.eye(k)` belongs to class c?""",
    ),
    mistakes=(
        wrong("rows and columns exchanged", lambda expected: expected.T.copy()).told("""
            Yours has a column for each label. Asked for is a row for each label, and a column for each class."""),
        wrong("every label in every row", lambda expected, y: np.tile(expected.max(axis=0), (len(y), 1))).told("""
            Every row of yours has a 1 for each of the labels in y. Row i is to have a single 1, in column y[i].
            `[:, y]` means those columns of *all* rows; and one row that is made before the loop and put in for every
            label is the same object each time."""),
        wrong("labels before it, too", lambda expected: np.maximum.accumulate(expected, axis=0)).told("""
            Each row of yours has a 1 for its own label and for all labels before it. Where does a row of zeros
            begin?"""),
        wrong("up to the label", lambda y, k: (np.arange(k) <= y[:, None]).astype(float)).told("""
            Each row of yours has a 1 in every column up to that of its label. It is to have one, in that column
            alone."""),
        wrong("labels sorted", lambda y, k: rows(np.sort(y), k)).told("""
            The rows of yours come in the order of the classes. Row i belongs to y[i], in the order in which the labels
            stand."""),
        wrong("numbered anew", lambda y, k: rows(np.unique(y, return_inverse=True)[1], k)).told("""
            Yours numbers the classes that come anew, from 0 on: where one never comes, all above it move to the left.
            The label itself says the column."""),
        wrong("k rows", k_rows).told("""
            Your table has k rows, as many as there are classes. A row belongs to a label: how many labels are
            there?"""),
        wrong("counted from 1", lambda y, k: rows((y - 1) % k, k)).told("""
            The 1 stands one column too far to the left, and for class 0 in the last column. Classes count from 0, and
            so do columns."""),
        wrong("counted from 1, no class 0", lambda y, k: rows(y - 1, k)).told("""
            The 1 stands one column too far to the left, and the row of class 0 is empty. Classes count from 0, and so
            do columns."""),
        wrong("one too far to the right", lambda y, k: rows(y + 1, k)).told("""
            The 1 stands one column too far to the right, and rows of the last class are empty. Classes count from 0,
            and so do columns."""),
        wrong("from the right", lambda y, k: rows(k - 1 - y, k)).told("""
            Your columns are counted from the right: class 0 stands in the last one."""),
        wrong("largest label for k", lambda y: rows(y, int(y.max()) + 1)).told("""
            Yours has as many columns as the largest label asks for. There are k classes, also where the last one never
            comes."""),
        wrong("a column for each class that comes", of_classes_that_come).told("""
            Yours has a column for each class that comes in y. There are k columns, also for a class that never
            comes."""),
        wrong("ten classes", lambda y: rows(y, 10)).told("""
            Yours has ten columns always. There are k classes."""),
        wrong("label in the place of 1", lambda expected, y: expected * y[:, None]).told("""
            Where a 1 is to stand, yours has the number of the class; class 0 cannot be seen at all. The column says
            which class it is, the entry only that it is this one."""),
        wrong("0 for 1", lambda expected: 1 - expected).told("""
            Yours has 0 where the class is, and 1 elsewhere: the other way round."""),
        wrong("diagonal", lambda y, k: np.eye(len(y), k)).told("""
            Your 1s stand on the diagonal, whatever the labels are. The column of each is said by its label."""),
        wrong("diagonal, a square", lambda k: np.eye(k)).told("""
            Yours is the table with a 1 on the diagonal, one row for each class. Which of its rows belongs to each
            label, and how often?"""),
        wrong("first label only", lambda expected: np.eye(len(expected), 1) * expected[:1]).told("""
            Only the first row of yours has its 1; all others are 0. Does a `return` stand inside the loop?"""),
        wrong("all but the first", lambda expected: np.append(0 * expected[:1], expected[1:], axis=0)).told("""
            The first row of yours has no 1; all others are right. Where does the loop begin?"""),
        wrong("all but the last", lambda expected: np.append(expected[:-1], 0 * expected[-1:], axis=0)).told("""
            The last row of yours has no 1. How far does the loop go?"""),
        wrong("one row for all", lambda expected: expected.sum(axis=0)).told("""
            Yours is one row that counts how often each class comes. Each label has a row of its own."""),
        wrong("one row, 1 for each class that comes", lambda expected: expected.max(axis=0)).told("""
            Yours is one row with a 1 for each class that comes. Each label has a row of its own."""),
    ),
)
