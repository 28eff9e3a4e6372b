"""The loss of one sample: minus the logarithm of the probability that softmax gives to its class."""

from typing import Any

import numpy as np

from nnkit.exercises.catalogue.families import times
from nnkit.exercises.catalogue.formulas import log_softmax, softmax
from nnkit.exercises.catalogue.signs import Sign, comparing
from nnkit.exercises.catalogue.withheld import CROSS_ENTROPY, DERIVATIVES
from nnkit.exercises.exercise import Case, exercise, wrong
from nnkit.languages import say

LARGEST_ADDED = 0.05  # that anybody would call a small number


def small_number_added(right: Any, got: Any) -> bool:
    """The loss of a probability that is a little larger than it should be."""
    return bool(0 < np.exp(-got) - np.exp(-right) < LARGEST_ADDED)


def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """The scores of the text for each of its classes, equal, negative and distant ones, and two to ten classes."""

    def drawn(size: int, y: int, covers: str) -> Case:
        scores = rng.permutation(np.linspace(-2, 3, size) + rng.uniform(-0.3, 0.3, size)).round(1)
        return Case(
            {"scores": scores, "y": y}, covers, "" if size < 4 else say("{size} scores, y = {y}", size=size, y=y)
        )

    animals = np.array([3.2, 5.1, -1.7])
    found = [
        *(Case({"scores": animals, "y": y}, "cat, car and frog") for y in (0, 1, 2)),
        Case({"scores": np.array([1.0, 1.0]), "y": 1}, "equal scores"),
        Case({"scores": np.zeros(10), "y": 3}, "equal scores", "ten scores of 0, y = 3"),
        Case({"scores": np.array([-3.0, -1.0, -2.5]), "y": 0}, "negative scores"),
        *(Case({"scores": np.array([9.5, -8.0, 3.0]), "y": y}, "distant scores") for y in (0, 1)),
        drawn(2, 0, "two classes"),
        drawn(5, 4, "more classes"),
        drawn(10, 0, "more classes"),
    ]
    return [*found, drawn(4, 2, "more classes"), drawn(7, 6, "more classes")] if hidden else found


EXERCISE = exercise(
    "negative_log_likelihood(scores, y)",
    reference=lambda scores, y: -log_softmax(scores)[y],
    cases=cases,
    judge=comparing(Sign("a small number added", small_number_added)),
    withheld=(*DERIVATIVES, *CROSS_ENTROPY),
    shape_notes={"": "One sample has one right class, so its loss is one number."},
    hints=(
        """Three steps: e to the power of every score, divide by their sum, and look at one of the results only.""",
        """`np.exp(scores)` makes all scores positive; divided by its sum it is a list of probabilities. Which entry
        belongs to the right class, and what is minus its logarithm? `np.log` is the natural one.""",
    ),
    mistakes=(
        times("logarithm to base 10", 1 / np.log(10)).told("""
            Yours is the expected value divided by 2.303: a logarithm to base 10. It is what some slides show, 0.89 for
            the cat. Which logarithm undoes an exponential of base e?"""),
        times("logarithm to base 2", 1 / np.log(2)).told("""
            Yours is the expected value divided by 0.693: a logarithm to base 2, the loss in bits."""),
        # So small that one case shows it; whoever adds a larger one is wrong there, too.
        wrong("a small number in the logarithm", lambda scores, y: -np.log(softmax(scores)[y] + 1e-9)).told("""
            Yours is the loss of a probability that is a little too large, as if a small number were added to it: the
            less likely the class, the more that counts. The formula adds nothing."""),
        times("minus missing", -1).told("""
            The right size, negative. A probability is below 1, so its logarithm is below 0; a loss is not."""),
        wrong("the probability itself", lambda scores, y: softmax(scores)[y]).told("""
            Yours is the probability of the right class. It grows when the answer gets better; a loss falls."""),
        wrong("one minus the probability", lambda scores, y: 1 - softmax(scores)[y]).told("""
            Yours is 1 − p. It never exceeds 1, however sure and wrong the answer is."""),
        wrong("logarithm of the wrong ones' share", lambda scores, y: -np.log1p(-softmax(scores)[y])).told("""
            Yours is −log(1 − p), of what the wrong classes share. It grows when the answer gets better."""),
        wrong("logarithm of 1 + p", lambda scores, y: -np.log1p(softmax(scores)[y])).told("""
            Yours is −log(1 + p). `np.log1p` adds 1 before it takes the logarithm."""),
        wrong("not normalised", lambda scores, y: -scores[y]).told("""
            Yours is minus the score of the right class. The exponentials were not divided by their sum."""),
        wrong("the sum alone", lambda scores: np.log(np.exp(scores).sum())).told("""
            Yours is the logarithm of the sum of all exponentials, and does not change with y. Where is the right
            class's own score?"""),
        wrong("logarithm of the score", lambda scores, y: -np.log(scores[y])).told("""
            Yours is minus the logarithm of the score itself. A score is no probability: it may be negative, or above
            1."""),
        wrong("shifted above only", lambda scores, y: scores.max() - log_softmax(scores)[y]).told("""
            Your loss is too large by the largest score: it was taken off in the exponential above, and not in those
            below."""),
        wrong("divided by the mean", lambda scores, y: -log_softmax(scores)[y] - np.log(len(scores))).told("""
            Your loss is too small by the logarithm of the number of classes: the exponential was divided by the mean
            of all, and such shares do not add up to 1."""),
        wrong("divided by the largest", lambda scores, y: scores.max() - scores[y]).told("""
            Yours is how far the right score is behind the largest one. A share of all needs the sum of the
            exponentials below, not the largest of them."""),
        wrong("exponential of the sum", lambda scores, y: scores.sum() - scores[y]).told("""
            Yours has the exponential of the summed scores below. First an exponential for each class, then their
            sum."""),
        wrong("sign in the exponential", lambda scores, y: -log_softmax(-scores)[y]).told("""
            Yours comes from e⁻ˢ: the lowest score gets the largest share. Which sign has the exponent of softmax?"""),
        wrong("exponential of base 2", lambda scores, y: -log_softmax(scores * np.log(2))[y]).told("""
            Yours comes from powers of 2. The exponential of softmax has base e, as the natural logarithm."""),
        wrong("exponential of base 10", lambda scores, y: -log_softmax(scores * np.log(10))[y]).told("""
            Yours comes from powers of 10. The exponential of softmax has base e, as the natural logarithm."""),
        wrong("softmax twice", lambda scores, y: -log_softmax(softmax(scores))[y]).told("""
            Yours has been through softmax twice: the probabilities were taken for scores once more."""),
        wrong("number of the class for its score", lambda scores, y: np.log(np.exp(scores).sum()) - y).told("""
            Yours has e to the power of y above the sum. y is the number of a class: it says which score to take."""),
        wrong("number of the class as a factor", lambda scores, y: -y * log_softmax(scores)).told("""
            Yours multiplies the logarithms by y. y is the number of a class, not a weight: it says which of them to
            take."""),
        wrong("number of the class as a factor, summed", lambda scores, y: -y * log_softmax(scores).sum()).told("""
            Yours multiplies the logarithms by y and adds them up. y is the number of a class, not a weight: it says
            which of them to take."""),
        wrong("number of the class as a factor of its own", lambda scores, y: -y * log_softmax(scores)[y]).told("""
            Yours is y times the loss, so class 0 costs nothing. The number of a class is no weight."""),
        wrong("p log p", lambda scores, y: -softmax(scores)[y] * log_softmax(scores)[y]).told("""
            Yours is −p log p, so a right class that was thought impossible costs nothing. What stands before the
            logarithm?"""),
        wrong("entropy", lambda scores: -softmax(scores) @ log_softmax(scores)).told("""
            Yours is the entropy, −Σ p log p: how unsure the answer is, whatever y says."""),
        wrong("squared", lambda scores, y: np.sum((softmax(scores) - (np.arange(len(scores)) == y)) ** 2)).told("""
            Yours is the squared distance of the probabilities from the one-hot target. It never exceeds 2, however sure
            and wrong the answer is."""),
        wrong(
            "squared, halved", lambda scores, y: np.sum((softmax(scores) - (np.arange(len(scores)) == y)) ** 2) / 2
        ).told("""
            Yours is half of the squared distance between the probabilities and the one-hot target. It never exceeds 1,
            however sure and wrong the answer is."""),
        wrong("divided by the classes", lambda scores, y: -log_softmax(scores)[y] / len(scores)).told("""
            Yours is divided by the number of classes. One sample has one right class, and one loss: there is no mean to
            take."""),
        wrong("scores shared out without the exponential", lambda scores, y: -np.log(scores[y] / scores.sum())).told("""
            Yours divides the scores themselves by their sum. A score may be negative; what makes it positive
            first?"""),
        wrong(
            "sizes shared out without the exponential",
            lambda scores, y: -np.log(np.abs(scores[y]) / np.abs(scores).sum()),
        ).told("""
            Yours shares out the sizes of the scores: −5 gets as much as 5. What makes a score positive and keeps the
            order?"""),
        wrong("the largest score", lambda scores: -log_softmax(scores).max()).told("""
            Yours looks at the class with the largest score, whatever y says. A wrong answer costs nothing then."""),
        wrong("class 0", lambda scores: -log_softmax(scores)[0]).told("""
            Yours is right when y is 0, and then does not change with y. Which entry do you pick?"""),
        wrong("classes counted from 1", lambda scores, y: -log_softmax(scores)[y - 1]).told("""
            Yours is the loss of the class before: entry y − 1. Python counts from 0, and so does y here."""),
        wrong("a sigmoid for each class", lambda scores, y: np.log1p(np.exp(-scores[y]))).told("""
            Yours puts the right score through a sigmoid. The other scores do not matter then; softmax shares 1 among
            all of them."""),
        wrong("all classes", lambda scores: -log_softmax(scores)).told("""
            Yours has one number for each class. Only the probability of the class that was there counts."""),
        wrong("all but the right class", lambda scores, y: log_softmax(scores)[y] - log_softmax(scores).sum()).told("""
            Yours adds up −log p of the wrong classes and leaves the right one out. It is the other way round: only the
            probability of the class that was there counts."""),
        wrong(
            "yes or no for each class",
            lambda scores, y: -log_softmax(scores)[y] - np.log1p(-np.delete(softmax(scores), y)).sum(),
        ).told("""
            Yours adds −log(1 − p) for each wrong class, as if every class were a question of its own. One sample has
            one class, and one probability counts."""),
        wrong("sum over all classes", lambda scores: -log_softmax(scores).sum()).told("""
            Yours adds up −log p of all classes, the wrong ones too. Being sure that it is no frog costs dear
            there."""),
        wrong(
            "right class left out of the sum",
            lambda scores, y: np.log(np.exp(np.delete(scores, y)).sum()) - scores[y],
        ).told("""
            Your sum of exponentials leaves the right class out, so its share can be more than all."""),
    ),
)
