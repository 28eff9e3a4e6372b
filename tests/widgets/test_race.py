"""The race of the reader's own rules: right ones, wrong ones, and functions that are no rules at all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nnkit.widgets.race import STEPS, Race, arrival
from nnkit.widgets.surfaces import SURFACES, walk


def momentum_update(w: Any, g: Any, delta: Any, lr: float, mu: float) -> Any:
    return w + mu * delta - lr * g, mu * delta - lr * g


def adagrad_update(w: Any, g: Any, s: Any, lr: float, eps: float) -> Any:
    return w - lr * g / (np.sqrt(s + g**2) + eps), s + g**2


def rmsprop_update(w: Any, g: Any, s: Any, lr: float, alpha: float, eps: float) -> Any:
    s_new = alpha * s + (1 - alpha) * g**2
    return w - lr * g / (np.sqrt(s_new) + eps), s_new


def adam_update(
    w: Any, g: Any, m: Any, v: Any, t: int, lr: float, beta1: float, beta2: float, eps: float, fault: str = ""
) -> Any:
    m_new, v_new = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
    m_hat, v_hat = m_new / (1 - beta1**t), v_new / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m_new, v_new


RULES = {"momentum": momentum_update, "AdaGrad": adagrad_update, "RMSProp": rmsprop_update, "Adam": adam_update}


@pytest.mark.parametrize("surface", [name for name, place in SURFACES.items() if place.weights == 2])
def test_right_rules_walk_as_nnkit_and_are_told_so(surface: str) -> None:
    made = Race(surface=surface, rules=RULES)
    answer = made.answer({"state": made.state})
    assert answer["told"] == {}
    for name, points in answer["walks"].items():
        # RMSProp never comes to rest, and what it does late depends on the last bit; so the first hundred steps.
        np.testing.assert_allclose(points[:101], walk(surface, name, None, 0.01, 0.9, 100), rtol=1e-9, atol=1e-12)


def test_the_race_of_the_notebook_is_won_as_it_says() -> None:
    rates = {"rate_sgd": 0.01, "rate_momentum": 0.01, "rate_rmsprop": 0.01, "rate_adam": 0.03}
    rules = {name: rule for name, rule in RULES.items() if name != "AdaGrad"}
    said = Race(rates, surface="bent valley", rules=rules).twin().text
    assert said.startswith(
        "Arrived: momentum in step 66, Adam in step 195, RMSProp in step 273, SGD in step 406. "
        "Your rules step exactly as nnkit's."
    )


def test_a_wrong_rule_walks_as_it_is_and_its_first_wrong_step_is_told() -> None:
    def uphill(w: Any, g: Any, delta: Any, lr: float, mu: float) -> Any:
        return w - mu * delta + lr * g, mu * delta - lr * g

    walks, told = Race(surface="valley", rules={"momentum": uphill}).run(Race(surface="valley", rules=RULES).state)
    np.testing.assert_allclose(walks["momentum"][1], [-4.04, 1.875])
    assert told["momentum"] == (
        "uphill goes its own way: in step 1 it moves by (−0.04, 0.375), nnkit's by (0.04, −0.375)."
    )


def test_a_fault_that_shows_later_is_told_for_the_step_in_which_it_shows() -> None:
    def uncorrected(w: Any, g: Any, m: Any, v: Any, t: int, *rest: float) -> Any:
        return adam_update(w, g, m, v, min(t, 3), *rest)

    made = Race(rules={"Adam": uncorrected})
    assert "in step 4 it moves by" in made.run(made.state)[1]["Adam"]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (lambda *given: 1 / 0, "stopped in step 1: division by zero (ZeroDivisionError)."),
        (lambda w, *given: w, "stopped in step 1: it returned a ndarray; expected are w_new, delta_new, each of shape"),
        (lambda w, *given: (w, w, w), "it returned a tuple of 3; expected are w_new, delta_new"),
        (lambda w, *given: (w, "fast"), "delta_new is a str; expected are"),
        (lambda w, *given: (w[0], w), "w_new has shape (); expected are"),
        (lambda w, *given: (np.full((2, 2), 1.0), w), "w_new has shape (2, 2); expected are"),
        (lambda w, *given: (w * np.nan, w), "returned weights that are no numbers in step 1: (nan, nan)."),
        (lambda w: (w, w), "(TypeError)."),
        (lambda *given: None, "it returned a NoneType"),
    ],
)
def test_what_is_no_rule_is_told_in_a_sentence(rule: Any, said: str) -> None:
    made = Race(rules={"momentum": rule})
    walks, told = made.run(made.state)
    assert said in told["momentum"]
    assert walks["momentum"].shape == (1, 2)


def test_an_unwritten_function_is_told_too() -> None:
    def adam(*given: Any) -> Any:
        raise NotImplementedError

    made = Race(rules={"Adam": adam})
    said = "adam stopped in step 1: no reason given (NotImplementedError)."
    assert made.run(made.state)[1]["Adam"] == said
    assert said in made.twin().text


def test_a_rule_that_never_ends_is_stopped_and_keeps_what_it_has_walked() -> None:
    def stuck(w: Any, g: Any, delta: Any, lr: float, mu: float) -> Any:
        while abs(delta[0]) > 0.001:
            pass
        return momentum_update(w, g, delta, lr, mu)

    made = Race(rules={"momentum": stuck})
    walks, told = made.run(made.state)
    assert told["momentum"] == "stuck did not come to an end in step 2 and was stopped."
    assert walks["momentum"].shape == (2, 2)


def test_a_rule_that_changes_its_arguments_harms_nobody_but_itself() -> None:
    def in_place(w: Any, g: Any, delta: Any, lr: float, mu: float) -> Any:
        delta *= mu
        delta -= lr * g
        w += delta
        g *= 0
        return w, delta

    made = Race(rules={"momentum": in_place})
    walks, told = made.run(made.state)
    assert told == {}
    assert tuple(walks["momentum"][0]) == SURFACES["bent valley"].start


def test_a_rule_that_leaves_for_good_ends_there() -> None:
    made = Race(surface="valley", rate_momentum=1.0, rules={"momentum": momentum_update})
    walks, _ = made.run(made.state)
    assert len(walks["momentum"]) < STEPS
    assert "Not arrived after 450 steps: momentum." in made.twin().text


def test_the_call_beneath_names_the_functions() -> None:
    functions = "momentum=momentum_update, adagrad=adagrad_update, rmsprop=rmsprop_update, adam=adam_update"
    assert Race(rules=RULES).call == f"widgets.race(…, {functions})"


def test_who_comes_near_and_goes_again_arrives_later() -> None:
    above = np.ones(STEPS + 1)
    above[5:20] = above[40:] = 0
    assert arrival(above) == 40
    above[-1] = 1
    assert arrival(above) is None
