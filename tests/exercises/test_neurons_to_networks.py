"""Notebook 04, first part: warnings that decide, curves that flatten out, a corner."""

from __future__ import annotations

import pytest

from nnkit.exercises import evaluate
from tests.answers import namespace_of


def verdict(name, source):
    return evaluate(name, namespace_of(source))


# -- warnings ---------------------------------------------------------------------------------------------------------


def test_a_warning_decides_where_the_exercise_is_about_warnings():
    report = verdict("sigmoid", "def sigmoid(x):\n    return 1 / (1 + np.exp(-np.asarray(x)))\n")
    assert report.status == "wrong"
    assert "The values are right, but a warning was raised" in report.message
    assert "overflow" in report.message
    assert "e¹⁰⁰⁰" in report.cause
    assert not report.notes


def test_a_warning_beside_wrong_values_is_noted():
    report = verdict("sigmoid", "def sigmoid(x):\n    return 1 + np.exp(-np.asarray(x))\n")
    assert "under the fraction line" in report.cause
    assert "Your code raised a warning, which counts here: overflow" in " ".join(report.notes)


@pytest.mark.parametrize("log", ["np.log(np.zeros(3))", "np.log(np.sign(np.abs(x)))"])
def test_a_warning_that_has_nothing_to_do_with_the_exponential_is_told_as_such(log):
    source = f"""
def sigmoid(x):
    {log}
    return 0.5 * (1 + np.tanh(np.asarray(x) / 2))
"""
    report = verdict("sigmoid", source)
    assert report.status == "wrong"
    assert "divide by zero" in report.message
    assert "exponential is too large" in report.cause or "too large, or no number at all" in report.cause
    assert "e¹⁰⁰⁰" not in report.cause


def test_what_is_kept_silent_does_not_count():
    source = """
def sigmoid(x):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-np.asarray(x)))
"""
    assert verdict("sigmoid", source).passed


def test_a_one_sided_difference_is_no_slope():
    source = """
def s(x):
    return 0.5 * (1 + np.tanh(np.asarray(x) / 2))

def sigmoid_grad(x, h=1e-4):
    return (s(np.asarray(x) + h) - s(x)) / h
"""
    assert verdict("sigmoid_grad", source).status == "wrong"


# -- the sigmoid far out ----------------------------------------------------------------------------------------------

STABLE = """
def stable(x):
    q = np.exp(-np.abs(x))
    return np.where(np.asarray(x) >= 0, 1 / (1 + q), q / (1 + q))
"""


def sigmoid_of(body):
    """A sigmoid made of `x`, an array of floats, and of `stable`, one that is right."""
    return f"{STABLE}\ndef sigmoid(x):\n    x = np.asarray(x, dtype=float)\n    return {body}\n"


@pytest.mark.parametrize("place", [4, 5, 10, 20, 30, 100, 200])
def test_a_sigmoid_is_not_put_together_from_pieces(place):
    report = verdict("sigmoid", sigmoid_of(f"np.where(x < -{place}, 0.0, stable(x))"))
    assert report.status == "wrong"
    assert "put together from pieces?" in report.cause
    assert "exactly 0" in report.message + report.cause


@pytest.mark.parametrize("place", [4, 10, 20, 30, 100, 200])
def test_nor_is_a_slope(place):
    slope = f"def sigmoid_grad(x):\n    return np.where(np.abs(x) > {place}, 0.0, stable(x) * stable(-np.asarray(x)))\n"
    assert "put together from pieces?" in verdict("sigmoid_grad", STABLE + slope).cause


@pytest.mark.parametrize("bound", [4, 10, 20, 30])
def test_bounds_that_are_too_narrow_are_told_whatever_they_are(bound):
    report = verdict("sigmoid", sigmoid_of(f"stable(np.clip(x, -{bound}, {bound}))"))
    assert f"What you give at x = −1000 is the sigmoid at −{bound}." in report.cause


@pytest.mark.parametrize("bound", [50, 100, 500, 700])
def test_bounds_at_which_nothing_is_left_are_right(bound):
    assert verdict("sigmoid", sigmoid_of(f"1 / (1 + np.exp(-np.clip(x, -{bound}, {bound})))")).passed


@pytest.mark.parametrize("places", [3, 4, 5, 6])
def test_a_rounded_sigmoid_is_told_so_whatever_is_left(places):
    report = verdict("sigmoid", sigmoid_of(f"np.round(stable(x), {places})"))
    assert report.status == "wrong"
    assert "rounded" in report.cause


@pytest.mark.parametrize("base", [2, 2.71, 2.718, 3, 10])
def test_another_number_for_e_is_told_whatever_it_is(base):
    power = f"float({base}) ** -np.clip(x, -300, 300)"
    cause = verdict("sigmoid", sigmoid_of(f"1 / (1 + {power})")).cause
    assert "a multiple of x" in cause or "typed in with too few digits" in cause


def test_what_is_wrong_at_numbers_alone_is_no_multiple_everywhere():
    report = verdict("sigmoid", sigmoid_of("stable(x) if x.size > 1 else stable(1.5 * x)"))
    assert "everywhere" not in (report.cause or "")


@pytest.mark.parametrize("factor", [-3, 0.1, 0.5, 2, 3.9, 100])
def test_a_factor_is_told_whatever_it_is(factor):
    slope = f"def sigmoid_grad(x):\n    return {factor} * stable(x) * stable(-np.asarray(x))\n"
    assert "times a number, everywhere the same one" in verdict("sigmoid_grad", STABLE + slope).cause


def test_single_precision_is_right_by_every_way():
    for body in ("0.5 * (1 + np.tanh(x.astype(np.float32) / 2))", "stable(x.astype(np.float32))"):
        assert verdict("sigmoid", sigmoid_of(body)).passed
    slope = "def sigmoid_grad(x):\n    s = np.float32(stable(x))\n    return s * (1 - s)\n"
    assert verdict("sigmoid_grad", STABLE + slope).passed


@pytest.mark.parametrize("h", [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8])
def test_a_difference_is_no_slope_whatever_its_width(h):
    difference = f"(stable(np.add(x, {h})) - stable(np.subtract(x, {h}))) / {2 * h}"
    report = verdict("sigmoid_grad", f"{STABLE}\ndef sigmoid_grad(x):\n    return {difference}\n")
    assert report.status == "wrong"
    assert "nearly equal are subtracted" in report.cause or "approximated" in report.cause


@pytest.mark.parametrize("slope", ["s * (1 - s)", "s - s**2", "0.25 - (s - 0.5) ** 2", "s * stable(-np.asarray(x))"])
def test_every_formula_for_the_slope_is_right(slope):
    source = f"{STABLE}\ndef sigmoid_grad(x):\n    s = stable(x)\n    return {slope}\n"
    assert verdict("sigmoid_grad", source).passed


def test_what_stops_at_numbers_is_not_told_that_arrays_are_right():
    source = """
def sigmoid(x):
    out = np.zeros_like(x)
    out[x >= 0] = 1 / (1 + np.exp(-x[x >= 0]))
    out[x < 0] = np.exp(x[x < 0]) / (1 + np.exp(x[x < 0]))
    return out
"""
    assert "are right" not in verdict("sigmoid", source).cause


# -- the corner of the ReLU -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at_zero", ["0.0", "dout", "np.where(np.arange(x.size).reshape(x.shape) % 2, 0.0, dout)"])
def test_either_slope_is_right_at_zero(at_zero):
    source = f"def relu_backward(dout, x):\n    return np.where(x > 0, dout, np.where(x < 0, 0.0, {at_zero}))\n"
    assert verdict("relu_backward", source).passed


def test_either_slope_is_right_at_zero_in_lists_too():
    source = "def relu_backward(dout, x):\n    return np.where(x >= 0, dout, 0.0).tolist()\n"
    assert verdict("relu_backward", source).passed


@pytest.mark.parametrize("at_zero", ["-dout", "1.0"])
def test_who_is_wrong_at_zero_only_is_told_that(at_zero):
    source = f"def relu_backward(dout, x):\n    return np.where(x > 0, dout, np.where(x < 0, 0.0, {at_zero}))\n"
    assert verdict("relu_backward", source).cause.startswith("Everything is right except at exactly 0.")


@pytest.mark.parametrize("at_zero", ["0.5 * dout", "-dout", "1.0", "np.nan"])
def test_nothing_else_is_right_at_zero(at_zero):
    source = f"def relu_backward(dout, x):\n    return np.where(x > 0, dout, np.where(x < 0, 0.0, {at_zero}))\n"
    assert verdict("relu_backward", source).status == "wrong"


@pytest.mark.parametrize("compare", [">", ">="])
def test_a_mistake_is_known_whatever_was_chosen_at_zero(compare):
    source = f"def relu_backward(dout, x):\n    return dout * np.maximum(x, 0) * (x {compare} 0) + dout * (x == 0)\n"
    assert "the message was multiplied by the ReLU's value" in verdict("relu_backward", source).cause
    source = f"def relu_backward(dout, x):\n    return x * (dout {compare} 0)\n"
    assert "the two arguments have changed places" in verdict("relu_backward", source).cause


@pytest.mark.parametrize("share", [0.001, 0.01, 0.1, 0.3])
def test_a_leak_is_known_whatever_the_share(share):
    source = f"def relu_backward(dout, x):\n    return np.where(x > 0, dout, {share} * dout)\n"
    assert "leaky ReLU" in verdict("relu_backward", source).cause


@pytest.mark.parametrize(("limit", "says"), [(0.4, "Small positive x"), (1.5, "Small positive x"), (-0.4, "near 0")])
def test_a_door_that_opens_elsewhere_is_told_that_or_nothing(limit, says):
    source = f"def relu_backward(dout, x):\n    return np.where(x > {limit}, dout, 0.0)\n"
    report = verdict("relu_backward", source)
    assert report.status == "wrong"
    assert report.cause is None or says in report.cause


@pytest.mark.parametrize("name", ["x", "dout"])
def test_the_argument_that_was_changed_is_the_one_that_is_told(name):
    source = f"def relu_backward(dout, x):\n    result = dout * (x > 0)\n    {name}[...] = 0\n    return result\n"
    assert verdict("relu_backward", source).cause.startswith(f"{name} comes back changed")


def test_messages_keep_their_fractions_where_x_holds_integers():
    source = "def relu_backward(dout, x):\n    y = np.zeros_like(x)\n    y[x > 0] = dout[x > 0]\n    return y\n"
    assert "Where x holds integers" in verdict("relu_backward", source).cause


# -- the way back through a layer --------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["first", "last"])
@pytest.mark.parametrize("result", ["dW", "db"])
def test_one_sample_in_the_place_of_all_is_told_where_it_stands(which, result):
    at = 0 if which == "first" else -1
    right = {"dW": "x.T @ dout", "db": "dout.sum(axis=0)"}
    slip = {"dW": f"np.outer(x[{at}], dout[{at}])", "db": f"dout[{at}]"}
    parts = right | {result: slip[result]}
    report = verdict(
        "affine_backward", f"def affine_backward(dout, x, W):\n    return dout @ W.T, {parts['dW']}, {parts['db']}"
    )
    assert f"{which} sample alone" in report.cause or f"{which} sample says alone" in report.cause
    assert report.cause.startswith(f"Your {result} is")
    assert f"{'dx and db' if result == 'dW' else 'dx and dW'} are right" in report.message
