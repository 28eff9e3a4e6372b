"""Optimizers and schedulers without PyTorch: what they keep, what they refuse, what they leave alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nnkit
from nnkit import Tensor, optim, tensor
from nnkit.optim import lr_scheduler
from nnkit.optim.lr_scheduler import StepLR

ALL: list[Callable[..., Any]] = [
    lambda params: optim.SGD(params, lr=0.1),
    lambda params: optim.SGD(params, lr=0.1, momentum=0.9, weight_decay=0.1),
    lambda params: optim.Adagrad(params, lr=0.1),
    lambda params: optim.RMSprop(params, lr=0.1, momentum=0.9, centered=True),
    lambda params: optim.Adam(params, lr=0.1, weight_decay=0.1),
    lambda params: optim.AdamW(params, lr=0.1),
]


def leaf(*shape: int) -> Tensor:
    return tensor(np.arange(1.0, 1 + np.prod(shape, dtype=int)).reshape(shape), requires_grad=True)


@pytest.mark.parametrize("make", ALL)
def test_it_finds_a_minimum(make: Callable[..., Any]) -> None:
    w = leaf(2, 2)
    optimizer = make([w])
    start = float(((w - 3) ** 2).sum().detach())
    for _ in range(200):
        optimizer.zero_grad()
        loss = ((w - 3) ** 2).sum()
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.1 * start


@pytest.mark.parametrize("make", ALL)
def test_everything_keeps_its_memory(make: Callable[..., Any]) -> None:
    w, c = leaf(3, 4), leaf(3, 4)
    optimizer = make([w])
    memory = w.detach().numpy()
    kept: list[Any] = []
    for _ in range(3):
        w.grad = c.detach() * 2
        g = w.grad.numpy().copy()
        optimizer.step()
        assert w.detach().numpy() is memory
        np.testing.assert_array_equal(w.grad.numpy(), g)
        now = [value for value in optimizer.state[w].values() if isinstance(value, np.ndarray)]
        assert not kept or all(a is b for a, b in zip(now, kept, strict=True))
        assert not any(np.shares_memory(value, w.grad.numpy()) for value in now)
        kept = now


@pytest.mark.parametrize("make", ALL)
def test_without_a_gradient_nothing_happens(make: Callable[..., Any]) -> None:
    w, c = leaf(3), leaf(2)
    optimizer = make([w, c])
    w.grad = nnkit.ones_like(w)
    optimizer.step()
    assert c.tolist() == [1, 2]
    assert c not in optimizer.state
    assert w.tolist() != [1, 2, 3]


@pytest.mark.parametrize("make", ALL)
def test_a_graph_that_needs_the_old_numbers_says_so(make: Callable[..., Any]) -> None:
    w = leaf(3)
    loss = (w * w).sum()
    loss.backward(retain_graph=True)
    make([w]).step()
    with pytest.raises(RuntimeError, match="changed in place"):
        loss.backward()


@pytest.mark.parametrize("order", ["F", "strided"])
def test_memory_in_another_order_changes_no_step(order: str) -> None:
    array = np.asfortranarray(np.ones((3, 2))) if order == "F" else np.ones((3, 4))[:, ::2]
    w = nnkit.from_numpy(array).requires_grad_()
    optimizer = optim.Adam([w], lr=0.5)
    for _ in range(2):
        w.grad = nnkit.from_numpy(np.ones((3, 2)))
        optimizer.step()
    np.testing.assert_allclose(array, 0, atol=1e-6)


def test_read_only_memory_is_refused() -> None:
    array = np.ones(2)
    array.flags.writeable = False
    w = nnkit.from_numpy(array).requires_grad_()
    w.grad = nnkit.ones_like(w)
    with pytest.raises(RuntimeError, match="read-only"):
        optim.SGD([w]).step()


def test_zero_grad_forgets_gradients() -> None:
    w = leaf(2)
    w.grad = nnkit.ones_like(w)
    optimizer = optim.SGD([w])
    optimizer.zero_grad(set_to_none=False)
    assert w.grad.tolist() == [0, 0]
    optimizer.zero_grad()
    assert w.grad is None


def test_step_takes_a_closure_and_returns_its_loss() -> None:
    w = leaf(1)
    optimizer = optim.SGD([w], lr=0.5)

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = (w * w).sum()
        loss.backward()
        return loss

    assert optimizer.step(closure).item() == 1
    assert w.item() == 0


def test_groups_have_settings_of_their_own() -> None:
    a, b, c = leaf(1), leaf(1), leaf(1)
    optimizer = optim.SGD([{"params": a}, {"params": [b], "lr": 0.5}], lr=0.1)
    optimizer.add_param_group({"params": iter([c]), "lr": 1.0})
    for p in (a, b, c):
        p.grad = nnkit.ones_like(p)
    optimizer.step()
    assert [a.item(), b.item(), c.item()] == [0.9, 0.5, 0.0]
    assert "2 parameters" not in repr(optimizer)
    assert "lr=0.5" in repr(optimizer)


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda w: optim.SGD([]), ValueError, "none"),
        (lambda w: optim.SGD(w), ValueError, r"\[w, b\]"),
        (lambda w: optim.SGD([w * 1]), ValueError, r"mul \(×\)"),
        (lambda w: optim.SGD([w, w]), ValueError, "twice"),
        (lambda w: optim.SGD([{"params": [w]}, {"params": [w]}]), ValueError, "twice"),
        (lambda w: optim.SGD([3.0]), TypeError, "float"),
        (lambda w: optim.SGD([w], lr=-1), ValueError, "lr must not be negative, got -1"),
        (lambda w: optim.SGD([w], lr=float("nan")), ValueError, "lr"),
        (lambda w: optim.SGD([w], nesterov=True), ValueError, "nesterov"),
        (lambda w: optim.SGD([w], momentum=0.9, dampening=0.1, nesterov=True), ValueError, "nesterov"),
        (lambda w: optim.SGD([{"params": [w], "momentun": 1}]), ValueError, "momentun"),
        (lambda w: optim.Adam([w], betas=(0.9, 1.0)), ValueError, "betas"),
        (lambda w: optim.Adam([w], eps=-1e-8), ValueError, "eps"),
        (lambda w: optim.RMSprop([w], alpha=-0.1), ValueError, "alpha"),
        (lambda w: lr_scheduler.StepLR(w, 3), TypeError, "optimizer"),
        (lambda w: lr_scheduler.StepLR(optim.SGD([w]), 3, last_epoch=4), KeyError, "initial_lr"),
        (lambda w: lr_scheduler.LinearLR(optim.SGD([w]), start_factor=0), ValueError, "start_factor"),
        (lambda w: lr_scheduler.LambdaLR(optim.SGD([w]), []), ValueError, "1 functions"),
        (lambda w: lr_scheduler.ReduceLROnPlateau(optim.SGD([w]), factor=1), ValueError, "factor"),
        (lambda w: lr_scheduler.ReduceLROnPlateau(optim.SGD([w]), mode="least"), ValueError, "least"),
        (lambda w: lr_scheduler.ReduceLROnPlateau(optim.SGD([w]), min_lr=[1, 2]), ValueError, "min_lr"),
    ],
)
def test_wrong_settings_are_a_sentence(make: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        make(leaf(2))


def test_a_state_that_does_not_fit_is_refused_and_changes_nothing() -> None:
    def stepped(*shapes: tuple[int, ...]) -> optim.Adam:
        params = [leaf(*shape) for shape in shapes]
        optimizer = optim.Adam(params)
        for p in params:
            p.grad = nnkit.ones_like(p)
        optimizer.step()
        return optimizer

    mine = stepped((2, 3))
    before = mine.state_dict()["state"][0]["exp_avg"]
    with pytest.raises(ValueError, match=r"\[2\].*\[1\]"):
        mine.load_state_dict(stepped((2, 3), (3,)).state_dict())
    with pytest.raises(ValueError, match=r"exp_avg has shape \(3, 2\).*\(2, 3\)"):
        mine.load_state_dict(stepped((3, 2)).state_dict())
    np.testing.assert_array_equal(mine.state_dict()["state"][0]["exp_avg"], before)


def test_a_state_is_a_copy_both_ways() -> None:
    def step(p: Tensor, optimizer: optim.Adam) -> None:
        p.grad = nnkit.ones_like(p)
        optimizer.step()

    (w, mine), (v, other) = ((p, optim.Adam([p])) for p in (leaf(2), leaf(2)))
    step(w, mine)
    state = mine.state_dict()
    before = state["state"][0]["exp_avg"].tolist()
    other.load_state_dict(state)
    step(w, mine)
    step(v, other)
    assert state["state"][0]["exp_avg"].tolist() == before
    assert state["state"][0]["step"] == 1


def test_schedulers_change_what_the_optimizer_uses() -> None:
    w = leaf(1)
    optimizer = optim.SGD([w], lr=1.0)
    scheduler = StepLR(optimizer, step_size=1, gamma=0.5)
    scheduler.step()
    w.grad = nnkit.ones_like(w)
    optimizer.step()
    assert w.item() == 0.5
    assert lr_scheduler is nnkit.optim.lr_scheduler


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "state.npz"
    data: dict[Any, Any] = {
        "weight": tensor([[1.0, 2.0]], requires_grad=True),
        "file": np.arange(3),
        "a": {"b": np.float32(1.5)},
        "a.b": tensor(True),
        3: [None, True, 1, 0.1, float("inf"), "x", (1, ())],
        "__structure__": np.zeros(0),
    }
    nnkit.save(data, path)
    again = nnkit.load(path)
    assert list(again) == list(data)
    assert again["weight"].tolist() == [[1, 2]]
    assert again["file"].dtype == np.int64
    assert again["a"]["b"].dtype == np.float32
    assert again["a.b"].item() is True
    assert again[3] == data[3]
    assert again["__structure__"].shape == (0,)
    assert np.load(path, allow_pickle=False)["weight"].tolist() == [[1, 2]]
    assert [each.name for each in tmp_path.iterdir()] == ["state.npz"]


def test_saving_and_loading_refuse_what_they_do_not_know(tmp_path: Path) -> None:
    path = tmp_path / "state.npz"
    nnkit.save([1], path)
    for wrong in ({"f": print}, {(1, 2): 3}, np.array([print])):
        with pytest.raises(TypeError, match="cannot be saved"):
            nnkit.save(wrong, path)
    assert nnkit.load(path) == [1]
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(ValueError, match="save it again"):
        nnkit.load(path)
    with pytest.raises(FileNotFoundError, match="no file"):
        nnkit.load(tmp_path / "other.npz")
    np.savez(tmp_path / "foreign.npz", a=np.zeros(2))
    with pytest.raises(ValueError, match=r"nnkit\.save"):
        nnkit.load(tmp_path / "foreign.npz")


# Numbers that are nearly 0: denormal numbers, with which arithmetic is slow.

FADING: list[Callable[..., Any]] = [
    lambda params: optim.SGD(params, lr=0.01, momentum=0.9),
    lambda params: optim.SGD(params, lr=0.01, momentum=0.8, nesterov=True),
    lambda params: optim.Adagrad(params, lr=0.01),
    lambda params: optim.RMSprop(params, lr=0.01, alpha=0.9),
    lambda params: optim.RMSprop(params, lr=0.01, alpha=0.8, momentum=0.9, centered=True),
    lambda params: optim.Adam(params, lr=0.01, betas=(0.9, 0.95)),
    lambda params: optim.AdamW(params, lr=0.01, betas=(0.9, 0.999)),
]


def denormal(array: np.ndarray) -> int:
    return np.count_nonzero((array != 0) & (np.abs(array) < np.finfo(array.dtype).tiny))


def learn_with_fading_gradients(make: Callable[..., Any], steps: int) -> tuple[np.ndarray, int]:
    """Return the weights after many steps of which every third gives half of them a gradient, and all to a few none.

    Besides: how many denormal numbers the optimizer remembers in the end.
    """
    rng = np.random.default_rng(4)
    w = tensor(rng.standard_normal(60).astype(np.float32), requires_grad=True)
    optimizer = make([w])
    for step in range(steps):
        g = rng.standard_normal(60).astype(np.float32)
        g[20:] *= step < 40  # from now on only the first 20 have a gradient,
        g[10:20] *= step % 300 == 0  # and 10 of these seldom
        g[50:] = 0
        w.grad = tensor(g)
        optimizer.step()
    kept = [part for part in optimizer.state[w].values() if isinstance(part, np.ndarray)]
    return w.detach().numpy(), sum(map(denormal, kept))


@pytest.mark.parametrize("make", FADING)
def test_what_has_faded_away_is_no_denormal_number_and_no_weight_is_another(
    make: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    weights, slow = learn_with_fading_gradients(make, 2048)
    monkeypatch.setattr(optim.optimizers, "FLUSH_EVERY", 10**9)
    expected, slow_before = learn_with_fading_gradients(make, 2048)
    assert slow == 0
    assert slow_before > 0 or "Adagrad" in type(make([leaf(1)])).__name__  # whose sums do not fade
    np.testing.assert_array_equal(weights, expected)


def test_an_average_beside_an_eps_that_is_as_small_is_left_alone() -> None:
    w = tensor(np.ones(2, np.float32), requires_grad=True)
    optimizer = optim.Adam([w], lr=0.01, eps=0.0)
    for _ in range(128):
        w.grad = tensor(np.array([1e-18, 1.0], np.float32))
        optimizer.step()
    assert np.isfinite(w.detach().numpy()).all()
    assert optimizer.state[w]["exp_avg"].all()


def test_the_momentum_lies_in_memory_as_its_weight_does() -> None:
    layer = nnkit.nn.Linear(5, 3)
    optimizer = optim.SGD(layer.parameters(), lr=0.1, momentum=0.9)
    layer(nnkit.ones(4, 5)).sum().backward()
    optimizer.step()
    buffer, weight = optimizer.state[layer.weight]["momentum_buffer"], layer.weight.detach().numpy()
    assert buffer.flags.f_contiguous == weight.flags.f_contiguous
