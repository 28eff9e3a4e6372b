"""Gradients made shorter by one factor, where all of them together are longer than allowed."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.draws import signed
from nnkit.exercises.catalogue.gradients_through_time.parts.clipping import joint_norm, judge
from nnkit.exercises.catalogue.withheld import CLIPPING
from nnkit.exercises.exercise import Case, Mistake, exercise, wrong
from nnkit.exercises.judge.wording import listing, number, plural, written
from nnkit.languages import say


def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Small ones whose norms are whole numbers or halves, and the gradients of networks."""

    def small(sizes: Any, max_norm: float, covers: str) -> Case:
        """Arrays of these numbers with signs of their own, all times the same number."""
        unit = float(rng.choice([0.5, 1.0, 2.0]))
        # Plus 0.0: a reader need not meet −0.
        grads = [
            unit * rng.choice([-1.0, 1.0], np.shape(array)) * np.array(array, dtype=float) + 0.0 for array in sizes
        ]
        return with_text(grads, unit * max_norm, covers)

    def network(share: float, covers: str, *shapes: tuple[int, ...], size: float = 1.0) -> Case:
        grads = [size * signed(rng, 0.3, 2.0, shape) for shape in shapes]
        return with_text(grads, float(f"{share * joint_norm(grads):.2g}"), covers)

    found = [
        small([[3, 4]], 1, "one array"),
        small([[3], [4]], 2, "longer than allowed"),
        small([[[2], [3]], [6]], 3.5, "longer than allowed"),
        small([[1, 2], [2]], 4, "shorter than allowed"),
        small([[0.1, 0.2], [0.2]], 0.6, "shorter than allowed"),
        small([[3, 0], [0, 4]], 5, "exactly as long as allowed"),
        small([[2], [[3]], [6]], 6.5, "short arrays, long together"),
        small([[[2, 1], [4, 2]], [4, 8, 8]], 12.5, "short arrays, long together"),
        small([[0, 0], [0]], 2, "zeros"),
        small([[0, 0], [3, 4]], 2, "an array of zeros"),
        network(0.4, "gradients of a network", (3, 4), (4,), (4, 2), (2,)),
        network(1.7, "gradients of a network", (2, 3), (3,)),
        network(0.6, "an array of three axes", (2, 3, 2), (3, 3)),
        network(1e-4, "gradients that exploded", (2, 2), (2, 2), size=1e6),
    ]
    more = [
        network(0.3, "gradients of a network", (5, 2), (2,)),
        network(1.2, "an array of three axes", (3, 2, 2), (3, 3)),
    ]
    return [*found, *more] if hidden else found


def with_text(grads: list[np.ndarray], max_norm: float, covers: str) -> Case:
    """A case in words: its numbers while they are few."""
    if sum(array.size for array in grads) <= 4:
        words = f"[{', '.join(map(written, grads))}]"
        return Case(
            {"grads": grads, "max_norm": max_norm},
            covers,
            say("grads = {words}, max_norm = {max_norm}", words=words, max_norm=number(max_norm)),
        )
    shapes = listing(str(array.shape) for array in grads)
    words = say(
        "{arrays} of shapes {shapes}, joint norm {joint_norm}",
        arrays=plural(len(grads), "array"),
        shapes=shapes,
        joint_norm=number(joint_norm(grads)),
    )
    return Case(
        {"grads": grads, "max_norm": max_norm},
        covers,
        say("{words}, max_norm = {max_norm}", words=words, max_norm=number(max_norm)),
    )


def clip(grads: Any, max_norm: float) -> dict[str, Any]:
    """As the probe sees it."""
    norm = joint_norm(grads)
    return seen([array * (1.0 if norm <= max_norm else max_norm / norm) for array in grads])


def seen(arrays: Any, shared: bool = False, replaced: bool = False) -> dict[str, Any]:
    """What the probe says of these arrays."""
    return {"arrays": arrays, "shared": shared, "replaced": replaced}


def by(label: str, factor: Callable[[list[Any], float, float], float]) -> Mistake:
    """Another factor for all, made of the arrays, their joint norm and max_norm."""
    return wrong(label, lambda grads, max_norm: seen([g * factor(grads, joint_norm(grads), max_norm) for g in grads]))


def with_norm(label: str, norm: Callable[[list[Any]], Any]) -> Mistake:
    """Something else in the place of the joint norm."""
    return by(label, lambda grads, _, most: 1.0 if norm(grads) <= most else most / norm(grads))


def alone(label: str, array: Callable[[Any, float, float], Any]) -> Mistake:
    """Every array by itself, of the array, the joint norm and max_norm."""
    return wrong(label, lambda grads, max_norm: seen([array(g, joint_norm(grads), max_norm) for g in grads]))


def shorter(g: Any, norm: float, most: float) -> Any:
    """An array whose norm is said to be this, made as long as is allowed; as it is where it is no longer."""
    return g * (1.0 if norm <= most else most / norm)


def in_place(grads: Any, max_norm: float) -> dict[str, Any]:
    """The arrays that were given, written over."""
    factor = min(1.0, max_norm / (joint_norm(grads) or 1.0))
    for array in grads:
        array *= factor
    return seen(grads, shared=True)


def in_the_list(grads: Any, max_norm: float) -> dict[str, Any]:
    """New arrays, put into the list that was given."""
    grads[:] = clip(grads, max_norm)["arrays"]
    return seen(grads, replaced=True)


def along(axis: int) -> Callable[..., Any]:
    """Each row or column is shortened by itself."""

    def changed(g: Any, norm: float, most: float) -> Any:
        own = np.sqrt(np.sum(g**2, axis=axis, keepdims=True))
        return g * most / np.maximum(own, most)

    return changed


def given_back(grads: Any, max_norm: float) -> dict[str, Any]:
    """What was given, where nothing is to be shortened."""
    return seen(grads, shared=True) if joint_norm(grads) <= max_norm else clip(grads, max_norm)


def not_a_number(grads: Any, norm: float, most: float) -> float:
    """The right factor, and 0 / 0 for zeros."""
    return min(norm, most) / norm if norm else np.nan


def no_division(grads: Any, norm: float, most: float) -> float:
    """The right factor, and an error for zeros."""
    if not norm:
        raise ZeroDivisionError("float division by zero")
    return min(1.0, most / norm)


EXERCISE = exercise(
    "clip_by_norm(grads, max_norm)",
    reference=clip,
    cases=cases,
    probe="new_arrays",
    judge=judge,
    withheld=CLIPPING,
    hints=(
        """Think of all entries of all arrays as one long vector. How long is it, and by what has it to be multiplied to
        be as long as max_norm, if it is longer at all?""",
        """`np.sqrt(sum(np.sum(g**2) for g in grads))` is the joint norm. Only where it is larger than max_norm is there
        anything to shorten: then every array times max_norm / norm, else every array times 1, which is a new one,
        too.""",
    ),
    mistakes=(
        wrong("in place", in_place).told("""
            Your function writes into the arrays that it was given. Whoever uses these gradients afterwards no longer
            has the numbers that were there: `g * factor` makes a new array, `g *= factor` changes the caller's."""),
        wrong("in the list", in_the_list).told("""
            Your function puts new arrays into the list that it was given. `grads[i] = …` changes the caller's list,
            whose old gradients are gone: make a list of your own."""),
        wrong("handed on", given_back).told("""
            Where nothing is to be shortened you hand on what was given, so whoever changes the one changes the other.
            New arrays are asked for there, too: `g.copy()` is one, `g[:]` and `np.asarray(g)` are not."""),
        alone("each array by itself", lambda g, norm, most: shorter(g, float(np.linalg.norm(g)), most)).told("""
            In yours every array is shortened by itself, to max_norm at most. So their sizes beside each other change,
            and with them the direction of the step. How long are all of them together?"""),
        *(
            alone(say("each {line} by itself", line=line), along(axis)).told("""
                In yours every row or column of a matrix is shortened by itself: a sum goes along one axis alone. How
                long are all entries of all arrays together?""")
            for line, axis in (("row", -1), ("column", 0))
        ),
        alone("entries cut off", lambda g, norm, most: np.clip(g, -most, most)).told("""
            In yours every number is cut off at ±max_norm by itself. That turns the direction of the step: large entries
            shrink and small ones stay. One factor belongs to all."""),
        alone(
            "long arrays alone", lambda g, norm, most: shorter(g, norm, most) if np.linalg.norm(g) > most else g * 1.0
        ).told("""
            In yours an array stays as it is unless it is longer than max_norm by itself. It is the length of all
            together that decides, and then all are shortened."""),
        by("scaled up, 0 / 0", lambda grads, norm, most: most / norm if norm else np.nan).told("""
            Yours always has the joint norm max_norm: what is shorter is scaled up, and zeros give 0 / 0. Clipping only
            makes shorter."""),
        by("scaled up", lambda grads, norm, most: most / norm if norm else 1.0).told("""
            Yours has the joint norm max_norm also where it was less before. Clipping only makes shorter."""),
        by("the other way", lambda grads, norm, most: 1.0 if norm >= most or not norm else most / norm).told("""
            Yours scales up what is shorter than max_norm, and what is longer stays as it is. Which way does the
            comparison go, or is a max where min belongs?"""),
        by("nothing done", lambda grads, norm, most: 1.0).told("""
            Your arrays are the given ones in every case, also where their joint norm is larger than max_norm."""),
        with_norm("root missing", lambda grads: joint_norm(grads) ** 2).told("""
            Your norm is the sum of the squares. Compare with a vector (3, 4), whose length is 5: what is still to be
            done with 25?"""),
        by("root missing in the factor", lambda grads, norm, most: 1.0 if norm <= most else most / norm**2).told("""
            Yours is shortened in the right cases, and too much or too little: the factor has the sum of the squares
            under the line, in the place of its root."""),
        by("root missing in the comparison", lambda grads, norm, most: 1.0 if norm**2 <= most else most / norm).told("""
            Your factor is the right one where something is to be shortened. But whether it is, you decide by the sum of
            the squares: that is not the length."""),
        with_norm("sum of norms", lambda grads: sum(np.linalg.norm(g) for g in grads)).told("""
            Your norm is the sum of the arrays' norms. For [3] and [4] it says 7, but as one vector (3, 4) they are 5
            long: what is added up, and when is the root taken?"""),
        with_norm("largest of the norms", lambda grads: max(np.linalg.norm(g) for g in grads)).told("""
            Your norm is that of the longest array alone. The other arrays belong to the same vector."""),
        with_norm("norm of the first array", lambda grads: np.linalg.norm(grads[0])).told("""
            Your norm is that of the first array alone. All arrays together are one vector."""),
        with_norm("norm of the last array", lambda grads: np.linalg.norm(grads[-1])).told("""
            Your norm is that of the last array alone. Does each array overwrite what was there from the others?"""),
        with_norm("mean of the norms", lambda grads: np.mean([np.linalg.norm(g) for g in grads])).told("""
            Your norm is the mean of the arrays' norms. Squares are added up over all entries; nothing is averaged."""),
        with_norm("largest entry", lambda grads: max(np.abs(g).max() for g in grads)).told("""
            Your norm is the largest entry. That is a norm, too, but another one than the Euclidean."""),
        with_norm("sum of sizes", lambda grads: sum(np.abs(g).sum() for g in grads)).told("""
            Your norm is the sum of the entries' sizes. That is a norm, too, but another one than the Euclidean."""),
        with_norm("sum of the entries", lambda grads: abs(sum(g.sum() for g in grads))).told("""
            Your norm is the size of the sum of all entries: numbers of opposite signs cancel. What makes every entry
            count, whatever its sign?"""),
        with_norm("mean square", lambda grads: joint_norm(grads) / np.sqrt(sum(g.size for g in grads))).told("""
            Your norm is the root of a mean of squares. It is too small by the root of the number of entries: the
            squares are added up, no more."""),
        by("unit length", lambda grads, norm, most: 1.0 if norm <= most else 1.0 / norm).told("""
            What is too long comes out of yours with the length 1, whatever max_norm is. How long may it be?"""),
        by("1 for max_norm", lambda grads, norm, most: min(1.0, 1.0 / norm) if norm else 1.0).told("""
            In yours max_norm takes no part: whatever is longer than 1 comes out with the length 1."""),
        by("always unit length", lambda grads, norm, most: 1.0 / norm if norm else 1.0).told("""
            Yours always has the joint norm 1. What is max_norm for, and what is to become of gradients that are short
            enough?"""),
        by("times max_norm", lambda grads, norm, most: 1.0 if norm <= most else most).told("""
            What is too long is multiplied by max_norm in yours. Then it is max_norm times as long as before; what makes
            it max_norm long?"""),
        by("upside down", lambda grads, norm, most: 1.0 if norm <= most else norm / most).told("""
            Your factor is upside down: what is too long comes out longer still."""),
        by("upside down, at most 1", lambda grads, norm, most: min(1.0, norm / most)).told("""
            Your factor is upside down: what is too long stays as it is, and what is short is made shorter."""),
        by("thrown away", lambda grads, norm, most: 1.0 if norm <= most else 0.0).told("""
            What is too long becomes 0 in yours. It is to be shortened: the direction is worth keeping."""),
        by("sign", lambda grads, norm, most: -min(1.0, most / norm) if norm else 1.0).told("""
            Yours has the right length and points the other way. Clipping changes no direction; whoever makes the step
            goes against the gradient."""),
        by("zeros: 0 / 0", not_a_number).told("""
            Yours is right, but zeros come out as nan: 0 is divided by 0. Zeros have the norm 0 and stay zeros."""),
        by("zeros: an error", no_division).told("""
            Where all gradients are 0 the norm is 0, and your function divides by it. Is there anything to shorten
            then?"""),
        wrong(
            "one long vector",
            lambda grads, max_norm: seen(np.concatenate([g.ravel() for g in clip(grads, max_norm)["arrays"]])),
        ).told("""
            You return one long array. Asked for is a list of arrays, of the shapes that were given."""),
        wrong(
            "the norm beside", lambda grads, max_norm: seen((clip(grads, max_norm)["arrays"], joint_norm(grads)))
        ).told("""
            You return the norm along with the arrays. The list of arrays alone is asked for."""),
    ),
)
