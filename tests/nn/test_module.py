"""Modules: what they find, what they say, what they save."""

from __future__ import annotations

import copy
import io
from typing import Any

import numpy as np
import pytest

import nnkit
from nnkit import nn


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(3, 4)
        self.scale = nn.Parameter(nnkit.ones(4))
        self.pairs = [nn.Linear(4, 4), (nn.ReLU(), nn.Linear(4, 4))]
        self.heads = {"left": nn.Linear(4, 2), "right": {"deep": nn.Linear(4, 2)}}
        self.loose = [nn.Parameter(nnkit.zeros(2)), "text", 3]
        self.register_buffer("seen", nnkit.tensor(0.0))
        self.constant = nnkit.ones(5)

    def forward(self, x: Any) -> Any:
        return self.heads["left"](self.pairs[0](self.first(x) * self.scale))


NAMES = (
    "scale loose.0 first.weight first.bias pairs.0.weight pairs.0.bias pairs.1.1.weight pairs.1.1.bias "
    "heads.left.weight heads.left.bias heads.right.deep.weight heads.right.deep.bias"
).split()


def test_parameters_are_found_in_attributes_lists_tuples_and_dicts() -> None:
    net = Net()
    assert [name for name, _ in net.named_parameters()] == NAMES
    assert len(list(net.children())) == 6
    assert {name for name, _ in net.named_modules()} >= {"", "first", "pairs.1.0", "heads.right.deep"}
    assert [name for name, _ in net.named_buffers()] == ["seen"]
    assert list(net.state_dict()) == ["scale", "loose.0", "seen", *NAMES[2:]]
    assert all(isinstance(parameter, nn.Parameter) for parameter in net.parameters())


def test_a_shared_parameter_is_listed_once_and_saved_under_both_names() -> None:
    net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    net[1].weight = net[0].weight
    assert [name for name, _ in net.named_parameters()] == ["0.weight", "0.bias", "1.bias"]
    assert list(net.state_dict()) == ["0.weight", "0.bias", "1.weight", "1.bias"]
    shared = nn.Linear(2, 2)
    assert len(list(nn.Sequential(shared, nn.ReLU(), shared).parameters())) == 2


def test_a_module_that_contains_itself_is_walked_once() -> None:
    net = nn.Sequential(nn.Linear(2, 2))
    net[0].above = [nn.Identity()]
    assert len(list(net.modules())) == 3
    inner = nn.Linear(2, 1)
    inner.above = inner.again = [nn.Sequential(inner)]
    assert list(inner.state_dict()) == ["weight", "bias"]
    assert [name for name, _ in inner.named_modules()] == ["", "above.0"]


def test_train_and_eval_reach_everything() -> None:
    net = Net()
    assert net.eval() is net
    assert not any(module.training for module in net.modules())
    assert net.train() is net
    assert all(module.training for module in net.modules())


def test_zero_grad_apply_double_and_float_reach_everything() -> None:
    net = Net()
    net(nnkit.ones(2, 3)).sum().backward()
    assert net.first.weight.grad is not None
    weight = net.first.weight
    net.double()
    assert {p.dtype for p in net.parameters()} == {nnkit.float64}
    assert net.first.weight is weight
    assert weight.grad.dtype == nnkit.float64
    assert net.seen.dtype == nnkit.float64
    assert net.float().first.bias.dtype == nnkit.float32
    net.zero_grad(set_to_none=False)
    assert not weight.grad.numpy().any()
    net.zero_grad()
    assert all(p.grad is None for p in net.parameters())
    visited: list[Any] = []
    assert net.apply(visited.append) is net
    assert visited[-1] is net
    assert len(visited) == 7
    norm = nn.BatchNorm1d(2).double()
    assert norm.num_batches_tracked.dtype == nnkit.int64


def test_a_typo_names_what_is_wrong() -> None:
    net = Net()
    with pytest.raises(AttributeError, match=r"Net has no attribute 'frist'\. Did you mean 'first'\?"):
        net.frist  # noqa: B018
    with pytest.raises(AttributeError, match=r"Linear has no attribute 'wieght'\. Did you mean 'weight'\?"):
        net.first.wieght  # noqa: B018
    with pytest.raises(AttributeError, match=r"It holds: in_features, out_features, weight, bias"):
        net.first.kernel  # noqa: B018
    assert not hasattr(net, "nothing")
    with pytest.raises(NotImplementedError, match=r"Module has no forward method yet"):
        nn.Module()(1)


def test_a_module_without_super_init_works() -> None:
    class Forgetful(nn.Module):
        def __init__(self) -> None:
            self.layer = nn.Linear(2, 1)

    assert len(list(Forgetful().parameters())) == 2
    assert Forgetful().training


# States.


def test_a_state_goes_through_npz_without_pickle(tmp_path: Any) -> None:
    def make() -> Any:
        return nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten(), nn.Linear(8, 3))

    net, other = make(), make()
    net(nnkit.randn(5, 1, 4, 4))
    np.savez(tmp_path / "net.npz", **net.state_dict())
    with np.load(tmp_path / "net.npz", allow_pickle=False) as state:
        assert other.load_state_dict(state) == ([], [])
    nnkit.save(net.state_dict(), tmp_path / "net2.npz")
    third = make()
    third.load_state_dict(nnkit.load(tmp_path / "net2.npz"))
    x = nnkit.randn(2, 1, 4, 4)
    expected = net.eval()(x).detach().numpy()
    for twin in (other, third):
        assert twin.num_batches == 1 if hasattr(twin, "num_batches") else twin[1].num_batches_tracked.item() == 1
        np.testing.assert_array_equal(twin.eval()(x).detach().numpy(), expected)


def test_a_state_shares_memory_and_is_protected() -> None:
    layer = nn.Linear(2, 1)
    state = layer.state_dict()
    assert not state["weight"].requires_grad
    assert np.shares_memory(state["weight"].numpy(), layer.weight.detach().numpy())
    buffer = io.BytesIO()
    np.savez(buffer, **state)
    before = layer.weight.detach().numpy().copy()
    saved = copy.deepcopy(state)
    with nnkit.no_grad():
        layer.weight += 1
    layer.load_state_dict(saved)
    np.testing.assert_array_equal(layer.weight.detach().numpy(), before)


def test_a_state_that_does_not_fit_says_all_that_is_wrong_and_changes_nothing() -> None:
    layer = nn.Linear(2, 3)
    before = layer.bias.detach().numpy().copy()
    state = {"weigth": nnkit.zeros(3, 2), "bias": nnkit.zeros(3)}
    with pytest.raises(RuntimeError, match=r"does not fit Linear: 'weight' is missing; 'weigth' is unknown here"):
        layer.load_state_dict(state)
    with pytest.raises(RuntimeError, match=r"'weight' has shape \(2, 3\), but \(3, 2\) is needed"):
        layer.load_state_dict({"weight": nnkit.zeros(2, 3), "bias": nnkit.zeros(3)})
    np.testing.assert_array_equal(layer.bias.detach().numpy(), before)
    assert layer.load_state_dict(state, strict=False) == (["weight"], ["weigth"])
    assert not layer.bias.detach().numpy().any()


def test_copies_are_independent() -> None:
    net = Net()
    twin = copy.deepcopy(net)
    assert [name for name, _ in twin.named_parameters()] == NAMES
    with nnkit.no_grad():
        twin.first.weight += 1
    assert not np.allclose(twin.first.weight.detach().numpy(), net.first.weight.detach().numpy())
    assert all(isinstance(parameter, nn.Parameter) for parameter in twin.parameters())


# Containers.


def test_sequential_is_indexed_by_number_name_and_slice() -> None:
    net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    assert len(net) == 3
    assert net[-1] is net["2"] is net[2] is getattr(net, "2")
    assert isinstance(net[:2], nn.Sequential)
    assert net[:2][0] is net[0]
    assert [type(layer).__name__ for layer in net] == ["Linear", "ReLU", "Linear"]
    named = nn.Sequential({"hidden": nn.Linear(3, 2), "out": nn.Linear(2, 1)})
    assert list(named.state_dict()) == ["hidden.weight", "hidden.bias", "out.weight", "out.bias"]
    assert named.hidden is named["hidden"] is named[0]
    assert net.append(nn.Tanh()) is net
    assert net["3"] is net[3]
    with pytest.raises(IndexError, match="There is no layer 7: there are 4"):
        net[7]
    with pytest.raises(KeyError, match="There is no layer 'hiden'"):
        named["hiden"]
    with pytest.raises(TypeError, match=r"Sequential holds modules, got .*ReLU.* Is it a class without brackets\?"):
        nn.Sequential(nn.Linear(2, 2), nn.ReLU)


def test_a_module_list_holds_and_finds_modules() -> None:
    layers = nn.ModuleList([nn.Linear(2, 2)])
    layers.append(nn.ReLU()).extend([nn.Tanh()])
    assert [type(layer).__name__ for layer in layers] == ["Linear", "ReLU", "Tanh"]
    assert len(layers[1:]) == 2
    assert list(layers.state_dict()) == ["0.weight", "0.bias"]


def test_it_prints_as_in_pytorch() -> None:
    net = nn.Sequential(nn.Linear(3, 4), nn.Sequential(nn.ReLU(), nn.Dropout(0.2)))
    assert repr(net) == (
        "Sequential(\n  (0): Linear(in_features=3, out_features=4, bias=True)\n"
        "  (1): Sequential(\n    (0): ReLU()\n    (1): Dropout(p=0.2)\n  )\n)"
    )


def test_a_parameter_is_a_leaf_that_requires_gradients() -> None:
    base = nnkit.zeros(3)
    parameter = nn.Parameter(base)
    base += 1
    assert parameter.tolist() == [1, 1, 1]
    assert parameter.requires_grad
    assert parameter.is_leaf
    assert isinstance(parameter, nnkit.Tensor)
    assert not nn.Parameter([1.0, 2.0], requires_grad=False).requires_grad
    with pytest.raises(RuntimeError, match="Only floats"):
        nn.Parameter(nnkit.tensor([1, 2]))
    with nnkit.no_grad():
        parameter -= 0.5
    assert isinstance(parameter, nn.Parameter)


# The table.


def test_summary_counts_and_leaves_the_model_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    net = nn.Sequential(
        nn.Conv2d(1, 16, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(2704, 20), nn.ReLU(), nn.Linear(20, 10)
    )
    net[1].eval()
    nnkit.summary(net, (1, 28, 28))
    text = capsys.readouterr().out
    assert "Parameters: 54,470 (54,470 trainable)" in text
    assert "(N, 16, 26, 26)" in text
    assert "54,100" in text
    assert net.training
    assert not net[1].training
    assert "forward" not in vars(net[0])


def test_summary_of_recurrent_layers_embeddings_and_frozen_ones(capsys: pytest.CaptureFixture[str]) -> None:
    class Reader(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.table = nn.Embedding(10, 4)
            self.lstm = nn.LSTM(4, 8, batch_first=True)
            self.table.weight.requires_grad = False

        def forward(self, x: Any) -> Any:
            return self.lstm(self.table(x))[0]

    nnkit.summary(Reader(), (5,), dtype=nnkit.int64)
    text = capsys.readouterr().out
    assert "lstm (LSTM)        (N, 5, 8)" in text
    assert "Parameters: 488 (448 trainable)" in text


def test_summary_gives_the_model_back_after_an_error() -> None:
    net = nn.Sequential(nn.Linear(3, 2))
    with pytest.raises(RuntimeError, match="Linear"):
        nnkit.summary(net, (4,))
    assert "forward" not in vars(net[0])
    assert net.training
