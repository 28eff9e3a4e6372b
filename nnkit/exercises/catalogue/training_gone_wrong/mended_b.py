"""Program B: a rate ten times too high."""

from nnkit.exercises.catalogue.training_gone_wrong.parts.programs import mend, mistaken, wrong_organ

EXERCISE = mend(
    "b",
    (
        """The first loss is right and the gradient is right. What is left between a gradient and a step?""",
        """Compare the size of a step with the size of the weights, and look for the number that scales it.""",
    ),
    (
        mistaken("as it was", "rate high", rate=2.0),
        mistaken("half of it", "rate high", rate=1.0),
        mistaken("a thousandth", "rate low", rate=0.002),
        mistaken("more epochs", "number of steps", rate=0.2, longer=2),
        mistaken("not shuffled", "not shuffled", pairs="in order"),
        mistaken("one epoch", "one epoch", epochs_at_most=1),
        wrong_organ("b", rate=2.0, scale=lambda X, X_new: (X / 255, X_new / 255)),
        mistaken("a tenth of the loss noted", "losses times a number", noted=lambda loss, batch: loss / 10),
        mistaken("sums noted", "losses times the batch", noted=lambda loss, batch: loss * len(batch)),
    ),
)
