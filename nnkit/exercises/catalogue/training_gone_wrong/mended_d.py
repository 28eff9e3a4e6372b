"""Program D: labels shuffled against images."""

from nnkit.exercises.catalogue.training_gone_wrong.parts.programs import mend, mistaken

EXERCISE = mend(
    "d",
    (
        """Look at ten images of a batch beside the labels that the loss gets.""",
        """How many random orders are drawn, and which of them does an image follow, which its label?""",
    ),
    (
        mistaken("as it was", "labels", pairs="apart"),
        mistaken("not shuffled at all", "not shuffled", pairs="in order"),
        mistaken("backwards", "not shuffled", pairs="backwards"),
        mistaken("one order for all epochs", "same order", pairs="one order"),
        mistaken("labels by their place", "labels", pairs="by place"),
        mistaken("another beginning", "left together", pairs="another beginning"),
        mistaken("a little shifted", "left together", pairs="a little shifted"),
        mistaken("new images in an order, too", "new order", of_new=lambda Z, rng: Z[rng.permutation(len(Z))]),
        mistaken("another generator", "not from rng", pairs="own generator"),
        mistaken("a smaller rate", "labels", pairs="apart", rate=0.02),
        mistaken("another rate as well", "another rate", rate=0.02),
        mistaken("more epochs", "number of steps", longer=1),
    ),
)
