"""Program A: images reach the network as numbers from 0 to 255."""

import numpy as np

from nnkit.exercises.catalogue.training_gone_wrong.parts.programs import mend, mistaken


def divided(X: np.ndarray, X_new: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """From 0 to 1."""
    return X / 255, X_new / 255


def alone(images: np.ndarray) -> np.ndarray:
    """Each image divided by its own largest number."""
    return images / images.max(axis=1, keepdims=True)


def by_spread(images: np.ndarray, X: np.ndarray) -> np.ndarray:
    """Each pixel on a scale of its own, also where it is the same in all images."""
    with np.errstate(all="ignore"):
        return (images - X.mean(axis=0)) / X.std(axis=0)


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
        mistaken("each by its own largest", "two scales", scale=lambda X, Z: (X / X.max(), Z / Z.max())),
        mistaken("anew in each epoch", "again", scale=divided, anew=True),
        mistaken("each image by its own largest", "brightness lost", scale=lambda X, Z: (alone(X), alone(Z))),
        mistaken("by spreads that are 0", "not finite", scale=lambda X, Z: (by_spread(X, X), by_spread(Z, X))),
        mistaken("cut off", "grey lost", scale=lambda X, Z: (X > 0, Z > 0)),
        mistaken("another rate as well", "another rate", scale=divided, rate=0.02),
        mistaken("more epochs", "number of steps", scale=divided, longer=1),
        mistaken("not shuffled", "not shuffled", scale=divided, pairs="in order"),
        mistaken("results exchanged", "exchanged", scale=divided, returned=lambda losses, scores: (scores, losses)),
    ),
    pixels=True,
    scale=divided,
)
