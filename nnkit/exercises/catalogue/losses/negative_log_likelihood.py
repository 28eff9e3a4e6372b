"""The loss of one sample: minus the logarithm of the probability that softmax gives to its class."""

import numpy as np

from nnkit.exercises.catalogue.families import times
from nnkit.exercises.catalogue.formulas import log_softmax, softmax
from nnkit.exercises.catalogue.withheld import CROSS_ENTROPY, DERIVATIVES
from nnkit.exercises.exercise import Case, exercise, wrong


def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """The scores of the text for each of its classes, equal and negative ones, and two to ten classes."""

    def drawn(size: int, y: int, covers: str) -> Case:
        scores = rng.permutation(np.linspace(-2, 3, size) + rng.uniform(-0.3, 0.3, size)).round(1)
        return Case({"scores": scores, "y": y}, covers, "" if size < 4 else f"{size} scores, y = {y}")

    animals = np.array([3.2, 5.1, -1.7])
    found = [
        *(Case({"scores": animals, "y": y}, "cat, car and frog") for y in (0, 1, 2)),
        Case({"scores": np.array([1.0, 1.0]), "y": 1}, "equal scores"),
        Case({"scores": np.zeros(10), "y": 3}, "equal scores", "ten scores of 0, y = 3"),
        Case({"scores": np.array([-3.0, -1.0, -2.5]), "y": 0}, "negative scores"),
        drawn(2, 0, "two classes"),
        drawn(5, 4, "more classes"),
        drawn(10, 0, "more classes"),
    ]
    return [*found, drawn(4, 2, "more classes"), drawn(7, 6, "more classes")] if hidden else found


EXERCISE = exercise(
    "negative_log_likelihood(scores, y)",
    reference=lambda scores, y: -log_softmax(scores)[y],
    cases=cases,
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
        times("minus missing", -1).told("""
            The right size, negative. A probability is below 1, so its logarithm is below 0; a loss is not."""),
        wrong("the probability itself", lambda scores, y: softmax(scores)[y]).told("""
            Yours is the probability of the right class. It grows when the answer gets better; a loss falls."""),
        wrong("one minus the probability", lambda scores, y: 1 - softmax(scores)[y]).told("""
            Yours is 1 − p. It never exceeds 1, however sure and wrong the answer is."""),
        wrong("not normalised", lambda scores, y: -scores[y]).told("""
            Yours is minus the score of the right class. The exponentials were not divided by their sum."""),
        wrong("scores shared out without the exponential", lambda scores, y: -np.log(scores[y] / scores.sum())).told("""
            Yours divides the scores themselves by their sum. A score may be negative; what makes it positive
            first?"""),
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
