"""The mean loss of a padded batch: over the steps that are there, of all sequences together."""

from typing import Any

import numpy as np

from nnkit.exercises.catalogue.draws import positive
from nnkit.exercises.exercise import Case, exercise, wrong
from nnkit.exercises.judge.wording import written
from nnkit.languages import say

SMALL = 6  # so many losses or fewer are shown


def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Losses of sequences of all lengths; what stands in the padding is anything."""

    def case(covers: str, *lengths: int, padding: float = 3.0) -> Case:
        mask = np.arange(max(lengths))[:, None] < np.array(lengths)
        losses = np.where(mask, positive(rng, 0.3, 2.0, mask.shape), padding * positive(rng, 0.5, 1.5, mask.shape))
        return shown(losses, mask, covers)

    def shown(losses: np.ndarray, mask: np.ndarray, covers: str) -> Case:
        text = say(
            "losses = {losses}, True in mask: {sum} first steps", losses=written(losses), sum=written(mask.sum(axis=0))
        )
        small = losses.size <= SMALL and losses.max() < 1e4
        return Case({"losses": losses, "mask": mask}, covers, text if small else "")

    zeros = case("losses of 0", 3, 1, 4)
    zeros.arguments["losses"][[0, 1, 3], [0, 0, 2]] = 0.0
    found = [
        case("one sequence", 2),
        case("one step", 1, 1, 1),
        case("two lengths", 2, 1),
        case("equal lengths", 3, 3),
        case("as many sequences as steps", 1, 3, 2),
        case("several lengths", 2, 5, 1, 4),
        zeros,
        case("huge losses in the padding", 4, 1, 2, padding=1e18),
        case("far more padding than data", 12, 1, 1, 2),
    ]
    return [*found, case("several lengths", 6, 3, 3), case("two lengths", 4, 7)] if hidden else found


def of_each(losses: np.ndarray, mask: np.ndarray, axis: int) -> Any:
    """The mean of each sequence (axis 0) or of each step (axis 1)."""
    return np.where(mask, losses, 0).sum(axis=axis) / mask.sum(axis=axis)


def quotient(total: Any, count: Any) -> Any:
    """A quotient as NumPy takes it: infinite, or nan, where it divides by 0."""
    with np.errstate(all="ignore"):
        return np.float64(total) / count


EXERCISE = exercise(
    "masked_mean_loss(losses, mask)",
    reference=lambda losses, mask: float(losses[mask].mean()),
    cases=cases,
    shape_notes={"": "The loss of a batch is one number."},
    hints=(
        """Which losses are there, and how many of them? The padding is to change neither the sum nor the number it is
        divided by.""",
        """An array of True and False as an index, `losses[mask]`, picks what is there, of all sequences; in a product
        True counts as 1 and False as 0, and `mask.sum()` counts the True.""",
    ),
    mistakes=(
        wrong("padding counted", lambda losses: losses.mean()).told("""
            Yours is the mean over all entries, those of the padding included. Does the mask take part?"""),
        wrong("divided by all", lambda losses, mask: (losses * mask).mean()).told("""
            Your sum is right, but it is divided by the number of all entries. How many of them are there?"""),
        wrong("mean of the sequences' means", lambda losses, mask: of_each(losses, mask, 0).mean()).told("""
            Yours is the mean of the means of the sequences, so a step of a short one counts more than a step of a long
            one. All entries that are there count alike."""),
        wrong("mean of the steps' means", lambda losses, mask: of_each(losses, mask, 1).mean()).told("""
            Yours is the mean of the means of the steps, so an entry counts more where few sequences are left. All
            entries that are there count alike."""),
        wrong("sum", lambda losses, mask: losses[mask].sum()).told("""
            Yours is the sum over the entries that are there. Asked for is their mean."""),
        wrong("divided by the sequences", lambda losses, mask: losses[mask].sum() / losses.shape[1]).told("""
            Your sum is right, but it is divided by the number of sequences. How many losses are in it?"""),
        wrong("divided by the steps", lambda losses, mask: losses[mask].sum() / len(losses)).told("""
            Your sum is right, but it is divided by T, the steps of the longest. How many losses are in it?"""),
        wrong("padding alone", lambda losses, mask: quotient(losses[~mask].sum(), (~mask).sum())).told("""
            Yours is the mean over the padding; where there is none, it is none. What does True in the mask say?"""),
        wrong("padding alone, 0 without", lambda losses, mask: losses[~mask].sum() / max(1, (~mask).sum())).told("""
            Yours is the mean over the padding, and 0 where there is none. What does True in the mask say?"""),
        wrong("divided by the padding", lambda losses, mask: quotient(losses[mask].sum(), (~mask).sum())).told("""
            Your sum is right, but it is divided by the number of entries that are not there."""),
        wrong("all losses, divided by those there", lambda losses, mask: losses.sum() / mask.sum()).told("""
            Yours is the sum of all losses, those of the padding included, divided by the number of those that are
            there."""),
        wrong("one for each sequence", lambda losses, mask: of_each(losses, mask, 0)).told("""
            Yours is a mean for each sequence. One number is asked for, over the entries of all of them together."""),
        wrong("one for each step", lambda losses, mask: of_each(losses, mask, 1)).told("""
            Yours is a mean for each step. One number is asked for, over the entries of all of them together."""),
        wrong("sums of the sequences", lambda losses, mask: (losses * mask).sum(axis=0)).told("""
            Yours is a sum for each sequence. One number is asked for, the mean over all entries that are there."""),
        wrong(
            "losses of 0 left out", lambda losses, mask: losses[mask].sum() / np.count_nonzero(losses * mask)
        ).told("""
            Yours is right until a loss is exactly 0: it is then not counted among those that are there. A loss of 0 is
            a loss, too."""),
        wrong("one more", lambda losses, mask: losses[mask].sum() / (mask.sum() + 1)).told("""
            Your sum is divided by one more than there are entries."""),
        wrong("one less", lambda losses, mask: losses[mask].sum() / (mask.sum() - 1)).told("""
            Your sum is divided by one less than there are entries. A mean is divided by their number."""),
        wrong("first step", lambda losses: losses[0].mean()).told("""
            Yours is the mean over the first step alone."""),
        wrong(
            "last step of each", lambda losses, mask: losses[mask.sum(axis=0) - 1, np.arange(mask.shape[1])].mean()
        ).told("""
            Yours is the mean over the last step of each sequence alone."""),
        wrong("first sequence", lambda losses, mask: losses[mask[:, 0], 0].mean()).told("""
            Yours is the mean over the first sequence alone."""),
        wrong("last sequence", lambda losses, mask: losses[mask[:, -1], -1].mean()).told("""
            Yours is the mean over the last sequence alone. Is the sum begun anew for each of them?"""),
        wrong("full steps only", lambda losses, mask: losses[mask.all(axis=1)].mean()).told("""
            Yours is the mean over those steps at which all sequences are still there. A step counts as far as there is
            data."""),
        wrong("longest only", lambda losses, mask: losses[:, mask.all(axis=0)].mean()).told("""
            Yours is the mean over the longest sequences alone. All entries that are there count."""),
        wrong("zeros and ones as places", lambda losses, mask: losses[mask.astype(int)].mean()).told("""
            An array of 0 and 1 as an index picks the steps 0 and 1, again and again. `mask` itself, of True and False,
            picks the places that are True."""),
        wrong("mask for losses", lambda mask: mask.mean()).told("""
            Yours is the share of entries that are there. The losses take no part."""),
        wrong("untouched", lambda losses, mask: losses * mask).told("""
            Yours holds the losses with 0 in the padding. Their mean is asked for, and not over the zeros."""),
        wrong("the losses that are there", lambda losses, mask: losses[mask]).told("""
            Yours holds the losses that are there, one by one. Their mean is asked for."""),
        wrong("median", lambda losses, mask: np.median(losses[mask])).told("""
            Yours is the median. The mean is asked for."""),
        wrong("mean of squares", lambda losses, mask: (losses[mask] ** 2).mean()).told("""
            Yours is the mean of the squares. The losses are losses already."""),
    ),
)
