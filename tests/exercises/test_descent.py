"""What is special to notebook 03, descent: cases that rounding cannot decide, an endless walk that is told, and a judge
of batches that never takes an honest shuffle for none."""

from __future__ import annotations

import numpy as np
import pytest

from nnkit.exercises import evaluate, index
from nnkit.exercises.beside.probes.descent import GRADIENTS, slope_of
from tests.answers import answers_to, changed, namespace_of


@pytest.mark.parametrize("name", GRADIENTS)
def test_gradients_are_those_of_a_function(name: str) -> None:
    """Their matrix of second derivatives is symmetric, and falls nowhere by more than a walk can follow."""
    x = np.array([0.3]) if "θ" in name else np.array([0.3, -1.2, 0.8][: 2 if "y" in name else 3])
    h = 1e-6
    columns = [(GRADIENTS[name](x + h * unit) - GRADIENTS[name](x - h * unit)) / (2 * h) for unit in np.eye(x.size)]
    np.testing.assert_allclose(columns, np.transpose(columns), atol=1e-6)


def test_rounding_does_not_decide_when_a_walk_ends() -> None:
    exercise = index.find("gradient_descent")
    for seed in range(25):
        for case in exercise.draw(seed, hidden=True):
            given = case.arguments
            _, n = exercise.reference(*given.values())
            grad = slope_of(given["f"], given["x0"].shape, 10**6)
            point = given["x0"].astype(float)
            for step in range(n + 1):
                size = np.linalg.norm(grad(point))
                assert size == 0 or abs(size / given["tol"] - 1) > 0.01, (seed, case.text, step)
                point = point - given["lr"] * grad(point)


def test_a_walk_without_an_end_is_stopped_by_counting_and_told() -> None:
    source = """
def gradient_descent(grad, x0, lr, tol, max_iter):
    x, n = x0 * 1.0, 0
    while n < max_iter and np.linalg.norm(grad(x)) >= tol:
        x = x + 0 * lr * grad(x)
    return x, n
"""
    report = evaluate("gradient_descent", namespace_of(source), time_limit=60.0)
    assert report.status == "crashed"
    assert "what ends the loop?" in report.message


def test_an_honest_shuffle_is_never_refused() -> None:
    namespace = namespace_of(answers_to("minibatches").right["a permutation, sliced, yielded"])
    for seed in range(40):
        report = evaluate("minibatches", namespace, seed, hidden=True)
        assert report.passed, str(report)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("return {'first': (X, y)}", "a dict"),
        ("return 7", "an int"),
        ("return 'batches'", "a str"),
        ("return [(X, y, rng)]", "a tuple of 3 entries"),
        ("return [(X[:2], None)]", "not a pair of arrays of numbers"),
        ("return []", "never come"),
        ("return [(X[:2], y[:1])]", "2 inputs and 1 target"),
        ("return [(X[..., :1], y)]", "Xb of shape (5, 1)"),
        ("return [(X + 1000, y)]", "no row of X"),
        ("return [(X, y + 1000)]", "a target that is not in y"),
        ("yield from ()", "never come"),
        ("raise ValueError('no')", "ValueError: no"),
    ],
)
def test_odd_batches_are_told_in_a_sentence(line: str, said: str) -> None:
    report = evaluate("minibatches", namespace_of(f"def minibatches(X, y, batch_size, rng):\n    {line}\n"))
    assert not report.passed
    assert said in report.message, str(report)


@pytest.mark.parametrize(
    ("batches", "cause"),
    [
        ("np.split(order, range(batch_size, len(X) - len(X) % batch_size, batch_size))", "All batches but the last"),
        ("[halves[k : k + batch_size] for k in range(0, len(X), batch_size)]", "shuffled in parts"),
    ],
)
def test_a_last_batch_that_is_too_long_and_two_separate_halves_are_told(batches: str, cause: str) -> None:
    source = f"""
def minibatches(X, y, batch_size, rng):
    order, half = rng.permutation(len(X)), len(X) // 2
    halves = np.concatenate([rng.permutation(half), half + rng.permutation(len(X) - half)])
    return [(X[part], y[part]) for part in {batches}]
"""
    report = evaluate("minibatches", namespace_of(source))
    assert report.status == "wrong"
    assert cause in str(report)


@pytest.mark.parametrize(
    ("name", "label", "change", "untrue"),
    [
        ("minibatches", "a permutation, sliced, yielded", ("range(0,", "range(1,"), "do not fill a whole batch"),
        ("minibatches", "a permutation, sliced, yielded", ("(len(X))\n", "(len(X))[:-1]\n"), "do not fill"),
        ("minibatches", "a permutation, sliced, yielded", ("order[start :", "order[max(0, start - 1) :"), "drawn"),
        (
            "minibatches",
            "a permutation, sliced, yielded",
            ("y[batch]", "y[start : start + batch_size]"),
            "each an order",
        ),
        ("gradient_descent", "a while loop", ("norm(g) < tol", "norm(grad(x0)) < tol"), "uphill"),
        ("gradient_descent", "a while loop", ("return x, n", "return x, 0"), "max_iter is never reached"),
    ],
)
def test_a_slip_is_not_told_the_cause_of_another(name: str, label: str, change: tuple[str, str], untrue: str) -> None:
    source = answers_to(name).right[label]
    for seed, hidden in ((1, False), (11, True), (12, True)):
        report = evaluate(name, namespace_of(changed(source, change)), seed, hidden)
        assert not report.passed
        assert untrue not in str(report), str(report)
