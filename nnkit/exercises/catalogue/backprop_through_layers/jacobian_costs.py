"""How many multiplications the product of three Jacobians takes from the inputs on, and from the outputs on."""

import numpy as np

from nnkit.exercises.catalogue.families import in_other_order, times
from nnkit.exercises.exercise import Case, exercise, wrong


def sizes(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Sizes at which one of the two modes is much cheaper, equal ones, and sizes at random."""

    def case(covers: str, *sizes: int) -> Case:
        return Case(dict(zip(("d", "d1", "d2", "D"), map(int, sizes), strict=True)), covers)

    drawn = [case("random sizes", *rng.choice(np.arange(2, 40), 4, replace=False)) for _ in range(8 if hidden else 4)]
    return [
        case("small sizes", 2, 3, 4, 5),
        case("one input", 1, 10, 20, 300),
        case("one output", 784, 128, 64, 1),
        case("equal sizes", 5, 5, 5, 5),
        *drawn,
    ]


EXERCISE = exercise(
    "jacobian_costs(d, d1, d2, D) -> forward, reverse",
    reference=lambda d, d1, d2, D: (d * (D * d2 + d2 * d1), D * (d2 * d1 + d1 * d)),
    cases=sizes,
    relative=0.0,
    absolute=1e-3,
    hints=(
        """A matrix (p, q) times a matrix (q, r) has p · r entries, and each of them takes q multiplications.""",
        """Forward mode begins at the inputs: J₂ J₁ first, a matrix of d2 rows and d columns, then J₃ times that.
        Reverse mode begins at the outputs: J₃ J₂ first.""",
    ),
    mistakes=(
        in_other_order("exchanged").told("""
            Your two numbers stand in the other order. Forward mode begins where the inputs are."""),
        wrong("first product only", lambda d, d1, d2, D: (d2 * d1 * d, D * d2 * d1)).told("""
            Yours counts the first of the two products. Its result still has to be multiplied by the third matrix."""),
        wrong("second product only", lambda d, d1, d2, D: (D * d2 * d, D * d1 * d)).told("""
            Yours counts the second of the two products. The matrix that it begins with had to be computed, too."""),
        wrong(
            "the two products multiplied", lambda d, d1, d2, D: (d2 * d1 * d * D * d2 * d, D * d2 * d1 * D * d1 * d)
        ).told("""
            Yours multiplies the costs of the two products. One is done after the other: what do their costs do?"""),
        wrong("entries of the results", lambda d, d1, d2, D: (d2 * d + D * d, D * d1 + D * d)).told("""
            Yours counts the entries of the two results. Each entry is a sum of products: how many multiplications does
            it take?"""),
        wrong(
            "entries of what is multiplied",
            lambda d, d1, d2, D: (d2 * d1 + d1 * d + D * d2 + d2 * d, D * d2 + d2 * d1 + D * d1 + d1 * d),
        ).told("""
            Yours counts the entries of the matrices that are multiplied. An entry takes part in more than one
            multiplication."""),
        times("twice", 2).told("""
            Yours is twice the number of multiplications. Do you count additions too, or something twice?"""),
        wrong("both in reverse", forward="reverse").told("""
            Your forward is the cost of reverse mode: J₃ J₂ first. Which two matrices meet first when one begins at the
            inputs?"""),
        wrong("both forward", reverse="forward").told("""
            Your reverse is the cost of forward mode: J₂ J₁ first. Which two matrices meet first when one begins at the
            outputs?"""),
        wrong("neighbours only", lambda d, d1, d2, D: (d2 * d1 * d + D * d2 * d1,) * 2).told("""
            Yours adds the costs of J₂ J₁ and of J₃ J₂. In either mode the second product is with the result of the
            first."""),
        wrong("entries of the matrices", lambda d, d1, d2, D: (d1 * d + d2 * d1 + D * d2,) * 2).told("""
            Yours counts the entries of the three matrices. An entry of J₁ takes part in more than one
            multiplication."""),
        wrong("everything multiplied", lambda d, d1, d2, D: (d * d1 * d2 * D,) * 2).told("""
            Yours is the product of all four sizes. The two matrix products are done one after the other: what do their
            costs do, multiply or add?"""),
        wrong(
            "one input, one output",
            forward=lambda d, d1, d2, D: D * d2 + d2 * d1,
            reverse=lambda d, d1, d2, D: d2 * d1 + d1 * d,
        ).told("""
            Your forward is too small by a factor d, your reverse by a factor D: they follow a single input forward, and
            a single output back."""),
        wrong("forward: one input", forward=lambda d, d1, d2, D: D * d2 + d2 * d1).told("""
            Your forward is too small by a factor d. Does it follow a single input?"""),
        wrong("reverse: one output", reverse=lambda d, d1, d2, D: d2 * d1 + d1 * d).told("""
            Your reverse is too small by a factor D. Does it follow a single output?"""),
        wrong("the larger product alone", lambda d, d1, d2, D: (d2 * d * max(d1, D), D * d1 * max(d2, d))).told("""
            Yours is the cost of the larger of the two products. Both have to be done."""),
        wrong(
            "additions for multiplications",
            lambda d, d1, d2, D: (d2 * d * (d1 - 1) + D * d * (d2 - 1), D * d1 * (d2 - 1) + D * d * (d1 - 1)),
        ).told("""
            Yours counts the additions: a sum of q products has q − 1. Asked for are the multiplications."""),
        wrong("entries of J", lambda d, d1, d2, D: (D * d,) * 2).told("""
            Yours counts the entries of J, the last result. How many multiplications does an entry take, and what had to
            be computed before?"""),
        wrong(
            "additions counted too",
            forward=lambda d, d1, d2, D: d2 * d * (2 * d1 - 1) + D * d * (2 * d2 - 1),
            reverse=lambda d, d1, d2, D: D * d1 * (2 * d2 - 1) + D * d * (2 * d1 - 1),
        ).told("""
            Yours is larger than the number of multiplications: an entry that sums q products takes q multiplications
            and q − 1 additions. Only the first are asked for."""),
        wrong("reverse: sizes of the second product", reverse=lambda d, d1, d2, D: D * (d2 * d1 + d2 * d)).told("""
            In reverse J₃ J₂ has D rows and d1 columns; which size does its product with J₁ sum over?"""),
        wrong("forward: sizes of the second product", forward=lambda d, d1, d2, D: d * (D * d1 + d2 * d1)).told("""
            In forward mode J₂ J₁ has d2 rows and d columns; which size does J₃'s product with it sum over?"""),
    ),
)
