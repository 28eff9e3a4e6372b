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
        text = say("logits = {logits}, y = {y}", logits=written(logits), y=written(y)) if logits.size <= 12 else ""
        words = say("{samples}, {k} classes, {right} right", samples=plural(samples, "sample"), k=k, right=right)
        return Case({"logits": logits, "y": y}, covers, text or words)

    def one_of_a_class() -> Case:
        """A class that comes twice, once right, and one that comes once: no class counts more than its samples."""
        y = np.array([0, 0, 1]) ^ int(rng.integers(2))
        named = np.array([y[0], y[2], y[2]])
        logits = np.round(rng.uniform(0.2, 2.8, (3, 2)), 1) - np.array([3.0, 0.0])
        logits[named == 0] = logits[named == 0, ::-1]
        text = say("logits = {logits}, y = {y}", logits=written(logits), y=written(y))
        return Case({"logits": logits, "y": y}, "classes of other sizes", text)

    def below_zero() -> Case:
        """One sample, right, and both of its logits negative."""
        logits = np.round(rng.uniform(0.2, 1.8, (1, 2)), 1) - [[4.0, 2.0]]
        text = say("logits = {logits}, y = {y}", logits=written(logits), y="[1]")
        return Case({"logits": logits, "y": np.array([1])}, "negative logits", text)

    found = [
        case(1, 1, 2, "one sample"),
        case(0, 1, 3, "one sample"),
        below_zero(),
        case(1, 2, 3, "two samples"),
        case(2, 3, 2, "two classes"),
        case(1, 4, 2, "two classes"),
        one_of_a_class(),
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


def ranks(logits: Any, y: Any) -> Any:
    """How many logits of its row are larger than that of its class, for each sample."""
    return (logits > picked(logits, y)[:, None]).sum(axis=1)


def along_the_samples(logits: Any, y: Any) -> float:
    """The best sample of each class beside the labels, one by one as far as there are both."""
    return sum(best == label for best, label in zip(logits.argmax(axis=0), y, strict=False)) / len(y)


def mean_of_the_classes(logits: Any, y: Any) -> Any:
    """The share that is right in each class, averaged over the classes that come."""
    return np.mean([hits(logits, y)[y == label].mean() for label in np.unique(y)])


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
        *(
            wrong(label, change).told("""
                Yours asks each class for its best sample: the maximum is taken along axis 0. That of each sample lies
                along the other.""")
            for label, change in {
                "along the samples": lambda logits, y: (logits.argmax(axis=0) == y).mean(),
                "along the samples, as far as both go": along_the_samples,
            }.items()
        ),
        wrong("search begins at 0", lambda logits, y: (np.maximum(logits, 0).argmax(axis=1) == y).mean()).told("""
            Yours takes class 0 for a row whose logits are all negative. None of them is above 0: with what does the
            search for the largest begin?"""),
        wrong("without signs", lambda logits, y: (np.abs(logits).argmax(axis=1) == y).mean()).told("""
            Yours looks for the largest logit without its sign, and −3 is then larger than 2. A class that the network
            thinks unlikely has a negative logit."""),
        wrong("among the two largest", lambda logits, y: (ranks(logits, y) < 2).mean()).told("""
            Yours counts a sample as right where the logit of its class is one of the *two* largest of its row."""),
        wrong("mean of the classes", mean_of_the_classes).told("""
            Yours is the mean, over the classes that come, of the share that is right in each. A class with few samples
            then counts as much as one with many; it is the samples that are to count alike."""),
        wrong("distance", lambda logits, y: 1 - np.abs(logits.argmax(axis=1) - y).mean()).told("""
            Yours takes off how *far* the class that is named lies from the label. A class is a name: one sample is
            right or wrong, whether 3 is named in the place of 4 or of 9."""),
        wrong("first sample only", lambda logits, y: hits(logits, y)[0] / len(y)).told("""
            In yours the first sample counts and no other, and the division is by the number of all. Does a `return`
            stand inside the loop?"""),
        wrong("last sample only", lambda logits, y: hits(logits, y)[-1] / len(y)).told("""
            In yours the last sample counts and no other, and the division is by the number of all. Where is the count
            set to 0?"""),
        wrong("two digits", lambda expected: round(expected, 2)).told("""
            Yours is rounded to two digits. Rounding is for the reader; whoever reckons on needs the share as it
            is."""),
        wrong("every class against every label", lambda logits, y: (logits.argmax(1)[:, None] == y).mean()).told("""
            Every sample's class is compared with the labels of all samples: a column beside a row makes a table of
            all pairs. Both need the same shape."""),
        wrong("logit above 0", lambda logits, y: (picked(logits, y) > 0).mean()).told("""
            Yours counts where the logit of the true class is above 0. Logits may all be negative, or all positive; it
            is the largest of its row that decides."""),
        wrong("logit above a half", lambda logits, y: (picked(logits, y) > 0.5).mean()).told("""
            Yours counts where the logit of the true class is above ½. Logits are no probabilities; it is the largest of
            its row that decides."""),
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
