"""Challenges of the playground: what is asked, what is to be reached, and what is known about it.

Each asks for a prediction before anything may be trained, and is judged afterwards by the reader's own experiment. What
is said to be known was measured over many seeds, and a test measures it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nnkit.widgets.tolerance import Tolerance


@dataclass(frozen=True)
class Challenge:
    """Something to reach in the playground.

    Parameters
    ----------
    title, task : str
        What is to be done.
    question : str
        What is predicted before.
    answer : float or str
        A number, or one of the choices.
    known : str
        What is known about it, told with the verdict.
    settings : mapping
        Where it starts. What is not open stays as it is.
    open : tuple of str
        The settings that may be changed.
    goal : mapping
        What the experiment has to fulfil, as `nnkit.widgets.judging` reads it.
    choices : tuple of str
        What the prediction is chosen from; none for a number.
    tolerance : Tolerance
        How near a predicted number has to be.
    """

    title: str
    task: str
    question: str
    answer: float | str
    known: str
    settings: Mapping[str, Any]
    open: tuple[str, ...]
    goal: Mapping[str, Any]
    choices: tuple[str, ...] = ()
    tolerance: Tolerance = field(default_factory=Tolerance)


CHALLENGES: dict[str, Challenge] = {
    "six neurons": Challenge(
        title="Separate the spirals with at most six neurons",
        task=(
            "At least 95 % of the validation points right, with no more than six hidden neurons in all. How they are "
            "arranged, and everything about the training, is yours to choose."
        ),
        question=(
            "Six tanh neurons, trained by Adam with the rate 0.03 for 300 epochs, from twenty different seeds each: "
            "which arrangement separates the spirals most often?"
        ),
        choices=("6 in one layer", "3 and 3", "2, 2 and 2"),
        answer="6 in one layer",
        known=(
            "Of twenty seeds, 18 succeed with 6 in one layer, 16 with 3 and 3, and 5 with 2, 2 and 2. Layers of two "
            "neurons can only bend the plane; there is no spare direction into which an arm could be lifted. Ways to "
            "unwind the spirals by bending exist, but few starts find one."
        ),
        settings={
            "data": "spirals",
            "noise": 0.05,
            "hidden": (2,),
            "activation": "tanh",
            "optimizer": "SGD",
            "rate": 0.1,
            "epochs": 0,
        },
        open=("hidden", "activation", "optimizer", "rate", "batch_size", "l1", "l2", "seed", "edits"),
        goal={"kind": "separate", "share": 0.95, "neurons": 6},
    ),
    "the breaking rate": Challenge(
        title="Break it with a rate",
        task=(
            "Find the smallest rate at which the loss explodes: within 60 epochs it exceeds 1000, or is no number any "
            "more. Smallest means that with four fifths of your rate it does not. Each epoch here is one step with all "
            "points, and no neuron bends anything (the activation is the identity)."
        ),
        question="At which rate does the loss begin to explode?",
        answer=2.0,
        tolerance=Tolerance(factor=1.5),
        known=(
            "At a rate of 2 the loss still falls to 0.26 as if nothing were the matter; at 2.05 it explodes. There is "
            "hardly anything between the two, and no warning: a step that is a little too long climbs the other "
            "side of the valley, where the slope is steeper, and the next is longer still."
        ),
        settings={
            "data": "moons",
            "noise": 0.15,
            "hidden": (8, 8),
            "activation": "identity",
            "optimizer": "SGD",
            "rate": 0.1,
            "batch_size": 100,
            "epochs": 0,
        },
        open=("rate",),
        goal={"kind": "explode", "loss": 1000.0, "epochs": 60, "smaller": 0.8},
    ),
    "the seed that fails": Challenge(
        title="Find the seed that fails",
        task=(
            "Two neurons can solve XOR. Find a seed from which they do not: after at least 60 epochs fewer than 90 % "
            "of the validation points are right. Nothing but the seed is yours to change."
        ),
        question="Of the ten seeds from 0 to 9, from how many does the training get stuck?",
        answer=3,
        tolerance=Tolerance(give_or_take=1),
        known=(
            "From three of them: the seeds 0, 2 and 5; of the first forty seeds it is 15. Training longer does not "
            "help, the same fifteen are stuck after 400 epochs. With three neurons none of the forty is."
        ),
        settings={
            "data": "xor",
            "noise": 0.1,
            "hidden": (2,),
            "activation": "tanh",
            "optimizer": "SGD",
            "rate": 0.3,
            "seed": 1,
            "epochs": 0,
        },
        open=("seed",),
        goal={"kind": "stuck", "share": 0.9, "epochs": 60},
    ),
}
