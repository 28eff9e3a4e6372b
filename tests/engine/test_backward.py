"""The backward pass: order, accumulation, what is kept and what is freed."""

from __future__ import annotations

import copy
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnkit
from nnkit import Tensor, engine, tensor
from nnkit.engine import backward


def leaf(*values: float) -> Tensor:
    return tensor(np.array(values if len(values) > 1 else values[0], dtype=float), requires_grad=True)


# Order and accumulation.


def test_a_diamond_adds_up_both_ways() -> None:
    a = leaf(3.0)
    b = a + a
    (b + b).backward()
    assert a.grad.item() == 4


def test_a_node_sends_only_when_everything_has_arrived() -> None:
    a = leaf(2.0)
    b = a * a  # used early and late
    c = b * 3
    d = c + b
    for step in nnkit.walk(d * b):
        if step.node is b:
            assert step.gradient == 8 * b.item()  # d/db of 4 b²
    (d * b).backward()
    assert a.grad.item() == 8 * 4 * 4


@pytest.mark.parametrize("n", [5_000, 100_000])
def test_a_long_chain_is_no_problem(n: int) -> None:
    a = leaf(1.0)
    y = a
    for _ in range(n):
        y = y + a
    y.backward()
    assert a.grad.item() == n + 1


@pytest.mark.parametrize("depth", [60])
def test_a_ladder_with_many_paths_is_walked_node_by_node(depth: int) -> None:
    a = leaf(1.0)
    y = a
    for _ in range(depth):
        y = (y + y) * 0.5  # two paths in every step: 2^60 in all
    y.backward()
    assert a.grad.item() == 1
    assert len(list(nnkit.walk((a + a) * 0.5))) == 3


@pytest.mark.parametrize("in_thread", [False, True])
def test_a_long_chain_is_forgotten_without_running_out_of_stack(in_thread: bool) -> None:
    def build_and_drop() -> None:
        y = leaf(1.0)
        for _ in range(150_000):
            y = y + 1
        del y
        done.append(True)

    done: list[bool] = []
    if in_thread:
        thread = threading.Thread(target=build_and_drop)
        thread.start()
        thread.join()
    else:
        build_and_drop()
    assert done == [True]


def test_a_node_may_be_part_of_two_graphs() -> None:
    a = leaf(3.0)
    b = a * a
    first, second = b * 2, b * 5
    first.backward(retain_graph=True)
    second.backward()
    assert a.grad.item() == (2 + 5) * 6


def test_a_leaf_used_in_two_graphs_collects_from_both() -> None:
    a = leaf(3.0)
    (a * 2).backward()
    (a * 5).backward()
    assert a.grad.item() == 7


def test_only_what_needs_a_gradient_is_asked_for_one() -> None:
    asked: list[str] = []

    @engine.primitive("?")
    def nosy(x, y):
        """x + y;  asks."""
        return x + y, (lambda g: asked.append("x") or g, lambda g: asked.append("y") or g)

    try:
        nosy(leaf(1.0), tensor(np.array(2.0))).backward()
    finally:
        del engine.PRIMITIVES["nosy"]
    assert asked == ["x"]


def test_inner_gradients_do_not_stay() -> None:
    a = leaf(3.0)
    b = a * a
    (b * 2).backward()
    assert b.grad is None


def test_a_retained_gradient_stays_and_is_its_own_array() -> None:
    a = leaf(3.0, 4.0)
    b = a + 0
    b.retain_grad()
    b.sum().backward()
    assert b.grad.tolist() == a.grad.tolist() == [1, 1]
    assert not np.shares_memory(a.grad.numpy(), b.grad.numpy())


def test_a_leaf_may_be_the_result_itself() -> None:
    a = leaf(3.0, 4.0)
    cotangent = np.array([1.0, 2.0])
    a.backward(cotangent)
    assert a.grad.tolist() == [1, 2]
    assert not np.shares_memory(a.grad.numpy(), cotangent)


# Freeing.


def test_a_second_call_needs_retain_graph() -> None:
    a = leaf(3.0)
    y = (a * a).exp()
    y.backward()
    before = a.grad.item()
    with pytest.raises(RuntimeError, match="freed by an earlier backward"):
        y.backward()
    with pytest.raises(RuntimeError, match="retain_graph=True"):
        nnkit.walk(y)
    assert a.grad.item() == before


@pytest.mark.parametrize("calls", [2, 3])
def test_with_retain_graph_every_call_adds_exactly_once_more(calls: int) -> None:
    a = leaf(3.0)
    b = a * a
    y = b + b
    for _ in range(calls):
        y.backward(retain_graph=True)
    assert a.grad.item() == calls * 12


def test_a_freed_part_of_another_graph_is_told() -> None:
    a = leaf(3.0)
    b = a * a
    first, second = b * 2, b * 5
    first.backward()
    with pytest.raises(RuntimeError, match="freed"):
        second.backward()


def test_a_failing_pass_leaves_every_gradient_as_it_was() -> None:
    a, b = leaf(3.0), leaf(2.0)
    kept = a * 2
    y = kept * kept
    with nnkit.no_grad():
        kept += 1
    with pytest.raises(RuntimeError, match="changed in place"):
        (y + b).backward()
    assert a.grad is None
    assert b.grad is None


# Where it starts.


def test_more_than_one_number_needs_a_gradient() -> None:
    a = leaf(1.0, 2.0)
    with pytest.raises(RuntimeError, match=r"single number, but this tensor has shape \(2,\)"):
        (a * a).backward()
    (a * a).backward(tensor([1.0, 10.0]))
    assert a.grad.tolist() == [2, 40]


def test_one_number_in_any_shape_will_do() -> None:
    a = leaf(3.0)
    (a * a).reshape(1, 1).backward()
    assert a.grad.item() == 6


def test_a_gradient_of_another_shape_is_refused() -> None:
    with pytest.raises(RuntimeError, match=r"\(3,\).*\(2,\)"):
        leaf(1.0, 2.0).backward(np.ones(3))


def test_nothing_to_differentiate_is_told() -> None:
    with pytest.raises(RuntimeError, match="requires_grad=True"):
        tensor(1.0).backward()
    with pytest.raises(RuntimeError, match="requires_grad=True"):
        leaf(1.0).detach().exp().backward()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-3, 3), min_size=3, max_size=3), st.floats(-2, 2), st.floats(-2, 2))
def test_backward_is_linear_in_the_gradient_it_starts_from(numbers: list[float], s: float, t: float) -> None:
    def gradient(cotangent: np.ndarray) -> np.ndarray:
        x = tensor(np.array(numbers), requires_grad=True)
        (x.tanh() * x.sum() + x[[0, 0, 2]]).backward(cotangent)
        return x.grad.numpy()

    u, v = np.array([1.0, -2.0, 0.5]), np.array([0.3, 1.0, -1.0])
    np.testing.assert_allclose(gradient(s * u + t * v), s * gradient(u) + t * gradient(v), atol=1e-9)


# walk.


def test_walk_yields_the_pass_and_changes_nothing() -> None:
    x, w = tensor([3.0, -2.0]), tensor([4.0, 5.0], requires_grad=True)
    f = (x * w).sum() + 1
    steps = list(nnkit.walk(f))
    assert [str(step.node.operation) for step in steps] == ["add (+)", "sum (Σ)", "mul (×)", "None"]
    assert steps[0].node is f
    assert steps[-1].node is w
    assert steps[-1].gradient.tolist() == [3, -2]
    assert steps[0].sent[1] is None  # the 1 needs none
    assert steps[2].sent[0] is None
    for step in steps:
        assert len(step.sent) == len(step.node.parents)
    assert w.grad is None
    f.backward()
    assert w.grad.tolist() == [3, -2]


def test_the_messages_to_a_node_add_up_to_its_gradient() -> None:
    a = leaf(2.0, 3.0)
    f = ((a * a) + a.exp() * a).sum()
    arrived: dict[Tensor, np.ndarray] = {f: np.ones(())}
    for step in nnkit.walk(f):
        np.testing.assert_allclose(step.gradient, arrived[step.node])
        for parent, message in zip(step.node.parents, step.sent, strict=True):
            if message is not None:
                arrived[parent] = arrived.get(parent, 0) + message


def test_walk_takes_a_gradient() -> None:
    a = leaf(1.0, 2.0)
    *_, last = nnkit.walk(a * a, gradient=np.array([1.0, 10.0]))
    assert last.gradient.tolist() == [2, 40]
    with pytest.raises(RuntimeError, match="single number"):
        nnkit.walk(a * a)


def test_what_a_step_hands_out_may_be_changed() -> None:
    a = leaf(2.0, 3.0)
    gradients = []
    for step in nnkit.walk((a + a).sum()):
        gradients.append(step.gradient.copy())
        step.gradient[...] = 99
        for message in step.sent:
            if message is not None:
                message[...] = 99
    assert gradients[-1].tolist() == [2, 2]


# The graph, as a picture needs it.


def test_parents_are_the_tensors_themselves() -> None:
    a, b = leaf(1.0), tensor(np.array(2.0))
    product = a * b
    assert product.parents[0] is a
    assert product.parents[1] is b
    assert (a + a).parents == (a, a)
    number = a * 5
    assert number.parents[1].item() == 5
    assert number.parents[1] is number.parents[1]
    assert product.operation.name == "mul"
    assert product.operation.symbol == "×"


def test_a_leaf_and_a_result_without_gradient_have_no_history() -> None:
    a = tensor(1.0)
    for made in (a, a * 2, leaf(1.0), leaf(1.0).detach()):
        assert made.operation is None
        assert made.parents == ()
        assert made.is_leaf
    with nnkit.no_grad():
        assert (leaf(1.0) * 2).operation is None


def test_inner_tensors_that_nobody_holds_are_still_found() -> None:
    a = leaf(2.0)
    y = ((a * 3).exp() + 1).log()
    names = []
    tensor_ = y
    while tensor_.parents:
        names.append(tensor_.operation.name)
        tensor_ = tensor_.parents[0]
    assert names == ["log", "add", "exp", "mul"]
    assert tensor_ is a


# no_grad.


def test_no_grad_as_block_decorator_and_nested() -> None:
    a = leaf(1.0)
    switch = nnkit.no_grad()
    with switch:
        with switch:
            assert not (a * 2).requires_grad
        assert not (a * 2).requires_grad
    assert (a * 2).requires_grad

    @nnkit.no_grad()
    def first(x: Tensor) -> Tensor:
        """A docstring."""
        return x * 2

    @nnkit.no_grad
    def second(x: Tensor) -> Tensor:
        return x * 2

    assert not first(a).requires_grad
    assert not second(a).requires_grad
    assert first.__doc__ == "A docstring."
    with pytest.raises(ZeroDivisionError), nnkit.no_grad():
        1 / 0  # noqa: B018
    assert (a * 2).requires_grad


def test_no_grad_is_the_business_of_one_thread() -> None:
    seen = []
    with nnkit.no_grad():
        thread = threading.Thread(target=lambda: seen.append((leaf(1.0) * 2).requires_grad))
        thread.start()
        thread.join()
    assert seen == [True]


def test_requires_grad_is_for_float_leaves() -> None:
    with pytest.raises(RuntimeError, match=r"int64.*float"):
        tensor([1, 2], requires_grad=True)
    with pytest.raises(RuntimeError, match="detach"):
        (leaf(1.0) * 2).requires_grad_(False)
    a = tensor(1.0).requires_grad_()
    y = a * 2
    a.requires_grad = False
    y.backward()
    assert a.grad is None


# grad and data.


def test_grad_may_be_assigned_and_cleared() -> None:
    a = leaf(1.0, 2.0)
    (a * a).sum().backward()
    a.grad.zero_()
    assert a.grad.tolist() == [0, 0]
    a.grad = None
    (a * 3).sum().backward()
    assert a.grad.tolist() == [3, 3]
    a.grad = tensor(np.array([5.0, 6.0]))
    (a * 3).sum().backward()
    assert a.grad.tolist() == [8, 9]
    with pytest.raises(RuntimeError, match=r"shape \(2,\)"):
        a.grad = tensor(np.ones(3))
    with pytest.raises(TypeError, match="ndarray"):
        a.grad = np.ones(2)


def test_data_shares_memory_and_may_be_replaced_by_another_dtype() -> None:
    a = leaf(1.0, 2.0)
    a.data[0] = 7
    assert a.tolist() == [7, 2]
    a.data = tensor([1.5, 2.5])
    assert a.dtype == nnkit.float32
    assert a.requires_grad
    (a * a).sum().backward()
    assert a.grad.dtype == nnkit.float32
    with pytest.raises(RuntimeError, match="floats"):
        a.data = tensor([1, 2])


def test_a_copy_of_a_leaf_is_independent() -> None:
    a = leaf(1.0, 2.0)
    (a * a).sum().backward()
    twin = copy.deepcopy(a)
    assert twin.requires_grad
    assert twin.grad.tolist() == a.grad.tolist()
    twin.data[0] = 9
    twin.grad.zero_()
    assert a.tolist() == [1, 2]
    assert a.grad.tolist() == [2, 4]
    with pytest.raises(RuntimeError, match="detach"):
        copy.deepcopy(a * 2)


def test_a_rearranged_array_of_its_own_is_told_from_memory_that_others_hold() -> None:
    own = np.arange(6.0).reshape(2, 3).copy().T
    held = np.arange(6.0).copy()
    part, frozen = held.reshape(2, 3), np.broadcast_to(np.ones(1), (3,))
    assert not backward._is_shared(np.ones(3))
    assert not backward._is_shared(own)
    assert backward._is_shared(part)
    assert backward._is_shared(held[:3])
    assert backward._is_shared(frozen)
