"""The milestones run on anybody's functions, say whose they were, and reach what they promise."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnkit.exercises import index
from nnkit.mine import (
    MILESTONES,
    Parts,
    backpropagation,
    digits,
    filters,
    gather,
    learning_neuron,
    row_reader,
    run,
    tree,
)
from nnkit.mine.parts import CALLS, NEEDED

SMALL: dict[str, dict[str, Any]] = {
    "neuron": {"steps": 100},
    "backprop": {"epochs": 5},
    "digits": {"epochs": 1, "hidden": 8, "images": 200},
    "filters": {"epochs": 1, "count": 2, "images": 64, "tested": 50},
    "rows": {"epochs": 1, "hidden": 8, "images": 64},
}


def affine_forward(x: Any, W: Any, b: Any) -> Any:
    return x @ W + b


def test_the_parts_are_exercises_and_each_milestone_calls_its_own() -> None:
    assert set(NEEDED) <= set(index.names())
    assert len(set(NEEDED)) == len(NEEDED)
    assert MILESTONES.keys() == CALLS.keys() == SMALL.keys()


@pytest.mark.parametrize("name", list(MILESTONES))
def test_a_milestone_runs_and_says_whose_its_parts_were(name: str) -> None:
    reached = run(name, **SMALL[name])
    assert 0 <= reached.share <= 1
    assert set(CALLS[name]) <= reached.whose.keys()
    assert set(reached.whose.values()) == {"nnkit's"}
    assert "Yours: nothing yet." in str(reached)
    assert "stopped with" not in str(reached)


def test_a_neuron_learns_and_and_or_but_not_xor() -> None:
    reached = learning_neuron()
    assert reached.share == 1
    assert "AND 4 of 4, OR 4 of 4" in reached.sentence
    assert "XOR 4 of 4" not in reached.sentence


def test_backprop_finds_xor_and_the_code() -> None:
    reached = backpropagation(epochs=2000)
    assert reached.share == 1


def test_the_readers_part_is_called_and_named() -> None:
    calls = []

    def counted(x: Any, W: Any, b: Any) -> Any:
        calls.append(x)
        return affine_forward(x, W, b).tolist()  # right, as lists

    reached = digits(Parts({"affine_forward": counted}), **SMALL["digits"])
    assert calls
    assert reached.whose["affine_forward"] == "yours"
    assert reached.parts.startswith("Yours: affine_forward. nnkit's: ")
    assert reached.share == digits(**SMALL["digits"]).share


def test_a_part_that_fails_ends_the_milestone_and_is_told() -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("no")

    reached = run("digits", Parts({"adam_update": broken}), **SMALL["digits"])
    assert "It stopped with RuntimeError: no" in str(reached)
    assert reached.whose["adam_update"] == "yours"


def test_no_time_is_shown_where_outputs_must_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    reached = learning_neuron(steps=1)
    assert "It took" in str(reached)
    monkeypatch.setenv("NNKIT_STATIC", "1")
    assert "It took" not in str(reached)
    assert "It took" not in reached._repr_html_()


def test_nnkits_parts_do_what_the_exercises_say() -> None:
    """Those that are not the exercise's own reference pass its check as well."""
    from nnkit.exercises import evaluate

    names: dict[str, Any] = {
        "minibatches": Parts()["minibatches"],
        "clip_by_norm": lambda grads, max_norm: Parts()["clip_by_norm"](grads, max_norm),
    }
    for name in names:
        report = evaluate(name, names)
        assert report.passed, report
    rng = np.random.default_rng(0)
    dout, x = rng.normal(size=(2, 3, 2, 2)), rng.normal(size=(2, 3, 5, 5))
    reference = index.find("maxpool_backward").reference
    np.testing.assert_allclose(Parts()["maxpool_backward"](dout, x, 3, 2), reference(dout, x, 3, 2))


def test_the_picture_tells_the_readers_parts_from_the_others_without_colour() -> None:
    own = Parts({"affine_forward": affine_forward})
    picture = tree(own)
    assert "Yours (1 of 16): affine_forward." in picture.alt
    assert "✓ affine_forward" in picture.svg
    assert picture.svg.count("✓") == 2  # and in the legend
    assert picture.svg.count("stroke-dasharray") == 16 - 1 + len(MILESTONES) + 1
    everything = tree(Parts(dict.fromkeys(NEEDED, affine_forward)))
    assert "stroke-dasharray" not in everything.svg


def test_results_may_be_lists_and_arrays_of_objects() -> None:
    def affine_backward(dout: Any, x: Any, W: Any) -> Any:
        results = np.empty(3, dtype=object)
        results[:] = [(dout @ W.T).tolist(), (x.T @ dout).astype(np.float32), dout.sum(axis=0)]
        return results

    def rnn_forward(x: Any, h0: Any, Wx: Any, Wh: Any, b: Any) -> Any:
        states = [h0]
        for row in x:
            states.append(np.tanh(row @ Wx + states[-1] @ Wh + b))
        return tuple(states[1:])

    for name, part in {"digits": affine_backward, "rows": rnn_forward}.items():
        reached = run(name, Parts({part.__name__: part}), **SMALL[name])
        assert "stopped with" not in reached.sentence, reached


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", NEEDED)
def test_every_right_answer_serves(name: str, repository: Path) -> None:
    """The variants that the checks accept are as different as readers are."""
    sys.path.insert(0, str(repository))
    answers = importlib.import_module("tests.answers")
    sys.path.remove(str(repository))
    known = answers.answers_to(name)
    (milestone,) = (milestone for milestone, called in CALLS.items() if name in called)
    for label, code in known.right.items():
        names = answers.namespace_of(code, known.provided)
        reached = run(milestone, Parts({name: names[name]}), **SMALL[milestone])
        assert "stopped with" not in reached.sentence, f"{label}: {reached}"


@pytest.fixture(scope="module")
def solved(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Parts:
    return gather(repository / "solutions", out=tmp_path_factory.mktemp("solved")).parts


@pytest.mark.slow
@pytest.mark.parametrize(
    ("milestone", "least"), [(backpropagation, 1.0), (digits, 0.95), (filters, 0.9), (row_reader, 0.88)]
)
def test_on_a_readers_own_code_it_reaches_what_it_promises(milestone: Any, least: float, solved: Parts) -> None:
    reached = milestone(solved)
    assert reached.parts.startswith("Every part is yours")
    assert reached.share >= least
    assert np.isfinite(reached.seconds)
