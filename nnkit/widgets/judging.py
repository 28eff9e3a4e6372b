"""Whether a challenge of the playground is met, asked of the reader's own experiment; how near the prediction was."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from nnkit.draw import style
from nnkit.widgets.challenges import Challenge
from nnkit.widgets.experiment import Experiment
from nnkit.widgets.tolerance import nearness
from nnkit.widgets.typed_numbers import readings

PAUSE = 0.01  # seconds that a judge trains at a time

Judging = Generator[float, None, "Verdict"]
"""Yields how much of the work is done, so that it can be done piece by piece, and returns the verdict."""


@dataclass(frozen=True)
class Verdict:
    """What a judge says.

    Parameters
    ----------
    met : bool
        Whether the challenge is met.
    text : str
        Why, with the numbers.
    """

    met: bool
    text: str


def judge(challenge: Challenge, experiment: Experiment) -> Judging:
    """Judge an experiment, piece by piece.

    Parameters
    ----------
    challenge : Challenge
    experiment : Experiment
        It stays as it is.

    Returns
    -------
    generator
        Yields the share of the work that is done, and returns a `Verdict`.
    """
    return {"separate": _separate, "explode": _explode, "stuck": _stuck}[challenge.goal["kind"]](challenge, experiment)


def _separate(challenge: Challenge, experiment: Experiment) -> Judging:
    yield from ()
    wanted, allowed = challenge.goal["share"], challenge.goal["neurons"]
    neurons, share = sum(experiment.settings["hidden"]), experiment.share_right
    lacks = []
    if neurons > allowed:
        lacks.append(f"{neurons} hidden neurons, and {allowed} are allowed")
    if share < wanted:
        lacks.append(f"{_percent(share)} of the validation points right, and {_percent(wanted)} are wanted")
    if lacks:
        return Verdict(False, f"{'; '.join(lacks)}.")
    return Verdict(True, f"{_percent(share)} of the validation points right, with {neurons} hidden neurons.")


def _explode(challenge: Challenge, experiment: Experiment) -> Judging:
    goal, rate = challenge.goal, experiment.settings["rate"]
    broken = _breaks(experiment, goal["loss"])
    if broken is None or broken > goal["epochs"]:
        enough = experiment.epochs >= goal["epochs"]
        more = "take a larger rate" if enough else f"train for {goal['epochs']}"
        return Verdict(
            False,
            f"With the rate {style.number(rate)} the loss has not exploded in {experiment.epochs} epochs; {more}.",
        )
    smaller = goal["smaller"] * rate
    other = Experiment(**{**experiment.settings, "rate": smaller, "epochs": 0})
    while other.epochs < goal["epochs"] and _breaks(other, goal["loss"]) is None:
        other.train_for(PAUSE)
        yield other.epochs / goal["epochs"]
    said = f"With the rate {style.number(rate)} the loss explodes in epoch {broken}"
    if _breaks(other, goal["loss"]) is not None:
        return Verdict(False, f"{said}, but with four fifths of it, {style.number(smaller)}, it does as well.")
    return Verdict(
        True, f"{said}, with four fifths of it, {style.number(smaller)}, it does not in {goal['epochs']} epochs."
    )


def _breaks(experiment: Experiment, most: float) -> int | None:
    """The first epoch after which the loss is larger than this, or no number."""
    return next((epoch for epoch, loss in enumerate(experiment.losses) if not loss <= most), None)


def _stuck(challenge: Challenge, experiment: Experiment) -> Judging:
    yield from ()
    goal, seed = challenge.goal, experiment.settings["seed"]
    share = experiment.share_right
    if experiment.epochs < goal["epochs"]:
        return Verdict(False, f"{experiment.epochs} epochs are too few to say; train for at least {goal['epochs']}.")
    if share >= goal["share"]:
        return Verdict(False, f"From the seed {seed} it works: {_percent(share)} right. Try another seed.")
    return Verdict(True, f"From the seed {seed} it is stuck: {_percent(share)} right after {experiment.epochs} epochs.")


def read_prediction(challenge: Challenge, typed: str) -> str:
    """Return a prediction as it counts, without a word about whether it is right.

    Parameters
    ----------
    challenge : Challenge
    typed : str
        One of the choices, or a number as a person types it.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If it is none of the choices, or cannot be read as a number.
    """
    if challenge.choices and typed not in challenge.choices:
        raise ValueError("Your prediction is one of these; choose first.")
    if not challenge.choices:
        readings(typed)
    return " ".join(typed.split())


def compare(challenge: Challenge, prediction: str) -> str:
    """Say how a prediction compares with what is known.

    Parameters
    ----------
    challenge : Challenge
    prediction : str
        As `read_prediction` returned it.

    Returns
    -------
    str
        A sentence, and what is known.
    """
    answer = challenge.answer
    if isinstance(answer, str):
        near = "right" if prediction == answer else "another choice"
        right = answer
    else:
        found = readings(prediction)
        fits = [number for number in found if challenge.tolerance.accepts(number, answer)]
        absolute = challenge.tolerance.give_or_take is not None
        near = f"{'right' if fits else 'a different number'}, {nearness((fits or found)[0], answer, absolute)}"
        right = style.number(answer)
    return f"You predicted {prediction}. Measured: {right} ({near}). {challenge.known}"


def _percent(share: float) -> str:
    return f"{round(100 * share)} %"
