"""Program A: images reach the network as numbers from 0 to 255."""

import numpy as np

from nnkit.exercises.catalogue.training_gone_wrong.parts.programs import mend, mistaken


def divided(X: np.ndarray, X_new: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """From 0 to 1."""
    return X / 255, X_new / 255


EXERCISE = mend(
    "a",
    (
        """The first loss is met before any step is taken. What does the network get to see by then?""",
        """A pixel is a whole number from 0 to 255. Divide, before the loop, and do not forget the new images.""",
    ),
    (
        mistaken("as it was", "large inputs"),
        mistaken("a smaller rate", "large inputs", rate=1e-5),
        mistaken("only the training images", "large inputs", scale=lambda X, X_new: (X / 255, X_new)),
        mistaken("each by its own largest", "two scales", scale=lambda X, Z: (X / X.max(), Z / Z.max() / 2)),
        mistaken("cut off", "grey lost", scale=lambda X, Z: (X > 0, Z > 0)),
        mistaken("another rate as well", "another rate", scale=divided, rate=0.02),
        mistaken("more epochs", "number of steps", scale=divided, longer=1),
        mistaken("not shuffled", "not shuffled", scale=divided, pairs="in order"),
    ),
    pixels=True,
    scale=divided,
)
