"""The angle between two rotations: that of the turn which leads from one to the other."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.families import times
from nnkit.exercises.catalogue.rotations import any_axis, any_rotation, turn
from nnkit.exercises.catalogue.withheld import ROTATION_ANGLE, ROTATIONS
from nnkit.exercises.exercise import Case, Mistake, exercise, wrong
from nnkit.languages import say

# What a product of many rotations is off by. With it the cosine is beyond ±1, or short of it, in whatever order a
# machine adds up.
ROUNDED_UP, ROUNDED_DOWN = 1 + 2e-15, 1 - 2e-15


def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Angles of all sizes, 0 and π among them, also where rounding has made the cosine larger than 1."""
    rotated = "R2 = R1 times a turn of {}"

    def case(first: Any, angle: float, covers: str, words: str, axis: Any = None, size: float = 1.0) -> Case:
        axis = any_axis(rng) if axis is None else axis
        made = {"R1": size * first, "R2": size * (first @ turn(axis, angle))}
        return Case(made, covers, words)

    def between(low: float, high: float, covers: str) -> Case:
        degrees = round(float(rng.uniform(low, high)), 1)
        return case(any_rotation(rng), math.radians(degrees), covers, rotated.format(f"{degrees}°"))

    none, some, z = np.eye(3), any_rotation(rng), np.array([0.0, 0.0, 1.0])
    there = any_rotation(rng)
    back = round(float(rng.uniform(40, 80)))
    # Where many fail, the first is shown: that one where nothing is lost in rounding.
    drawn = [
        case(none, math.pi / 2, "a turn about one axis", "R1 the identity, R2 a turn of 90° about the third axis", z),
        Case({"R1": none, "R2": none.copy()}, "the same rotation", "R1 and R2 the identity"),
        Case({"R1": ROUNDED_DOWN * some, "R2": ROUNDED_DOWN * some}, "the same rotation", "R1 = R2, a rotation"),
        Case(
            {"R1": ROUNDED_UP * some, "R2": ROUNDED_UP * some},
            "the same rotation",
            "R1 = R2, a rotation with rounding in its last digits",
        ),
        case(
            none,
            math.radians(-back),
            "a turn about one axis",
            say("R1 the identity, R2 a turn of −{back}° about the third axis", back=back),
            z,
        ),
        Case({"R1": none, "R2": np.diag([1.0, -1.0, -1.0])}, "half a turn", "R1 the identity, R2 half a turn"),
        case(any_rotation(rng), math.pi, "half a turn", rotated.format("180°"), size=ROUNDED_DOWN),
        case(
            any_rotation(rng),
            math.pi,
            "half a turn",
            rotated.format("180°, with rounding in the last digits"),
            size=ROUNDED_UP,
        ),
        Case({"R1": there, "R2": there.T.copy()}, "there and back", "R2 = R1ᵀ"),
        between(15, 80, "angles up to 90°"),
        between(100, 130, "angles beyond 90°"),
        between(140, 170, "angles beyond 90°"),
        case(any_rotation(rng), 1e-3, "small angles", rotated.format("0.001 radians")),
        case(any_rotation(rng), 1e-4, "small angles", rotated.format("0.0001 radians")),
        case(any_rotation(rng), math.pi - 1e-3, "almost half a turn", rotated.format("π − 0.001 radians")),
    ]
    more = [between(15, 80, "angles up to 90°"), between(100, 170, "angles beyond 90°")]
    return [*drawn, *more] if hidden else drawn


def sine_vector(R: Any) -> Any:
    """Twice the sine of the angle times the axis."""
    return np.array([R[2, 1] - R[1, 2], R[0, 2] - R[2, 0], R[1, 0] - R[0, 1]])


def angle(R1: Any, R2: Any) -> float:
    """From sine and cosine together, which is exact everywhere."""
    R = R1.T @ R2
    return float(np.arctan2(np.linalg.norm(sine_vector(R)), np.trace(R) - 1))


def arccos(value: float) -> float:
    """Of what is cut off at ±1."""
    return float(np.arccos(np.clip(value, -1, 1)))


def from_cosine(label: str, cosine: Callable[[Any], float], scale: float = 1.0) -> Mistake:
    """The arc cosine of something made from R1ᵀ R2, times a number."""
    return wrong(label, lambda R1, R2: scale * arccos(cosine(R1.T @ R2)))


def by_math(R1: Any, R2: Any) -> float:
    """The arc cosine of Python, which raises an error beyond ±1."""
    return math.acos((np.trace(R1.T @ R2) - 1) / 2)


EXERCISE = exercise(
    "rotation_angle(R1, R2)",
    reference=angle,
    cases=cases,
    relative=1e-6,
    withheld=(*ROTATION_ANGLE, *ROTATIONS),
    hints=(
        """Which turn leads from R1 to R2? R1ᵀ undoes the first. The trace of a rotation by the angle θ is 1 + 2 cos θ,
        whatever its axis.""",
        """Solve that for cos θ. Rounding can make it a little larger than 1 or smaller than −1, where there is no arc
        cosine: `np.clip`.""",
    ),
    mistakes=(
        wrong("trace of R1 R2", lambda R1, R2: arccos((np.trace(R1 @ R2) - 1) / 2)).told("""
            Yours is the angle of the product R1 R2: both turns one after the other. What undoes the first?"""),
        wrong("entry by entry", lambda R1, R2: arccos((np.trace(R1.T * R2) - 1) / 2)).told("""
            Your trace has only the products of the two diagonals, R1[i, i] R2[i, i]. `*` multiplies entry by entry;
            which sign makes a product of matrices?"""),
        wrong("angle of R2", lambda R2: arccos((np.trace(R2) - 1) / 2)).told("""
            Yours is the angle of R2 by itself; R1 does not come into it."""),
        wrong("not a number", lambda R1, R2: np.arccos((np.trace(R1.T @ R2) - 1) / 2)).told("""
            Your formula is right, and gives nan where rounding has made the cosine a little larger than 1 or smaller
            than −1: there is no arc cosine of that. What would you like it to be there?"""),
        wrong("distance, not a number", lambda R1, R2: 2 * np.arcsin(np.linalg.norm(R1 - R2) / np.sqrt(8))).told("""
            Your formula is right, and gives nan at half a turn, where rounding has made the sine of half the angle a
            little larger than 1: there is no arc sine of that. What would you like it to be there?"""),
        wrong("error of math.acos", by_math).told("""
            Your formula is right, and stops with an error where rounding has made the cosine a little larger than 1 or
            smaller than −1: there is no arc cosine of that. What would you like it to be there?"""),
        *(
            wrong(
                f"cut off {small:g} too early",
                lambda R1, R2, small=small: np.arccos(
                    np.clip((np.trace(R1.T @ R2) - 1) / 2, -1 + small, 1 - small),
                ),
            ).told("""
                Yours is right between, and reaches neither 0 nor π: the cosine is cut off before ±1. An arc cosine is
                so steep there that 10⁻⁷ less makes an angle of 0.0004 radians.""")
            for small in (1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10)
        ),
        *(
            mistake.told("""
            Your angles are in degrees. Asked for are radians, which is what `np.arccos` gives.""")
            for mistake in (
                times("degrees", 180 / math.pi),
                # At an angle of 0 an arc cosine is off by 10⁻⁷, and in degrees by more than what is let pass.
                from_cosine("degrees, by the arc cosine", lambda R: (np.trace(R) - 1) / 2, scale=180 / math.pi),
            )
        ),
        times("half", 1 / 2).told("""
            Yours is half the angle. An angle from a quaternion, or from the length of a difference, is half of the turn
            at first: where is the 2?"""),
        from_cosine("1 not taken away", lambda R: np.trace(R) / 2).told("""
            In yours cos θ is half of the trace. The identity turns nothing, and its trace is 3: what has to be taken
            away first?"""),
        from_cosine("trace cut off", lambda R: (np.clip(np.trace(R), -1, 1) - 1) / 2).told("""
            No angle of yours is smaller than 90°: it is the trace that you cut off at ±1. A trace lies between −1 and
            3; which number has to lie between −1 and 1?"""),
        from_cosine("brackets", lambda R: np.trace(R) - 1 / 2).told("""
            In yours trace − ½ is taken for cos θ: `/` comes before `-`. Where do brackets belong?"""),
        from_cosine("from 0 to 1", lambda R: np.clip((np.trace(R) - 1) / 2, 0, 1)).told("""
            No angle of yours is larger than 90°: negative cosines are cut off. How far down does a cosine go?"""),
        from_cosine("size of the cosine, or sine", lambda R: abs(np.trace(R) - 1) / 2).told("""
            Beyond 90° yours is what is missing to 180°, 60° for 120°. Both have the same sine, and cosines of the same
            size: what tells them apart is the sign of the cosine."""),
        wrong("nan made 0", lambda R1, R2: np.nan_to_num(np.arccos((np.trace(R1.T @ R2) - 1) / 2))).told("""
            Yours is 0 where the cosine is smaller than −1 by rounding. There is no arc cosine of that, but it is half a
            turn that is meant: what becomes of nan in yours?"""),
        *(
            wrong(
                f"cosine rounded to {digits}",
                lambda R1, R2, digits=digits: arccos(np.round((np.trace(R1.T @ R2) - 1) / 2, digits)),
            ).told("""
                Your cosine is rounded before the angle is made from it. Near 0 and π the angle changes by 0.001 where
                the cosine changes by no more than 0.0000005: every digit counts there.""")
            for digits in range(4, 9)
        ),
        wrong("one column", lambda R1, R2: arccos(R1[:, 0] @ R2[:, 0])).told("""
            Yours is the angle between the first columns: how far one axis has moved. Where the turn goes about that
            axis it is 0, whatever the angle; what do all three columns say together?"""),
        wrong("cosine", lambda R1, R2: (np.trace(R1.T @ R2) - 1) / 2).told("""
            Yours is the cosine of the angle. One step is missing."""),
        wrong("distance", lambda R1, R2: np.linalg.norm(R1 - R2)).told("""
            Yours is the distance of the two matrices, the root of the sum of squared differences. It grows with the
            angle, and is no angle: at 180° it is √8."""),
        wrong("distance by √2", lambda R1, R2: np.linalg.norm(R1 - R2) / np.sqrt(2)).told("""
            Yours is the distance of the two matrices divided by √2. For small angles that is nearly the angle; at 180°
            it is 2."""),
        wrong("about one axis", lambda R1, R2: float(np.arctan2((R1.T @ R2)[1, 0], (R1.T @ R2)[0, 0]))).told("""
            Yours looks at two entries only, and is the angle where the turn goes about the third axis, with a sign.
            Axes lie anywhere; and the angle asked for lies between 0 and π."""),
    ),
)
