"""Program C: gradients are not set to 0."""

from nnkit.exercises.catalogue.training_gone_wrong.parts.programs import mend, mistaken

EXERCISE = mend(
    "c",
    (
        """`backward` does not write a gradient, it adds one. To what?""",
        """One line is missing in the inner loop. It has to stand where it does not remove what `step` is about to
        use.""",
    ),
    (
        mistaken("as it was", "summed", zero="never"),
        mistaken("once an epoch", "summed", zero="epoch"),
        mistaken("between backward and step", "no step", zero="between"),
        mistaken("in the first epoch only", "summed", zero="first epoch"),
        mistaken("not for the first batch of an epoch", "summed", zero="not at first"),
        mistaken("of the weights only", "summed in part", zero="weights"),
        mistaken("halved", "old gradients", zero="halved"),
        mistaken("one step an epoch", "few steps", steps="epoch"),
        mistaken("the last batch left out", "short batch", left_out=31),
        mistaken("a smaller rate", "summed", zero="never", rate=0.02),
        mistaken("another rate as well", "another rate", rate=0.02),
        mistaken("more epochs", "number of steps", longer=1),
    ),
)
