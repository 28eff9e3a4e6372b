"""Early stopping: whether the last epochs brought anything that the ones before them did not have."""

import itertools
import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from nnkit.exercises.exercise import Case, Mistake, exercise, wrong
from nnkit.exercises.judge.wording import written
from nnkit.languages import say

NAN = math.nan


def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Losses in eighths, so that no comparison lies on an edge by rounding."""

    def case(covers: str, patience: int, min_delta: int, *losses: float) -> Case:
        shift = int(rng.integers(1, 9))
        values = [float(loss + shift) / 8 for loss in losses]
        delta = min_delta / 8
        text = say(
            "val_losses = {values}, patience = {patience}, min_delta = {delta}",
            values=written(values),
            patience=patience,
            delta=written(delta),
        )
        return Case({"val_losses": values, "patience": patience, "min_delta": delta}, covers, text)

    found = [
        case("at most `patience` epochs", 2, 0),
        case("at most `patience` epochs", 3, 0, 5, 6),
        case("at most `patience` epochs", 3, 0, 4, 5, 6),
        case("at most `patience` epochs", 1, 1, 4),
        case("one epoch more", 3, 0, 4, 5, 6, 7),
        case("patience 1", 1, 0, 5, 6),
        case("patience 1", 1, 0, 6, 5),
        case("patience 1", 1, 0, 3, 6, 5),
        case("no progress", 2, 0, 8, 4, 5, 6),
        case("no progress", 3, 1, 9, 7, 4, 8, 6, 5),
        case("progress in the last epoch", 3, 0, 6, 7, 8, 4),
        case("progress that did not last", 3, 0, 8, 6, 3, 5, 7),
        case("progress that did not last", 2, 1, 8, 6, 2, 9),
        case("the same loss again", 2, 0, 5, 3, 3, 3),
        case("the same loss again", 1, 0, 4, 4),
        case("progress of exactly min_delta", 2, 2, 9, 6, 5, 4),
        case("progress of exactly min_delta", 1, 1, 9, 8),
        case("progress of less than min_delta", 2, 4, 9, 8, 6, 7),
        case("worse by less than min_delta", 2, 3, 9, 4, 6, 5),
        case("progress of more than min_delta", 2, 2, 9, 7, 6, 4),
        case("slow progress", 2, 3, 16, 14, 12, 12),
        case("slow progress", 3, 3, 20, 18, 16, 14),
        case("progress all the time", 2, 0, 9, 8, 7, 6, 5),
        case("an early best", 2, 0, 2, 9, 8, 6, 5),
        case("a standstill that is over", 2, 0, 5, 6, 7, 8, 3),
        case("a standstill that is over", 2, 1, 6, 6, 6, 6, 2, 3),
        case("a loss that is no number", 2, 0, 8, 4, NAN, NAN),
        case("a loss that is no number", 2, 0, 8, 4, NAN, 5),
        case("a loss that is no number", 2, 0, 8, 4, NAN, 2),
        case("a loss that is no number", 2, 0, 8, 4, 2, NAN),
        case("a loss that is no number", 2, 0, 6, NAN, 5, 4),
        case("a loss that is no number", 2, 0, 4, NAN, 5, 6),
        case("a loss that is no number", 2, 0, 4, 8, NAN, 9),
        case("a loss that is no number", 2, 0, 5, 7, 4, NAN, NAN),
        case("a loss that is no number", 2, 0, NAN, 6, 7, 8),
        case("a loss that is no number", 2, 0, NAN, 6, 7, 5),
    ]
    if hidden:
        walks = rng.integers(0, 12, (6, 9)).tolist()
        found += [case("no progress" if stop(row, 3, 1) else "progress that did not last", 3, 1, *row) for row in walks]
    return found


def lowest(losses: Sequence[float]) -> float:
    """The lowest loss that is a number."""
    return min((loss for loss in losses if loss == loss), default=math.inf)


def highest(losses: Sequence[float]) -> float:
    """The highest loss that is a number."""
    return max((loss for loss in losses if loss == loss), default=-math.inf)


def stop(
    val_losses: Any,
    patience: int,
    min_delta: float,
    best: Callable[[Any, int], float] = lambda losses, patience: lowest(losses[:-patience]),
    better: Callable[[float, float, float], bool] = lambda loss, best, delta: loss < best - delta,
    window: Callable[[Any, int], Any] = lambda losses, patience: losses[-patience:],
    some: Callable[..., bool] = any,
) -> bool:
    """The answer as it should be, or with something else in one of its places."""
    if len(val_losses) <= patience:
        return False
    bar = best(val_losses, patience)
    return not some(better(loss, bar, min_delta) for loss in window(val_losses, patience))


def nan_is_better(loss: float, best: float, delta: float) -> bool:
    """Somebody who stops where all are worse, in place of where none is better: the same but for nan."""
    return not loss >= best - delta


def slip(label: str, **places: Any) -> Mistake:
    """Somebody who stops by the same rule, but for what is done at these places."""
    return wrong(label, lambda val_losses, patience, min_delta: stop(val_losses, patience, min_delta, **places))


def either_way(label: str, sentence: str, **places: Any) -> tuple[Mistake, Mistake]:
    """The same slip of somebody who asks whether a loss is better, and of one who asks whether all are worse."""
    return slip(label, **places).told(sentence), slip(f"{label}, if worse", better=nan_is_better, **places).told(
        sentence
    )


def counted(
    val_losses: Any, patience: int, min_delta: float, for_good: bool = False, always_lowest: bool = False
) -> bool:
    """A counter of epochs without progress; its best is replaced by what is better by more than min_delta.

    Or it is `always_lowest`, the lowest so far. What reaches `patience` once may count `for_good`.
    """
    best, waiting = math.inf, 0
    for loss in val_losses:
        better = loss < best - min_delta
        waiting = 0 if better else waiting + 1
        best = loss if better or (always_lowest and loss < best) else best
        if for_good and waiting >= patience:
            return True
    return waiting >= patience


# What is told of a counter by its kind.
COUNTERS: dict[str, tuple[dict[str, bool], str]] = {
    "a counter with a best of its own": (
        {},
        """Yours behaves like a counter that starts anew whenever a loss beats a best, where that best is replaced only
        by what is lower by more than min_delta. In slow progress such a best stays too high; asked for is the *lowest*
        loss before the last epochs.""",
    ),
    "a counter with a best of its own, for good": (
        {"for_good": True},
        """Yours behaves like the counter that runs along with a training: it starts anew whenever a loss is lower than
        its best by more than min_delta, only such a loss becomes its best, and once `patience` is reached it is True
        for good. Here the list as it ends is asked about: is any of the last `patience` losses below the *lowest*
        before them, less min_delta? Whatever was earlier does not count.""",
    ),
    "a counter with the lowest so far": (
        {"always_lowest": True},
        """Yours behaves like a counter that starts anew whenever a loss is lower by more than min_delta than all losses
        before *it*. The bar then falls within the last epochs, and two small steps are no progress, though together
        they may be. Asked for is the lowest loss before the last `patience` epochs.""",
    ),
    "a counter with the lowest so far, for good": (
        {"always_lowest": True, "for_good": True},
        """Yours behaves like a counter that starts anew whenever a loss is lower by more than min_delta than all losses
        before *it*, and once `patience` is reached it is True for good. Asked is about the last `patience` losses
        alone: is one of them below the lowest loss before all of them?""",
    ),
}


def stopped_once(val_losses: Any, patience: int, min_delta: float) -> bool:
    """True for good after the first standstill."""
    return any(stop(val_losses[:end], patience, min_delta) for end in range(1, len(val_losses) + 1))


def from_epoch_to_epoch(val_losses: Any, patience: int, min_delta: float, worse: bool = False) -> bool:
    """Each of the last losses against the one before it."""
    steps = list(itertools.pairwise(val_losses[-patience - 1 :]))
    better = [not b >= a - min_delta if worse else b < a - min_delta for a, b in steps]
    return len(val_losses) > patience and not any(better)


def of_minima(
    val_losses: Any, patience: int, min_delta: float, before: Any = min, within: Any = min, worse: bool = False
) -> bool:
    """The minimum of the last losses against that of all before them, asked whether it is better, or worse."""
    if len(val_losses) <= patience:
        return False
    last, best = within(val_losses[-patience:]), before(val_losses[:-patience])
    return bool(last >= best - min_delta if worse else not last < best - min_delta)


# What happens to a nan, whoever lets it happen: NumPy's minima are nan where one number is, those of lists where the
# first one is, and somebody may ask for a nan without any minimum.
NAN_MINIMA: dict[str, tuple[dict[str, Any], str]] = {
    "minima of NumPy's, better": (
        {"before": np.min, "within": np.min},
        """Yours is right while all losses are numbers, and stops wherever a nan is among them. A nan is no more than no
        progress, and not the lowest: the other losses decide. A minimum of NumPy's is nan where one of its numbers is,
        and nothing is below nan.""",
    ),
    "minima of NumPy's, worse": (
        {"before": np.min, "within": np.min, "worse": True},
        """Yours is right while all losses are numbers, and never stops where a nan is among them. A nan is no more than
        no progress, and not the lowest: the other losses decide. A minimum of NumPy's is nan where one of its numbers
        is, and every comparison with nan is False.""",
    ),
    "minima of lists, better": (
        {},
        """Yours is right while all losses are numbers; with a nan it depends on whether that comes first, among the
        last losses or among those before. Whatever begins with a nan and waits for something below it, as Python's
        `min` does, stays there: nothing is below nan.""",
    ),
    "a best of NumPy's": (
        {"before": np.min, "within": lowest},
        """Yours is right unless a nan stands before the last epochs; then it stops whatever comes. The best is the
        lowest of the *numbers* there. A minimum of NumPy's is nan where one of its numbers is, and nothing is below
        nan.""",
    ),
    "a window of NumPy's, better": (
        {"within": np.min},
        """Yours stops wherever a nan is among the last losses, also where another of them is progress, and depends on
        what comes first where one stands before them. Nothing is below nan, and a minimum may be nan: NumPy's where one
        of its numbers is, that of Python's `min` where the first one is.""",
    ),
    "a window of NumPy's alone, better": (
        {"before": lowest, "within": np.min},
        """Yours stops wherever a nan is among the last losses, also where another of them is progress. A minimum of
        NumPy's is nan where one of its numbers is, and nothing is below nan.""",
    ),
}


def of_numbers_alone(val_losses: Any, patience: int, min_delta: float) -> bool:
    """Somebody who throws every nan away before anything is counted."""
    return stop([loss for loss in val_losses if loss == loss], patience, min_delta)


def no_guard(val_losses: Any, patience: int, min_delta: float) -> bool:
    """Without a question how many epochs there are."""
    best = min(val_losses[:-patience])
    return not any(loss < best - min_delta for loss in val_losses[-patience:])


EXERCISE = exercise(
    "should_stop(val_losses, patience, min_delta)",
    reference=stop,
    cases=cases,
    hints=(
        """Cut the list in two: the last `patience` epochs, and all before them. What is the best of the first part, and
        does anything in the second one beat it by more than min_delta?""",
        """`val_losses[:-patience]` and `val_losses[-patience:]`; with at most `patience` epochs the first part is
        empty. A comparison with nan is False, whichever way it is asked: ask so that False means *no progress*.""",
    ),
    mistakes=(
        wrong("the other way round", lambda expected: not expected).told("""
            Yours is True where it should be False, and False where it should be True, in every case. Does yours say
            stop, or go on?"""),
        wrong(
            "the other way round, but for the first epochs",
            lambda expected, val_losses, patience: not expected if len(val_losses) > patience else False,
        ).told("""
            Once there are more than `patience` epochs yours is always the opposite. Does yours say stop, or go on?"""),
        *either_way(
            "best of all epochs",
            """Your best is that of all epochs, the last ones included, so that no progress can be seen: nothing is
            below its own minimum. Before which epochs is the best to be looked for?""",
            best=lambda losses, patience: lowest(losses),
        ),
        slip("highest of those before", best=lambda losses, patience: highest(losses[:-patience])).told("""
            Yours takes for progress what is below the *highest* loss before the last epochs. Best is the lowest of
            them."""),
        *either_way(
            "first of the last epochs only",
            """Yours looks at one of the last `patience` epochs alone, the first of them. Does a `return` stand inside
            the loop that goes through them, on every path?""",
            window=lambda losses, patience: losses[-patience:][:1],
        ),
        *(
            wrong(label, partial(of_minima, before=lowest, within=np.mean, worse=worse)).told("""
                Yours compares the *mean* of the last losses with the best. One of them below the bar is progress,
                however high the others are.""")
            for label, worse in {"mean of the last ones": False, "mean of the last ones, if worse": True}.items()
        ),
        slip("either direction", better=lambda loss, best, delta: abs(loss - best) > delta).told("""
            Yours takes for progress what lies more than min_delta away from the best, above it, too."""),
        slip("share of the best", better=lambda loss, best, delta: loss < best * (1 - delta)).told("""
            Yours takes min_delta for a share of the best. It is a difference between losses."""),
        slip("epoch before the last ones", best=lambda losses, patience: losses[-patience - 1]).told("""
            Your last epochs are compared with the one epoch right before them. The best of all epochs before may be
            much older."""),
        *either_way(
            "last epoch only",
            """Yours looks at the last epoch alone. Progress in any of the last `patience` epochs is a reason to go
            on.""",
            window=lambda losses, patience: losses[-1:],
        ),
        slip("all have to be better", some=all).told("""
            Yours goes on only if *every* one of the last epochs is better. One is enough."""),
        slip("not strictly", better=lambda loss, best, delta: loss <= best - delta).told("""
            Yours takes a loss of exactly best − min_delta for progress. It has to be below it."""),
        slip("min_delta added", better=lambda loss, best, delta: loss < best + delta).told("""
            Yours takes for progress what is below best + min_delta, also a loss that is worse than the best. In which
            direction does min_delta move the bar?"""),
        slip("min_delta left out", better=lambda loss, best, delta: loss < best).told("""
            Yours takes any loss below the best for progress. Less than min_delta does not count."""),
        wrong("nan left out first", of_numbers_alone).told("""
            Yours behaves as if an epoch whose loss is nan had not been: the last `patience` numbers then lie further
            back. Such an epoch is still an epoch, one without progress."""),
        slip("nan taken for progress", better=nan_is_better).told("""
            With nan among the last losses yours goes on, as if nan were progress. A comparison with nan is False,
            whichever way it is asked: ask so that this False means *no progress*."""),
        *(
            wrong(label, partial(from_epoch_to_epoch, worse=worse)).told("""
                Yours compares each epoch with the one before it. A loss that falls after having risen is no progress
                unless it is below the best of all before the last epochs.""")
            for label, worse in {"from epoch to epoch": False, "from epoch to epoch, if worse": True}.items()
        ),
        *(wrong(label, partial(counted, **kind)).told(sentence) for label, (kind, sentence) in COUNTERS.items()),
        wrong("stopped once", stopped_once).told("""
            Yours is True for good once there was a standstill, also where the last epochs brought progress. Asked is
            about the last `patience` epochs alone."""),
        *(
            wrong(label, partial(of_minima, **places)).told(sentence)
            for label, (places, sentence) in NAN_MINIMA.items()
        ),
        wrong(
            "stop in the first epochs", lambda expected, val_losses, patience: expected or len(val_losses) <= patience
        ).told("""
            Yours stops as long as there are at most `patience` epochs. A training that has just begun is to go on."""),
        wrong("no guard", no_guard).told("""
            With at most `patience` epochs there is no epoch before the last ones, so there is no minimum. What is to be
            answered then, before anything is compared?"""),
        wrong("never", lambda: False).told("""
            Yours never stops."""),
    ),
)
