"""What `x += y` and `x[i] = y` do, and when they are refused."""

from __future__ import annotations

import operator

import numpy as np
import pytest

import nnkit
from nnkit import Tensor, tensor


def leaf(*values: float) -> Tensor:
    return tensor(np.array(values), requires_grad=True)


IN_PLACE = [operator.iadd, operator.isub, operator.imul, operator.itruediv]


@pytest.mark.parametrize("change", IN_PLACE)
def test_without_a_graph_the_memory_changes_and_the_tensor_stays(change: object) -> None:
    array = np.array([2.0, 4.0])
    x = nnkit.from_numpy(array)
    assert change(x, 2) is x
    assert array.tolist() == change(np.array([2.0, 4.0]), 2).tolist()


@pytest.mark.parametrize("change", IN_PLACE)
def test_under_no_grad_a_leaf_changes_and_stays_a_leaf(change: object) -> None:
    w = leaf(2.0, 4.0)
    with nnkit.no_grad():
        assert change(w, 2) is w
    assert w.is_leaf
    assert w.requires_grad
    assert w.tolist() == change(np.array([2.0, 4.0]), 2).tolist()


@pytest.mark.parametrize("change", IN_PLACE)
def test_a_recorded_leaf_is_refused_and_unchanged(change: object) -> None:
    w = leaf(2.0, 4.0)
    with pytest.raises(RuntimeError, match="no_grad"):
        change(w, 2)
    with pytest.raises(RuntimeError, match="no_grad"):
        change(w[0], 2)
    with pytest.raises(RuntimeError, match="no_grad"):
        w[0] = 2
    assert w.tolist() == [2, 4]


@pytest.mark.parametrize("change", IN_PLACE)
def test_an_inner_tensor_goes_on_with_the_graph(change: object) -> None:
    w = leaf(2.0, 4.0)
    h = w * 1
    change(h, w)
    h.sum().backward()
    expected = leaf(2.0, 4.0)
    {"iadd": lambda: expected + expected, "isub": lambda: expected - expected}.get(
        change.__name__, lambda: expected * expected if change is operator.imul else expected / expected
    )().sum().backward()
    np.testing.assert_allclose(w.grad.numpy(), expected.grad.numpy())


def test_who_used_the_old_value_keeps_its_old_history() -> None:
    w = leaf(1.0, 2.0)
    y = w * 2
    z = y + y
    y *= 3
    (z + y).sum().backward()
    assert w.grad.tolist() == [10, 10]


def test_a_constant_joins_the_graph_when_something_of_it_is_written() -> None:
    w = leaf(1.0, 2.0)
    x = tensor(np.zeros(3))
    x[0] = w[1] * 5
    x[1:] += w
    assert x.requires_grad
    assert not x.is_leaf
    x.sum().backward()
    assert w.grad.tolist() == [1, 6]


def test_a_recurrence_may_fill_its_result_step_by_step() -> None:
    w = leaf(2.0)
    out = tensor(np.ones(5))
    for i in range(1, 5):
        out[i] = out[i - 1] * 0.5 + w[0]
    out.sum().backward()
    assert w.grad.item() == sum(sum(0.5**k for k in range(i)) for i in range(1, 5))


def test_assigning_replaces_the_gradient_of_what_was_there() -> None:
    w = leaf(1.0, 2.0, 3.0)
    h = w * 10
    h[1] = 0
    h.sum().backward()
    assert w.grad.tolist() == [10, 0, 10]


def test_a_masked_assignment_changes_what_the_mask_picks() -> None:
    g = tensor(np.array([[1.0, -2.0], [-3.0, 4.0]]))
    g[g < 0] = 0
    assert g.tolist() == [[1, 0], [0, 4]]


def test_a_view_writes_into_its_base_and_its_base_into_the_view() -> None:
    w = leaf(1.0, 2.0)
    h = w * 2
    view = h[0]
    view += 5
    assert h.tolist() == [7, 4]
    h *= 3
    assert view.item() == 21
    (h.sum() + view).backward()
    assert w.grad.tolist() == [12, 6]


def test_a_view_of_a_view_too() -> None:
    w = tensor(np.arange(6.0).reshape(2, 3), requires_grad=True)
    h = w * 1
    corner = h.T.reshape(6)[0:2]  # the reshape copies: nothing of h may change
    before = h.tolist()
    corner *= 0
    assert h.tolist() == before
    column = h.T[1:][0]
    column *= 10
    assert h.tolist() == [[0, 10, 2], [3, 40, 5]]
    h.sum().backward()
    assert w.grad.tolist() == [[1, 10, 1], [1, 10, 1]]


def test_a_sum_may_be_collected_entry_by_entry() -> None:
    w, x = leaf(2.0, 3.0), np.arange(6.0)
    out = nnkit.zeros(3, dtype=nnkit.float64)
    for i in range(3):
        for k in range(2):
            out[i] += w[k] * x[i + k]
    out.sum().backward()
    assert out.tolist() == [3, 8, 13]
    assert w.grad.tolist() == [3, 6]


def test_a_view_with_other_data_is_a_view_no_longer() -> None:
    w = leaf(1.0, 2.0)
    h = w * 2
    view = h[0]
    view.data = tensor(np.array(9.0))
    h *= 3
    assert view.item() == 9
    view *= 2
    assert h.tolist() == [6, 12]


@pytest.mark.parametrize(
    "use",
    [lambda y: y * y, lambda y: y.log(), lambda y: y**2, lambda y: y.T @ y, lambda y: y.sin(), lambda y: y.abs() / y],
)
def test_changing_what_a_derivative_needs_is_told_at_backward(use: object) -> None:
    w = leaf(1.0, 2.0)
    y = w * 2
    z = use(y)
    y += 1
    with pytest.raises(RuntimeError, match=r"changed in\s+place after"):
        z.sum().backward()
    assert w.grad is None


def test_changing_a_result_that_its_own_derivative_needs_is_told() -> None:
    w = leaf(1.0, 2.0)
    y = w.exp()
    y += 1
    with pytest.raises(RuntimeError, match="exp"):
        y.sum().backward()


def test_changing_a_weight_between_forward_and_backward_is_told() -> None:
    w = leaf(1.0, 2.0)
    loss = (w * w).sum()
    with nnkit.no_grad():
        w -= 1
    with pytest.raises(RuntimeError, match="mul"):
        loss.backward()


def test_a_change_is_not_forgotten_when_the_result_is_changed_too() -> None:
    w = leaf(1.0, 2.0)
    y = w * 2
    z = y.sin()  # its derivative needs y
    y[0] = 5
    z /= 2
    with pytest.raises(RuntimeError, match="sin"):
        z.sum().backward()


def test_what_a_changed_tensor_was_still_shows_its_numbers() -> None:
    w = leaf(1.0, 2.0)
    y = w * 2
    y += 1
    assert y.tolist() == [3, 5]
    assert y.parents[0].tolist() == [2, 4]


def test_changing_what_no_derivative_needs_is_fine() -> None:
    w = leaf(1.0, 2.0)
    y = w * 2
    z = y + 1
    y += 1
    (z + y).sum().backward()
    assert w.grad.tolist() == [4, 4]


@pytest.mark.parametrize(
    "make",
    [
        lambda w: w + 1,
        lambda w: w * 2,
        lambda w: w / 3,
        lambda w: w**2,
        lambda w: w @ w,
        lambda w: nnkit.stack([w, w]) @ w,
        lambda w: w.reshape(1, 2) @ w.reshape(2, 1),
        lambda w: w.clamp(0, 1.5),
        lambda w: w.sin(),
        lambda w: w.log(),
        lambda w: w.abs(),
        lambda w: w.sum(),
        lambda w: w.mean(),
        lambda w: w.var(),
        lambda w: w.max(),
        lambda w: w.max(0).values,
        lambda w: nnkit.maximum(w, w * 2),
        lambda w: nnkit.cat([w, w]),
        lambda w: w[[0, 0]],
        lambda w: w.clone(),
    ],
)
def test_a_result_that_its_own_derivative_does_not_need_may_be_changed(make: object) -> None:
    w, again = leaf(1.0, 2.0), leaf(1.0, 2.0)
    y = make(w)
    y += 1
    y.sum().backward()
    (make(again) + 1).sum().backward()
    assert w.grad.tolist() == again.grad.tolist()


def test_a_factor_that_was_only_multiplied_by_constants_may_be_changed() -> None:
    w, constants = leaf(1.0, 2.0), tensor(np.array([[3.0, 4.0], [5.0, 6.0]]))
    x = w * 1
    y = x @ constants
    x += 1
    y.sum().backward()
    assert w.grad.tolist() == [7, 11]


def test_what_a_number_was_divided_by_may_be_changed() -> None:
    w = leaf(1.0, 2.0)
    x = w * 1
    y = 2 / x
    x += 1
    y += 1
    y.sum().backward()
    assert w.grad.tolist() == [-2, -0.5]


def test_a_gradient_that_a_graph_still_needs_is_not_added_to_unnoticed() -> None:
    w = leaf(1.0, 2.0)
    (w * w).sum().backward()
    penalty = (w * w.grad).sum()
    (w * w).sum().backward()
    with pytest.raises(RuntimeError, match="changed in place"):
        penalty.backward()


def test_training_steps_are_not_mistaken_for_it() -> None:
    w = leaf(1.0, 2.0)
    for _ in range(3):
        (w * w).sum().backward()
        with nnkit.no_grad():
            w -= 0.1 * w.grad
            w.grad.zero_()
    np.testing.assert_allclose(w.detach().numpy(), np.array([1.0, 2.0]) * 0.8**3)


def test_shape_and_dtype_stay() -> None:
    x = nnkit.ones(1)
    with pytest.raises(RuntimeError, match=r"\(1,\).*\(2,\)"):
        x += nnkit.ones(2)
    integers = tensor([1, 2])
    with pytest.raises(RuntimeError, match=r"int64.*float32"):
        integers += 1.5
    with pytest.raises(RuntimeError, match=r"int64.*float32"):
        integers /= 2
    integers *= 2
    assert integers.tolist() == [2, 4]
    single = nnkit.ones(2)
    single += np.ones(2)
    assert single.dtype == nnkit.float32
    integers[0] = 1.7
    assert integers.tolist() == [1, 4]


def test_shared_and_read_only_numbers_cannot_be_changed() -> None:
    x = nnkit.ones(1).expand(3)
    with pytest.raises(RuntimeError, match="in place"):
        x += 1
    frozen = np.ones(2)
    frozen.flags.writeable = False
    with pytest.raises(RuntimeError, match="in place"):
        nnkit.from_numpy(frozen).zero_()


def test_wrong_shapes_and_places_are_told() -> None:
    x = nnkit.zeros(2, 3)
    with pytest.raises(RuntimeError, match=r"\(2,\).*\(3,\)"):
        x[0] = nnkit.ones(2)
    with pytest.raises(IndexError, match=r"\(2, 3\)"):
        x[5] = 1
    assert x.tolist() == [[0, 0, 0], [0, 0, 0]]


def test_the_parents_of_a_changed_tensor_lead_to_its_past() -> None:
    w = leaf(1.0, 2.0)
    y = w * 2
    y += 1
    assert y.operation.name == "add"
    assert y.parents[0] is not y
    assert y.parents[0].operation.name == "mul"
    assert y.parents[0].parents[0] is w


def test_a_retained_gradient_follows_the_tensor() -> None:
    w = leaf(1.0, 2.0)
    h = w * 2
    h.retain_grad()
    h *= 3
    h.sum().backward()
    assert h.grad.tolist() == [1, 1]
