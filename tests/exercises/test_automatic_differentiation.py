"""What is special to the class of numbers in notebook 02: the programs that it is put through, and its steps."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

import nnkit
from nnkit.exercises import Report, evaluate, index
from nnkit.exercises.beside import wire
from nnkit.exercises.beside.probes.autograd import MOST_CALLS, OPERATORS
from nnkit.exercises.catalogue.automatic_differentiation.parts.programs import program_case
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.ladder import judge_case
from tests.answers import answers_to, changed, namespace_of
from tests.answers.automatic_differentiation.parts.classes import BACKWARD, CLOSURES, SUMS_AND_PRODUCTS, WALK

SEEDS = ((1, False), (2, True), (77, True))
VALUE = index.find("Value")
STEPS = ("Value_arithmetic", "Value_backward", "Value_functions")


def verdict(name: str, source: str, seed: int = 1, hidden: bool = False, **options: Any) -> Report:
    return evaluate(name, namespace_of(source, answers_to(name).provided), seed, hidden, **options)


def leaf(value: Any) -> nnkit.Tensor:
    return nnkit.tensor(np.asarray(value, dtype=float), requires_grad=True)


# ------------------------------------------------------------------------------------------------ programs


def on_tensors(leaves: dict[str, float], graphs: list[list[list[Any]]]) -> list[dict[str, float]]:
    """The leaves' gradients after each program, by the engine."""
    tensors = {name: leaf(value) for name, value in leaves.items()}
    after = []
    for steps in graphs:
        names: dict[str, Any] = dict(tensors)
        for target, sign, *operands in steps:
            values = [names.get(entry, entry) if isinstance(entry, str) else entry for entry in operands]
            if sign in OPERATORS:
                names[target] = OPERATORS[sign][0](*values)
            else:
                names[target] = -values[0] if sign == "neg" else getattr(values[0], sign)()
        names[steps[-1][0]].backward()
        after.append({name: 0.0 if t.grad is None else t.grad.item() for name, t in tensors.items()})
    return after


def test_programs_give_what_the_engine_gives() -> None:
    for seed, hidden in SEEDS:
        for case in VALUE.draw(seed, hidden):
            expected = on_tensors(case.arguments["leaves"], case.arguments["graphs"])
            found = VALUE.reference(**case.arguments)["gradients"]
            for right, mine in zip(expected, found, strict=True):
                assert mine == pytest.approx(right, rel=1e-10)


def test_every_step_of_every_program_counts() -> None:
    """A step whose result nobody uses would make a case say less than it seems to."""
    for seed, hidden in SEEDS:
        for case in VALUE.draw(seed, hidden):
            for steps in case.arguments["graphs"]:
                used = {entry for step in steps for entry in step[2:]}
                assert [step[0] for step in steps if step[0] not in used] == [steps[-1][0]]


def test_programs_are_shown_as_one_would_type_them() -> None:
    case = program_case("x", {"a": 2.0}, "b = 2 - a; c = b.tanh(); d = -c")
    assert case.text == "`a = Value(2); b = 2 - a; c = b.tanh(); d = -c; d.backward()`"


# ------------------------------------------------------------------------------------------------ Value


def without_methods_after(name: str) -> str:
    """The class up to a method, and its backward."""
    return CLOSURES[: CLOSURES.index(f"    def {name}(")] + CLOSURES[CLOSURES.index("    def backward(") :]


def test_a_class_that_grows_is_told_what_comes_next() -> None:
    report = verdict("Value", without_methods_after("__sub__"))
    assert report.headline == "Value: not finished."
    assert "“sums”, “products”, “a value twice in one operation”, “values that feed several others”" in report.message
    assert report.cause == "For −a Python calls a method named `__neg__`. Your class has none."


def test_what_is_wrong_is_told_before_what_is_missing() -> None:
    source = without_methods_after("__sub__").replace(".grad += ", ".grad = ")
    report = verdict("Value", source)
    assert report.headline == "Value: not yet."
    assert "only the last message survives" in str(report.cause)


def test_two_slips_are_told_one_after_the_other() -> None:
    source = changed(CLOSURES, ("n * self.data ** (n - 1)", "n * self.data ** n"), ("(1 - t ** 2)", "(1 - t)"))
    first = verdict("Value", source)
    assert "tanh" in str(first.cause) or "aⁿ" in str(first.cause)
    mended = source.replace("(1 - t)", "(1 - t ** 2)")
    assert "aⁿ" in str(verdict("Value", mended).cause)


@pytest.mark.parametrize("operation", ["+= out.data * out.grad", "+= (1 - t ** 2) * out.grad", "* out.grad"])
def test_a_single_operation_that_forgets_the_message_is_seen(operation: str) -> None:
    source = changed(CLOSURES, (operation, operation.replace(" * out.grad", "").replace("* out.grad", "")))
    assert verdict("Value", source).status == "wrong"


SAYS = {
    "returns nothing": (
        [
            (
                "            other.grad += -out.grad\n        out.pass_on = pass_on\n        return out",
                "            pass",
            )
        ],
        "`a - b` gave None, expected a new Value.",
    ),
    "returns a number": (
        [("    def sin(self):\n", "    def sin(self):\n        return math.sin(self.data)\n")],
        "`a.sin()` gave a float, expected a new Value.",
    ),
    "grad is None": ([("self.grad = 0.0", "self.grad = None")], "A new Value has None in `.grad`, expected 0.0."),
    "grad starts at 1": ([("self.grad = 0.0", "self.grad = 1.0")], "A new Value has 1 in `.grad`, expected 0.0."),
    "no grad": ([("        self.grad = 0.0\n", "")], "`a.grad` does not exist"),
    "another name": ([(".data", ".number")], ".data` does not exist"),
    "backward takes an argument": (
        [("def backward(self):", "def backward(self, message):")],
        "`c.backward()` does not work: it is called without arguments.",
    ),
    "met before, by its number": (
        [("if node not in seen", "if node.data not in seen"), ("seen.add(node)", "seen.add(node.data)")],
        "not yet: “formulas”, “equal numbers”, “a row of 200 operations”.",
    ),
    "an operation forgets its operand": (
        [("out = Value(math.exp(self.data), (self,))", "out = Value(math.exp(self.data))")],
        "not yet: “formulas”.",
    ),
    "changes its operand": (
        [
            (
                "        out = Value(max(0.0, self.data), (self,))",
                "        self.data = max(0.0, self.data)\n        out = Value(self.data, (self,))",
            )
        ],
        "and is 0 at the end.",
    ),
}


@pytest.mark.parametrize("label", SAYS)
def test_what_a_class_with_a_slip_is_told(label: str) -> None:
    pairs, says = SAYS[label]
    report = verdict("Value", changed(CLOSURES, *pairs))
    assert report.status == "wrong"
    assert says in report.message


def test_other_orders_of_the_walk_get_a_question_and_no_wrong_cause() -> None:
    queue = """    def backward(self):
        self.grad += 1
        queue = [self]
        while queue:
            node = queue.pop(0)
            node.pass_on()
            queue.extend(parent for parent in node.parents if parent not in queue)
"""
    report = verdict("Value", CLOSURES.replace(BACKWARD, queue))
    assert "does each value wait for all of its messages" in str(report.cause)
    assert report.cause not in {mistake.sentence for mistake in VALUE.mistakes}


def test_walking_every_way_is_stopped_by_its_number_of_calls() -> None:
    report = verdict("Value", answers_to("Value").wrong["walks every way"], time_limit=600)
    assert f"{MOST_CALLS:,} calls" in report.message
    assert sys.getprofile() is None


def test_an_error_of_the_students_own_passes_through() -> None:
    report = verdict("Value", changed(CLOSURES, ("math.tanh(self.data)", "math.tanh(self)")))
    assert report.status == "crashed"
    assert "`t = math.tanh(self)`" in report.message


def test_a_function_in_place_of_a_class_gets_a_sentence() -> None:
    report = verdict("Value", "def Value(data):\n    return data\n")
    assert report.status == "wrong"
    assert "every Value has `.data` and `.grad`" in report.message


@pytest.mark.parametrize(
    "answer",
    [
        None,
        3,
        {},
        {"problem": 7},
        {"problem": {}},
        {"problem": {"kind": []}},
        {"problem": {"kind": "missing"}},
        {"problem": {"kind": "result", "graph": 99, "step": -70}},
        {"problem": None},
        {"problem": None, "start": {}, "values": [], "gradients": [], "data": {}},
        {"problem": None, "start": 1, "values": 2, "gradients": 3, "data": 4},
        {"problem": None, "start": {"a": "x"}, "values": ["x"], "gradients": [{"a": "x"}], "data": {"a": []}},
    ],
)
def test_whatever_another_process_says_is_only_a_wrong_answer(answer: Any) -> None:
    case = program_case("x", {"a": 2.0}, "b = a * a")
    assert judge_case(VALUE, case, Answer(wire.loads(wire.dumps(answer)))) is not None


# ------------------------------------------------------------------------------------------------ Value, step by step


@pytest.mark.parametrize("label", answers_to("Value").right)
@pytest.mark.parametrize("step", STEPS)
def test_a_fuller_class_still_passes_the_earlier_steps(step: str, label: str) -> None:
    assert verdict(step, answers_to("Value").right[label], 5, True).passed


def test_steps_wait_for_nothing_that_comes_later() -> None:
    assert verdict("Value_arithmetic", SUMS_AND_PRODUCTS).passed
    assert verdict("Value_backward", SUMS_AND_PRODUCTS).headline == "Value_backward: not finished."
    assert verdict("Value_backward", SUMS_AND_PRODUCTS + WALK).passed
    report = verdict("Value_functions", SUMS_AND_PRODUCTS + WALK)
    assert report.headline == "Value_functions: not finished."
    assert report.cause == "For −a Python calls a method named `__neg__`. Your class has none."


@pytest.mark.parametrize(
    "form",
    [
        "self.kept = {'left': a, 'right': b}",
        "self.kept = {a: 1.0, b: 2.0}",
        "self.left, self.right = a, b",
        "self.kept = lambda: (a, b)",
        "self.kept = functools.partial(print, a, b)",
        "self.kept = Link(a, Link(b, None))",
        "self.kept = [[(a, 1.0)], [(b, 2.0)]]",
    ],
)
def test_operands_may_be_remembered_in_any_form(form: str) -> None:
    source = f"""
import functools

class Link:
    __slots__ = ("value", "next")
    def __init__(self, value, next):
        self.value, self.next = value, next

class Value:
    def __init__(self, data, a=None, b=None):
        self.data, self.grad = data, 0.0
        {form}
    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, self, other)
    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, self, other)
    __radd__, __rmul__ = __add__, __mul__
"""
    assert verdict("Value_arithmetic", source).passed
    forgetful = changed(
        source, ("return Value(self.data * other.data, self, other)", "return Value(self.data * other.data, self)")
    )
    assert "is not to be found in what" in verdict("Value_arithmetic", forgetful).message


def test_an_operand_is_not_remembered_through_another_one() -> None:
    source = changed(SUMS_AND_PRODUCTS, ("((self, other.data), (other, self.data))", "((self, other.data),)"))
    assert "is not to be found" in verdict("Value_arithmetic", source).message


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {},
        {"problem": {"kind": "missing"}},
        {"problem": None},
        {"problem": None, "start": {}, "values": {}, "gradients": {}, "remembered": {}, "data": {}},
        {
            "problem": None,
            "start": {"a": "x"},
            "values": {"b": "x"},
            "gradients": {"b": []},
            "remembered": {"b": 3},
            "data": {"a": None},
        },
    ],
)
def test_whatever_another_process_says_of_a_first_step_is_only_a_wrong_answer(answer: Any) -> None:
    case = program_case("x", {"a": 2.0}, "b = a * a")
    assert judge_case(index.find("Value_arithmetic"), case, Answer(wire.loads(wire.dumps(answer)))) is not None


# ------------------------------------------------------------------------------------------------ ways to go on

METHODS_OF_WALK = "\nclass Value(Value):\n" + WALK
HUNG_ON = WALK.replace("\n    ", "\n").replace("    def backward", "def backward", 1) + "\nValue.backward = backward\n"
FUNCTIONS = """
    def __neg__(self):
        return self * -1

    def exp(self):
        value = math.exp(self.data)
        return Value(value, ((self, value),))
"""


@pytest.mark.parametrize("way", [WALK, METHODS_OF_WALK, HUNG_ON], ids=["copied", "inherited", "assigned"])
def test_a_class_may_be_copied_inherited_or_given_a_method_later(way: str) -> None:
    assert verdict("Value_arithmetic", SUMS_AND_PRODUCTS + way).passed
    assert verdict("Value_backward", SUMS_AND_PRODUCTS + way).passed


@pytest.mark.parametrize("way", [METHODS_OF_WALK, HUNG_ON], ids=["inherited", "assigned"])
def test_a_slip_in_what_was_added_later_is_told_its_cause(way: str) -> None:
    report = verdict("Value_backward", SUMS_AND_PRODUCTS + changed(way, (".grad += ", ".grad = ")))
    assert "only the last message survives" in str(report.cause)
    report = verdict("Value_backward", changed(SUMS_AND_PRODUCTS, ("(self, 1.0), (other, 1.0)", "(self, 1.0),")) + way)
    assert "nothing comes back to b" in str(report.cause)


def test_an_inherited_class_that_grows_is_told_what_comes_next() -> None:
    source = SUMS_AND_PRODUCTS + METHODS_OF_WALK + "\nclass Value(Value):\n" + FUNCTIONS
    report = verdict("Value_functions", source)
    assert report.headline == "Value_functions: not finished."
    assert "cases are right, among them all of “minus”, “exp”." in report.message
