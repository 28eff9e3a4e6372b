"""A bump made of two sigmoids: one goes up, the other is taken away from it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.draws import one_positive, one_signed, signed
from nnkit.exercises.catalogue.families import slips_in, times
from nnkit.exercises.catalogue.formulas import sigmoid
from nnkit.exercises.catalogue.proportion import IN_PROPORTION, in_proportion
from nnkit.exercises.catalogue.withheld import SIGMOID
from nnkit.exercises.exercise import Case, Exercise, exercise, wrong
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.finding import Finding
from nnkit.exercises.judge.ladder import compare_with_reference


def step(x: Any, place: float, steepness: float) -> Any:
    """A step up at a place."""
    return sigmoid(steepness * (x - place))


def bump(
    x: Any,
    left: float,
    right: float,
    height: float,
    steepness: float,
    joined: Callable[[float, Any, Any], Any] = lambda height, first, second: height * (first - second),
    rise: Callable[[Any, float, float], Any] = step,
) -> Any:
    """The right answer, and the places where it goes wrong: what a step is, and what becomes of the two."""
    return joined(height, rise(x, left, steepness), rise(x, right, steepness))


slip = slips_in(bump)


def overflowing(z: Any) -> Any:
    """The form of the sigmoid that is harmless on the left only."""
    return np.exp(z) / (1 + np.exp(z))


def with_numbers_in_brackets(exercise: Exercise, case: Case, answer: Answer) -> Finding | None:
    """Compare with the reference. A plain number has no shape: an array of one entry has not lost it."""
    returned = answer.returned
    if not np.ndim(case.arguments["x"]) and isinstance(returned, np.ndarray) and returned.shape == (1,):
        answer = replace(answer, returned=returned[0])
    finding = compare_with_reference(exercise, case, answer)
    if finding is None or finding.rung != "value":
        return finding
    return replace(finding, symptom=in_proportion(np.asarray(finding.expected, float), np.asarray(finding.got, float)))


def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Bumps with gentle and steep sides, of either sign."""

    def case(x: Any, covers: str, left: float, right: float, height: float, steepness: float) -> Case:
        return Case({"x": x, "left": left, "right": right, "height": height, "steepness": steepness}, covers)

    def drawn(x: Any, covers: str, steepness: float) -> Case:
        left = one_positive(rng, -1.0, -0.2)
        right = left + one_positive(rng, 0.8, 1.7)
        return case(x, covers, left, right, one_signed(rng, 1.2, 3.0), steepness)

    grid = np.linspace(-2, 2, 9) + 0.03  # beside the places where steps lie
    found = [
        case(0.5, "a number", 0.0, 1.0, 2.0, 4.0),
        case(np.array([-0.5, 0.5, 1.25]), "vectors", 0.0, 1.0, 3.0, 2.0),
        case(np.array([0.5, 1.2, 3.5]), "bumps that hang", 1.0, 2.0, -1.5, 3.0),
        case(np.array([-0.04, 0.5, 1.02]), "whole numbers", 0, 1, 3, 50),
        drawn(grid, "gentle slopes", 3.0),
        drawn(grid, "gentle slopes", 1.5),
        drawn(grid, "gentle slopes", 0.7),
        drawn(grid, "steep slopes", 50.0),
        drawn(signed(rng, 0.3, 2.0, (3, 2)), "matrices", 4.0),
        drawn(rng.normal(size=(2, 1, 3)), "three axes", 2.5),
        drawn(grid, "walls that are nearly upright", 1000.0),
    ]
    return [*found, drawn(grid, "gentle slopes", 2.0), drawn(grid, "steep slopes", 200.0)] if hidden else found


EXERCISE = exercise(
    "bump(x, left, right, height, steepness)",
    reference=bump,
    judge=with_numbers_in_brackets,
    cases=cases,
    withheld=SIGMOID,
    shape_notes={"": "The bump has one height for every x: the shapes are the same."},
    hints=(
        """One sigmoid is a step up. What has to happen at `right` so that it comes down again?""",
        """σ(steepness · (x − left)) is a step up at `left`. Take away the same step at `right`, then stretch what
        remains to the height.""",
    ),
    mistakes=(
        # Known by what all of its kind have in common, so it stands before those that are one of the kind.
        times(IN_PROPORTION, 0.5).told("""
            Yours is the right bump times a number: its walls stand where they should, and its height is another."""),
        slip("step down missing", joined=lambda h, first, second: h * first).told("""
            Yours goes up at left and stays up. What brings it down at right?"""),
        slip("steps added", joined=lambda h, first, second: h * (first + second)).told("""
            Yours goes up at left and up again at right: the two steps are added."""),
        slip("less one in excess", joined=lambda h, first, second: h * (first - (1 - second))).told("""
            Yours is −height far to the left and +height far to the right: it goes up twice. 1 less a step up is
            a step down, and a step down that is taken away goes up again."""),
        slip("up and down, not less one", joined=lambda h, first, second: h * (first + (1 - second))).told("""
            Yours is a whole height too high, for every x. A step up and a step down, added, are 1 far out where they
            should be 0."""),
        slip("product of steps", joined=lambda h, first, second: h * first * (1 - second)).told("""
            Yours multiplies a step up by a step down. That is a bump too, and for steep ones the same; but an output
            neuron adds what comes in, with weights, and cannot multiply. The formula takes a difference."""),
        slip("the smaller of two steps", joined=lambda h, first, second: h * np.minimum(first, 1 - second)).told("""
            Yours takes the smaller of a step up and a step down. That is a bump too, and for steep ones the same; an
            output neuron can only add, with weights. The formula takes a difference."""),
        slip("stretched to the height", joined=lambda h, up, down: h * (up - down) / np.max(up - down)).told("""
            Your highest value is exactly `height`: yours divides by its own maximum. Gentle bumps do not get as high,
            and no x knows of the others."""),
        slip("slope for the step", joined=lambda h, first, second: h * first * (1 - first)).told("""
            Yours is the slope of a step at left: a small hill there, and nothing happens at right."""),
        times("upside down", -1).told("""
            Yours is the bump upside down. Which of the two steps is taken away from the other, and does a step of yours
            rise?"""),
        times("no height", lambda height: 1 / height).told("""
            Yours has a height of about 1, whatever `height` is."""),
        wrong("height without its sign", lambda expected: np.abs(expected)).told("""
            Your bumps stand even where height is negative. Such a bump hangs down."""),
        slip("height on one step", joined=lambda h, first, second: h * first - second).told("""
            `height` stretches the first step only. The second has to bring down all that the first took up."""),
        slip("height added", joined=lambda h, first, second: h + first - second).told("""
            `height` is added: it lifts all of the curve and leaves your bump about 1 high."""),
        wrong(
            "height inside",
            lambda x, left, right, height, steepness: bump(x, left, right, 1.0, height * steepness),
        ).told("""
            `height` stands inside the sigmoids: it makes the steps steeper, not higher."""),
        slip("a sigmoid around it", joined=lambda h, first, second: sigmoid(h * (first - second))).told("""
            Your bump has passed one more sigmoid: it is 0.5 where it should be 0. The output neuron only adds."""),
        wrong(
            "height and steepness exchanged",
            lambda x, left, right, height, steepness: bump(x, left, right, steepness, height),
        ).told("""
            height and steepness have changed places: the larger `steepness`, the higher yours is."""),
        slip("steepness on x alone", rise=lambda x, place, steepness: sigmoid(steepness * x - place)).told("""
            Your steps are in other places: steepness multiplies x alone. Multiplied by s, the whole difference x − left
            is 0 where x = left; s·x − left is not."""),
        slip("steepness left out", rise=lambda x, place, steepness: sigmoid(x - place)).told("""
            Your steps are equally steep, whatever `steepness` is."""),
        wrong(
            "steepness outside",
            lambda x, left, right, height, steepness: steepness * bump(x, left, right, height, 1.0),
        ).told("""
            `steepness` stands outside the sigmoids: it makes your bump higher and leaves its slopes as they are."""),
        wrong(
            "first step gentle",
            lambda x, left, right, height, steepness: height * (step(x, left, 1.0) - step(x, right, steepness)),
        ).told("""
            Only your step at right gets steeper with `steepness`; the one at left does not."""),
        wrong(
            "second step gentle",
            lambda x, left, right, height, steepness: height * (step(x, left, steepness) - step(x, right, 1.0)),
        ).told("""
            Only your step at left gets steeper with `steepness`; the one at right does not."""),
        slip("divided by steepness", rise=lambda x, place, steepness: sigmoid((x - place) / steepness)).told("""
            A larger `steepness` makes your steps flatter. Does it multiply or divide?"""),
        slip("x + left", rise=lambda x, place, steepness: sigmoid(steepness * (x + place))).told("""
            Your steps lie at −left and −right. Where is x + left equal to 0?"""),
        wrong(
            "x + left in the first step",
            lambda x, left, right, height, steepness: height * (step(x, -left, steepness) - step(x, right, steepness)),
        ).told("""
            Your first step lies at −left. Where is x + left equal to 0?"""),
        wrong(
            "x + right in the second step",
            lambda x, left, right, height, steepness: height * (step(x, left, steepness) - step(x, -right, steepness)),
        ).told("""
            Your second step lies at −right. Where is x + right equal to 0?"""),
        wrong(
            "right as a width",
            lambda x, left, right, height, steepness: bump(x, left, left + right, height, steepness),
        ).told("""
            Your second step lies at left + right, as if `right` were a width. Both are places on the axis of x."""),
        wrong(
            "difference inside one sigmoid",
            lambda x, left, right, height, steepness: np.full(np.shape(x), height * step(right, left, steepness)),
        ).told("""
            Yours is the same for every x: with both places inside one sigmoid, x cancels. There are two sigmoids, one
            for each step."""),
        slip("no sigmoid", rise=lambda x, place, steepness: steepness * (x - place)).told("""
            Yours is the same for every x: without a sigmoid x cancels in the difference."""),
        slip("tanh for sigmoid", rise=lambda x, place, steepness: np.tanh(steepness * (x - place))).told("""
            Your steps are those of tanh: twice as high, from −1 to 1, and twice as steep."""),
        slip("steps without slopes", rise=lambda x, place, steepness: np.heaviside(x - place, 1.0)).told("""
            Yours jumps: it is 0 or the height, nothing between. The steps are sigmoids, with a steepness."""),
        slip("ramps", rise=lambda x, place, steepness: np.clip(steepness * (x - place), 0, 1)).told("""
            Your steps are straight ramps with corners. The sigmoid bends all the way, and is half up at its place."""),
        slip("brackets", rise=lambda x, place, steepness: 1 + np.exp(-steepness * (x - place))).told("""
            Your steps are 1 + e⁻ᶻ, which has no upper end. Which part of the sigmoid belongs under its fraction
            line?"""),
        slip("infinite by infinite", rise=lambda x, place, steepness: overflowing(steepness * (x - place))).told("""
            With a steepness of 1000 an exponential of yours becomes infinite, and infinite by infinite is not a number.
            The plain sigmoid of this notebook has its only exponential under the fraction line."""),
    ),
)
