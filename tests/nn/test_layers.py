"""Layers and losses: what they do in training and evaluation, and what they say to what does not fit."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import nnkit
from nnkit import functional as F  # noqa: N812
from nnkit import nn

WRONG: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (
        lambda: nn.Linear(784, 128)(nnkit.ones(64, 28)),
        RuntimeError,
        "Linear(in_features=784, out_features=128, bias=True): linear got an input of shape (64, 28) and a weight of "
        "shape (128, 784)",
    ),
    (
        lambda: nn.Linear(2, 3)(nnkit.ones(4, 2).double()),
        RuntimeError,
        "an input of float64, but its parameters are float32",
    ),
    (
        lambda: nn.Sequential(nn.Conv2d(1, 16, 3))(nnkit.ones(5, 28, 28)),
        RuntimeError,
        "Conv2d(1, 16, kernel_size=(3, 3), stride=(1, 1)): conv2d got an input of shape (5, 28, 28) and a weight of "
        "shape (16, 1, 3, 3)",
    ),
    (
        lambda: nn.Conv2d(1, 2, 5)(nnkit.ones(1, 1, 4, 9)),
        RuntimeError,
        "got images of 4 × 9 (input (1, 1, 4, 9)): with padding (0, 0) they are smaller than the window (5, 5)",
    ),
    (
        lambda: nn.Sequential(nn.CrossEntropyLoss())[0](nnkit.ones(2, 3), nnkit.tensor([1, 3])),
        IndexError,
        "CrossEntropyLoss(): cross_entropy: 3 at index (1,) is out of range",
    ),
    (lambda: nn.Linear(2.5, 2), ValueError, "Linear: in_features must be an integer of at least 1, got 2.5."),
    (lambda: nn.Linear(2, 0), ValueError, "Linear: out_features must be an integer of at least 1, got 0."),
    (lambda: nn.Linear(2, nnkit.ones(1)), ValueError, "Linear: out_features must be an integer of at least 1, got t"),
    (lambda: nn.Conv2d("1", 2, 3), ValueError, "Conv2d: in_channels must be an integer of at least 1, got '1'."),
    (lambda: nn.Conv2d(1, 2, 0), ValueError, "Conv2d: kernel_size must be an integer of at least 1"),
    (lambda: nn.Conv2d(1, 2, 3, padding=-1), ValueError, "Conv2d: padding must be an integer of at least 0"),
    (lambda: nn.MaxPool2d(2.5), ValueError, "MaxPool2d: kernel_size must be an integer of at least 1"),
    (lambda: nn.AvgPool2d(2, stride=0), ValueError, "AvgPool2d: stride must be an integer of at least 1"),
    (lambda: nn.BatchNorm1d(-3), ValueError, "BatchNorm1d: num_features must be an integer of at least 1, got -3."),
    (lambda: nn.LayerNorm((3, 0)), ValueError, "LayerNorm: normalized_shape must be an integer of at least 1, got 0."),
    (lambda: nn.LayerNorm(2.5), ValueError, "LayerNorm: normalized_shape must be an integer of at least 1, got 2.5."),
    (lambda: nn.Embedding(5, None), ValueError, "Embedding: embedding_dim must be an integer of at least 1, got None."),
    (lambda: nn.LSTM(3, 1.5), ValueError, "LSTM: hidden_size must be an integer of at least 1, got 1.5."),
    (lambda: nn.GRU(3, 2, 0), ValueError, "GRU: num_layers must be an integer of at least 1, got 0."),
    (lambda: nn.MaxPool2d(2, padding=2)(nnkit.ones(1, 1, 4, 4)), RuntimeError, "more than half of the window (2, 2)"),
    (lambda: nn.MaxPool2d(2)(nnkit.ones(4, 4)), RuntimeError, "got float32 of (4, 4)"),
    (lambda: nn.BatchNorm1d(3)(nnkit.ones(2, 4)), RuntimeError, "input of shape (2, 4) and a parameter of shape (3,)"),
    (lambda: nn.BatchNorm2d(3)(nnkit.ones(2, 3)), RuntimeError, "BatchNorm2d(3, eps=1e-05"),
    (lambda: nn.BatchNorm1d(3)(nnkit.ones(1, 3)), ValueError, "more than one number for each channel"),
    (lambda: nn.LayerNorm(3)(nnkit.ones(2, 4)), RuntimeError, "shape (2, 4), which does not end with (3,)"),
    (lambda: nn.Dropout(1.5), ValueError, "probability p from 0 to 1, got 1.5"),
    (
        lambda: nn.Embedding(5, 2)(nnkit.tensor([[0, 5]])),
        IndexError,
        "Embedding(5, 2): embedding: 5 at index (0, 1) is out of range. There are 5 rows in the table, numbered 0 to 4",
    ),
    (lambda: nn.Embedding(5, 2)(nnkit.ones(2)), TypeError, "needs integers, got float32"),
    (
        lambda: nn.RNN(28, 128)(nnkit.ones(5, 3, 27)),
        RuntimeError,
        "RNN(28, 128): the input has shape (5, 3, 27), but the weight weight_ih_l0 has shape (128, 28)",
    ),
    (lambda: nn.LSTM(2, 3)(nnkit.ones(0, 1, 2)), RuntimeError, "at least one time step"),
    (
        lambda: nn.GRU(2, 3)(nnkit.ones(5, 4, 2), nnkit.zeros(1, 5, 3)),
        RuntimeError,
        "initial state has shape (1, 5, 3), but (1, 4, 3) is needed",
    ),
    (lambda: nn.LSTM(2, 3)(nnkit.ones(5, 4, 2), [nnkit.zeros(1, 4, 3)]), RuntimeError, "a pair (h, c), got 1 parts"),
    (lambda: nn.RNN(2, 3)(nnkit.ones(5, 2, 2), lengths=[5, 6]), RuntimeError, "2 integers from 1 to 5"),
    (lambda: nn.RNN(2, 3, nonlinearity="sin"), ValueError, "'tanh' or 'relu', got 'sin'"),
    (
        lambda: F.cross_entropy(nnkit.ones(2, 3), nnkit.tensor([1, 3])),
        IndexError,
        "cross_entropy: 3 at index (1,) is out of range. There are 3 classes, numbered 0 to 2",
    ),
    (lambda: F.cross_entropy(nnkit.ones(2, 3), nnkit.tensor([1, -1])), IndexError, "-1 at index (1,) is out of range"),
    (
        lambda: F.cross_entropy(nnkit.ones(4, 3), nnkit.zeros(4, 1, dtype=int)),
        RuntimeError,
        "scores of shape (4, 3) and targets of shape (4, 1)",
    ),
    (lambda: F.cross_entropy(nnkit.ones(4, 3), nnkit.zeros(4)), TypeError, "convert them with .long()"),
    (
        lambda: nn.CrossEntropyLoss(nnkit.ones(4))(nnkit.ones(4, 3), nnkit.tensor([0] * 4)),
        RuntimeError,
        "CrossEntropyLoss(): There are 3 classes, but the weights have shape (4,)",
    ),
    (lambda: nn.MSELoss("average"), ValueError, "'mean', 'sum' or 'none', got 'average'"),
    (lambda: F.nll_loss(nnkit.ones(1, 2), nnkit.tensor([0]), reduction="x"), ValueError, "got 'x'"),
    (
        lambda: nn.MSELoss()(nnkit.ones(5, 1), nnkit.ones(5)),
        RuntimeError,
        "MSELoss(): mse_loss got an input of shape (5, 1) and a target of shape (5,)",
    ),
    (lambda: F.binary_cross_entropy(nnkit.tensor([2.0]), nnkit.ones(1)), RuntimeError, "probabilities from 0 to 1"),
    (lambda: F.multi_margin_loss(nnkit.ones(2, 3), nnkit.tensor([0])), RuntimeError, "shape (2, 3) and targets"),
    (lambda: F.one_hot(nnkit.tensor([0, 4]), 3), IndexError, "one_hot: 4 at index (1,) is out of range"),
    (lambda: F.project_so3(nnkit.ones(2, 3)), RuntimeError, "(…, 3, 3), got (2, 3)"),
    (lambda: nn.init.xavier_uniform_(nnkit.zeros(3)), ValueError, "weight of shape (out, in, …), got (3,)"),
    (lambda: nn.init.calculate_gain("swish"), ValueError, "There is no gain for 'swish'"),
    (lambda: nn.utils.rnn.pad_sequence([]), RuntimeError, "at least one sequence"),
    (lambda: nn.utils.rnn.pad_sequence([nnkit.ones(2, 3), nnkit.ones(2, 4)]), RuntimeError, "first size only"),
]


@pytest.mark.parametrize(("call", "kind", "words"), WRONG, ids=[words[:40] for _, _, words in WRONG])
def test_errors_are_sentences(call: Callable[[], Any], kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=re.escape(words)) as caught:
        call()
    assert str(caught.value).count("Linear(") <= 1  # a layer adds its name once


def test_dropout_is_off_in_evaluation_and_keeps_the_mean_in_training() -> None:
    layer, x = nn.Dropout(0.25), nnkit.ones(400, 100)
    y = layer(x).numpy()
    assert set(np.unique(y)) == {0.0, np.float32(1 / 0.75)}
    assert y.mean() == pytest.approx(1, abs=0.02)
    assert layer.eval()(x) is x
    nnkit.manual_seed(3)
    first = F.dropout(x, 0.5).numpy()
    nnkit.manual_seed(3)
    np.testing.assert_array_equal(F.dropout(x, 0.5).numpy(), first)
    assert not F.dropout(x, 1.0).numpy().any()


def test_batch_norm_uses_the_batch_in_training_and_the_running_state_in_evaluation() -> None:
    layer, rng = nn.BatchNorm1d(3, momentum=0.5), np.random.default_rng(0)
    x = nnkit.from_numpy(rng.normal(5, 2, (200, 3)).astype(np.float32))
    for _ in range(12):
        y = layer(x).detach().numpy()
    np.testing.assert_allclose(y.mean(0), 0, atol=1e-5)
    np.testing.assert_allclose(layer.running_mean.numpy(), x.numpy().mean(0), rtol=1e-2)
    state = {name: value.numpy().copy() for name, value in layer.state_dict().items()}
    single = layer.eval()(x[:1])
    np.testing.assert_allclose(single.detach().numpy(), y[:1], atol=0.05)
    for name, value in layer.state_dict().items():
        np.testing.assert_array_equal(value.numpy(), state[name])
    assert layer.num_batches_tracked.item() == 12


def test_the_first_layer_sends_no_gradient_to_the_images() -> None:
    x, layer = nnkit.ones(2, 1, 5, 5), nn.Conv2d(1, 3, 3)
    layer(x).sum().backward()
    assert x.grad is None
    assert layer.weight.grad.shape == (3, 1, 3, 3)


def test_convolution_is_what_the_formula_says() -> None:
    rng = np.random.default_rng(1)
    x, w, b = rng.standard_normal((2, 2, 5, 6)), rng.standard_normal((3, 2, 3, 2)), rng.standard_normal(3)
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (2, 2)))
    y = F.conv2d(*map(nnkit.from_numpy, (x, w, b)), stride=(2, 3), padding=(1, 2)).numpy()
    for (n, f, i, j), got in np.ndenumerate(y):
        window = padded[n, :, 2 * i : 2 * i + 3, 3 * j : 3 * j + 2]
        assert got == pytest.approx(b[f] + (window * w[f]).sum())


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_recurrent_layers_are_what_their_formulas_say(kind: str) -> None:
    layer = getattr(nn, kind)(2, 3, num_layers=2).double()
    x = nnkit.randn(4, 5, 2, dtype=nnkit.float64)
    sequence = x
    for k in range(2):
        w_ih, w_hh, b_ih, b_hh = (getattr(layer, f"{p}_l{k}") for p in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
        h = c = nnkit.zeros(5, 3, dtype=nnkit.float64)
        outputs = []
        for t in range(4):
            a, q = sequence[t] @ w_ih.T + b_ih, h @ w_hh.T + b_hh
            if kind == "RNN":
                h = (a + q).tanh()
            elif kind == "LSTM":
                i, f, g, o = ((a + q)[:, 3 * j : 3 * j + 3] for j in range(4))
                c = f.sigmoid() * c + i.sigmoid() * g.tanh()
                h = o.sigmoid() * c.tanh()
            else:
                r, u = (a + q)[:, :3].sigmoid(), (a + q)[:, 3:6].sigmoid()
                h = (1 - u) * (a[:, 6:] + r * q[:, 6:]).tanh() + u * h
            outputs.append(h)
        sequence = nnkit.stack(outputs)
    sequence.sum().backward()
    expected = [p.grad.numpy() for p in layer.parameters()]
    layer.zero_grad()
    output, _ = layer(x)
    np.testing.assert_allclose(output.detach().numpy(), sequence.detach().numpy(), rtol=1e-12)
    output.sum().backward()
    for parameter, gradient in zip(layer.parameters(), expected, strict=True):
        np.testing.assert_allclose(parameter.grad.numpy(), gradient, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_what_comes_after_the_end_of_a_sequence_does_not_count(kind: str) -> None:
    layer = getattr(nn, kind)(2, 3, batch_first=True)
    sequences = [nnkit.randn(n, 2) for n in (4, 1, 3)]
    batch = nn.utils.rnn.pad_sequence(sequences, batch_first=True, padding_value=99.0)
    output, state = layer(batch, lengths=[len(s) for s in sequences])
    final = state[0] if kind == "LSTM" else state
    for i, sequence in enumerate(sequences):
        alone, _ = layer(sequence)
        np.testing.assert_allclose(output[i, : len(sequence)].detach(), alone.detach(), rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(final[0, i].detach(), alone[-1].detach(), rtol=1e-5, atol=1e-6)
        assert not output[i, len(sequence) :].detach().numpy().any()


def test_dropout_between_recurrent_layers_is_for_training_only() -> None:
    layer, x = nn.GRU(2, 3, num_layers=2, dropout=0.5), nnkit.randn(4, 5, 2)
    runs = [layer(x)[0].detach().numpy() for _ in range(2)]
    assert not np.array_equal(*runs)
    layer.eval()
    np.testing.assert_array_equal(*[layer(x)[0].detach().numpy() for _ in range(2)])


def test_an_output_changed_in_place_is_noticed() -> None:
    layer = nn.RNN(2, 3)
    output, _ = layer(nnkit.randn(4, 5, 2))
    with nnkit.no_grad():
        output *= 2
    with pytest.raises(RuntimeError, match="changed in place"):
        output.sum().backward()


def test_a_pooled_result_may_be_changed_afterwards() -> None:
    x = nnkit.arange(16.0).reshape(1, 1, 4, 4).requires_grad_()
    y = F.max_pool2d(x, 2)
    y *= 0
    y += 1
    y.sum().backward()
    assert x.grad.tolist() == [[[[0] * 4] * 4]]
    y = F.max_pool2d(x, 2)
    with nnkit.no_grad():
        y *= 0
    y.sum().backward()
    assert x.grad.tolist() == [[[[0] * 4, [0, 1, 0, 1], [0] * 4, [0, 1, 0, 1]]]]


@pytest.mark.parametrize(("window", "stride"), [(2, 2), (2, 1)])
def test_the_gradient_of_a_maximum_that_is_nan_goes_to_the_last_nan(window: int, stride: int) -> None:
    x = nnkit.tensor(np.array([[[[1, np.nan, 2, 3], [4, 5, np.nan, np.nan]]]]), requires_grad=True)
    y = F.max_pool2d(x, window, stride)
    y.sum().backward()
    assert np.isnan(y.tolist()).all()
    expected = [[0, 1, 0, 0], [0, 0, 0, 1]] if stride == 2 else [[0, 1, 0, 0], [0, 0, 1, 1]]
    assert x.grad.tolist() == [[expected]]


@pytest.mark.parametrize("determinant", [1.0, -1.0])
def test_project_so3_gives_the_nearest_rotation(determinant: float) -> None:
    rng = np.random.default_rng(2)
    m = rng.standard_normal((50, 3, 3))
    m[..., 0, :] *= (determinant * np.sign(np.linalg.det(m)))[:, None]
    r = F.project_so3(nnkit.from_numpy(m)).numpy()
    np.testing.assert_allclose(r @ r.swapaxes(-1, -2), np.broadcast_to(np.eye(3), r.shape), atol=1e-12)
    np.testing.assert_allclose(np.linalg.det(r), 1)
    distance = ((r - m) ** 2).sum((1, 2))
    for _ in range(200):  # no other rotation is nearer
        other = np.linalg.qr(rng.standard_normal((50, 3, 3)))[0]
        other *= np.sign(np.linalg.det(other))[:, None, None]
        assert (((other - m) ** 2).sum((1, 2)) >= distance - 1e-9).all()


# Numerical health.

ANY = arrays.arrays(np.float32, (3, 4), elements=st.floats(width=32, allow_nan=False, allow_infinity=False))
HEALTHY: dict[str, Callable[[Any], Any]] = {
    "softmax": lambda x: F.softmax(x, 1),
    "log_softmax": lambda x: F.log_softmax(x, 1),
    "sigmoid": F.sigmoid,
    "tanh": F.tanh,
    "cross_entropy": lambda x: F.cross_entropy(x, nnkit.tensor([0, 1, 3]), reduction="none"),
    "bce_with_logits": lambda x: F.binary_cross_entropy_with_logits(x, nnkit.ones(3, 4) / 2, reduction="none"),
    "RNN": lambda x: nn.RNN(4, 2)(x[None])[0],
    "LSTM": lambda x: nn.LSTM(4, 2)(x[None])[0],
    "GRU": lambda x: nn.GRU(4, 2)(x[None])[0],
}


@pytest.mark.parametrize("name", HEALTHY)
@settings(max_examples=60, deadline=None, derandomize=True)
@given(x=ANY)
def test_any_finite_float32_is_silent_and_gives_no_nan(name: str, x: np.ndarray) -> None:
    given_x = nnkit.from_numpy(x).requires_grad_()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        if name in ("RNN", "LSTM", "GRU"):
            x = np.clip(x, -1e37, 1e37)  # a sum of four products may overflow otherwise, and ∞ − ∞ is no number
            given_x = nnkit.from_numpy(x).requires_grad_()
        y = HEALTHY[name](given_x)
        y.sum().backward()
    assert not np.isnan(y.detach().numpy()).any()
    assert np.isfinite(given_x.grad.numpy()).all()


@pytest.mark.parametrize(
    "function", [F.normalize, lambda x: x.norm(), lambda x: F.layer_norm(x, (3,)), nn.BatchNorm1d(3)], ids=range(4)
)
def test_zeros_are_healthy(function: Any) -> None:
    x = nnkit.zeros(2, 3, requires_grad=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        y = function(x)
        y.sum().backward()
    assert np.isfinite(y.detach().numpy()).all()
    assert np.isfinite(x.grad.numpy()).all()


def test_clipping_is_healthy() -> None:
    w = nnkit.zeros(3, requires_grad=True)
    w.grad = nnkit.tensor([1e30, 1e30, 0.0])
    norm = nn.utils.clip_grad_norm_([w], 1.0)
    assert norm.item() == pytest.approx(2**0.5 * 1e30, rel=1e-6)
    np.testing.assert_allclose(w.grad.numpy(), [0.5**0.5, 0.5**0.5, 0], rtol=1e-5)
    w.grad = nnkit.zeros(3)
    assert nn.utils.clip_grad_norm_(w, 1.0).item() == 0
    w.grad = nnkit.tensor([float("inf"), 0.0, 0.0])
    with pytest.raises(RuntimeError, match="norm of the gradients is inf"):
        nn.utils.clip_grad_norm_(w, 1.0, error_if_nonfinite=True)
    assert nn.utils.clip_grad_norm_(nnkit.zeros(2, requires_grad=True), 1.0).item() == 0
