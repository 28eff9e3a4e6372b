"""How many windows fit into a row of pixels."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.withheld import OUTPUT_SIZE
from nnkit.exercises.exercise import Case, Exercise, exercise, in_one_line, wrong
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.finding import Finding
from nnkit.exercises.judge.ladder import compare_with_reference
from nnkit.languages import say

A_FRACTION = """`np.zeros` and `range` take integers only. Which operation of yours makes a float of integers?"""


def sizes(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Every kind by construction: how many windows, and how many pixels the stride leaves over."""

    def case(covers: str, windows: int, kernel: int, stride: int, pad: int, over: int) -> Case:
        size = kernel + (windows - 1) * stride + over - 2 * pad
        return Case({"size": size, "kernel": kernel, "stride": stride, "pad": pad}, covers)

    def some(low: int, high: int) -> int:
        return int(rng.integers(low, high + 1))

    drawn = [
        case("no padding, stride 1", some(3, 9), some(2, 5), 1, 0, 0),
        case("a kernel of one pixel", some(3, 9), 1, 1, 0, 0),
        case("padding", some(6, 12), some(2, 5), 1, some(1, 2), 0),
        case("a stride that fits", some(3, 7), some(3, 6), some(2, 3), 0, 0),
        case("one pixel left over", some(3, 7), some(4, 6), 3, 0, 1),
        case("all but one pixel left over", some(3, 7), some(4, 6), 3, 0, 2),
        case("half a stride left over", some(1, 4) * 2, some(4, 6), 4, 0, 2),
        case("half a stride left over", some(1, 4) * 2 + 1, some(4, 6), 4, 0, 2),
        case("a stride larger than the kernel", some(3, 7), 2, some(3, 5), 0, 1),
        case("padding and stride", some(5, 9), some(3, 5), 2, 1, 0),
        case("padding and a stride that leaves pixels over", some(5, 9), some(4, 6), 3, 2, 2),
        case("a kernel as large as the image", 1, some(2, 6), some(1, 3), 0, 0),
        case("a kernel as large as the padded image", 1, some(5, 7), some(2, 3), 2, 0),
        case("a large image", some(100, 300), 7, 2, 3, 1),
    ]
    return [*drawn, case("padding and stride", some(5, 9), some(3, 5), 2, 1, 0)] if hidden else drawn


def judge(exercise: Exercise, case: Case, answer: Answer) -> Finding | None:
    """The number, and that it is an integer; a wrong number is told before a right one that is a float."""
    finding = compare_with_reference(exercise, case, answer)
    if finding is None and np.asarray(answer.returned).dtype.kind not in "iu":
        whole = int(np.asarray(answer.returned))
        text = say("The number is right, but a float: {whole}.0 where the int {whole} was expected.", whole=str(whole))
        return Finding("kind", text, cause=in_one_line(A_FRACTION), symptom="a float")
    return finding


def room(size: int, kernel: int, pad: int) -> int:
    """How far the first pixel of a window may move."""
    return size + 2 * pad - kernel


def of(change: Callable[..., Any]) -> Callable[..., Any]:
    """A wrong answer as a function of the room and of the stride."""
    return lambda size, kernel, stride, pad: change(room(size, kernel, pad), stride)


EXERCISE = exercise(
    "conv_output_size(size, kernel, stride, pad)",
    reference=lambda size, kernel, stride, pad: room(size, kernel, pad) // stride + 1,
    cases=sizes,
    relative=0.0,
    judge=judge,
    withheld=OUTPUT_SIZE,
    hints=(
        """Put the window at the left end of the padded row. By how many pixels can it still move to the right?""",
        """It moves in steps of `stride`. How many whole steps are there in that room, and at how many places has the
        window been, the first one counted?""",
    ),
    mistakes=(
        wrong("a float", lambda expected: float(expected)).told(A_FRACTION),
        wrong("steps, not places", of(lambda room, stride: room // stride)).told("""
            You count the steps that the window makes, and there is one place more than steps. Where was the window
            before the first one?"""),
        wrong("one too many", of(lambda room, stride: room // stride + 2)).told("""
            Yours counts one place too many. Which place of the window is counted twice, or lies outside?"""),
        wrong("padding on one side", lambda size, kernel, stride, pad: (size + pad - kernel) // stride + 1).told("""
            In yours a row has `pad` zeros in all. How many sides get them?"""),
        wrong("no padding", lambda size, kernel, stride: (size - kernel) // stride + 1).told("""
            Yours does not depend on pad. The window moves over the padded row."""),
        wrong("padding taken away", lambda size, kernel, stride, pad: (size - 2 * pad - kernel) // stride + 1).told("""
            Yours becomes smaller with padding, though the row becomes longer. Which sign has pad?"""),
        wrong("no stride", of(lambda room, stride: room + 1)).told("""
            Yours does not depend on the stride: it is the number of windows for a stride of 1."""),
        wrong("a fraction", of(lambda room, stride: room / stride + 1)).told("""
            Yours has a fraction where the stride leaves pixels over. A window that fits only in part is none: which
            division drops the rest?"""),
        wrong("no stride, no 1", of(lambda room, stride: room)).told("""
            Yours is by how many pixels the window can move. In steps of `stride`, at how many places has it been?"""),
        wrong("steps with a fraction", of(lambda room, stride: room / stride)).told("""
            Yours is how many steps the window can make, with a fraction where the last one does not fit. How many whole
            steps are there, and at how many places has the window been?"""),
        wrong("rounded up", of(lambda room, stride: ceil(room / stride) + 1)).told("""
            Yours counts one window more where the stride leaves pixels over. A window that fits only in part is
            none."""),
        *(
            wrong(f"rounded, {label}", of(lambda room, stride, near=near: near(room / stride) + 1)).told("""
            Yours rounds to the nearest: it is right as long as less than half a stride is left over. A window that fits
            only in part is none, however much of it does.""")
            for label, near in (("half to even", round), ("half up", lambda steps: floor(steps + 0.5)))
        ),
        wrong("1 inside the brackets", of(lambda room, stride: (room + 1) // stride)).told("""
            Yours is right for a stride of 1, and mostly too small for others: the 1 is divided by the stride, too. A
            window at the very beginning is there, whatever the stride."""),
        wrong("the last one missing", of(lambda room, stride: ceil(room / stride))).told("""
            Where the stride leaves nothing over, the last window, which just fits, is missing in yours. Where does your
            row end?"""),
        wrong("one pixel more", of(lambda room, stride: (room + 1) // stride + 1)).told("""
            Yours is the number for a row with one pixel more. Is a 1 added before the division, and another one after
            it?"""),
        wrong("1 inside the brackets, a fraction", of(lambda room, stride: (room + 1) / stride)).told("""
            Yours divides the 1 by the stride, too, and has a fraction then. A window at the very beginning is there,
            whatever the stride; and one that fits only in part is none."""),
        wrong("kernel twice", lambda size, kernel, stride, pad: (size + 2 * pad - 2 * kernel) // stride + 1).told("""
            Yours takes the kernel away twice. How much of the row does one window cover?"""),
        wrong(
            "kernel and stride exchanged", lambda size, kernel, stride, pad: (size + 2 * pad - stride) // kernel + 1
        ).told("""
            In yours kernel and stride have changed places. Which of them has to fit, and which is the length of a
            step?"""),
        wrong("size and stride alone", lambda size, stride: size // stride).told("""
            Yours is the size divided by the stride; it depends neither on the kernel nor on pad."""),
        wrong("brackets", lambda size, kernel, stride, pad: size + 2 * pad - kernel // stride + 1).told("""
            In yours it is the kernel alone that is divided by the stride: `//` comes before `+` and `-`. What is it
            that is walked in steps?"""),
        wrong("brackets, fraction", lambda size, kernel, stride, pad: size + 2 * pad - kernel / stride + 1).told("""
            In yours it is the kernel alone that is divided by the stride: `/` comes before `+` and `-`. What is it that
            is walked in steps?"""),
        wrong("brackets, cut", lambda size, kernel, stride, pad: floor(size + 2 * pad - kernel / stride) + 1).told("""
            In yours it is the kernel alone that is divided by the stride: `/` comes before `+` and `-`. What is it that
            is walked in steps?"""),
        wrong("brackets, 1 below", of(lambda room, stride: room // (stride + 1))).told("""
            Yours divides by stride + 1. Which of `//` and `+` comes first, and where do your brackets stand?"""),
        wrong("no kernel", lambda size, stride, pad: (size + 2 * pad) // stride + 1).told("""
            Yours does not depend on the kernel. A window has to fit as a whole."""),
        *(
            wrong(
                f"no kernel, {label}", lambda size, stride, pad, whole=whole: whole((size + 2 * pad) / stride)
            ).told("""
            Yours is the padded size divided by the stride. A window has to fit as a whole: it begins nowhere in its own
            width from the end, and one begins at 0.""")
            for label, whole in (("no 1", floor), ("rounded up", ceil))
        ),
        wrong(
            "half the kernel", lambda size, kernel, stride, pad: (size + 2 * pad - kernel // 2) // stride + 1
        ).told("""
            Yours takes away half of the kernel. The padding is an argument of its own; the window has to fit as a
            whole."""),
        wrong(
            "padding, divided again", lambda size, kernel, stride, pad: (size - kernel) // stride + 2 * pad + 1
        ).told("""
            Yours adds the padding after dividing by the stride. The window walks in steps over the padding, too."""),
    ),
)
