"""A class of numbers that remember what they were made from and send gradients back to it."""

import math
from functools import partial

import numpy as np

from nnkit.exercises.catalogue.automatic_differentiation.parts import programs, slips
from nnkit.exercises.catalogue.automatic_differentiation.parts.judge import judge, missing_text
from nnkit.exercises.catalogue.automatic_differentiation.parts.programs import evaluate, program_case
from nnkit.exercises.catalogue.draws import one_positive
from nnkit.exercises.catalogue.withheld import AUTOMATIC
from nnkit.exercises.exercise import Case, exercise, wrong
from nnkit.languages import say

# What a program covers → its leaves, and one operation on them.
OPERATIONS = {
    "sums": ("ab", "c = a + b"),
    "products": ("ab", "c = a * b"),
    "differences": ("ab", "c = a - b"),
    "quotients": ("ab", "c = a / b"),
    "powers": ("a", "c = a ** 3"),
    "minus": ("a", "c = -a"),
    "exp": ("a", "c = a.exp()"),
    "tanh": ("a", "c = a.tanh()"),
    "sin": ("a", "c = a.sin()"),
    "relu": ("a", "c = a.relu()"),
}


def graphs(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Every operation alone, in a row and beside others; values that are used again; long graphs."""

    def number() -> float:
        return one_positive(rng, 0.5, 2.5)

    def leaves(names: str) -> dict[str, float]:
        drawn = rng.choice([*range(6, 10), *range(11, 25)], len(names), replace=False) / 10  # 1 would hide factors
        return {name: float(value) for name, value in zip(names, drawn, strict=True)}

    cases = [program_case(covers, leaves(names), text) for covers, (names, text) in OPERATIONS.items()]
    cases += [
        program_case("powers", {"a": 3.0}, "b = a ** 2"),
        program_case("powers", {"a": number()}, "b = a ** -1"),
        program_case("powers", {"a": number()}, "b = a ** 0.5"),
        program_case("powers", {"a": -number()}, "b = a ** 3"),
        program_case("powers", {"a": number()}, "b = a ** 4"),
        program_case("powers", {"a": number()}, "b = a ** -2.5"),
        program_case("relu", {"a": -number()}, "b = a.relu()"),
        program_case("relu", {"a": -0.25}, "b = a.relu()"),
        *(program_case(name, {"a": -number()}, f"b = a.{name}()") for name in ("exp", "tanh", "sin")),
        *(
            program_case(name, {"a": 2 * sign + sign * number()}, f"b = a.{name}()")
            for name in ("exp", "tanh", "sin")
            for sign in (1, -1)
        ),
        program_case("sin", {"a": 10 + 4 * number()}, "b = a.sin()"),
        *(
            program_case(covers, {"a": -number(), "b": number()}, text)
            for covers, (_, text) in list(OPERATIONS.items())[:4]
        ),
        program_case("numbers on the right", {"a": number()}, "b = a + 2; c = b - 3; d = c * 4; e = d / 5"),
    ]
    for text in ("2 + a", "3 * a", "2 - a", "2.5 / a"):
        cases.append(program_case("numbers on the left", {"a": number(), "k": 3.0}, f"b = {text}; c = b * k"))
    for names, text in OPERATIONS.values():
        cases.append(program_case(programs.CHAIN, leaves(names) | {"k": 3.0}, f"{text}; d = c * k"))
    cases += [
        program_case(
            "formulas", {"x": number(), "w": -number(), "b": number()}, "p = x * w; z = p + b; y = z.tanh(); f = y * 4"
        ),
        program_case(
            "formulas",
            {"x": 0.5, "y": number(), "z": number()},
            "s = x.sin(); t = s + y; u = t * z; v = u ** 3; f = v / 8",
        ),
        program_case("formulas", {"a": number()}, "b = -a; c = b.exp(); d = 1 + c; y = 2 / d; r = y.relu(); f = r - 3"),
        program_case(programs.TWICE, {"a": 3.0}, "b = a + a; c = b + b"),
        program_case(programs.TWICE, {"a": number()}, "b = a * a; c = b * b"),
        program_case(programs.FORK, {"a": 2.0, "b": 1.0}, "u = a + b; v = a * u; f = u * v"),
        program_case(programs.FORK, leaves("ab"), "u = a + b; v = u * a; f = v * u"),
    ]
    for names, text in OPERATIONS.values():
        # Every operation works on a value that has received a message before its own arrives.
        if "relu" not in text:
            used_again = "; v = c * a; f = v + b" if "b" in names else "; v = c * a"
            cases.append(program_case(programs.SHARED, leaves(names), text + used_again))
    cases += [
        program_case(programs.SHARED, leaves("ak"), "b = a.relu(); c = b * k; d = c * a; f = d + k"),
        # b is 0; no two of these are equal.
        program_case(programs.SHARED, {"a": -number()}, "b = a.relu(); c = b.exp(); d = c + a"),
        # What arrives below is 0 whatever stands above; a 1 that somebody puts there is told from what was let through.
        *(program_case("relu", {"a": -number(), "k": k}, "b = a.relu(); c = b * k") for k in (3.0, -2.0, 0.5)),
        program_case("products", {"a": number(), "k": 0.0}, "b = a * k"),
        program_case(programs.EQUAL, leaves("ab"), "u = a + b; v = b + a; f = u * v"),
        program_case(programs.SECOND, {"a": 2.0, "b": 3.0}, "c = a * b", "d = a + b; e = d * b"),
        long_chain(rng, 200),
    ]
    if hidden:
        cases += [
            program_case(programs.FORK, {"a": number()}, "b = a * 2; c = b * a; d = c + a; e = d * b"),
            program_case(programs.SECOND, {"a": 2.0}, "b = a * 3", "c = a * 5", "d = a + 1; e = d * 2"),
            program_case("formulas", leaves("abc"), "d = a - b; e = d / c; f = e.exp(); g = f / a; h = 2 - g"),
        ]
    # Last: an answer that takes too long for it has been tried on everything else by then.
    return [*cases, doubled(rng, 30)]


def long_chain(rng: np.random.Generator, length: int) -> Case:
    """One operation after the other."""
    signs = rng.choice(["* 0.9", "+ 0.5", "- 0.25"], length)
    steps = [f"c{i + 1} = c{i} {sign}" for i, sign in enumerate(signs)]
    text = say(
        "`c0 = Value(1.5)`, then {length} operations one after the other, such as `{steps}`",
        length=length,
        steps=steps[0],
    )
    return program_case(say("a row of {length} operations", length=length), {"c0": 1.5}, "; ".join(steps), text=text)


def doubled(rng: np.random.Generator, times: int) -> Case:
    """A value added to itself, again and again: few values, and very many ways through them."""
    value = float(rng.integers(1, 9)) / 2
    steps = [f"c{i + 1} = c{i} + c{i}" for i in range(times)]
    text = say(
        "`c0 = Value({value:g})`, doubled {times} times: `c1 = c0 + c0`, `c2 = c1 + c1`, …", value=value, times=times
    )
    return program_case(programs.DOUBLED, {"c0": value}, "; ".join(steps), text=text)


EXERCISE = exercise(
    "Value(data)",
    reference=evaluate,
    cases=graphs,
    probe="autograd",
    judge=judge,
    # float32 work passes, a one-sided difference with a step that can be seen does not.
    relative=5e-5,
    absolute=1e-6,
    withheld=AUTOMATIC,
    hints=(
        """Begin with + and × alone. Each makes a new Value that remembers its two operands and, for each, the slope:
        what a message is multiplied by on the way there. `check("Value")` says how far you are.""",
        """`backward` needs the order of assignment 01: every Value after its operands. Walk it from the end. A Value
        sends each operand its own `.grad` times the slope, and the operand adds that to what it has.""",
        """One line turns a plain number into a Value: `other = other if isinstance(other, Value) else Value(other)`.
        With `__radd__`, `__rmul__`, `__rsub__`, `__rtruediv__` numbers may stand on the left; a − b can be a + (−b),
        and a / b can be a × b⁻¹, so that only few operations need a slope of their own.""",
    ),
    mistakes=(
        wrong("messages overwrite each other", partial(evaluate, send=slips.overwrite)).told("""
            Where a value is used more than once, and where a second graph uses the same leaves, only the last message
            survives. What happens in your code to the message that was there before?"""),
        wrong("one message for each operand", partial(evaluate, send=slips.once_for_each_operand)).told("""
            In `a + a` and `a * a` two arrows lead from the same value to one operation, and one message is lost. What
            becomes of two equal operands in your collection, and of the message that came first?"""),
        *(
            wrong(f"sends again and again{when}", partial(evaluate, send=send)).told("""
                Where a value is used more than once, too much arrives. How often does such a value send in your walk,
                and how much each time? Once is enough, when all that it is to receive has arrived.""")
            for when, send in (
                ("", slips.again_and_again),
                (", at once", slips.again_and_again_at_once),
                (", in a list with every use", slips.listed_for_every_use),
            )
        ),
        *(
            wrong(f"0 becomes 1 on the way{when}", partial(evaluate, send=send)).told("""
                Where 0 arrives, as behind a relu of a negative number, your gradient becomes 1; and where a value is
                used more than once, too much arrives. Which value alone has the gradient 1 without having received
                it?""")
            for when, send in (("", slips.set_to_one_where_zero), (", at once", slips.set_to_one_at_once))
        ),
        wrong("sends before everything has arrived", partial(evaluate, send=slips.at_first_sight)).told("""
            Where a value feeds several others, something is lost on the way: a value was passed on when only part of
            its messages had arrived. Whose turn may it be only when all its users have had theirs?"""),
        wrong("walks every way", partial(evaluate, send=slips.along_every_way)).told("""
            Every gradient is right, but a value that is used twice has everything before it walked twice: 30 doublings
            make 2³⁰ ways, more than 10⁹. Let each value send once, when all of its messages are there."""),
        wrong("wrong end first", partial(evaluate, send=slips.front_to_back)).told("""
            Only what enters the last operation gets a gradient; everything farther back stays at 0. Where does your
            walk begin, and what has arrived there by then?"""),
        wrong("message from above not used", partial(evaluate, send=slips.without_arriving)).told("""
            Single operations are right, several in a row are not: each sends its slope alone. What else has to be in
            the message?"""),
        wrong("no first message", partial(evaluate, start=0.0)).told("""
            All gradients are 0. The walk begins at the result: with which number, does the result itself send, and do
            its operands receive in `.grad`?"""),
        wrong("emptied after sending", partial(evaluate, keeps_between=False)).told("""
            All leaves are right, but what stands between them and the result has 0 in its `.grad` when `backward` is
            done. Is it set back, or never written to?"""),
        wrong(
            "wrong end first, operations made of others",
            partial(evaluate, send=slips.front_to_back, write=slips.composed),
        ).told("""
            Only what enters the last operation gets a gradient. In a − b, made as a + (−b), b lies one step farther
            back, and stays at 0. Where does your walk begin, and what has arrived there by then?"""),
        wrong(
            "message from above not used, operations made of others",
            partial(evaluate, send=slips.without_arriving, write=slips.composed),
        ).told("""
            Where one operation enters, all is right; where several are in a row, such as in a / b made as a · b⁻¹, each
            sends its slope alone. What else has to be in the message?"""),
        wrong("message passed on unchanged", partial(evaluate, send=slips.without_slope)).told("""
            Every operation of yours passes on what it has received as it is; in a sum that is right. By what is a
            message multiplied elsewhere?"""),
        wrong("first message: its own number", partial(evaluate, start=None)).told("""
            The walk begins at the result with the result's own number. How much does the result change for each 1 that
            it changes itself?"""),
        wrong("gradients set back", partial(evaluate, forget=True)).told("""
            One graph is right; after a second one on the same leaves what the first had sent is gone. Who sets the
            leaves back to 0?"""),
        wrong("product: own factor", partial(evaluate, slopes={"*": lambda x, y, f: (x, y)})).told("""
            A product of yours sends each factor its own value. How much does a b grow when a grows by 1?"""),
        wrong(
            "product: own factor, minus as a product",
            partial(evaluate, slopes={"*": lambda x, y, f: (x, y)}, write=slips.composed),
        ).told("""
            In −a, if that is a · (−1), a receives its own value; a product of yours sends each factor what that factor
            is. How much does a b grow when a grows by 1?"""),
        wrong(
            "product: the product to both",
            partial(evaluate, slopes={"*": lambda x, y, f: (f, f)}, write=slips.composed),
        ).told("""
            A product of yours sends both factors its own result. How much does a b grow when a grows by 1?"""),
        wrong("operation forgets its operand", partial(evaluate, slopes={"neg": lambda x, f: (0,)})).told("""
            Nothing comes back through −a. Does the new Value remember what it was made from, and with which slope?"""),
        wrong("product: a sum", partial(evaluate, mathematics={"*": lambda x, y: x + y}, write=slips.composed)).told("""
            Your a · b has the number of a + b. What does `__mul__` do with the two numbers?"""),
        wrong("difference: nothing to the second", partial(evaluate, slopes={"-": lambda x, y, f: (1, 0)})).told("""
            In a − b nothing comes back to b. Does the result remember both of its operands?"""),
        wrong(
            "quotient: slope to the first missing", partial(evaluate, slopes={"/": lambda x, y, f: (1, -x / y**2)})
        ).told("""
            In a / b the message to a passes unchanged. How much does a / b grow when a grows by 1?"""),
        wrong("difference: sign of the second", partial(evaluate, slopes={"-": lambda x, y, f: (1, 1)})).told("""
            In a − b the message to b has the wrong sign. What happens to a − b when b grows?"""),
        wrong("minus in front: sign", partial(evaluate, slopes={"neg": lambda x, f: (1,)})).told("""
            In −a the message keeps its sign. What happens to −a when a grows?"""),
        wrong(
            "quotient: sign of the divisor", partial(evaluate, slopes={"/": lambda x, y, f: (1 / y, x / y**2)})
        ).told("""
            In a / b the message to b has the wrong sign. What happens to a / b when b grows?"""),
        wrong(
            "quotient: divisor not squared", partial(evaluate, slopes={"/": lambda x, y, f: (1 / y, -x / y)})
        ).told("""
            In a / b the message to a is right, that to b is not: write a / b as a · b⁻¹ and take the slope of the
            power."""),
        wrong(
            "quotient: sign, between two Values",
            partial(evaluate, slopes={"/": lambda x, y, f: (1 / y, x / y**2)}, write=slips.number_on_the_left_apart),
        ).told("""
            In a / b the message to b has the wrong sign; 2 / a is right. What happens to a / b when b grows?"""),
        wrong(
            "quotient: divisor not squared, between two Values",
            partial(evaluate, slopes={"/": lambda x, y, f: (1 / y, -x / y)}, write=slips.number_on_the_left_apart),
        ).told("""
            In a / b the message to a is right, that to b is not; 2 / a is right. Write a / b as a · b⁻¹ and take the
            slope of the power."""),
        wrong(
            "difference: sign, between two Values",
            partial(evaluate, slopes={"-": lambda x, y, f: (1, 1)}, write=slips.number_on_the_left_apart),
        ).told("""
            In a − b the message to b has the wrong sign; 2 − a is right. What happens to a − b when b grows?"""),
        wrong(
            "power: a square always",
            partial(evaluate, mathematics={"**": lambda x, n: x * x}, slopes={"**": lambda x, n, f: (2 * x,)}),
        ).told("""
            Your a ** n is a · a, whatever n is. Which number stands behind the **?"""),
        wrong("power: exponent kept", partial(evaluate, slopes={"**": lambda x, n, f: (n * x**n,)})).told("""
            In a ** n your slope is n aⁿ: the exponent did not go down by one."""),
        wrong("power: factor missing", partial(evaluate, slopes={"**": lambda x, n, f: (x ** (n - 1),)})).told("""
            In a ** n your slope lacks a factor. What is the slope of a² at a = 3?"""),
        wrong("exp: slope from its input", partial(evaluate, slopes={"exp": lambda x, f: (x,)})).told("""
            For exp you multiply by what goes in. Which function is its own slope?"""),
        wrong("exp: slope of a power", partial(evaluate, slopes={"exp": lambda x, f: (x * math.exp(x - 1),)})).told("""
            For exp your slope is a · eᵃ⁻¹. That is the rule for aⁿ, where the variable is below; here it is above."""),
        wrong("tanh: slope from its input", partial(evaluate, slopes={"tanh": lambda x, f: (1 - x**2,)})).told("""
            For tanh your slope is 1 − a². The rule is about what comes out."""),
        wrong("tanh: square missing", partial(evaluate, slopes={"tanh": lambda x, f: (1 - f,)})).told("""
            For tanh your slope is 1 − tanh a; something in it is squared. Try a large negative a: is the curve steep
            there?"""),
        wrong("tanh: size for the square", partial(evaluate, slopes={"tanh": lambda x, f: (1 - abs(f),)})).told("""
            For tanh your slope is 1 less the size of tanh a; something in it is squared."""),
        wrong("tanh: slope of the sigmoid", partial(evaluate, slopes={"tanh": lambda x, f: (f * (1 - f),)})).told("""
            For tanh your slope is t (1 − t). That is the form for the sigmoid."""),
        wrong("sin: slope from its output", partial(evaluate, slopes={"sin": lambda x, f: (math.cos(f),)})).told("""
            For sin you take the cosine of what comes out. The slope at a is the cosine of a."""),
        wrong("sin: the sine for its slope", partial(evaluate, slopes={"sin": lambda x, f: (f,)})).told("""
            For sin you multiply by the sine itself. Is the sine flat at 0?"""),
        wrong("sin: sign", partial(evaluate, slopes={"sin": lambda x, f: (-math.cos(x),)})).told("""
            For sin the message has the wrong sign. Does the sine rise or fall at 0?"""),
        wrong("relu: always open", partial(evaluate, slopes={"relu": lambda x, f: (1,)})).told("""
            Your relu lets the message through for negative numbers too. How steep is it there?"""),
        wrong("relu: value for its slope", partial(evaluate, slopes={"relu": lambda x, f: (f,)})).told("""
            For relu you multiply by what comes out. To the right of 0 it rises by 1 for each 1: how steep is that?"""),
        wrong(
            "relu: the size",
            partial(evaluate, mathematics={"relu": abs}, slopes={"relu": lambda x, f: (math.copysign(1, x),)}),
        ).told("""
            Your relu of −2 is 2. It is max(0, a): to the left of 0 it is 0."""),
        wrong("2 − a as a − 2", partial(evaluate, write=slips.operands_swapped("-"))).told("""
            `2 - a` gives what `a - 2` should. For a number on the left Python calls your method with a as `self` and
            the number as its argument."""),
        wrong("2 / a as a / 2", partial(evaluate, write=slips.operands_swapped("/"))).told("""
            `2 / a` gives what `a / 2` should. For a number on the left Python calls your method with a as `self` and
            the number as its argument."""),
        wrong("plain numbers not taken", slips.numbers_not_wrapped).told("""
            Where a plain number takes part, your code asks the number for its `.data`. Make a Value of it first."""),
        wrong(
            "plain numbers not taken, minus as a product",
            partial(slips.numbers_not_wrapped, made_with_a_number=("neg", "-")),
        ).told("""
            Where a plain number takes part, also in −a, if that is a · (−1), your code asks the number for its `.data`.
            Make a Value of it first."""),
        *(
            wrong(f"no {method}", slips.lacking(method)).told(missing_text(method))
            for method in ("__radd__", "__rmul__", "__rsub__", "__rtruediv__")
        ),
    ),
)
