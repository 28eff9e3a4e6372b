"""The hinge loss of a batch of scores and its gradient."""

from typing import Any

import numpy as np

from nnkit.exercises.catalogue.draws import signed
from nnkit.exercises.catalogue.families import (
    FAR_OUT,
    by_differences,
    divided_twice,
    in_other_order,
    summed_over_the_batch,
    times,
)
from nnkit.exercises.catalogue.formulas import one_hot, picked
from nnkit.exercises.catalogue.losses_for_classes.parts.batches import batch
from nnkit.exercises.catalogue.losses_for_classes.parts.hinge import any_slope_at_kinks, cost, excess, hinge, pushing
from nnkit.exercises.catalogue.withheld import DERIVATIVES, HINGE
from nnkit.exercises.exercise import Case, exercise, wrong
from nnkit.languages import say


def worst_class_only(scores: np.ndarray, y: np.ndarray, margin: float = 1.0) -> tuple[Any, Any]:
    """Of all classes that come within the margin only the one that comes closest counts."""
    costs = cost(scores, y, margin)
    worst = np.arange(scores.shape[1]) == costs.argmax(axis=1)[:, None]
    return costs.max(axis=1).mean(), pushing(worst & (costs > 0), y)


def from_differences_to(right: np.ndarray, scores: np.ndarray, y: np.ndarray, margin: float) -> tuple[Any, Any]:
    """Other numbers stand in the place of the right scores; where their shape does not fit, NumPy stops."""
    costs = np.where(one_hot(scores, y) > 0, 0.0, np.maximum(scores - right + margin, 0))
    return costs.sum(axis=1).mean(), pushing(costs > 0, y)


def truth_of_many() -> None:
    """What `max(0, array)` comes to."""
    raise ValueError("The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()")


def by_samples_at_work(scores: np.ndarray, y: np.ndarray, margin: float = 1.0) -> tuple[Any, Any]:
    """The mean over those samples alone that cost something."""
    costs, (loss, gradient) = cost(scores, y, margin), hinge(scores, y, margin)
    share = len(y) / max(1, int(costs.any(axis=1).sum()))
    return share * loss, share * gradient


def counted_over_the_batch(dscores: np.ndarray, scores: np.ndarray, y: np.ndarray) -> Any:
    """At the right class of each row the number of wrong classes at work in all rows."""
    return np.where(one_hot(scores, y) > 0, -np.maximum(dscores, 0).sum(), dscores)


def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Batches of various shapes, sizes and margins, some with a wrong class exactly at the margin."""

    def drawn(rows: int, classes: int, covers: str, y: Any = None, **margin: float) -> Case:
        labels = rng.permutation(np.arange(rows) % classes) if y is None else np.array(y)
        while True:  # away from the kinks, which have cases of their own, and with work to do
            scores = rng.uniform(-2, 2, (rows, classes)).round(1)
            behind = excess(scores, labels, **margin)
            some_at_rest = (behind < 0).sum() > rows or classes == 2
            if np.all(np.abs(behind) > 0.05) and (behind > 0).any() and some_at_rest:
                return batch("scores", scores, labels, covers, "", **margin)

    def apart(size: float, margin: float) -> Case:
        while True:  # away from the kinks
            scores, labels = signed(rng, 0.2 * size, size, (3, 4)), rng.integers(0, 4, 3)
            behind = excess(scores, labels, margin)
            if np.all(np.abs(behind) > 0.05) and (behind > 0).any():
                covers, text = "scores of size 10 to 300", say("scores up to {size:g}", size=size)
                return batch("scores", scores, labels, covers, text, margin=margin)

    far = np.array([[1.0, 3, -2, 2, -4], [0, 2, -1, 3, 1], [2, 4, -3, 1, 0]])
    found = [
        batch("scores", [[3.2, 5.1, -1.7]], [0], "cat, car and frog"),
        batch("scores", [[2.5, 4.0, 2.0]], [0], "the four pixels"),
        batch("scores", [[5.0, 1.0, 2.0, 3.0]], [0], "a loss of 0"),
        batch("scores", [[1, 1, 1]], [2], "ties"),
        batch("scores", [[2.0, 1.0, -1.0, 1.5]], [0], "a hinge exactly at 0"),
        batch("scores", [[0, 2, 1, 1], [3, 3, 4, 5]], [1, 2], "a hinge exactly at 0"),
        drawn(1, 5, "a single sample"),
        drawn(4, 2, "two classes", margin=0.7),
        drawn(3, 3, "as many samples as classes"),
        drawn(4, 4, "as many samples as classes", [1, 1, 3, 1], margin=0.5),
        drawn(5, 3, "several samples", margin=1.5),
        drawn(2, 10, "ten classes", margin=2.0),
        drawn(2, 3, "other margins", margin=0.5),
        drawn(3, 4, "other margins", margin=2.0),
        batch("scores", [[0, 0.5, -1.0], [2, -1, 1.5]], [1, 0], "a hinge exactly at 0", margin=0.5),
        *(apart(size, margin) for size, margin in ((10, 3.0), (40, 5.0), (300, 20.0))),
        batch("scores", FAR_OUT * far, [0, 1, 2], "scores of size 10¹⁵", "scores of size 10¹⁵"),
    ]
    if hidden:
        found += [drawn(6, 4, "several samples"), drawn(2, 2, "as many samples as classes")]
        found += [drawn(3, 5, "other margins", margin=1.5)]
        found += [batch("scores", [[0, 0.5, -1.5], [2, -1, 0.5]], [1, 0], "a hinge exactly at 0", margin=1.5)]
    return found


EXERCISE = exercise(
    "hinge_loss(scores, y, margin=1.0) -> loss, dscores",
    reference=hinge,
    cases=cases,
    judge=any_slope_at_kinks,
    withheld=(*DERIVATIVES, *HINGE),
    shape_notes={
        "loss": "The loss is the mean over the samples: one number.",
        "dscores": "A gradient has its owner's shape: one number for each score.",
    },
    hints=(
        """For one sample: how far does each wrong class come within the margin of the right one? s_j − s_y + margin, or
        0 where that is negative. Add them up.""",
        """For the gradient count: each wrong class that costs something gets +1; the right class is in each of these
        differences with a minus.""",
        """`scores[np.arange(N), y][:, None]` is the column of right scores. Set the right class's own term to 0 before
        you sum; otherwise it adds the margin.""",
    ),
    mistakes=(
        wrong("the right class counted too", loss=lambda loss, margin=1.0: loss + margin).told("""
            Your loss is too large by exactly the margin. The right class stands 0 behind itself, so its own term is
            max(0, margin): only the wrong classes are to be summed."""),
        wrong(
            "gradient: the right class counted too",
            dscores=lambda dscores, scores, y: dscores - one_hot(scores, y) / len(y),
        ).told("""
            Your gradient at the right class is too low by 1: its own term was counted among those that push it."""),
        wrong(
            "the right class counted too, in both",
            loss=lambda loss, margin=1.0: loss + margin,
            dscores=lambda dscores, scores, y: dscores - one_hot(scores, y) / len(y),
        ).told("""
            Your loss is too large by exactly the margin, and the right class's gradient too low by 1: the right class
            was counted among the wrong ones."""),
        wrong("1 too many", loss=lambda loss: loss + 1).told("""
            Your loss is too large by 1, whatever the margin. Where does the sum begin, and what stands at the right
            class?"""),
        wrong("1 too few", loss=lambda loss: loss - 1).told("""
            Your loss is too small by 1, whatever the margin. Where does the sum begin, and what stands at the right
            class?"""),
        wrong(
            "1 at the right class",
            loss=lambda loss: loss + 1,
            dscores=lambda dscores, scores, y: dscores - one_hot(scores, y) / len(y),
        ).told("""
            Your loss is too large by 1, and the right class is counted among the wrong ones: 1 stands at its place,
            where nothing is to be paid."""),
        wrong("1 taken off for the right class", loss=lambda loss, margin=1.0: loss + margin - 1).told("""
            With the usual margin your loss is right; with another it is off by the margin less 1. The right class's own
            term is max(0, margin), and it is 1 only then."""),
        wrong(
            "the largest score for the right one",
            lambda scores, margin=1.0: hinge(scores, scores.argmax(axis=1), margin),
        ).told("""
            Yours takes the class with the largest score for the right one. What does y say?"""),
        wrong("margin subtracted", lambda scores, y, margin=1.0: hinge(scores, y, -margin)).told("""
            In yours a wrong class costs something only when it is ahead by more than the margin. It should cost until
            it is *behind* by that much: which sign has the margin?"""),
        wrong("loss: no margin", loss=lambda scores, y: hinge(scores, y, 0.0)[0]).told("""
            In your loss the right class need only be ahead by a hair. By how much should it be?"""),
        wrong("gradient: no margin", dscores=lambda scores, y: hinge(scores, y, 0.0)[1]).told("""
            Your gradient counts the classes that are ahead of the right one. Those that come within the margin cost
            something, too."""),
        wrong("margin as a factor", loss=lambda scores, y, margin=1.0: margin * hinge(scores, y, 0.0)[0]).told("""
            In your loss the margin is a factor. It is a lead, to be added to each difference."""),
        wrong(
            "margin times the right score",
            lambda scores, y, margin=1.0: from_differences_to(margin * picked(scores, y)[:, None], scores, y, 0.0),
        ).told("""
            In yours the margin is a factor of the right score, so with a margin of 1 there is none. It is a lead, to be
            added to each difference."""),
        wrong("no margin", lambda scores, y: hinge(scores, y, 0.0)).told("""
            In yours the right class need only be ahead by a hair. By how much should it be?"""),
        wrong("margin fixed at 1", lambda scores, y: hinge(scores, y, 1.0)).told("""
            With the usual margin everything is right; another margin changes nothing in yours. Is the argument
            used?"""),
        wrong("difference the other way round", lambda scores, y, margin=1.0: hinge(-scores, y, margin)).told("""
            Yours grows when the right class is ahead. Which of the two scores is to be the larger one?"""),
        *summed_over_the_batch("dscores"),
        divided_twice(lambda y: len(y), "loss"),
        divided_twice(lambda y: len(y), "dscores"),
        wrong("mean over the samples at work", by_samples_at_work).told("""
            Your mean is over those samples only that cost something. A sample that costs 0 counts among the N."""),
        times("mean over all entries", lambda scores: 1 / scores.shape[1]).told("""
            Too small by the number of classes. PyTorch's multi_margin_loss divides by it too; here the wrong classes
            are summed, and only the samples averaged."""),
        times("mean over the wrong classes", lambda scores: 1 / (scores.shape[1] - 1)).told("""
            Too small by the number of wrong classes: you took their mean. Each of them costs in full here."""),
        times("gradient: mean over all entries", lambda scores: 1 / scores.shape[1], "dscores").told("""
            Your gradient is too small by the number of classes. Only the mean over the samples divides it, by N."""),
        times("loss: mean over all entries", lambda scores: 1 / scores.shape[1], "loss").told("""
            Your loss is too small by the number of classes: the mean was taken over all entries. Sum over the classes,
            mean over the samples."""),
        wrong(
            "one loss for each sample", loss=lambda scores, y, margin=1.0: cost(scores, y, margin).sum(axis=1)
        ).told("""
            Your loss still has one number for each sample; the mean over the batch is asked for."""),
        wrong("worst class only", worst_class_only).told("""
            Yours counts the worst of the wrong classes only. All of them that come within the margin are summed."""),
        wrong(
            "squared",
            loss=lambda scores, y, margin=1.0: (cost(scores, y, margin) ** 2).sum(axis=1).mean(),
            dscores=lambda scores, y, margin=1.0: pushing(2 * cost(scores, y, margin), y),
        ).told("""
            Yours squares each excess. That is a hinge too, a rounder one; here the excess itself counts."""),
        wrong("gradient: all wrong classes", dscores=lambda scores, y: pushing(1 - one_hot(scores, y), y)).told("""
            Your gradient pushes every wrong class, also those that cost nothing."""),
        wrong(
            "not cut off at 0",
            loss=lambda scores, y, margin=1.0: (excess(scores, y, margin) + one_hot(scores, y)).sum(axis=1).mean(),
            dscores=lambda scores, y: pushing(1 - one_hot(scores, y), y),
        ).told("""
            In yours a class that is far behind makes the loss smaller. Beyond the margin nothing is left to win."""),
        wrong(
            "gradient: right class for all",
            dscores=lambda dscores, scores, y: np.where(one_hot(scores, y), (1 - scores.shape[1]) / len(y), dscores),
        ).told("""
            Your gradient at the right class counts all wrong classes, also those that cost nothing."""),
        wrong("gradient: nothing for the right class", dscores=lambda dscores: np.maximum(dscores, 0)).told("""
            Your gradient pushes the wrong classes down and leaves the right one where it is. Its score is in every
            difference that counts."""),
        wrong("gradient: right class once", dscores=lambda dscores, y: np.maximum(dscores, -1 / len(y))).told("""
            Your gradient at the right class is −1, however many classes come too close. It is in each of their
            differences."""),
        wrong("gradient: True and False", dscores=lambda dscores, y: np.minimum(np.abs(dscores), 1 / len(y))).told("""
            Your gradient at the right class is +1 where minus a number was meant: an array of True and False holds
            nothing else, and −2 becomes True. `.astype(float)` makes numbers of it first."""),
        wrong(
            "gradient: the excess itself", dscores=lambda scores, y, margin=1.0: pushing(cost(scores, y, margin), y)
        ).told("""
            Your gradient holds the excesses. A hinge is a straight line: its slope is 1 wherever it costs
            anything."""),
        times("gradient: sign", -1, "dscores").told("""
            Your gradient has the opposite sign. The loss grows with the score of a wrong class that is too close."""),
        wrong("gradient: plus at the right class", dscores=lambda dscores: np.abs(dscores)).told("""
            Your gradient counts right, but with a plus at the right class. Its score is in every difference with a
            minus."""),
        wrong(
            "gradient: the last sample alone",
            dscores=lambda dscores, y: dscores * (np.arange(len(y)) == len(y) - 1)[:, None],
        ).told("""
            Only the last row of your gradient is there; the others are 0. Is it made anew in each round of a loop?"""),
        wrong("margin taken off", loss=lambda loss, margin=1.0: loss - margin).told("""
            Your loss is too small by exactly the margin. It is taken off for the right class, whose term is not in the
            sum any more."""),
        wrong("gradient: counted over the batch", dscores=counted_over_the_batch).told("""
            Your gradient at the right class counts the wrong classes of all samples. Each row counts its own."""),
        wrong(
            "size for what is left",
            loss=lambda scores, y, margin=1.0: np.abs(excess(scores, y, margin) + one_hot(scores, y)).sum() / len(y),
        ).told("""
            Your loss takes the size of each difference: a class that is far behind costs as if it were far ahead.
            Beyond the margin nothing is to be paid."""),
        wrong("one question for many numbers", truth_of_many).told("""
            Python's `max` and `if` ask one question of one number, and here stands an array. `np.maximum` and
            `np.where` ask for each of its numbers."""),
        wrong(
            "right score alone", loss=lambda scores, y, margin=1.0: np.maximum(0, margin - picked(scores, y)).mean()
        ).told("""
            Your loss looks at the score of the right class alone. What counts is how far it is ahead of each of the
            others."""),
        wrong(
            "right scores along the wrong axis",
            lambda scores, y, margin=1.0: from_differences_to(picked(scores, y), scores, y, margin),
        ).told("""
            `scores[np.arange(N), y]` is flat, so NumPy lays it along the columns: with as many samples as classes that
            runs and is wrong, otherwise it stops. `[:, None]` makes a column of it."""),
        wrong(
            "every label for every row",
            lambda scores, y, margin=1.0: from_differences_to(scores[:, y], scores, y, margin),
        ).told("""
            `scores[:, y]` takes all columns in y for every row, N × N numbers; with as many samples as classes that
            runs and is wrong, otherwise it stops. Row i belongs to label i only."""),
        by_differences("scores", "dscores"),
        in_other_order().told("""
            One result stands in the place of the other: first the loss, then dscores."""),
    ),
)
