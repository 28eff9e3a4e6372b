"""The share of samples whose largest logit is that of their own class."""

from typing import Any

import numpy as np

from nnkit.exercises.catalogue.formulas import picked, softmax
from nnkit.exercises.catalogue.withheld import ACCURACY
from nnkit.exercises.exercise import Case, exercise, wrong
from nnkit.exercises.judge.wording import plural, written
from nnkit.languages import say


def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Logits of either sign, no two of a row alike; so many right ones of so many."""

    def case(right: int, samples: int, k: int, covers: str, shift: float = 0.0, scale: float = 1.0) -> Case:
        logits = np.array([rng.permutation(k + 3)[:k] for _ in range(samples)]) - (k + 2) / 2
        logits = np.round(logits + rng.uniform(-0.4, 0.4, (samples, k)), 1) * scale + shift
        best = logits.argmax(axis=1)
        others = (best + rng.integers(1, k, samples)) % k
        y = np.where(rng.permutation(samples) < right, best, others)
        text = say("logits = {logits}, y = {y}", logits=written(logits), y=written(y)) if logits.size <= 6 else ""
        words = say("{samples}, {k} classes, {right} right", samples=plural(samples, "sample"), k=k, right=right)
        return Case({"logits": logits, "y": y}, covers, text or words)

    found = [
        case(1, 1, 2, "one sample"),
        case(0, 1, 3, "one sample"),
        case(1, 2, 3, "two samples"),
        case(2, 3, 2, "two classes"),
        case(1, 4, 2, "two classes"),
        case(2, 4, 3, "negative logits", -20.0),
        case(3, 5, 4, "positive logits", 20.0),
        case(2, 5, 5, "as many samples as classes"),
        case(3, 6, 4, "logits that lie close together", scale=0.1),
        case(6, 6, 4, "all right"),
        case(0, 5, 3, "none right"),
        case(13, 20, 10, "ten classes"),
        case(4, 9, 5, "huge logits", 2000.0),
    ]
    return [*found, case(31, 40, 10, "ten classes"), case(5, 7, 7, "as many samples as classes")] if hidden else found


def hits(logits: Any, y: Any) -> Any:
    """True for each sample whose largest logit is that of its class."""
    return logits.argmax(axis=1) == y


EXERCISE = exercise(
    "accuracy(logits, y)",
    reference=lambda logits, y: float(hits(logits, y).mean()),
    cases=cases,
    withheld=ACCURACY,
    shape_notes={"": "The accuracy of all samples together is one number."},
    hints=(
        """Which class does the network name for a sample? The one with the largest logit of its row. How do you get the
        *place* of the largest entry, for every row at once?""",
        """`argmax` with the axis of the classes gives N classes; `==` compares them with y one by one. The mean of True
        and False is the share of True.""",
    ),
    mistakes=(
        wrong("per cent", lambda expected: 100 * expected).told("""
            Yours is a hundred times too large: per cent. Asked for is a share from 0 to 1."""),
        wrong("number", lambda logits, y: hits(logits, y).sum()).told("""
            Yours is how many are right. Asked for is their share of all samples."""),
        wrong("share of errors", lambda expected: 1 - expected).told("""
            Yours is the share of samples that are wrong. Asked for is that of the right ones."""),
        wrong("number of errors", lambda logits, y: (~hits(logits, y)).sum()).told("""
            Yours is how many samples are wrong. Asked for is the share of the right ones."""),
        wrong("each by itself", lambda logits, y: hits(logits, y)).told("""
            Yours says of each sample whether it is right. Asked for is the share of those that are: one number."""),
        wrong("one place in all logits", lambda logits, y: np.mean(logits.argmax() == y)).told("""
            `argmax` without an axis gives one place, counted through all logits of all samples. Each row has a largest
            entry of its own: along which axis do the classes lie?"""),
        wrong("divided by the classes", lambda logits, y: hits(logits, y).sum() / logits.shape[1]).told("""
            The right ones are counted, and divided by the number of classes. Of how many samples are they a share?"""),
        wrong("divided by all entries", lambda logits, y: hits(logits, y).sum() / logits.size).told("""
            The right ones are counted, and divided by the number of logits. Of how many samples are they a share?"""),
        wrong("whole division", lambda logits, y: hits(logits, y).sum() // len(y)).told("""
            Yours is 1 if all samples are right and else 0. `//`, `int` and `all` know no shares."""),
        wrong("smallest logit", lambda logits, y: (logits.argmin(axis=1) == y).mean()).told("""
            Yours counts where the true class has the *smallest* logit of its row."""),
        wrong("along the samples", lambda logits, y: (logits.argmax(axis=0) == y).mean()).told("""
            Yours asks each class for its best sample: the maximum is taken along axis 0. That of each sample lies along
            the other."""),
        wrong("every class against every label", lambda logits, y: (logits.argmax(1)[:, None] == y).mean()).told("""
            Every sample's class is compared with the labels of all samples: a column beside a row makes a table of
            all pairs. Both need the same shape."""),
        wrong("logit above 0", lambda logits, y: (picked(logits, y) > 0).mean()).told("""
            Yours counts where the logit of the true class is above 0. Logits may all be negative, or all positive; it
            is the largest of its row that decides."""),
        wrong("probability above a half", lambda logits, y: (picked(softmax(logits), y) > 0.5).mean()).told("""
            Yours counts where the true class has a probability of more than ½. With more than two classes the largest
            may be smaller than that."""),
        wrong("mean probability", lambda logits, y: picked(softmax(logits), y).mean()).told("""
            Yours is the mean probability of the true classes. Asked for is how often the largest logit is theirs."""),
        wrong("values beside labels", lambda logits, y: (logits.max(axis=1) == y).mean()).told("""
            Yours compares the largest logit itself with the label. Its *place* in the row says the class."""),
        wrong("counted from 1", lambda logits, y: (logits.argmax(axis=1) + 1 == y).mean()).told("""
            Yours counts where the label is one more than the place of the largest logit. Labels begin with 0, and so do
            places."""),
    ),
)
