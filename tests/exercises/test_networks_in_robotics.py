"""Notebook `networks_in_robotics`: what a run holds, and how a controller that is asked too often is told."""

from __future__ import annotations

import numpy as np
import pytest

from nnkit.exercises import evaluate, index
from nnkit.exercises.beside.probes.control import controller_of
from tests.answers import answers_to, changed, namespace_of

LOOP = index.find("closed_loop")
LISTS = answers_to("closed_loop").right["lists"]


def report(source: str):
    return evaluate("closed_loop", namespace_of(source))


def test_each_state_comes_of_the_one_before_and_its_input() -> None:
    for case in LOOP.draw(5, True):
        given = case.arguments
        states, inputs = LOOP.reference(*given.values())
        assert states.shape == (given["steps"] + 1, len(given["x0"]))
        assert inputs.shape == (given["steps"], given["B"].shape[1])
        np.testing.assert_array_equal(states[0], given["x0"])
        np.testing.assert_allclose(states[1:], states[:-1] @ given["A"].T + inputs @ given["B"].T, atol=1e-9)


def test_a_linear_controller_gives_powers_of_one_matrix() -> None:
    for case in LOOP.draw(6, True):
        given = case.arguments
        if set(given["controller"]) != {"K"}:
            continue
        closed = given["A"] - given["B"] @ given["controller"]["K"]
        end = np.linalg.matrix_power(closed, given["steps"]) @ given["x0"]
        np.testing.assert_allclose(LOOP.reference(*given.values())[0][-1], end, atol=1e-9)


def test_a_controller_that_writes_into_its_argument_leaves_the_record_alone() -> None:
    for case in LOOP.draw(7, True):
        given = dict(case.arguments)
        spoiled = LOOP.reference(*given.values())
        honest = {key: value for key, value in given["controller"].items() if key != "spoils"}
        for one, other in zip(spoiled, LOOP.reference(*(given | {"controller": honest}).values()), strict=True):
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("u = controller(x.copy()) + 0 * controller(x.copy())", "asked 2 times, in a run of 1 step;"),
        ("u = controller(list(x))", "received a list; it takes a state"),
        ("u = controller(x[:, None])", "of shape (1, 1); it takes a state of shape (1,)"),
    ],
)
def test_a_controller_that_is_asked_wrongly_says_so(line: str, said: str) -> None:
    found = report(changed(LISTS, ("u = controller(x.copy())", line)))
    assert found.status == "crashed"
    assert said in found.message


def test_one_who_changes_x0_is_told_that() -> None:
    found = report(changed(LISTS, ("        x = A @ x + B @ u", "        x = A @ x + B @ u\n        x0 += 0.5")))
    assert "changed its argument x0" in found.message


def test_one_who_hands_over_x0_is_told_of_the_controller_that_wrote_into_it() -> None:
    found = report(changed(LISTS, ("x.copy()", "x")))
    assert found.cause.startswith("In this case the controller writes into the array that it is given")


def test_the_limit_holds_for_every_input() -> None:
    controller = controller_of({"K": np.array([[3.0, 0.0], [0.1, 0.0]]), "limit": 1.0}, 2)
    assert controller(np.array([2.0, 0.0])).tolist() == [-1.0, -0.2]


def test_answers_that_keep_what_they_are_given_pass_for_whole_numbers_too() -> None:
    whole = [case for case in LOOP.draw(1) if case.arguments["x0"].dtype.kind == "i"]
    assert whole
    assert all(report(source).passed for source in answers_to("closed_loop").right.values())


@pytest.mark.parametrize("seed", range(30))
def test_the_whole_numbers_lead_to_fractions_and_to_an_input_beyond_2(seed: int) -> None:
    (case,) = (case for case in LOOP.draw(seed) if case.arguments["x0"].dtype.kind == "i")
    states, inputs = LOOP.reference(*case.arguments.values())
    assert abs(states[1] - np.round(states[1])) > 0.01
    assert abs(inputs[0] - np.round(inputs[0])) > 0.01
    assert abs(inputs[0]) > 2


def test_sizes_that_are_written_down_are_told_in_the_place_of_what_the_controller_refuses() -> None:
    found = report(answers_to("closed_loop").wrong["two states and one input always"])
    assert found.cause.startswith("Your states always have 2 columns and your inputs 1.")
