"""The rotation that is nearest to a 3 × 3 matrix."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.families import slips_in
from nnkit.exercises.catalogue.rotations import any_rotation
from nnkit.exercises.catalogue.withheld import NEAREST_ROTATION, ROTATIONS
from nnkit.exercises.exercise import Case, Mistake, exercise, wrong
from nnkit.exercises.judge.wording import number
from nnkit.languages import say


def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Matrices of determinants of both signs, with singular values that lie apart."""

    def diagonal(*entries: float) -> Case:
        covers = "diagonal matrices" if np.prod(entries) > 0 else "diagonal reflections"
        return Case(
            {"M": np.diag(entries)}, covers, say("M = diag({entries})", entries=", ".join(map(number, entries)))
        )

    def case(sizes: Any, covers: str, sign: int = 1) -> Case:
        sizes = rng.permutation(sizes) * np.array([1, 1, sign])
        M = any_rotation(rng) @ np.diag(rng.permutation(sizes)) @ any_rotation(rng)
        return Case({"M": M}, covers, say("M of shape (3, 3), determinant {det}", det=number(float(np.linalg.det(M)))))

    a, b, c = (float(size) for size in rng.permutation([1.0, 2.0, 4.0]))
    drawn = [
        diagonal(a, b, c),
        diagonal(-a, -b, c),
        diagonal(-2.0, 3.0, 1.0),
        diagonal(2.0, 1.0, -3.0),
        diagonal(3.0, -1.0, 2.0),
        case([1.08, 1.0, 0.9], "nearly rotations"),
        case([2.5, 1.2, 0.6], "matrices"),
        case([2.5, 1.2, 0.6], "reflections", -1),
        case([1.8, 1.3, 0.4], "reflections", -1),
        case([2.2, 1.4, 0.5], "matrices"),
        case([3.5, 1.6, 0.9], "reflections", -1),
        case([1.9, 1.1, 0.7], "matrices"),
        case([30.0, 4.0, 0.1], "very uneven matrices"),
        case([0.03, 0.02, 0.008], "small matrices"),
        case([300.0, 150.0, 80.0], "large reflections", -1),
    ]
    return [*drawn, case([3.0, 2.0, 0.7], "matrices"), case([3.0, 2.0, 0.7], "reflections", -1)] if hidden else drawn


def det(M: Any) -> float:
    """1 for what keeps its handedness, −1 for a reflection."""
    return float(np.sign(np.linalg.det(M)))


def project(
    M: Any,
    middle: Callable[[float, Any], Any] = lambda d, s: [1, 1, d],
    right: Callable[[Any], Any] = lambda vt: vt,
    joined: Callable[[Any, Any, Any], Any] = lambda u, d, vt: u @ d @ vt,
    turns: Callable[[Any], float] = det,
) -> Any:
    """U diag(1, 1, det UVᵀ) Vᵀ, and what may stand in its places."""
    u, s, vt = np.linalg.svd(M)
    vt = right(vt)
    return joined(u, np.diag(middle(turns(u @ vt), s)), vt)


def gram_schmidt(M: Any, last_by_cross: bool = False) -> Any:
    """Column after column made upright to those before it."""
    q, r = np.linalg.qr(M)
    q = q * np.sign(np.diag(r))
    return np.column_stack([q[:, 0], q[:, 1], np.cross(q[:, 0], q[:, 1])]) if last_by_cross else q


def signed_last(R: Any, rows: bool) -> Any:
    """The last column or row with the other sign where R is a reflection."""
    sign = np.array([1, 1, det(R)])
    return R * (sign[:, None] if rows else sign)


def averaged(M: Any, steps: int) -> Any:
    """So many times the mean of a matrix and its inverse transposed, which comes ever closer to U Vᵀ."""
    for _ in range(steps):
        M = (M + np.linalg.inv(M).T) / 2
    return M


def orthogonalised(label: str, answer: Callable[[Any], Any]) -> Mistake:
    """Columns or rows made upright one after the other."""
    return wrong(label, answer).told("""
        Your columns (or rows) are made orthogonal one after the other. That depends on which comes first, and what
        comes of it is not the matrix that is nearest to M. The singular value decomposition prefers none.""")


slip = slips_in(project)

EXERCISE = exercise(
    "project_so3(M)",
    reference=project,
    cases=cases,
    withheld=(*NEAREST_ROTATION, *ROTATIONS),
    hints=(
        """M = U diag(s) Vᵀ turns, stretches, and turns again. What is left when it no longer stretches? And what
        if that is a reflection?""",
        """`np.linalg.svd` gives U, the singular values, the largest first, and Vᵀ, transposed already. U Vᵀ has the
        determinant 1 or −1; put that number where it does the least harm.""",
    ),
    mistakes=(
        wrong("nothing done", lambda M: M).told("""
            Yours is M itself. Are the singular values still in it?"""),
        slip("no determinant", middle=lambda d, s: [1, 1, 1]).told("""
            Yours is right where the determinant of M is positive. Elsewhere it is U Vᵀ, a reflection: its determinant
            is −1, and no turn does that."""),
        slip("V transposed twice", right=lambda vt: vt.T).told("""
            Yours has V where Vᵀ belongs. What does the third result of `np.linalg.svd` hold: V, or Vᵀ?"""),
        slip("V transposed twice, no determinant", middle=lambda d, s: [1, 1, 1], right=lambda vt: vt.T).told("""
            Yours is U V: it has V where Vᵀ belongs, and no determinant. What does the third result of `np.linalg.svd`
            hold: V, or Vᵀ?"""),
        wrong("transposed", lambda expected: expected.T).told("""
            Yours is the transpose of the nearest rotation, which turns the other way. On which side does U stand?"""),
        wrong("transposed, no determinant", lambda M: project(M, lambda d, s: [1, 1, 1]).T).told("""
            Yours is the transpose of U Vᵀ, which turns the other way; and where the determinant of M is negative it
            is a reflection. On which side does U stand?"""),
        wrong("sign of the whole", lambda M: det(M) * project(M, lambda d, s: [1, 1, 1])).told("""
            Where the determinant of M is negative, yours is −U Vᵀ. That is a rotation, and as a rule not the nearest:
            three directions are turned round, and one would do."""),
        slip("first place", middle=lambda d, s: [d, 1, 1]).told("""
            Where the determinant of M is negative, your −1 stands at the largest singular value. What comes out is a
            rotation, and as a rule not the nearest: at which singular value does a turned direction cost least?"""),
        *(
            wrong(
                f"last {name} of U Vᵀ", lambda M, rows=rows: signed_last(project(M, lambda d, s: [1, 1, 1]), rows)
            ).told(
                """
                Where the determinant of M is negative, the last {name} of your U Vᵀ has its sign changed. What comes
                out is a rotation, and as a rule not the nearest: the sign belongs between U and Vᵀ.""",
                name=name,
            )
            for name, rows in (("column", False), ("row", True))
        ),
        slip("U by D entry by entry", joined=lambda u, d, vt: u * d @ vt).told("""
            In yours U and the diagonal matrix are multiplied entry by entry, and of U only the diagonal is left. Which
            sign makes a product of matrices?"""),
        slip("D by Vᵀ entry by entry", joined=lambda u, d, vt: u @ (d * vt)).told("""
            In yours the diagonal matrix and Vᵀ are multiplied entry by entry, and of Vᵀ only the diagonal is left.
            Which sign makes a product of matrices?"""),
        slip("U D by Vᵀ entry by entry", joined=lambda u, d, vt: u @ d * vt).told("""
            In yours the last product, with Vᵀ, is made entry by entry. Which sign makes a product of matrices?"""),
        slip("everything entry by entry", joined=lambda u, d, vt: u * d * vt).told("""
            In yours both products are made entry by entry, and nothing is left beside the diagonal. Which sign makes a
            product of matrices?"""),
        slip("determinant without its fraction", turns=lambda Q: float(int(np.linalg.det(Q)))).told("""
            Where rounding has made the determinant 0.999… or −0.999…, yours has 0 in the third place: what stands
            behind the point is dropped, as `int` does. Which function goes to the nearest whole number?"""),
        slip("always turned round", middle=lambda d, s: [1, 1, -1]).told("""
            Yours has −1 in the third place whatever M is. So it is a reflection where the determinant is positive."""),
        slip("the other sign", middle=lambda d, s: [1, 1, -d]).told("""
            Yours has the wrong sign in the third place everywhere: it always comes out as a reflection, of determinant
            −1."""),
        wrong("determinant of M", lambda M: project(M, lambda d, s: [1, 1, np.linalg.det(M)])).told("""
            Yours has the determinant of M itself in the third place. So it stretches; of which matrix is the
            determinant asked for?"""),
        slip("singular values kept", middle=lambda d, s: [s[0], s[1], d * s[2]]).told("""
            Where the determinant of M is positive yours is M; elsewhere only a sign is changed. Are the singular values
            still in it?"""),
        orthogonalised("columns one after the other", gram_schmidt),
        orthogonalised("columns, the last by the cross product", lambda M: gram_schmidt(M, last_by_cross=True)),
        orthogonalised("columns, sign of the last", lambda M: signed_last(gram_schmidt(M), False)),
        orthogonalised("Q of QR", lambda M: np.linalg.qr(M)[0]),
        orthogonalised("Q of QR, sign of the last", lambda M: signed_last(np.linalg.qr(M)[0], False)),
        orthogonalised("rows one after the other", lambda M: gram_schmidt(M.T).T),
        orthogonalised("rows, the last by the cross product", lambda M: gram_schmidt(M.T, last_by_cross=True).T),
        *(
            wrong(
                f"{steps} averages, times {sign}",
                lambda M, steps=steps, sign=sign: averaged(M, steps) * (sign if det(M) < 0 else 1),
            ).told("""
                Yours is the mean of a matrix and its inverse transposed, taken a few times. That leads to U Vᵀ, slowly
                where singular values are far from 1: it has not arrived. How do you know when it has?""")
            for steps in range(1, 7)
            for sign in (1, -1)
        ),
        wrong("root of the determinant", lambda M: M / np.cbrt(np.linalg.det(M))).told("""
            Yours is M divided by the cube root of its determinant. It has the determinant 1, and still stretches some
            directions and shortens others: is RᵀR the identity?"""),
        wrong("columns of length 1", lambda M: M / np.linalg.norm(M, axis=0)).told("""
            Yours has the columns of M, each divided by its length. They are not at right angles: is RᵀR the
            identity?"""),
    ),
)
