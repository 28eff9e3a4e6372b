"""What is special to notebook 02: its two probes, the programs for a class of numbers, and references that agree with
the engine."""

from __future__ import annotations

import importlib
import re
import sys
from typing import Any

import numpy as np
import pytest

import nnkit
from nnkit.exercises import Report, evaluate, index
from nnkit.exercises.beside import wire
from nnkit.exercises.beside.calls import loaded
from nnkit.exercises.beside.probes.autograd import FUNCTIONS, MOST_CALLS, OPERATORS, WrongArgument, watched
from nnkit.exercises.catalogue.backprop_by_hand.parts.programs import program_case
from nnkit.exercises.catalogue.families import OTHER_ACTIVATIONS
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.compare import differs
from nnkit.exercises.judge.ladder import judge_case
from nnkit.exercises.judge.recognise import simulate
from tests.answers import answers_to, changed, namespace_of
from tests.answers.backprop_by_hand.parts.classes import BACKWARD, CLOSURES, SUMS_AND_PRODUCTS, WALK

SEEDS = ((1, False), (2, True), (77, True))
NUMERICAL_GRADIENT = index.find("numerical_gradient")
VALUE = index.find("Value")
STEPS = ("Value_arithmetic", "Value_backward", "Value_functions")


def verdict(name: str, source: str, seed: int = 1, hidden: bool = False, **options: Any) -> Report:
    return evaluate(name, namespace_of(source, answers_to(name).provided), seed, hidden, **options)


def answers_to_promises(name: str) -> dict[str, str]:
    found: dict[str, str] = importlib.import_module(f"tests.answers.backprop_by_hand.{name}").PROMISES
    return found


def leaf(value: Any) -> nnkit.Tensor:
    return nnkit.tensor(np.asarray(value, dtype=float), requires_grad=True)


def gradients(result: nnkit.Tensor, *leaves: nnkit.Tensor) -> list[np.ndarray]:
    result.backward()
    return [tensor.grad.numpy() for tensor in leaves]


# ------------------------------------------------------------------------------------------------ references


def of_product(x: Any, y: Any, z: Any) -> Any:
    return gradients((x + y) * z**2, x, y, z)


def of_cube(x: Any, y: Any, z: Any) -> Any:
    return gradients(((x.sin() + y) * z) ** 3, x, y, z)


def of_neuron(a: Any, w: Any, b: Any) -> Any:
    return gradients((a @ w + b).sigmoid(), a, w, b)


def of_logistic(x: Any, t: Any, w: Any, b: Any) -> Any:
    return gradients(0.5 * ((w * x + b).sigmoid() - t) ** 2, w, b)


def of_diamond(a: Any, b: Any) -> Any:
    u = a + b
    return gradients(u * (a * u), a, b)


def of_two_layers(x: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    prediction = ((x @ W1 + b1).sigmoid() @ W2 + b2).sigmoid()
    return gradients(0.5 * ((y - prediction) ** 2).sum(), W1, b1, W2, b2)


ENGINES = {
    "product_gradients": of_product,
    "cube_gradients": of_cube,
    "neuron_gradients": of_neuron,
    "logistic_gradients": of_logistic,
    "diamond_gradients": of_diamond,
    "two_layer_gradients": of_two_layers,
}


@pytest.mark.parametrize("name", ENGINES)
def test_references_agree_with_the_engine(name: str) -> None:
    exercise = index.find(name)
    for seed, hidden in SEEDS:
        for case in exercise.draw(seed, hidden):
            expected = exercise.reference(*case.arguments.values())
            found = ENGINES[name](*(leaf(value) for value in case.arguments.values()))
            for right, mine in zip(expected, found, strict=True):
                np.testing.assert_allclose(right, mine, rtol=1e-8, atol=1e-12)
                assert np.shape(right) == np.shape(mine)


def test_a_network_with_one_output_costs_sixty_times_less_in_reverse() -> None:
    assert index.find("jacobian_costs").reference(784, 128, 64, 1) == (6_472_704, 108_544)


def test_every_withheld_name_of_nnkit_exists() -> None:
    exercises = [index.find(name) for name in index.notebooks()["backprop_by_hand"]]
    names = {name for exercise in exercises for name in exercise.withheld if name.startswith("nnkit.")}
    assert names
    assert all(callable(loaded(name)) for name in names)


# ------------------------------------------------------------------------------------------------ numerical_gradient


def test_central_differences_are_worked_out_right() -> None:
    for seed, hidden in SEEDS:
        for case in NUMERICAL_GRADIENT.draw(seed, hidden):
            f, x, h = case.arguments["f"], case.arguments["x"], case.arguments["h"] or 1e-4
            expected = NUMERICAL_GRADIENT.reference(f, x, case.arguments["h"])
            for place in np.ndindex(x.shape):
                above, below = np.array(x, dtype=float), np.array(x, dtype=float)
                above[place] += h
                below[place] -= h
                measured = (FUNCTIONS[f](above) - FUNCTIONS[f](below)) / (2 * h)
                assert np.asarray(expected)[place] == pytest.approx(measured, rel=1e-7, abs=1e-8)


@pytest.mark.parametrize(("seed", "hidden"), SEEDS)
def test_the_tolerance_tells_a_one_sided_difference_in_most_cases(seed: int, hidden: bool) -> None:
    """Also at the usual h, where it is off in the fifth digit only; sums and products are straight lines."""
    exercise = NUMERICAL_GRADIENT
    one_sided = next(mistake for mistake in exercise.mistakes if mistake.label == "one-sided difference")
    cases = [case for case in exercise.draw(seed, hidden) if "product" not in case.arguments["f"]]
    told = 0
    for case in cases:
        expected = exercise.reference(*case.arguments.values())
        told += differs(expected, simulate(exercise, one_sided, case).returned, exercise).any()
    assert told >= len(cases) - 1


def test_f_looks_at_what_it_gets() -> None:
    f = watched("the sum of squares", (2,))
    assert f(np.array([1, 2])) == 5
    with pytest.raises(WrongArgument, match=r"f received one number; it takes the whole array, of shape \(2,\)"):
        f(np.float64(1.0))
    with pytest.raises(WrongArgument, match="f received a list"):
        f([1.0, 2.0])
    with pytest.raises(WrongArgument, match=r"shape \(1,\); it takes shape \(2,\)"):
        f(np.array([1.0]))
    single = watched("the sum of squares", ())
    assert single(np.array(3.0)) == single(np.float64(3.0)) == 9
    with pytest.raises(WrongArgument, match=r"f received a Python float; it takes an array, here one of shape \(\)"):
        single(3.0)


def test_h_is_left_out_where_the_case_has_none() -> None:
    source = answers_to("numerical_gradient").right["a fresh copy for every entry"]
    assert verdict("numerical_gradient", source.replace("h=1e-4", "h=1e-5")).passed
    report = verdict("numerical_gradient", source.replace("h=1e-4", "h"))
    assert report.status == "crashed"
    assert "numerical_gradient(f, x, h=1e-4)" in str(report)


def test_by_hand_means_without_the_own_numerical_gradient() -> None:
    own = answers_to("numerical_gradient").right["a fresh copy for every entry"]
    source = own + "def diamond_gradients(a, b):\n    f = lambda p: p[0] * (p[0] + p[1]) ** 2\n"
    source += "    return numerical_gradient(f, np.array([a, b]))\n"
    report = verdict("diamond_gradients", source)
    assert report.status == "wrong"
    assert report.headline == "diamond_gradients: not counted."
    assert "your own `numerical_gradient`" in report.message


# ------------------------------------------------------------------------------------------------ formulas

BY_DIFFERENCES = {
    name: next(source for promise, source in answers_to_promises(name).items() if "differences" in promise)
    for name in ENGINES
}


@pytest.mark.parametrize("step", ["1e-4", "1e-5", "1e-6"])
@pytest.mark.parametrize("name", BY_DIFFERENCES)
def test_differences_in_the_place_of_a_formula_are_told_from_it_whatever_their_step(name: str, step: str) -> None:
    source = re.sub(r"\b1e-[56]\b", step, BY_DIFFERENCES[name].replace("2e-5", "(2 * 1e-5)"))
    report = verdict(name, source)
    assert report.status == "wrong"
    assert "Do you take a difference of two" in str(report.cause)


@pytest.mark.parametrize("step", ["1e-2", "1e-3", "1e-7", "1e-8"])
@pytest.mark.parametrize("name", BY_DIFFERENCES)
def test_differences_with_steps_that_are_seldom_used_are_refused_too(name: str, step: str) -> None:
    source = re.sub(r"\b1e-[56]\b", step, BY_DIFFERENCES[name].replace("2e-5", "(2 * 1e-5)"))
    assert verdict(name, source).status == "wrong"


@pytest.mark.parametrize(("value", "slope"), OTHER_ACTIVATIONS.values(), ids=OTHER_ACTIVATIONS)
def test_another_function_comes_with_its_own_slope(value: Any, slope: Any) -> None:
    """Where the slope is made from the value, as in s (1 − s), it is the slope that a reader of the rule takes."""
    z = np.array([-1.5, 0.5, 2.0])
    measured = (value(z + 1e-6) - value(z - 1e-6)) / 2e-6
    s = value(z)
    assert np.allclose(slope(z), measured, atol=1e-6) or np.allclose(slope(z), s * (1 - s))


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
    assert "sums, products, a value twice in one operation, values that feed several others" in report.message
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
        "not yet: formulas, equal numbers and a row of 200 operations.",
    ),
    "an operation forgets its operand": (
        [("out = Value(math.exp(self.data), (self,))", "out = Value(math.exp(self.data))")],
        "not yet: formulas.",
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
