"""What is special to gradients by hand in notebook 02: functions that look at what they get, and references that agree
with the engine; one node after the other, and through layers."""

from __future__ import annotations

import importlib
import re
from typing import Any

import numpy as np
import pytest

import nnkit
from nnkit.exercises import Report, evaluate, index
from nnkit.exercises.beside.calls import loaded
from nnkit.exercises.beside.probes.autograd import FUNCTIONS, WrongArgument, watched
from nnkit.exercises.catalogue.families import OTHER_ACTIVATIONS
from nnkit.exercises.judge.compare import differs
from nnkit.exercises.judge.recognise import simulate
from tests.answers import answers_to, namespace_of

SEEDS = ((1, False), (2, True), (77, True))
NUMERICAL_GRADIENT = index.find("numerical_gradient")


def verdict(name: str, source: str, seed: int = 1, hidden: bool = False, **options: Any) -> Report:
    return evaluate(name, namespace_of(source, answers_to(name).provided), seed, hidden, **options)


def answers_to_promises(name: str) -> dict[str, str]:
    found: dict[str, str] = importlib.import_module(f"tests.answers.{index.notebook_of(name)}.{name}").PROMISES
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
    notebooks = ("backprop_by_hand", "backprop_through_layers", "automatic_differentiation")
    exercises = [index.find(name) for notebook in notebooks for name in index.notebooks()[notebook]]
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
    source = own + "def product_gradients(x, y, z):\n    f = lambda p: (p[0] + p[1]) * p[2] ** 2\n"
    source += "    return numerical_gradient(f, np.array([x, y, z]))\n"
    report = verdict("product_gradients", source)
    assert report.status == "wrong"
    assert report.headline == "product_gradients: not counted."
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
