"""Dropout on the way forward: every entry is dropped with probability p, the others make up for it."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnkit.exercises.beside.probes import training as probes
from nnkit.exercises.catalogue.draws import signed
from nnkit.exercises.catalogue.unseen_data.parts.masks import MANY, dropped, judge
from nnkit.exercises.catalogue.withheld import DROPOUT
from nnkit.exercises.exercise import Case, Mistake, call_by_name, exercise, wrong
from nnkit.languages import say

ELSEWHERE = np.random.default_rng(20_000)


def draw(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Arrays of one to three axes, large enough that a share of their entries can be read."""

    def case(p: float, covers: str, *shape: int) -> Case:
        x = signed(rng, 0.5, 2, shape, decimals=2)
        x[rng.random(shape) < 0.1] = 0  # what a ReLU leaves behind
        seed = int(rng.integers(2**31))
        return Case({"x": x, "p": p, "seed": seed}, covers, say("x of shape {shape}, p = {p:g}", shape=shape, p=p))

    cases = [
        case(0.0, "p = 0", 3, 4),
        case(0.3, "matrices", 90, 100),
        case(0.8, "matrices", 100, 120),
        case(0.25, "vectors", MANY),
        case(0.6, "three axes", 30, 20, 25),
        case(0.5, "p = ½", 95, 100),
        case(0.0, "p = 0", 200),
    ]
    return [*cases, case(0.1, "matrices", 150, 70), case(0.9, "vectors", 12_000)] if hidden else cases


def seen(answer: Callable[..., Any]) -> Callable[..., Any]:
    """What the probe sees of an answer, a function of x, p and rng."""
    return lambda x, p, seed: probes.dropout(answer, {"x": x, "p": p, "seed": seed}, {})


def masked(label: str, mask: Callable[..., Any], out: Callable[..., Any] = lambda x, mask, p: x * mask) -> Mistake:
    """Another mask, made from x, p, rng and ``draws``, by name: numbers from 0 to 1 of the shape of x."""

    def answer(x: np.ndarray, p: float, rng: np.random.Generator) -> tuple[Any, Any]:
        made = call_by_name(mask, {"x": x, "p": p, "rng": rng}, lambda: {"draws": rng.random(x.shape)})
        return out(x, made, p), made

    return wrong(label, seen(answer))


def of_another_mask(x: np.ndarray, mask: np.ndarray, p: float) -> np.ndarray:
    """An output with a draw of its own."""
    return dropped(x, p, np.random.default_rng(int(np.count_nonzero(mask))))[0]


def changed_in_place(x: np.ndarray, p: float, rng: np.random.Generator) -> tuple[Any, Any]:
    """`x *= mask`."""
    _, mask = dropped(x, p, rng)
    x *= mask
    return x, mask


EXERCISE = exercise(
    "dropout_forward(x, p, rng)",
    reference=seen(dropped),
    cases=draw,
    probe="dropout",
    judge=judge,
    withheld=DROPOUT,
    hints=(
        """`rng.random(x.shape)` gives each entry a number between 0 and 1. How large is the share of these numbers that
        lie below p?""",
        """Entries whose number is below p are dropped, the others stay. Of the sum of x then only the share 1 − p is
        left on average: by what must the others be multiplied to make up for it?""",
        """The mask holds 0 where an entry is dropped and 1 / (1 − p) where it stays; a comparison gives True and False,
        which count as 1 and 0 in a division. out is x times the mask.""",
    ),
    mistakes=(
        masked("p taken for the share kept", lambda p, draws: (draws < p) / p).told("""
            Yours keeps the share p and drops the rest, and scales to fit. Here p is the share that is dropped."""),
        masked("comparison the wrong way round", lambda p, draws: (draws < p) / (1 - p)).told("""
            Yours drops the share 1 − p; the scale 1 / (1 − p) belongs to the entries that stay. Which of the random
            numbers are less than p, those to drop or those to keep?"""),
        masked(
            "mask of what is dropped", lambda p, draws: draws < p, lambda x, mask, p: np.where(mask, 0, x / (1 - p))
        ).told("""
            Your out is right. Your mask is the other way round: it holds 1 where an entry is dropped. The way back
            multiplies by it, so the messages would pass where nothing passed."""),
        masked("not scaled", lambda p, draws: (draws >= p) * 1.0).told("""
            The right share is dropped, and what stays is as it was. The sum is then smaller, by the factor 1 − p on
            average, than the next layer will get when nothing is dropped. What makes up for it?"""),
        *(
            masked(label, mask).told("""
                The right share is dropped; what stays is divided by p. If a tenth is dropped, must the others become
                ten times as large to make up for it?""")
            for label, mask in {
                "scaled by 1 / p": lambda p, draws: (draws >= p) / p,
                "scaled by 1 / p, but for p = 0": lambda p, draws: (draws >= p) / (p or 1),
            }.items()
        ),
        masked("scale rounded", lambda p, draws: (draws >= p) * np.round(1 / (1 - p), 5)).told("""
            The right share is dropped, and what stays is 1 / (1 − p) without its last digits: it went through `round`
            or `int`, or was written into integers. Each of these loses what makes up for the dropped entries."""),
        masked("scaled by the share that stayed", lambda p, draws: (draws >= p) / (draws >= p).mean()).told("""
            The right share is dropped; what stays is divided by the share that really stayed in this mask. The scale is
            the same for every draw, 1 / (1 − p), and only on average makes up for what is gone."""),
        *(
            masked(label, mask).told("""
                Yours drops half of the entries, whatever p is. What are the random numbers compared with?""")
            for label, mask in {
                "half dropped": lambda p, draws: (draws >= 0.5) / (1 - p),
                "half dropped and doubled": lambda p, draws: (draws >= 0.5) * 2.0,
            }.items()
        ),
        masked("scaled the wrong way", lambda p, draws: (draws >= p) * (1 - p)).told("""
            The right share is dropped; what stays is multiplied by 1 − p, which makes it smaller still. It has to make
            up for what is gone."""),
        masked("scaled outside the mask", lambda p, draws: draws >= p, lambda x, mask, p: x * mask / (1 - p)).told("""
            The scale is in out and not in the mask. On the way back the message is multiplied by the mask alone: out =
            x · mask has to hold."""),
        masked("scaled twice", lambda p, draws: (draws >= p) / (1 - p), lambda x, mask, p: x * mask / (1 - p)).told("""
            Your mask is right. out is divided by 1 − p once more: the mask has the scale in it already."""),
        masked("out not scaled", lambda p, draws: (draws >= p) / (1 - p), lambda x, mask, p: x * (mask > 0)).told("""
            Your mask is right. out drops the same entries and is not scaled: out = x · mask, with what the mask
            holds."""),
        masked("nothing dropped", lambda p, draws: (draws >= p) / (1 - p), lambda x, mask, p: x / (1 - p)).told("""
            Your mask is right. out is scaled, and nothing is dropped from it: where does the mask go into it?"""),
        masked("out of another mask", lambda p, draws: (draws >= p) / (1 - p), of_another_mask).told("""
            Out and mask are right, each by itself, and do not belong together: out is 0 at other places than the mask.
            How often is the generator asked?"""),
        masked(
            "the same mask for every sample",
            lambda x, p, rng: np.broadcast_to((rng.random(x.shape[-1]) >= p) / (1 - p), x.shape),
        ).told("""
            One row of draws serves all samples in yours. Each entry of x has a draw of its own."""),
        masked("a mask of one row", lambda x, p, rng: (rng.random(x.shape[-1]) >= p) / (1 - p)).told("""
            Your mask has one number for each column and none for each sample. Each entry of x has a draw of its own, so
            the mask has the shape of x."""),
        masked("normal numbers", lambda x, p, rng: (rng.standard_normal(x.shape) >= p) / (1 - p)).told("""
            Your draws are normally distributed: half of them are below 0, and p is no share of them. Which draws are
            spread evenly from 0 to 1?"""),
        masked("draws from elsewhere", lambda x, p: (ELSEWHERE.random(x.shape) >= p) / (1 - p)).told("""
            Two generators of the same seed give two different masks with your function, so its draws do not come from
            `rng`. `np.random.rand` and a generator of your own are others."""),
        masked(
            "a generator of its own with a seed",
            lambda x, p: (np.random.default_rng(0).random(x.shape) >= p) / (1 - p),
        ).told("""
            Your function gives the same mask whenever it is called: each call begins with the same seed, or draws
            nothing at all. A network would then lose the same neurons in every step."""),
        masked(
            "a fixed number dropped",
            lambda x, p, rng: (rng.permutation(x.size).reshape(x.shape) >= round(p * x.size)) / (1 - p),
        ).told("""
            Yours drops the same number of entries in every call, and chance decides only which. Each entry has a draw
            of its own, which knows nothing of the others: the number varies."""),
        wrong("mask first", seen(lambda x, p, rng: dropped(x, p, rng)[::-1])).told("""
            The two results have changed places: first out, then mask."""),
        wrong("x changed in place", seen(changed_in_place)).told("""
            Your out is right, and x is no longer what it was: `x *= mask` and `x[…] = 0` write into the caller's array.
            `x * mask` makes a new one."""),
    ),
)
