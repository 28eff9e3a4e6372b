"""Every layer against PyTorch with the same parameters: names, values, gradients, training, evaluation, over time."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twins import array_of, close, compare, flat

import nnkit

torch = pytest.importorskip("torch", reason="PyTorch is the oracle of these tests and is not installed")

EXAMPLES = settings(max_examples=30, deadline=None, derandomize=True)
SEEDS = st.integers(0, 10_000)


def numbers(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape)


def twins(make: Callable[[Any], Any], dtype: str = "float64", seed: int = 0) -> tuple[Any, Any]:
    """Make the module with both libraries and give both the same random state, drawn by name."""
    mine, theirs = make(nnkit.nn), make(torch.nn)
    rng = np.random.default_rng(seed)
    state = {
        name: np.asarray(value.numpy() if value.dtype == torch.int64 else rng.uniform(0.1, 0.9, tuple(value.shape)))
        for name, value in theirs.state_dict().items()
    }
    assert list(mine.state_dict()) == list(state)
    for module, library in ((mine, nnkit), (theirs, torch)):
        getattr(module, {"float64": "double", "float32": "float"}[dtype])()
        module.load_state_dict({name: library.from_numpy(value.copy()) for name, value in state.items()})
    return mine, theirs


def compare_modules(mine: Any, theirs: Any, inputs: list[np.ndarray], dtype: str = "float64", runs: int = 1) -> None:
    """Compare outputs, gradients of inputs and parameters, and the state afterwards."""
    modules = {"nnkit": mine, "torch": theirs}
    floats = [a for a in inputs if a.dtype.kind == "f"]
    others = [a for a in inputs if a.dtype.kind != "f"]
    for _ in range(runs):
        compare(torch, lambda library, *a: modules[library.__name__](*a), floats, dtype, others)
    theirs_gradients = {name: p.grad for name, p in theirs.named_parameters()}
    assert [name for name, _ in mine.named_parameters()] == list(theirs_gradients)
    for name, parameter in mine.named_parameters():
        close(parameter.grad, theirs_gradients[name], dtype, f"gradient of {name}")
    reference = theirs.state_dict()
    for name, value in mine.state_dict().items():
        close(value, reference[name], dtype, name)


LAYERS: dict[str, tuple[Callable[[Any], Any], tuple[int, ...]]] = {
    "Linear": (lambda nn: nn.Linear(4, 3), (5, 4)),
    "Linear without bias": (lambda nn: nn.Linear(4, 3, bias=False), (2, 5, 4)),
    "Conv2d": (lambda nn: nn.Conv2d(2, 3, (3, 2), stride=(1, 2), padding=(1, 0)), (2, 2, 5, 6)),
    "Conv2d without bias": (lambda nn: nn.Conv2d(1, 2, 3, bias=False), (1, 1, 5, 4)),
    "MaxPool2d": (lambda nn: nn.Sequential(nn.Conv2d(1, 1, 1), nn.MaxPool2d(2, stride=1, padding=1)), (2, 1, 5, 4)),
    "AvgPool2d": (lambda nn: nn.Sequential(nn.Conv2d(1, 1, 1), nn.AvgPool2d((2, 3))), (2, 1, 5, 6)),
    "Flatten": (lambda nn: nn.Sequential(nn.Linear(3, 2), nn.Flatten()), (4, 2, 3)),
    "activations": (
        lambda nn: nn.Sequential(
            nn.Linear(4, 4),
            nn.ReLU(),
            nn.Linear(4, 4),
            nn.LeakyReLU(0.1),
            nn.Sigmoid(),
            nn.Identity(),
            nn.Tanh(),
            nn.Linear(4, 3),
            nn.Softmax(dim=1),
        ),
        (3, 4),
    ),
    "BatchNorm1d": (lambda nn: nn.BatchNorm1d(3), (6, 3)),
    "BatchNorm1d over time": (lambda nn: nn.BatchNorm1d(3, eps=0.1, momentum=0.4), (4, 3, 5)),
    "BatchNorm1d averaging": (lambda nn: nn.BatchNorm1d(3, momentum=None), (4, 3)),
    "BatchNorm1d without state": (lambda nn: nn.BatchNorm1d(3, track_running_stats=False), (4, 3)),
    "BatchNorm2d": (lambda nn: nn.BatchNorm2d(2), (3, 2, 4, 5)),
    "BatchNorm2d plain": (lambda nn: nn.BatchNorm2d(2, affine=False), (3, 2, 4, 5)),
    "LayerNorm": (lambda nn: nn.LayerNorm(4), (2, 3, 4)),
    "LayerNorm of two": (lambda nn: nn.LayerNorm((3, 4)), (2, 3, 4)),
    "LayerNorm plain": (lambda nn: nn.LayerNorm(4, elementwise_affine=False), (3, 4)),
    "LayerNorm without bias": (lambda nn: nn.LayerNorm(4, bias=False), (3, 4)),
    "the slides' CNN": (
        lambda nn: nn.Sequential(
            nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(36, 5), nn.ReLU(), nn.Linear(5, 3)
        ),
        (3, 1, 8, 8),
    ),
}


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("name", LAYERS)
def test_layers_agree_with_pytorch(name: str, training: bool, dtype: str) -> None:
    make, shape = LAYERS[name]
    mine, theirs = twins(make, dtype)
    compare_modules(mine.train(training), theirs.train(training), [numbers(3, *shape)], dtype, runs=3)


@pytest.mark.parametrize("name", LAYERS)
def test_layers_are_shown_as_in_pytorch(name: str) -> None:
    def fair(text: str) -> str:
        return text.replace(", dilation=1, ceil_mode=False", "").replace(", bias=True", "").replace(", bias=False", "")

    make, _ = LAYERS[name]
    assert fair(repr(make(nnkit.nn))) == fair(repr(make(torch.nn)))


def test_embedding_agrees_with_pytorch() -> None:
    mine, theirs = twins(lambda nn: nn.Embedding(5, 3, padding_idx=-4))
    compare_modules(mine, theirs, [np.array([[0, 1, 4], [1, 1, 2]])])
    assert repr(mine) == repr(theirs)
    assert (array_of(nnkit.nn.Embedding(5, 3, padding_idx=-4).weight)[1] == 0).all()


@pytest.mark.parametrize(
    "make",
    [
        lambda nn: nn.Linear(50, 400),
        lambda nn: nn.Conv2d(3, 100, 5),
        lambda nn: nn.Embedding(200, 30),
        lambda nn: nn.RNN(20, 256, num_layers=2),
        lambda nn: nn.LSTM(20, 256),
        lambda nn: nn.GRU(20, 256),
        lambda nn: nn.BatchNorm2d(5),
        lambda nn: nn.LayerNorm(5),
    ],
)
def test_default_initialisation_has_pytorchs_distribution(make: Any) -> None:
    torch.manual_seed(0)
    nnkit.manual_seed(0)
    theirs = make(torch.nn).state_dict()
    mine = make(nnkit.nn).state_dict()
    assert list(mine) == list(theirs)
    for name, value in mine.items():
        a, b = array_of(value).astype(float), array_of(theirs[name]).astype(float)
        assert a.shape == b.shape
        assert value.dtype == array_of(theirs[name]).dtype
        assert a.std() == pytest.approx(b.std(), rel=0.2, abs=1e-9)
        if "Embedding" not in repr(make(nnkit.nn)):
            assert np.abs(a).max() == pytest.approx(np.abs(b).max(), rel=0.1, abs=1e-9)


INITS: list[tuple[str, dict[str, Any]]] = [
    ("uniform_", {"a": -1.0, "b": 3.0}),
    ("normal_", {"mean": 2.0, "std": 0.5}),
    ("zeros_", {}),
    ("xavier_uniform_", {"gain": 2.0}),
    ("xavier_normal_", {}),
    ("kaiming_uniform_", {"mode": "fan_out", "nonlinearity": "relu"}),
    ("kaiming_uniform_", {"a": 2.0}),
    ("kaiming_normal_", {"nonlinearity": "tanh"}),
]


@pytest.mark.parametrize(("name", "options"), INITS)
def test_init_agrees_with_pytorch(name: str, options: dict[str, Any]) -> None:
    torch.manual_seed(0)
    nnkit.manual_seed(0)
    shape = (40, 30, 3, 2)
    mine = getattr(nnkit.nn.init, name)(nnkit.nn.Parameter(nnkit.zeros(shape)), **options)
    theirs = getattr(torch.nn.init, name)(torch.nn.Parameter(torch.zeros(shape)), **options)
    a, b = array_of(mine), array_of(theirs)
    assert a.mean() == pytest.approx(b.mean(), abs=0.1)
    assert a.std() == pytest.approx(b.std(), rel=0.03)
    if "normal" not in name:
        assert np.abs(a).max() == pytest.approx(np.abs(b).max(), rel=0.01)
    assert mine.is_leaf


# Over time.


@st.composite
def recurrences(draw: Any) -> dict[str, Any]:
    return {
        "options": {
            "num_layers": draw(st.integers(1, 3)),
            "bias": draw(st.booleans()),
            "batch_first": draw(st.booleans()),
        },
        "sizes": (draw(st.integers(1, 3)), draw(st.integers(1, 4))),
        "steps": draw(st.integers(1, 5)),
        "n": draw(st.none() | st.integers(1, 4)),
        "state": draw(st.booleans()),
        "seed": draw(SEEDS),
        "dtype": draw(st.sampled_from(["float64", "float32"])),
        "nonlinearity": draw(st.sampled_from(["tanh", "relu"])),
    }


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
@EXAMPLES
@given(case=recurrences())
def test_recurrent_layers_agree_with_pytorch(kind: str, case: dict[str, Any]) -> None:
    options, n, seed = dict(case["options"]), case["n"], case["seed"]
    if kind == "RNN":
        options["nonlinearity"] = case["nonlinearity"]
    inputs, hidden = case["sizes"]
    mine, theirs = twins(lambda nn: getattr(nn, kind)(inputs, hidden, **options), case["dtype"], seed)
    with torch.no_grad(), nnkit.no_grad():
        for name, parameter in theirs.named_parameters():
            parameter -= 0.5
            getattr(mine, name).data -= 0.5
    lead = (case["steps"],) if n is None else (n, case["steps"]) if options["batch_first"] else (case["steps"], n)
    x = numbers(seed, *lead, inputs)
    shape = (options["num_layers"], hidden) if n is None else (options["num_layers"], n, hidden)
    states = [numbers(seed + i, *shape) for i in range(1 + (kind == "LSTM"))] if case["state"] else []
    modules = {"nnkit": mine, "torch": theirs}

    def function(library: Any, x: Any, *states: Any) -> Any:
        hx = None if not states else states[0] if kind != "LSTM" else states
        return flat(modules[library.__name__](x, hx))

    compare(torch, function, [x, *states], case["dtype"])
    for name, parameter in mine.named_parameters():
        close(parameter.grad, dict(theirs.named_parameters())[name].grad, case["dtype"], name)
    assert repr(mine) == repr(theirs)


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
@EXAMPLES
@given(case=recurrences(), data=st.data())
def test_lengths_do_what_packing_does(kind: str, case: dict[str, Any], data: Any) -> None:
    from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

    inputs, hidden = case["sizes"]
    options, n, seed, steps = case["options"], case["n"] or 2, case["seed"], case["steps"]
    lengths = data.draw(st.lists(st.integers(1, steps), min_size=n, max_size=n))
    first = options["batch_first"]
    mine, theirs = twins(lambda nn: getattr(nn, kind)(inputs, hidden, **options), seed=seed)
    x = numbers(seed, *((n, steps) if first else (steps, n)), inputs)
    states = [numbers(seed + i, options["num_layers"], n, hidden) for i in range(1 + (kind == "LSTM"))]

    def function(library: Any, x: Any, *states: Any) -> Any:
        hx = states[0] if kind != "LSTM" else states
        if library is nnkit:
            return flat(mine(x, hx, lengths=lengths))
        packed = pack_padded_sequence(x, lengths, batch_first=first, enforce_sorted=False)
        output, state = theirs(packed, hx)
        return flat((pad_packed_sequence(output, batch_first=first, total_length=steps)[0], state))

    compare(torch, function, [x, *states])
    for name, parameter in mine.named_parameters():
        close(parameter.grad, dict(theirs.named_parameters())[name].grad, "float64", name)


def test_many_steps_and_large_numbers_stay_exact() -> None:
    for kind in ("RNN", "LSTM", "GRU"):
        mine, theirs = twins(lambda nn, kind=kind: getattr(nn, kind)(3, 5))
        compare_modules(mine, theirs, [numbers(1, 60, 2, 3) * 300])


# Losses, helpers.


LOSSES: list[tuple[str, dict[str, Any], str]] = [
    ("MSELoss", {}, "numbers"),
    ("L1Loss", {"reduction": "sum"}, "numbers"),
    ("CrossEntropyLoss", {}, "classes"),
    ("CrossEntropyLoss", {"weight": [0.2, 1.0, 3.0], "ignore_index": 1}, "classes"),
    ("NLLLoss", {"weight": [0.2, 1.0, 3.0], "reduction": "none"}, "classes"),
    ("BCELoss", {"weight": [0.2, 1.0, 3.0]}, "probabilities"),
    ("BCEWithLogitsLoss", {"pos_weight": [0.2, 1.0, 3.0]}, "probabilities"),
    ("MultiMarginLoss", {"p": 2, "margin": 0.5, "weight": [0.2, 1.0, 3.0]}, "classes"),
]


@pytest.mark.parametrize(("name", "options", "kind"), LOSSES)
def test_losses_as_modules_agree_with_pytorch(name: str, options: dict[str, Any], kind: str) -> None:
    rng = np.random.default_rng(0)

    def settings_for(library: Any) -> dict[str, Any]:
        return {
            key: library.from_numpy(np.array(value)) if isinstance(value, list) else value
            for key, value in options.items()
        }

    modules = {
        "nnkit": getattr(nnkit.nn, name)(**settings_for(nnkit)),
        "torch": getattr(torch.nn, name)(**settings_for(torch)),
    }
    assert list(modules["nnkit"].state_dict()) == list(modules["torch"].state_dict())
    x = rng.uniform(0.1, 0.9, (4, 3))
    target = np.array([0, 2, 1, 2]) if kind == "classes" else rng.uniform(0, 1, (4, 3))
    compare(torch, lambda library, *a: modules[library.__name__](*a), [x], "float64", [target])


@pytest.mark.parametrize("max_norm", [0.5, 3.0, 100.0])
@pytest.mark.parametrize("norm_type", [1.0, 2.0, 3.5, float("inf")])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_clip_grad_norm_agrees_with_pytorch(max_norm: float, norm_type: float, dtype: str) -> None:
    results = []
    for library in (nnkit, torch):
        parameters = [
            library.from_numpy(np.zeros(s, dtype)).requires_grad_()
            for s in ((3, 2), (4,), (), (0,) if norm_type < 4 else (1,), (2,))
        ]
        for i, parameter in enumerate(parameters[:-1]):
            parameter.grad = library.from_numpy(np.asarray(numbers(i, *parameter.shape), dtype))
        norm = library.nn.utils.clip_grad_norm_(parameters, max_norm, norm_type)
        assert parameters[-1].grad is None
        results.append([norm, *(parameter.grad for parameter in parameters[:-1])])
    for mine, theirs in zip(*results, strict=True):
        close(mine, theirs, dtype, "clipped")


@pytest.mark.parametrize("batch_first", [True, False])
def test_pad_sequence_agrees_with_pytorch(batch_first: bool) -> None:
    compare(
        torch,
        lambda library, *s: library.nn.utils.rnn.pad_sequence(s, batch_first=batch_first, padding_value=-1.5),
        [numbers(0, 2, 3), numbers(1, 4, 3), numbers(2, 1, 3)],
    )


def test_a_state_goes_from_one_library_to_the_other(tmp_path: Any) -> None:
    def make(nn: Any) -> Any:
        return nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten(), nn.Linear(8, 3))

    mine, theirs = make(nnkit.nn), make(torch.nn)
    np.savez(tmp_path / "state.npz", **{name: array_of(value) for name, value in theirs.state_dict().items()})
    with np.load(tmp_path / "state.npz") as state:
        mine.load_state_dict(state)
    compare_modules(mine.eval(), theirs.eval(), [numbers(0, 2, 1, 4, 4)], "float32")
    theirs.load_state_dict(
        {name: torch.from_numpy(value.numpy()) for name, value in copy.deepcopy(mine.state_dict()).items()}
    )


def test_clipping_number_by_number_agrees_with_pytorch() -> None:
    gradients = [np.array([[-3.0, 0.5], [2.0, np.nan]]), np.array([0.1, -np.inf]), None]
    results = []
    for library in (nnkit, torch):
        parameters = [library.zeros(2, 2), library.zeros(2), library.zeros(3)]
        for parameter, gradient in zip(parameters, gradients, strict=True):
            parameter.grad = None if gradient is None else library.from_numpy(gradient).float()
        library.nn.utils.clip_grad_value_(parameters, 1)
        library.nn.utils.clip_grad_value_(parameters[0], clip_value=0.75)
        results.append([p.grad.numpy() for p in parameters[:2]])
        assert parameters[2].grad is None
    for mine, theirs in zip(*results, strict=True):
        np.testing.assert_array_equal(mine, theirs)
