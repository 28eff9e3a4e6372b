"""The Jacobian of q ↦ q / ‖q‖ for four numbers that are not all 0."""

from typing import Any

import numpy as np

from nnkit.exercises.catalogue.draws import signed
from nnkit.exercises.catalogue.families import slips_in
from nnkit.exercises.catalogue.withheld import DERIVATIVES
from nnkit.exercises.exercise import Case, exercise, wrong
from nnkit.exercises.judge.wording import number, written

IDENTITY = np.eye(4)
FAR = 1e12  # a float of this size does not change when a small step is added, and its cube is still a float32


def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Lengths from 0.1 to 10, and one of size 10¹²."""

    def case(q: Any, covers: str) -> Case:
        q = np.array(q, dtype=float) + 0.0
        long = np.abs(q).max() >= FAR  # its entries in the form that the table has, 1.3 · 10¹²
        return Case({"q": q}, covers, f"q = [{', '.join(map(number, q))}]" if long else f"q = {written(q.tolist())}")

    def of_length(length: float) -> np.ndarray:
        q = signed(rng, 0.2, 1.0, 4)
        return np.asarray(np.round(q * length / np.linalg.norm(q), 3))

    sign = rng.choice([-1, 1], 4)
    drawn = [
        case(rng.permutation([2.0, 0, 0, 0]) * sign, "one entry other than 0"),
        case(rng.permutation([3.0, 4.0, 0, 0]) * sign, "two entries other than 0"),
        case(np.array([0.5, 0.5, 0.5, 0.5]) * sign, "of length 1"),
        case(rng.permutation([0.2, 0.4, 0.4, 0.8]) * sign[::-1], "of length 1"),
        case(rng.permutation([1.0, 2.0, 2.0, 4.0]) * sign, "longer than 1"),
        case(of_length(10), "longer than 1"),
        case(of_length(0.1), "shorter than 1"),
        case(of_length(0.5), "shorter than 1"),
        case(FAR * signed(rng, 1.2, 2.5, 4), "very long"),
    ]
    return [*drawn, case(of_length(3), "longer than 1"), case(of_length(0.2), "shorter than 1")] if hidden else drawn


def jacobian(
    q: Any, norm: Any = np.linalg.norm, identity: Any = IDENTITY, taken: Any = lambda u, q, n: np.outer(u, u)
) -> Any:
    """(I − u uᵀ) / ‖q‖ and the places where it goes wrong."""
    n = norm(q)
    u = q / n
    return (identity - taken(u, q, n)) / n


def unit(q: Any) -> Any:
    """q / ‖q‖."""
    return q / np.linalg.norm(q)


def by_differences(q: Any, step: float, central: bool) -> Any:
    """Column by column what a step in one entry changes, divided by the step."""
    back = step if central else 0.0
    columns = [(unit(q + step * way) - unit(q - back * way)) / (step + back) for way in IDENTITY]
    return np.column_stack(columns)


slip = slips_in(jacobian)

EXERCISE = exercise(
    "quat_normalize_jacobian(q)",
    reference=jacobian,
    cases=cases,
    absolute=0.0,  # the entries of a very long q are of size 10⁻¹², and to be right
    withheld=DERIVATIVES,
    shape_notes={"": "Four entries of q / ‖q‖, and how each changes with each of the four entries of q."},
    hints=(
        """A step along q changes only the length, which is divided out again; a step across it turns u. So what does
        the Jacobian make of q itself?""",
        """By the quotient rule, ∂(qᵢ/‖q‖)/∂qⱼ has two terms: one for i = j, and one from the norm, whose derivative is
        uⱼ. With u = q / ‖q‖ both have the same ‖q‖ under the line. `np.outer` makes u uᵀ.""",
    ),
    mistakes=(
        wrong("differences", lambda expected, q: expected * (np.max(np.abs(q)) < FAR)).told("""
            Yours is right for ordinary numbers, and 0 where q is of size 10¹²: it is lost in rounding. A difference of
            two values behaves like that: a float of that size does not change when a small step is added. Asked for is
            the formula, which has no step in it."""),
        *(
            wrong(
                f"{'central' if central else 'forward'} differences, step {step:g}",
                lambda q, step=step, central=central: by_differences(q, step, central),
            ).told(
                """
            Yours is off by as much as a difference of two values is, taken with a step of {step}: that is near the
            slope, and not near enough. Asked for is the formula, which has no step in it.""",
                step=number(step),
            )
            # Smaller ones are near enough, but for a very long q.
            for step, central in (
                (1e-2, False),
                (1e-3, False),
                (1e-4, False),
                (1e-5, False),
                (1e-2, True),
                (1e-3, True),
            )
        ),
        wrong("derivative of the norm", unit).told("""
            Yours is q / ‖q‖, four numbers. That is the value of the function, and also the derivative of the norm ‖q‖;
            asked for is the derivative of q / ‖q‖."""),
        wrong("not divided", lambda q: np.eye(4) - np.outer(unit(q), unit(q))).told("""
            Yours is right for q of length 1, and the same for every multiple of q. The longer q is, the less a step
            turns it."""),
        slip("q for u", taken=lambda u, q, n: np.outer(q, q)).told("""
            Yours is right for q of length 1: elsewhere its q qᵀ is ‖q‖² times as large as u uᵀ. Is it q that stands in
            the outer product, or u?"""),
        slip("one norm", taken=lambda u, q, n: np.outer(q, q) / n).told("""
            Yours is right for q of length 1: elsewhere its second term is ‖q‖ times as large as it should be. Of what
            is that term made, of u alone?"""),
        slip("u uᵀ divided by ‖q‖² again", taken=lambda u, q, n: np.outer(u, u) / n**2).told("""
            Yours is right for q of length 1: elsewhere its second term is divided by ‖q‖² once too often. u has its
            norm under the line already."""),
        slip("norm under u uᵀ twice", taken=lambda u, q, n: np.outer(u, u) / n).told("""
            Yours is right for q of length 1: elsewhere its second term is divided by ‖q‖ once too often. u has its norm
            under the line already."""),
        wrong("not divided, with q", lambda q: np.eye(4) - np.outer(q, q)).told("""
            Yours is I − q qᵀ, which is right for q of length 1 only. Where do the norms belong?"""),
        wrong("u uᵀ alone divided", lambda q: np.eye(4) - np.outer(unit(q), unit(q)) / np.linalg.norm(q)).told("""
            In yours only u uᵀ is divided by ‖q‖. How far do the brackets reach?"""),
        slip("norm constant", taken=lambda u, q, n: 0).told("""
            Yours is I / ‖q‖, as if the norm did not change with q. What does the quotient rule add?"""),
        slip("identity missing", identity=0).told("""
            Yours is −u uᵀ / ‖q‖: only the part that comes from the norm. What is the derivative of the q above the
            line?"""),
        slip("onto u", taken=lambda u, q, n: np.eye(4) - np.outer(u, u)).told("""
            Yours is u uᵀ / ‖q‖, which keeps what lies along q and drops what lies across it. Which of them changes
            q / ‖q‖?"""),
        slip("plus", taken=lambda u, q, n: -np.outer(u, u)).told("""
            In yours u uᵀ is added. A step along q does not change q / ‖q‖: is J q = 0?"""),
        slip("derivative of the norm: 2 q", taken=lambda u, q, n: 2 * np.outer(q, q) / n).told("""
            Yours has 2 q for the derivative of the norm. That is the derivative of ‖q‖²; the root over it has a slope,
            too."""),
        slip("uᵀu", taken=lambda u, q, n: u @ u).told("""
            Yours takes the number uᵀu, which is 1, away from all entries. For an array of one axis `u @ u.T` is
            `u @ u`: which product gives a matrix?"""),
        slip("element by element", taken=lambda u, q, n: u * u).told("""
            Yours takes u² entry by entry away from each row. The entry of u uᵀ in row i and column j is uᵢ uⱼ."""),
        slip("diagonal", taken=lambda u, q, n: np.diag(u * u)).told("""
            The diagonal of yours is right, and all else is 0. Every entry of q / ‖q‖ depends on every entry of q,
            by the norm."""),
        wrong("norm under I twice more", lambda q: (np.eye(4) - np.outer(q, q)) / np.linalg.norm(q) ** 3).told("""
            Yours is right for q of length 1: elsewhere its first term is divided by ‖q‖² once too often. Over a common
            ‖q‖³ the second term is q qᵀ: what is the first?"""),
        slip("norm of sizes", norm=lambda q: np.abs(q).sum()).told("""
            Yours takes the sum of the sizes of the entries for the norm. ‖q‖ is the root of the sum of squares: 5 for
            (0, 0, 3, 4), not 7."""),
        slip("norm not rooted", norm=lambda q: q @ q).told("""
            Yours has qᵀq for the norm, which is its square. What is still to be done?"""),
        wrong("divided by ‖q‖²", lambda expected, q: expected / np.linalg.norm(q)).told("""
            Yours is divided by ‖q‖ once too often: it is right for q of length 1."""),
    ),
)
