"""Program E: dropout left on in use."""

import numpy as np

from nnkit.exercises.catalogue.training_gone_wrong.parts.programs import mend, mistaken


def softmax(scores: np.ndarray) -> np.ndarray:
    """Probabilities, in every row."""
    found = np.exp(scores - scores.max(axis=1, keepdims=True))
    return found / found.sum(axis=1, keepdims=True)


EXERCISE = mend(
    "e",
    (
        """Ask the trained network twice about the same images. What differs between the two answers?""",
        """A module has two modes, `train()` and `eval()`. Which belongs to a step, and which to reading?""",
    ),
    (
        mistaken("as it was", "dropout in use", reading="training"),
        mistaken("in use mode from the start", "dropout gone", reading="use from the start"),
        mistaken("no way back", "dropout gone", reading="use, and no way back"),
        mistaken("p of 0", "another p", p=0.0),
        mistaken("a smaller p", "another p", p=0.1),
        mistaken("p of 0 while reading", "another p", reading="p at 0"),
        mistaken("the outermost module alone", "outer mode", reading="outermost alone"),
        mistaken("a copy from before the training", "copy left behind", reading="an old copy"),
        mistaken("a copy is trained", "copies learn", reading="a copy"),
        mistaken(
            "probabilities", "probabilities", returned=lambda losses, scores: (losses, [softmax(s) for s in scores])
        ),
        mistaken("labels", "labels for scores", returned=lambda losses, scores: (losses, np.argmax(scores, axis=2))),
        mistaken("another rate as well", "another rate", rate=0.02),
        mistaken("more epochs", "number of steps", longer=1),
    ),
    drop=0.5,
)
