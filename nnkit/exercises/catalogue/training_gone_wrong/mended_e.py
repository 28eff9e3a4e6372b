"""Program E: dropout left on in use."""

from nnkit.exercises.catalogue.training_gone_wrong.parts.programs import mend, mistaken

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
        mistaken("another rate as well", "another rate", rate=0.02),
        mistaken("more epochs", "number of steps", longer=1),
    ),
    drop=0.5,
)
