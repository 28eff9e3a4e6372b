"""The cross-entropy of a batch of logits and its gradient, also for logits whose exponential no float can hold."""

from typing import Any

import numpy as np

from nnkit.exercises.catalogue.families import (
    FAR_OUT,
    by_differences,
    divided_twice,
    in_other_order,
    summed_over_the_batch,
    times,
)
from nnkit.exercises.catalogue.formulas import log_softmax, one_hot, picked, slope_at, softmax
from nnkit.exercises.catalogue.losses_for_classes.parts.batches import batch
from nnkit.exercises.catalogue.losses_for_classes.parts.large_logits import losses, ordinary_or_large
from nnkit.exercises.catalogue.withheld import CROSS_ENTROPY, DERIVATIVES
from nnkit.exercises.exercise import Case, exercise, wrong
from nnkit.languages import say


def from_logarithms(logs: np.ndarray, y: np.ndarray) -> tuple[Any, Any]:
    """Loss and gradient, made from the logarithms of the probabilities."""
    return -picked(logs, y).mean(), (np.exp(logs) - one_hot(logs, y)) / len(y)


def from_probabilities(p: np.ndarray, y: np.ndarray) -> tuple[Any, Any]:
    """Loss and gradient, made from the probabilities; the loss is infinite where one of them was rounded to 0."""
    return -np.log(picked(p, y)).mean(), (p - one_hot(p, y)) / len(y)


def base_ten_below(logits: np.ndarray, y: np.ndarray) -> tuple[Any, Any]:
    """Logits are exponents of e, and the logarithm of their sum is one to base 10."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    return from_logarithms(shifted - np.log10(np.exp(shifted).sum(axis=1, keepdims=True)), y)


def less_all_labels(logits: np.ndarray, y: np.ndarray) -> Any:
    """The gradient of somebody who takes 1 off at every row's label in each of the rows."""
    return (softmax(logits) - np.isin(np.arange(logits.shape[1]), y)) / len(y)


def from_sums(logits: np.ndarray, y: np.ndarray) -> tuple[Any, Any]:
    """Loss and gradient, made from the exponentials and their sum in each row, which may be infinite or 0."""
    exponentials = np.exp(logits)
    total = exponentials.sum(axis=1, keepdims=True)
    return (np.log(total)[:, 0] - picked(logits, y)).mean(), (exponentials / total - one_hot(logits, y)) / len(y)


def shares(logits: np.ndarray, shift: Any, total: Any = None) -> Any:
    """The exponentials of shifted logits divided by their sum in each row, or by a total that is made of them."""
    exponentials = np.exp(logits - shift)
    return exponentials / (exponentials.sum(axis=1, keepdims=True) if total is None else total(exponentials))


def shares_made_finite(logits: np.ndarray) -> Any:
    """Overflow, with other numbers put in the place of those that cannot be had."""
    exponentials = np.nan_to_num(np.exp(logits))
    return np.nan_to_num(exponentials / exponentials.sum(axis=1, keepdims=True))


def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Batches of various shapes, and logits of all sizes; the large ones overflow unless they are shifted."""

    def drawn(rows: int, classes: int, covers: str, y: Any = None) -> Case:
        logits = rng.uniform(-3, 3, (rows, classes)).round(1)
        return batch("logits", logits, rng.permutation(np.arange(rows) % classes) if y is None else y, covers)

    def large(logits: Any, y: Any, text: str = "") -> Case:
        return batch("logits", logits, y, "logits of size 10⁴", text)

    def apart(size: float) -> Case:
        """A row whose right class is as far behind as can be, and one whose right class is as far ahead."""
        size = round(size * rng.uniform(0.9, 1.1), 1)
        logits = [[size, -size, 0.5], [0.5, size, -size]]
        return batch(
            "logits", logits, [1, 1], "logits of size 5 to 2000", say("two rows with logits of ±{size:g}", size=size)
        )

    far = np.array([[3.0, -1, 0, 1], [1, 2, -3, 3], [-1, 3, 0, 1]])
    found = [
        batch("logits", [[3.2, 5.1, -1.7]], [0], "cat, car and frog"),
        batch("logits", [[0, 0]], [1], "ties"),
        batch("logits", [[1, 1, -1], [2, 2, 2]], [0, 2], "ties"),
        drawn(1, 4, "a single sample"),
        drawn(4, 2, "two classes"),
        drawn(3, 3, "as many samples as classes"),
        drawn(4, 4, "as many samples as classes", [2, 2, 0, 2]),
        drawn(5, 3, "several samples"),
        drawn(2, 10, "ten classes"),
        drawn(6, 3, "one class only", [1] * 6),
        *(apart(size) for size in (5, 12, 30, 80, 200, 500, 1500)),
        large([[10_000, 9_999, 0]], [1]),
        large([[-10_000, -10_001]], [0]),
        large([[10_000, -10_000, 0]], [1]),
        large([[10_000, 9_998], [1.5, 0.5]], [1, 0], "logits = [[10⁴, 10⁴ − 2], [1.5, 0.5]]"),
        batch("logits", FAR_OUT * far, [1, 2, 0], "logits of size 10¹⁵", "logits of size 10¹⁵"),
    ]
    if hidden:
        found += [drawn(7, 5, "several samples"), drawn(2, 2, "as many samples as classes"), drawn(1, 2, "two classes")]
        size = float(rng.integers(5_000, 10_000))
        found += [large([[size, -size, 0.5], [0, -size, size]], [2, 1], say("logits of ±{size:g}", size=size))]
    return found


EXERCISE = exercise(
    "softmax_cross_entropy(logits, y) -> loss, dlogits",
    reference=lambda logits, y: from_logarithms(log_softmax(logits), y),
    cases=cases,
    judge=ordinary_or_large,
    withheld=(*DERIVATIVES, *CROSS_ENTROPY),
    shape_notes={
        "loss": "The loss is the mean over the samples: one number.",
        "dlogits": "A gradient has its owner's shape: one number for each logit.",
    },
    hints=(
        """First without large numbers: the loss of each row as in `negative_log_likelihood`, then the mean.
        `p[np.arange(N), y]` picks from each row the entry of its own label.""",
        """The gradient of one row is p, with 1 taken off at the right class. The mean over the rows divides it by
        N.""",
        """e^10000 is too large for a float. Softmax does not change when the same number is taken from all logits of a
        row: take the largest. And log(e^a / s) is a − log s: never compute a probability that you only want the
        logarithm of.""",
    ),
    mistakes=(
        wrong("overflow", lambda logits, y: from_probabilities(shares(logits, 0), y)).told("""
            Your exponentials are infinite or 0 where logits are large (from about 700 on), and neither can be divided
            by its like; ordinary logits do not show it. What may be taken from all logits of a row without changing the
            probabilities?"""),
        wrong(
            "mean taken off",
            lambda logits, y: from_probabilities(shares(logits, logits.mean(axis=1, keepdims=True)), y),
        ).told("""
            Your exponentials still become infinite, or all of them 0, but not for rows that lie close together, however
            large they are. After which shift is the largest exponent of a row exactly 0?"""),
        wrong("overflow in the sum", from_sums).told("""
            The sum of your exponentials is infinite or 0 where logits are large (from about 700 on): its logarithm is
            no finite number then; ordinary logits do not show it. What may be taken from all logits of a row without
            changing the probabilities?"""),
        wrong(
            "mean taken off, overflow in the sum",
            lambda logits, y: from_sums(logits - logits.mean(axis=1, keepdims=True), y),
        ).told("""
            The sum of your exponentials still becomes infinite or 0, but not for rows that lie close together, however
            large they are. After which shift is the largest exponent of a row exactly 0?"""),
        wrong("largest of the whole batch taken off", lambda logits, y: from_sums(logits - logits.max(), y)).told("""
            Your largest logit is that of the whole batch. A row that lies far below it has only zeros left after the
            exponential: each row needs its own."""),
        wrong(
            "largest of each column taken off",
            lambda logits, y: from_probabilities(shares(logits, logits.max(axis=0)), y),
        ).told("""
            From each column its own largest logit was taken. Softmax stays the same only when all logits of one row
            lose the same number."""),
        wrong("infinite numbers replaced", lambda logits, y: from_probabilities(shares_made_finite(logits), y)).told("""
            Where an exponential is infinite, or no number comes out, a number was put in its place. It is finite, but
            none that the logits give: your probabilities no longer add up to 1 there."""),
        wrong("logarithm of a rounded zero", loss=lambda logits, y: -np.log(picked(softmax(logits), y)).mean()).told("""
            Your loss becomes infinite where the right class's probability is too small for a float: the logarithm of 0
            is taken there, or of a sum that is infinite. Write log p as a difference before any exponential is
            rounded."""),
        # Declared with limits so high that few cases show them: whoever has a lower one is wrong in these, too.
        wrong("loss that stops growing", loss=lambda logits, y: np.minimum(losses(logits, y), 5000).mean()).told("""
            Your loss is right until the right class is far behind, and too small from there on. Something keeps the
            logarithm from infinity, such as a small number inside it or a limit for p or for an exponent. The true loss
            goes on growing; write log p as a difference, and nothing becomes infinite."""),
        wrong(
            "logits clipped", lambda logits, y: from_logarithms(log_softmax(np.clip(logits, -9000, 9000)), y)
        ).told("""
            Your numbers are those of logits that were cut off at some size: 10,000 and 9,999 are the same then. Nothing
            needs to be cut off, as only the differences within a row matter."""),
        wrong(
            "p changed before the loss", loss=lambda logits, y: -np.log(picked(softmax(logits), y) - 1).mean()
        ).told("""
            Your loss takes the logarithm of p − 1, a negative number: the 1 was taken off for the gradient before the
            loss had been read from p. Is `dlogits` a copy, or another name for the same array?"""),
        wrong("two bases in one difference", base_ten_below).told("""
            Your log p is a logit minus a logarithm to base 10. The logit is an exponent of e, so the sum needs the
            natural logarithm."""),
        times("logarithm to base 10", 1 / np.log(10), "loss").told("""
            Your loss is the expected one divided by 2.303: a logarithm to base 10. Softmax is built on e."""),
        times("minus missing", -1, "loss").told("""
            Your loss has the right size and is negative. The logarithm of a probability is below 0; a loss is not."""),
        *summed_over_the_batch("dlogits"),
        times("mean over all entries", lambda logits: 1 / logits.shape[1]).told("""
            Too small by the number of classes: your mean runs over all entries. Each sample has one right class, so
            there are N numbers to average."""),
        times("gradient: mean over all entries", lambda logits: 1 / logits.shape[1], "dlogits").told("""
            Your gradient is too small by the number of classes. Only the mean over the samples divides it, by N."""),
        times("loss: mean over all entries", lambda logits: 1 / logits.shape[1], "loss").told("""
            Your loss is too small by the number of classes: the mean was taken over all entries. Each sample has one
            right class, so there are N numbers to average."""),
        divided_twice(lambda y: len(y), "loss"),
        divided_twice(lambda y: len(y), "dlogits"),
        times("gradient: mean over the classes", lambda logits, y: len(y) / logits.shape[1], "dlogits").told("""
            Your gradient is divided by the number of classes. The mean is over samples: which axis counts them?"""),
        wrong("one loss for each sample", loss=lambda logits, y: -picked(log_softmax(logits), y)).told("""
            Your loss still has one number for each sample; the mean over the batch is asked for."""),
        wrong("softmax down the columns", lambda logits, y: from_probabilities(softmax(logits, 0), y)).told("""
            Your probabilities add up to 1 down each column, over the samples. They belong to one sample's classes:
            along which axis do these lie?"""),
        wrong("softmax over the whole batch", lambda logits, y: from_probabilities(softmax(logits, None), y)).told("""
            A single sample is right. With several, your probabilities add up to 1 over all of them together: the sum
            needs an axis."""),
        wrong(
            "every label for every row",
            loss=lambda logits, y: -np.log(softmax(logits)[:, y]).mean(),
            dlogits=less_all_labels,
        ).told("""
            `p[:, y]` takes all columns in y for every row, N × N numbers. Row i belongs to label i only."""),
        wrong("every label for every row, in the gradient", dlogits=less_all_labels).told("""
            Your gradient takes 1 off in all columns that occur in y, in every row. Row i belongs to label i only:
            `[np.arange(N), y]`."""),
        wrong(
            "rows divided by one sum",
            lambda logits, y: from_probabilities(shares(logits, logits.max(axis=1, keepdims=True), np.sum), y),
        ).told("""
            Two things: your exponentials are divided by one sum for the whole batch, where each row needs its own. And
            a probability that was rounded to 0 has an infinite logarithm."""),
        wrong(
            "number of the class for its place", dlogits=lambda logits, y: (softmax(logits) - y[:, None]) / len(y)
        ).told("""
            Your gradient takes y off, the number of the class, and in every column. y says where 1 is to be taken
            off."""),
        wrong(
            "number of the class as a factor",
            loss=lambda logits, y: -(y[:, None] * log_softmax(logits)).sum(axis=1).mean(),
        ).told("""
            Your loss multiplies the logarithms of a row by y. y is the number of a class, not a weight: it says which
            of them to take."""),
        wrong(
            "squared loss", loss=lambda logits, y: np.sum((softmax(logits) - one_hot(logits, y)) ** 2) / len(y)
        ).told("""
            Your loss is the squared distance of the probabilities from the one-hot target. Asked for is minus the
            logarithm of the right one's probability."""),
        wrong(
            "gradient: −1 in the place of p − 1",
            dlogits=lambda dlogits, logits, y: np.where(one_hot(logits, y), -1 / len(y), dlogits),
        ).told("""
            Your gradient has −1 at the right class, or −1/N: p is lost there. 1 is taken off, not written over it."""),
        wrong(
            "gradient: logarithm of p", dlogits=lambda logits, y: (log_softmax(logits) - one_hot(logits, y)) / len(y)
        ).told("""
            Your gradient has log p where p belongs. The loss has the logarithm; what is the slope of its sum?"""),
        wrong(
            "largest logit not added again",
            loss=lambda loss, logits: loss - logits.max(axis=1).mean(),
        ).told("""
            Your loss lacks the largest logit of each row: it was taken from the row for the sum, but not for
            the right class."""),
        wrong("gradient: softmax alone, summed", dlogits=lambda logits: softmax(logits)).told("""
            Your gradient is p itself, N rows of probabilities. It pushes all logits down, that of the right class too,
            and it is not divided by N."""),
        wrong("gradient: softmax alone", dlogits=lambda logits, y: softmax(logits) / len(y)).told("""
            Your gradient is p / N. It pushes all logits down, that of the right class too: what pulls that one up?"""),
        times("gradient: sign", -1, "dlogits").told("""
            Your gradient has the opposite sign. The loss falls when the right class's logit grows: its entry is
            negative."""),
        wrong("gradient: 1 taken from all", dlogits=lambda logits, y: (softmax(logits) - 1) / len(y)).told("""
            Your gradient takes 1 off at every class. Only the right one's logit stands in the loss a second time."""),
        wrong(
            "gradient: with respect to p",
            dlogits=lambda logits, y: np.where(one_hot(logits, y), -1 / softmax(logits), 0) / len(y),
        ).told("""
            Yours is −1/p at the right class: the gradient for the probabilities. It has not passed the softmax
            yet."""),
        wrong("gradient: right class only", dlogits=lambda dlogits, logits, y: dlogits * one_hot(logits, y)).told("""
            Your gradient moves the right class's logit only. The others are in the sum under it: they get p."""),
        wrong(
            "gradient: slope of a sigmoid", dlogits=lambda dlogits, logits: dlogits * slope_at(softmax(logits))
        ).told("""
            Your gradient is (p − t) p (1 − p), as for a squared loss behind sigmoids. Here the logarithm has cancelled
            that factor."""),
        wrong(
            "the largest logit for the right one",
            lambda logits: from_logarithms(log_softmax(logits), logits.argmax(axis=1)),
        ).told("""
            Yours takes the class with the largest logit for the right one. What does y say?"""),
        by_differences("logits", "dlogits"),
        in_other_order().told("""
            One result stands in the place of the other: first the loss, then dlogits."""),
    ),
)
