"""Unusual input: where PyTorch computes, nnkit computes the same; where it refuses, nnkit does, with a sentence."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from twins import compare

import nnkit

torch = pytest.importorskip("torch", reason="PyTorch is the oracle of these tests and is not installed")

LIBRARIES = pytest.mark.parametrize("library", [nnkit, torch], ids=["nnkit", "PyTorch"])


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("targets", [[-100, -100], [-100, 1], [0, -100]], ids=str)
@pytest.mark.parametrize("name", ["cross_entropy", "nll_loss"])
@pytest.mark.parametrize("weighted", [False, True])
def test_targets_that_are_ignored_get_no_gradient(
    name: str, targets: list[int], reduction: str, weighted: bool
) -> None:
    scores = np.array([[1.0, 2.0, 0.5], [3.0, -4.0, 0.0]])
    weights = [np.array([0.5, 2.0, 1.0])] if weighted else []

    def function(library: Any, x: Any, t: Any, w: Any = None) -> Any:
        return getattr(library.nn.functional, name)(x, t, weight=w, reduction=reduction)

    compare(torch, function, [scores], constants=[np.array(targets), *weights])


def test_images_whose_targets_are_all_ignored_get_no_gradient() -> None:
    scores, targets = np.arange(24.0).reshape(2, 3, 2, 2) ** 0.5, np.full((2, 2, 2), 255)

    def function(library: Any, x: Any, t: Any) -> Any:
        return library.nn.functional.cross_entropy(x, t, ignore_index=255)

    compare(torch, function, [scores], constants=[targets])


def network(library: Any) -> Any:
    nn = library.nn
    net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2))
    net(library.ones(5, 3)).sum().backward()
    return net


@LIBRARIES
@pytest.mark.parametrize(
    "assign",
    [
        lambda net, library: setattr(net[0], "weight", library.zeros(4, 3)),
        lambda net, library: setattr(net[0], "bias", net[0].bias * 2),
        lambda net, library: setattr(net[0], "weight", np.zeros((4, 3))),
        lambda net, library: setattr(net[1], "running_mean", np.zeros(4)),
        lambda net, library: setattr(net[1], "running_mean", 0.0),
        lambda net, library: setattr(net, "0", library.zeros(4, 3)),
        lambda net, library: setattr(net, "2", library.relu),
        lambda net, library: net.__setitem__(0, library.relu),
    ],
)
def test_nothing_pushes_a_parameter_module_or_buffer_out(library: Any, assign: Callable[..., Any]) -> None:
    net = network(library)
    with pytest.raises(TypeError):
        assign(net, library)
    assert len(list(net.parameters())) == 6


@LIBRARIES
def test_a_parameter_may_be_replaced_by_another_or_taken_away(library: Any) -> None:
    net = network(library)
    net[0].weight = library.nn.Parameter(library.zeros(4, 3))
    net[0].bias = None
    net[1].running_mean = library.ones(4)
    net[3] = library.nn.Linear(4, 7)
    assert net(library.ones(2, 3)).shape == (2, 7)
    assert [tuple(p.shape) for p in net.parameters()] == [(4, 3), (4,), (4,), (7, 4), (7,)]


@LIBRARIES
def test_a_copied_model_has_the_numbers_and_not_the_gradients(library: Any) -> None:
    net = network(library)
    net[0].bias.requires_grad_(False)
    twin = copy.deepcopy(net)
    for mine, other in zip(net.parameters(), twin.parameters(), strict=True):
        assert other.grad is None
        assert other.requires_grad == mine.requires_grad
        assert type(other) is library.nn.Parameter
        np.testing.assert_array_equal(other.detach().numpy(), mine.detach().numpy())
    with library.no_grad():
        for other in twin.parameters():
            other.zero_()
    assert net[0].weight.abs().sum() > 0


@LIBRARIES
def test_a_copy_keeps_what_is_shared_within_it(library: Any) -> None:
    nn = library.nn
    net = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3))
    net[1].weight = net[0].weight
    optimizer = library.optim.Adam(net.parameters())
    twin, learner = copy.deepcopy((net, optimizer))
    assert twin[1].weight is twin[0].weight
    assert twin[0].weight is not net[0].weight
    before = net[0].weight.detach().numpy().copy()
    twin(library.ones(2, 3)).sum().backward()
    learner.step()
    np.testing.assert_array_equal(net[0].weight.detach().numpy(), before)
    assert (twin[0].weight.detach() != net[0].weight.detach()).all()


def test_a_copied_weight_lies_in_memory_as_the_first_did() -> None:
    weight = nnkit.nn.Linear(5, 3).weight
    assert copy.deepcopy(weight).detach().numpy().flags.f_contiguous == weight.detach().numpy().flags.f_contiguous


Y = nnkit.ones(2, 3)
IMAGES, FILTERS = nnkit.ones(1, 1, 4, 4), nnkit.ones(1, 1, 2, 2)
F = nnkit.functional


@pytest.mark.parametrize(
    "call",
    [
        lambda x: F.mse_loss(x, Y),
        lambda x: F.mse_loss(Y, x),
        lambda x: F.l1_loss(x, Y),
        lambda x: F.cross_entropy(x, nnkit.tensor([0, 1])),
        lambda x: F.cross_entropy(Y, x),
        lambda x: F.nll_loss(x, nnkit.tensor([0, 1])),
        lambda x: F.binary_cross_entropy(x, Y),
        lambda x: F.binary_cross_entropy_with_logits(x, Y),
        lambda x: F.multi_margin_loss(x, nnkit.tensor([0, 1])),
        lambda x: F.relu(x),
        lambda x: F.leaky_relu(x),
        lambda x: F.softmax(x, 1),
        lambda x: F.log_softmax(x, 1),
        lambda x: F.linear(x, Y),
        lambda x: F.linear(Y, x),
        lambda x: F.conv2d(x, FILTERS),
        lambda x: F.conv2d(IMAGES, x),
        lambda x: F.max_pool2d(x, 2),
        lambda x: F.avg_pool2d(x, 2),
        lambda x: F.dropout(x),
        lambda x: F.batch_norm(x, None, None, training=True),
        lambda x: F.layer_norm(x, (3,)),
        lambda x: F.embedding(x, Y),
        lambda x: F.normalize(x),
        lambda x: F.one_hot(x),
        lambda x: F.project_so3(x),
        lambda x: nnkit.nn.Linear(3, 2)(x),
        lambda x: nnkit.nn.Flatten()(x),
        lambda x: nnkit.nn.BatchNorm1d(3)(x),
        lambda x: nnkit.nn.LSTM(3, 2)(x),
        lambda x: nnkit.nn.MSELoss()(x, Y),
        lambda x: Y + x,
        lambda x: nnkit.cat([Y, x]),
        lambda x: nnkit.maximum(Y, x),
        lambda x: nnkit.exp(x),
    ],
)
@pytest.mark.parametrize("value", [None, "a", [None]])
def test_what_is_no_tensor_is_called_by_its_name(call: Callable[[Any], Any], value: Any) -> None:
    with pytest.raises(TypeError, match=r"NoneType|None|str|list"):
        call(value)


@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        ("F.mse_loss(None, Y)", r"needed here, got NoneType\. Does forward return its result\?"),
        ("nnkit.Tensor(2, 3)", r"For a tensor with these sizes write nnkit\.zeros\(2, 3\)"),
        ("nnkit.Tensor(2, 3, 4)", r"For a tensor with these sizes write"),
        ("nnkit.tensor(2, 3)", r"A dtype is one of bool, .* got 3"),
        ("nnkit.zeros(2, 3, dtype='float99')", r"A dtype is one of .* got 'float99'"),
        ("np.exp(Y)", r"np\.exp computes with arrays .* write x\.exp\(\), or np\.exp\(x\.detach\(\)\.numpy\(\)\)"),
        ("np.arctan2(Y, Y)", r"np\.arctan2 computes with arrays .* write np\.arctan2\(x\.detach\(\)\.numpy\(\), …\)"),
        ("np.add.reduce(Y)", r"np\.add computes with arrays"),
        ("[3.0] in Y", r"A tensor contains numbers; it cannot be asked for a list"),
        ("Y.to('cuda')", r'on "cpu"; there is no device cuda'),
        ("Y.to('float16')", r"Tensors of float16 do not exist here"),
        ("nnkit.nn.Linear(2, 3).to('cuda')", r"there is no device cuda"),
        ("nnkit.nn.Linear(2, 3).to(nnkit.int64)", r"A module computes with floats"),
        ("nnkit.Generator('cuda')", r"there is no device cuda"),
        ("nnkit.rand(3, generator=0)", r"nnkit\.Generator\(\)\.manual_seed\(0\); got int"),
        ("nnkit.data.DataLoader([1, 2], shuffle=True, generator=0)", r"generator is an nnkit\.Generator"),
        ("nnkit.randint(5)", r"randint needs a tuple of sizes, as in randint\(0, 5, \(2, 3\)\)"),
        ("nnkit.randint(5, 5, (2,))", r"there is nothing from 5 to 5"),
        ("nnkit.normal(0, 1)", r"or a size, as in normal\(0\.0, 1\.0, size=\(2, 3\)\)"),
        ("Y & Y", r"& combines booleans or integers, not float32: write a comparison"),
        ("~Y", r"~ turns booleans or integers round, not float32"),
        ("(Y > 0) // True", r"// is not defined for booleans"),
        ("Y.masked_fill(Y, 0)", r"masked_fill needs a mask of booleans, got float32"),
        ("Y.masked_fill(Y > 0, Y)", r"masked_fill fills with one number, got a tensor of shape \(2, 3\)"),
        ("Y.masked_fill(nnkit.ones(4) > 0, 0)", r"The shapes \(4,\) and \(2, 3\) cannot be combined .*masked_fill"),
        ("Y.masked_fill(Y > 0, 'a')", r"masked_fill takes a tensor, an array or a number, got str"),
        ("Y.eq([1, 2, 3])", r"eq takes a tensor, an array or a number, got list"),
        ("Y.max(dim=(0, 1))", r"along one dimension, got dim=\(0, 1\)"),
        ("Y.argmin((0, 1))", r"along one dimension, got dim=\(0, 1\)"),
        ("Y.allclose(1.0)", r"allclose compares two tensors, got float"),
        ("Y.allclose(Y.double())", r"allclose needs one dtype on both sides, got float32 and float64"),
        ("Y.sum(dim=0, axis=0)", r"dim and axis mean the same"),
        ("Y.long().view_as(nnkit.ones(4))", r"cannot become \(4,\)"),
    ],
)
def test_errors_are_sentences(program: str, sentence: str) -> None:
    with pytest.raises((TypeError, RuntimeError, IndexError, ValueError), match=sentence):
        eval(program)


def test_numpys_reductions_of_a_tensor_are_its_own() -> None:
    x = nnkit.tensor([[1.0, 2.0], [3.0, 5.0]], requires_grad=True)
    total: Any = np.sum(x, axis=0)
    assert total.tolist() == [4.0, 7.0]
    np.mean(x).backward()  # type: ignore[union-attr]
    assert x.grad.tolist() == [[0.25, 0.25], [0.25, 0.25]]


@LIBRARIES
def test_a_model_may_be_sent_to_the_processor_and_to_another_dtype(library: Any) -> None:
    net = network(library)
    assert net.to("cpu") is net.to(device="cpu") is net
    assert net.to(library.float64)[0].weight.dtype == library.float64
    assert net.to("cpu", library.float32)[0].weight.dtype == library.float32
    assert net[0].weight.grad.dtype == library.float32
