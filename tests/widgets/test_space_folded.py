"""The folded plane in Python: what is said of a state is what nnkit's own layers compute, and nonsense is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nnkit
from nnkit import nn, widgets
from nnkit.widgets.space_folded import ACTIVATIONS, CORNERS, STARTS, XOR, SpaceFolded, hidden, output, separable

LAYERS = {"identity": nn.Identity, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "ReLU": nn.ReLU}


def draws() -> list[dict[str, Any]]:
    """States of every activation, with random weights."""
    rng = np.random.default_rng(0)
    shapes = {"W1": (2, 2), "b1": (2,), "W2": (2, 1), "b2": (1,)}
    return [
        {"activation": name, **{key: rng.normal(0, 2, size).round(2).tolist() for key, size in shapes.items()}}
        for name in ACTIVATIONS
        for _ in range(6)
    ]


def of_nnkit(state: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Return h and ŷ at the corners, computed by a network of nnkit's layers."""
    first, last = nn.Linear(2, 2).double(), nn.Linear(2, 1).double()
    first.load_state_dict({"weight": np.array(state["W1"]).T, "bias": np.array(state["b1"])})
    last.load_state_dict({"weight": np.array(state["W2"]).T, "bias": np.array(state["b2"])})
    with nnkit.no_grad():
        z = first(nnkit.tensor(CORNERS))
        name = state["activation"]
        h = nnkit.tensor(np.where(z.numpy() > 0, 1.0, 0.0)) if name == "step" else LAYERS[name]()(z)
        return h.numpy(), last(h).numpy()[:, 0]


@pytest.mark.parametrize("state", draws())
def test_images_outputs_and_the_count_are_those_of_nnkits_layers(state: dict[str, Any]) -> None:
    h, y = of_nnkit(state)
    np.testing.assert_allclose(hidden(state, CORNERS), h, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(output(state, h), y, rtol=1e-12, atol=1e-12)
    right = int(((y > 0.5) == XOR).sum())
    assert SpaceFolded(state).sentence.startswith(f"{right} of 4 points are on the right side")


def test_on_its_way_the_plane_is_moved_and_then_bent() -> None:
    state = {**STARTS["flat"], "activation": "ReLU"}
    z = CORNERS @ np.array(state["W1"])
    assert np.array_equal(hidden(state, CORNERS, 0.0), CORNERS)
    np.testing.assert_allclose(hidden(state, CORNERS, 0.5), (CORNERS + z) / 2)
    np.testing.assert_allclose(hidden(state, CORNERS, 1.0), z)
    np.testing.assert_allclose(hidden(state, CORNERS, 1.5), (z + np.maximum(z, 0)) / 2)


@pytest.mark.parametrize("seed", range(8))
def test_images_are_separable_exactly_if_a_search_finds_a_line(seed: int) -> None:
    images = np.random.default_rng(seed).normal(size=(4, 2))
    angles = np.linspace(0, np.pi, 2000)
    along = images @ np.array([np.cos(angles), np.sin(angles)])
    yes, no = along[XOR], along[~XOR]
    gaps = np.maximum(yes.min(axis=0) - no.max(axis=0), no.min(axis=0) - yes.max(axis=0))
    assert separable(images) == bool(gaps.max() > 0)


def test_with_the_identity_no_weights_make_the_images_separable() -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        W1, b1 = rng.normal(size=(2, 2)), rng.normal(size=2)
        assert not separable(hidden({"activation": "identity", "W1": W1, "b1": b1}, CORNERS))


@pytest.mark.parametrize(
    ("name", "solution"),
    [
        ("flat", {"activation": "ReLU", "b2": [-0.4]}),
        ("two alike", {"b1": [-0.5, -1], "W2": [[2], [-3]]}),
        ("one asleep", {"W1": [[1, -1], [-1, 1]], "b1": [0, 0]}),
    ],
)
def test_starts_fail_and_each_has_a_way_to_a_solution(name: str, solution: dict[str, Any]) -> None:
    assert not SpaceFolded(STARTS[name]).sentence.startswith("4 of 4")
    assert SpaceFolded(STARTS[name], **solution).sentence.startswith("4 of 4")


def test_the_weights_of_a_trained_network_are_taken_as_they_are() -> None:
    arrays = {"W1": np.ones((2, 2)), "b1": np.array([0.0, -1.0]), "W2": np.array([[1.0], [-2.0]]), "b2": np.zeros(1)}
    widget = SpaceFolded(activation="ReLU", **arrays)
    assert widget.state["W2"] == [[1.0], [-2.0]]
    assert widget.sentence.startswith("4 of 4")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"activation": "softplus"}, "activation is one of 'identity', 'step'"),
        ({"W1": [1, 2]}, "W1 is 2 × 2 numbers from -8 to 8"),
        ({"b2": [9]}, "b2 is 1 numbers from -8 to 8"),
        ({"stages": 1}, "has no setting 'stages'; did you mean 'stage'"),
    ],
)
def test_what_makes_no_network_is_told(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        SpaceFolded(settings)


def test_the_static_picture_says_what_is_to_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    import IPython.display

    shown: list[Any] = []
    monkeypatch.setenv("NNKIT_STATIC", "1")
    monkeypatch.setattr(IPython.display, "display", lambda thing, **options: shown.append(thing))
    widgets.space_folded(activation="ReLU", stage=1)
    assert "alt=" in shown[0].html
    assert "Right the same points and grid: z = xW₁ + b₁." in repr(shown[0])
    assert repr(shown[0]).endswith("A straight line could separate these images.")
