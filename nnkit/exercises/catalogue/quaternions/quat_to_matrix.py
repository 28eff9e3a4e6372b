"""The rotation matrix of a unit quaternion (ε, η), whose vector part comes first."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.families import slips_in
from nnkit.exercises.catalogue.rotations import any_axis, cross_matrix, turn
from nnkit.exercises.catalogue.withheld import ROTATIONS
from nnkit.exercises.exercise import Case, exercise, wrong
from nnkit.exercises.judge.wording import written


def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Quaternions of few decimals, and others; with η of both signs, and with η = 0."""

    def case(q: Any, covers: str) -> Case:
        q = np.array(q, dtype=float) + 0.0
        return Case({"q": q}, covers, f"q = {written(np.round(q, 4).tolist())}")

    def by_hand(*sizes: float) -> np.ndarray:
        return np.asarray(rng.permutation(sizes) * rng.choice([-1, 1], 4))

    def random(sign: int) -> np.ndarray:
        half = rng.uniform(0.3, 1.2)
        return sign * np.append(np.sin(half) * any_axis(rng), np.cos(half))

    q = by_hand(0.2, 0.4, 0.4, 0.8)
    drawn = [
        case([0, 0, 0, 1], "no turn"),
        case([0, 0, 0, -1], "no turn"),
        *(case([*np.roll([0.6, 0, 0], k), 0.8], "a turn about one axis") for k in range(3)),
        case([0, 0, -0.8, -0.6], "a turn about one axis"),
        case(np.append(np.roll([1, 0, 0], rng.integers(3)), 0), "half a turn"),
        case(np.append(any_axis(rng), 0), "half a turn"),
        case(by_hand(0.5, 0.5, 0.5, 0.5), "turns about any axis"),
        case(by_hand(0.1, 0.5, 0.5, 0.7), "turns about any axis"),
        case(q, "q and −q"),
        case(-q, "q and −q"),
        case(random(1), "turns about any axis"),
        case(random(-1), "turns about any axis"),
    ]
    return [*drawn, case(random(1), "turns about any axis")] if hidden else drawn


def built(
    q: Any,
    identity: Callable[[Any, Any], Any] = lambda e, n: (n * n - e @ e) * np.eye(3),
    outer: Callable[[Any], Any] = lambda e: 2 * np.outer(e, e),
    cross: Callable[[Any, Any], Any] = lambda e, n: 2 * n * cross_matrix(e),
) -> Any:
    """The three terms and their sum."""
    e, n = q[:3], q[3]
    return identity(e, n) + outer(e) + cross(e, n)


# What takes the minus signs out of [v]×.
SIGNS = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])
OFF_THE_DIAGONAL = [(row, column) for row in range(3) for column in range(3) if row != column]


def signs_changed(*places: tuple[int, int]) -> np.ndarray:
    """What changes the signs of some entries."""
    signs = np.ones((3, 3))
    for place in places:
        signs[place] = -1
    return signs


def half_the_angle(q: Any) -> Any:
    """The turn by the angle whose cosine is η."""
    return turn(q[:3], np.arctan2(np.linalg.norm(q[:3]), q[3])) if q[:3].any() else np.eye(3)


slip = slips_in(built)

EXERCISE = exercise(
    "quat_to_matrix(q)",
    reference=built,
    cases=cases,
    withheld=ROTATIONS,
    shape_notes={"": "A rotation in space turns vectors of three entries."},
    hints=(
        """Take q apart first: ε is its first three entries, η the last. Three terms of shape (3, 3) follow: a multiple
        of the identity matrix, an outer product, and the matrix [ε]× that makes the cross product with ε.""",
        """For q = (0, 0, 0.6, 0.8), η² − εᵀε is 0.28, 2 ε εᵀ has one entry other than 0, and [ε]× v is to be ε × v:
        its first row is (0, −ε₃, ε₂). `np.outer` makes ε εᵀ of a one-dimensional ε.""",
    ),
    mistakes=(
        wrong("transposed", lambda expected: expected.T).told("""
            Yours is the transpose: it turns by the same angle the other way. Some books and slides mean that one by
            the matrix of q; here R v is v turned. About the third axis, with ε₃ and η positive, (1, 0, 0) turns
            towards (0, 1, 0): where does yours take it?"""),
        wrong("scalar part first", lambda q: built(np.roll(q, -1))).told("""
            Yours takes the first entry of q for η and the other three for ε. Here the vector part comes first."""),
        slip("εᵀε for ε εᵀ", outer=lambda e: 2 * (e @ e)).told("""
            Yours adds one number, 2 εᵀε, to all nine entries, where the matrix 2 ε εᵀ belongs. For an array of one
            axis `eps @ eps.T` is `eps @ eps`: a number."""),
        slip("element by element", outer=lambda e: 2 * e * e).told("""
            Yours adds 2 ε² entry by entry to each row, where the matrix 2 ε εᵀ belongs: its entry in row i and column j
            is 2 εᵢ εⱼ."""),
        slip("no identity", identity=lambda e, n: n * n - e @ e).told("""
            Yours adds η² − εᵀε to all nine entries. It multiplies the identity matrix."""),
        slip("outer: 2 missing", outer=lambda e: np.outer(e, e)).told("""
            In yours ε εᵀ counts once. How often does it stand in R?"""),
        slip("outer: sign", outer=lambda e: -2 * np.outer(e, e)).told("""
            In yours 2 ε εᵀ is taken away. A turn leaves its axis as it is, R ε = ε: is that so in yours?"""),
        slip("outer missing", outer=lambda e: 0).told("""
            Yours is what it should be without 2 ε εᵀ. A turn leaves its axis as it is, R ε = ε: is that so in
            yours?"""),
        slip("cross: 2 missing", cross=lambda e, n: n * cross_matrix(e)).told("""
            In yours η [ε]× counts once. How often does it stand in R?"""),
        slip("cross: η missing", cross=lambda e, n: 2 * cross_matrix(e)).told("""
            In yours [ε]× comes in with 2 alone, not with 2 η. q and −q are one rotation; yours differ."""),
        slip("cross: no minus", cross=lambda e, n: 2 * n * cross_matrix(e) * SIGNS).told("""
            Your [ε]× has no minus signs: the entry in row i and column j is that in row j and column i. A vector is at
            right angles to its cross product with ε: what has [ε]× to be like for that?"""),
        *(
            slip(
                f"cross: sign of {row}, {column}", cross=lambda e, n, signs=signs: 2 * n * cross_matrix(e) * signs
            ).told(
                """
            Only entry [{row}, {column}] of yours is wrong: its part with η, which comes from [ε]×, has the wrong sign.
            How is it with the entry on the other side of the diagonal?""",
                row=str(row),
                column=str(column),
            )
            for row, column in OFF_THE_DIAGONAL
            for signs in [signs_changed((row, column))]
        ),
        *(
            slip(
                f"cross: signs of {row}, {column} and {column}, {row}",
                cross=lambda e, n, signs=signs: 2 * n * cross_matrix(e) * signs,
            ).told(
                """
            Only the entries [{row}, {column}] and [{column}, {row}] of yours are wrong: their parts with η, which come
            from [ε]×, stand in each other's place. Which of the two is negative when ε₁, ε₂, ε₃ and η are
            positive?""",
                row=str(row),
                column=str(column),
            )
            for row, column in OFF_THE_DIAGONAL
            if row < column
            for signs in [signs_changed((row, column), (column, row))]
        ),
        wrong("last three entries", lambda q: built(np.append(q[1:], q[3]))).told("""
            Your ε is made of the last three entries of q, so η is among them. Which three are the vector part?"""),
        slip("cross: |η|", cross=lambda e, n: 2 * abs(n) * cross_matrix(e)).told("""
            Yours is right where η is not negative; elsewhere it is the transpose. Is the sign of η lost?"""),
        slip("1 for η² − εᵀε", identity=lambda e, n: np.eye(3)).told("""
            In yours the identity comes in whole, with a factor of 1. That is η² + εᵀε; which sign stands between
            them?"""),
        slip("η² alone", identity=lambda e, n: n * n * np.eye(3)).told("""
            In yours the identity has the factor η²: what is still to be taken away from it?"""),
        slip("norm for its square", identity=lambda e, n: (n * n - np.linalg.norm(e)) * np.eye(3)).told("""
            In yours the length of ε is taken away from η². Is εᵀε the length, or its square?"""),
        slip("identity missing", identity=lambda e, n: 0).told("""
            Yours is what it should be without the multiple of the identity. For q = (0, 0, 0, 1), which turns nothing,
            all entries are 0."""),
        wrong("half the angle", half_the_angle).told("""
            Yours turns about the right axis by half the angle that is meant: η is the cosine of half the angle of
            turn."""),
    ),
)
