"""The methods of Tensor and the functions that make tensors: values, shapes, dtypes, errors."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import nnkit
from nnkit import Tensor, tensor

X = np.random.default_rng(3).normal(size=(3, 4))
P = np.abs(X) + 0.1


def same(got: Tensor, expected: object) -> None:
    expected = np.asarray(expected)
    assert got.shape == expected.shape
    np.testing.assert_allclose(got.detach().numpy(), expected, rtol=1e-12)


# Values.


@pytest.mark.parametrize(
    ("name", "reference", "x"),
    [
        ("exp", np.exp, X),
        ("log", np.log, P),
        ("sin", np.sin, X),
        ("cos", np.cos, X),
        ("atan", np.arctan, X),
        ("tanh", np.tanh, X),
        ("sigmoid", lambda x: 1 / (1 + np.exp(-x)), X),
        ("relu", lambda x: x * (x > 0), X),
        ("sqrt", np.sqrt, P),
        ("abs", np.abs, X),
        ("sum", np.sum, X),
        ("mean", np.mean, X),
        ("var", lambda x: np.var(x, ddof=1), X),
        ("std", lambda x: np.std(x, ddof=1), X),
        ("max", np.max, X),
        ("min", np.min, X),
        ("argmax", np.argmax, X),
        ("norm", np.linalg.norm, X),
        ("t", np.transpose, X),
        ("flatten", np.ravel, X),
        ("clone", np.copy, X),
    ],
)
def test_values_as_method_and_as_function(name: str, reference: object, x: np.ndarray) -> None:
    same(getattr(tensor(x), name)(), reference(x))
    same(getattr(nnkit, name)(tensor(x)), reference(x))


def test_operators_give_numpys_values() -> None:
    x, y = tensor(X), tensor(P)
    same(x + y, X + P)
    same(x - y, X - P)
    same(x * y, X * P)
    same(x / y, X / P)
    same(y**x, P**X)
    same(-x, -X)
    same(abs(x), abs(X))
    same(x @ y.T, X @ P.T)
    same(x.mm(y.t()), X @ P.T)
    same(nnkit.matmul(x, y.T), X @ P.T)
    same(2 - x, 2 - X)
    same(2 / y, 2 / P)
    same(2**x, 2**X)
    for compare in ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"):
        assert getattr(x, compare)(y).tolist() == getattr(X, compare)(P).tolist()
        assert getattr(x, compare)(0.5).dtype == nnkit.bool


def test_arrays_stand_on_either_side() -> None:
    t = tensor(X)
    for result in (X + t, t + X, X - t + t, P * t / P):
        assert isinstance(result, Tensor)
    same(X - t, np.zeros_like(X))
    same(X.T @ t, X.T @ X)
    assert (X == t).tolist() == np.full(X.shape, True).tolist()  # noqa: SIM300
    assert isinstance(np.float64(2) * t, Tensor)
    same(np.float64(2) ** t, 2**X)


@pytest.mark.parametrize("dim", [0, 1, -1, (0, 1), None])
@pytest.mark.parametrize("keepdim", [False, True])
def test_reductions_follow_their_dimensions(dim: object, keepdim: bool) -> None:
    t = tensor(X)
    same(t.sum(dim, keepdim), X.sum(axis=dim, keepdims=keepdim))
    same(t.mean(dim=dim, keepdim=keepdim), X.mean(axis=dim, keepdims=keepdim))
    same(t.var(dim=dim, keepdim=keepdim), X.var(axis=dim, keepdims=keepdim, ddof=1))
    same(t.std(dim=dim, unbiased=False, keepdim=keepdim), X.std(axis=dim, keepdims=keepdim))
    same(t.norm(dim=dim, keepdim=keepdim), np.sqrt((X**2).sum(axis=dim, keepdims=keepdim)))
    same(t.norm(1, dim=dim, keepdim=keepdim), np.abs(X).sum(axis=dim, keepdims=keepdim))
    same(t.norm(math.inf, dim=dim, keepdim=keepdim), np.abs(X).max(axis=dim, keepdims=keepdim))
    if isinstance(dim, int):
        values, indices = t.max(dim, keepdim)
        same(values, X.max(axis=dim, keepdims=keepdim))
        assert indices.tolist() == X.argmax(axis=dim, keepdims=keepdim).tolist()
        assert t.min(dim=dim, keepdim=keepdim).indices.tolist() == X.argmin(axis=dim, keepdims=keepdim).tolist()
        assert t.argmax(dim=dim, keepdim=keepdim).tolist() == indices.tolist()
        same(t.softmax(dim).sum(dim), np.ones(X.sum(axis=dim).shape))
        same(t.log_softmax(dim).exp(), t.softmax(dim).numpy())


def test_the_first_of_equals_is_the_largest() -> None:
    assert tensor([1.0, 5.0, 5.0]).max(dim=0).indices.item() == 1
    assert tensor([1.0, 5.0, 5.0]).argmax().item() == 1


def test_var_knows_both_of_pytorchs_spellings() -> None:
    t = tensor(X)
    for got in (t.var(False), t.var(unbiased=False), t.var(correction=0)):
        same(got, X.var())
    same(t.var(0, False), X.var(axis=0))


def test_softmax_stays_finite() -> None:
    x = tensor([[1000.0, -1000.0, 999.0], [-1e4, -1e4, -1e4]])
    assert np.isfinite(x.softmax(1).numpy()).all()
    assert np.isfinite(x.log_softmax(1).numpy()).all()
    assert tensor([1000.0, -1000.0]).sigmoid().tolist() == [1, 0]


def test_where_and_maximum_choose_element_by_element() -> None:
    x, y = tensor(X), tensor(P)
    same(nnkit.where(x > 0, x, y), np.where(X > 0, X, P))
    same(nnkit.where(x > 0, x, 0.0), np.where(X > 0, X, 0))
    same(nnkit.maximum(x, y - 1), np.maximum(X, P - 1))
    same(nnkit.max(x, y - 1), np.maximum(X, P - 1))
    same(x.min(y - 1), np.minimum(X, P - 1))
    with pytest.raises(RuntimeError, match="booleans"):
        nnkit.where(tensor([1, 0]), 1, 2)


@pytest.mark.filterwarnings("error")
def test_nothing_warns_about_infinities() -> None:
    x = tensor([0.0, -1.0, 1e38], requires_grad=True)
    (x.log() + 1 / x + (x * x).exp() + x.sqrt() + x**-1 + x / x.norm()).sum().backward()
    assert math.isnan(nnkit.zeros(0).mean().item())


# Shapes.


def test_changes_of_shape_give_numpys_shapes() -> None:
    t = tensor(X)
    assert t.shape == t.size() == (3, 4)
    assert t.size(1) == t.size(-1) == 4
    assert t.ndim == 2
    assert len(t) == 3
    same(t.reshape(2, 6), X.reshape(2, 6))
    same(t.reshape((2, -1)), X.reshape(2, 6))
    same(t.view(-1), X.ravel())
    same(t.T, X.T)
    same(t.transpose(0, 1), X.T)
    same(t.permute(1, 0), X.T)
    assert t.unsqueeze(0).unsqueeze(-1).shape == (1, 3, 4, 1)
    assert t.unsqueeze(0).unsqueeze(-1).squeeze().shape == (3, 4)
    assert t.unsqueeze(0).squeeze(1).shape == (1, 3, 4)
    assert nnkit.ones(1, 2, 1).squeeze((0, 2)).shape == (2,)
    assert nnkit.ones(2, 3, 4).flatten(1).shape == (2, 12)
    assert nnkit.ones(2, 3, 4).flatten(0, 1).shape == (6, 4)
    assert nnkit.ones(2, 3, 4).T.shape == (4, 3, 2)
    assert nnkit.ones(3, 1).expand(2, -1, 4).shape == (2, 3, 4)
    assert tensor(3.0).flatten().shape == (1,)
    assert [row.tolist() for row in t] == X.tolist()


def test_view_shares_memory_or_refuses() -> None:
    t = tensor(X)
    assert np.shares_memory(t.view(12).numpy(), t.numpy())
    with pytest.raises(RuntimeError, match=r"reshape\(\)"):
        t.T.view(12)
    same(t.T.reshape(12), X.T.reshape(12))


def test_stack_and_cat_join_tensors() -> None:
    x, y = tensor(X), tensor(P)
    for dim in (0, 1, -1):
        same(nnkit.stack([x, y], dim=dim), np.stack([X, P], axis=dim))
        same(nnkit.cat((x, y), dim), np.concatenate([X, P], axis=dim))
    assert nnkit.cat([tensor([]), x]).shape == (3, 4)


@given(
    hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=4, max_side=3, min_side=0),
)
def test_broadcasting_gives_numpys_shape_and_gradients_of_the_inputs_shapes(shapes: hnp.BroadcastableShapes) -> None:
    a, b = (tensor(np.full(shape, 2.0), requires_grad=True) for shape in shapes.input_shapes)
    result = a * b
    assert result.shape == shapes.result_shape
    result.backward(np.ones(result.shape))
    for x in (a, b):
        copies = math.prod(result.shape) / max(math.prod(x.shape), 1)
        same(x.grad, np.full(x.shape, 2.0 * copies))


@given(hnp.arrays(float, hnp.array_shapes(min_dims=1, max_dims=3, max_side=4), elements=st.floats(-5, 5)), st.data())
def test_indexing_is_numpys(array: np.ndarray, data: st.DataObject) -> None:
    index = data.draw(hnp.basic_indices(array.shape, allow_newaxis=True, allow_ellipsis=True))
    same(tensor(array)[index], array[index])
    integers = data.draw(hnp.integer_array_indices(array.shape))
    same(tensor(array)[tuple(tensor(part) for part in integers)], array[integers])
    x = tensor(array, requires_grad=True)
    x[integers].sum().backward()
    counts = np.zeros_like(array)
    np.add.at(counts, integers, 1)
    same(x.grad, counts)


# Errors are sentences that name the shapes.


@pytest.mark.parametrize(
    ("act", "error", "words"),
    [
        (lambda: nnkit.ones(2, 3) + nnkit.ones(2), RuntimeError, r"\(2, 3\) and \(2,\)"),
        (lambda: nnkit.ones(2, 3) == nnkit.ones(2), RuntimeError, r"\(2, 3\) and \(2,\)"),
        (lambda: nnkit.ones(2, 3) @ nnkit.ones(2, 3), RuntimeError, r"\(2, 3\) @ \(2, 3\).*3.*2"),
        (lambda: nnkit.ones(2, 2) @ nnkit.ones(2, 2).double(), RuntimeError, "float32 and float64"),
        (lambda: nnkit.ones(2) @ tensor(1.0), RuntimeError, r"\(2,\) and \(\)"),
        (lambda: nnkit.ones(5, 2, 3) @ nnkit.ones(4, 3, 2), RuntimeError, r"\(5, 2, 3\) and \(4, 3, 2\)"),
        (lambda: nnkit.ones(2).mm(nnkit.ones(2, 2)), RuntimeError, "two matrices"),
        (lambda: nnkit.ones(2, 3).reshape(4), RuntimeError, r"\(2, 3\).*6.*\(4,\).*4"),
        (lambda: nnkit.ones(2, 3).sum(dim=2), IndexError, r"\(2, 3\).*2"),
        (lambda: nnkit.ones(2, 3).sum(dim=(0, 0)), RuntimeError, "once"),
        (lambda: nnkit.ones(2, 3).transpose(0, 5), IndexError, "5"),
        (lambda: nnkit.ones(2, 3).permute(0), RuntimeError, r"\(2, 3\)"),
        (lambda: nnkit.ones(2, 3).expand(4, 3), RuntimeError, r"\(2, 3\).*\(4, 3\)"),
        (lambda: nnkit.ones(2, 3)[5], IndexError, r"\(2, 3\)"),
        (lambda: nnkit.ones(2, 3)[5], IndexError, r"Index 5 .* dimension 0 .*0 to 1, or −2 to −1"),
        (lambda: nnkit.ones(2, 3)[0, [1, -4]], IndexError, r"Index -4 .* dimension 1 .*0 to 2, or −3 to −1"),
        (lambda: nnkit.ones(0, 3)[0], IndexError, r"Index 0 .* dimension 0 .*empty"),
        (lambda: nnkit.ones(2, 3)[0, 0, 0], IndexError, r"\(2, 3\)"),
        (lambda: nnkit.ones(2, 3).__setitem__((0, 3), 1), IndexError, r"Index 3 .* dimension 1"),
        (lambda: nnkit.cat([nnkit.ones(2), tensor(1.0)]), RuntimeError, r"\(\) and \(2,\)"),
        (lambda: nnkit.cat([tensor(1.0)]), RuntimeError, r"dimensions"),
        (lambda: nnkit.ones(2, 3)[0.5], IndexError, "float"),
        (lambda: nnkit.ones(2, 3)[tensor([0.5])], IndexError, "float32"),
        (lambda: nnkit.ones(2, 3)[tensor([True, False, True])], IndexError, r"\(2, 3\)"),
        (lambda: nnkit.stack([nnkit.ones(2), nnkit.ones(3)]), RuntimeError, r"\(2,\) and \(3,\)"),
        (lambda: nnkit.cat([nnkit.ones(2, 2), nnkit.ones(2, 3)]), RuntimeError, r"\(2, 2\) and \(2, 3\)"),
        (lambda: nnkit.cat([]), RuntimeError, "at least one"),
        (lambda: nnkit.stack([1.0]), TypeError, "float"),
        (lambda: nnkit.zeros(0).max(), RuntimeError, "empty"),
        (lambda: nnkit.zeros(2, 0).max(dim=1), RuntimeError, r"\(2, 0\)"),
        (lambda: tensor([1, 2]).mean(), RuntimeError, "int64"),
        (lambda: tensor([True]) - tensor([True]), RuntimeError, "long"),
        (lambda: tensor([2]) ** -1, RuntimeError, "negative"),
        (lambda: nnkit.ones(2) * [1, 2], TypeError, "list"),
        (lambda: nnkit.ones(2) + "a", TypeError, "str"),
        (lambda: nnkit.ones(2) < None, TypeError, "NoneType"),
        (lambda: nnkit.exp(2.0), TypeError, "nnkit.exp takes a tensor, got float"),
        (lambda: nnkit.ones(2).item(), RuntimeError, r"\(2,\)"),
        (lambda: bool(nnkit.ones(2)), RuntimeError, r"\(2,\)"),
        (lambda: len(tensor(1.0)), TypeError, "0-d"),
        (lambda: nnkit.ones(2).clamp(), RuntimeError, "min"),
        (lambda: nnkit.ones(2).clamp(min=nnkit.ones(2)), TypeError, "maximum"),
        (lambda: tensor([[1.0], [1.0, 2.0]]), ValueError, "lengths"),
        (lambda: tensor("a"), TypeError, "str"),
        (lambda: tensor([None]), TypeError, "NoneType"),
        (lambda: tensor(np.ones(2, complex)), TypeError, "complex128"),
        (lambda: tensor(np.ones(2, np.float16)), TypeError, "float16"),
        (lambda: nnkit.from_numpy([1.0]), TypeError, "list"),
        (lambda: nnkit.randn(2, dtype=nnkit.int64), TypeError, "int64"),
        (lambda: tensor([1.0], requires_grad=True).numpy(), RuntimeError, r"detach\(\)"),
        (lambda: np.asarray(tensor([1.0], requires_grad=True)), RuntimeError, r"detach\(\)"),
        (lambda: nnkit.nonsense, AttributeError, "nonsense"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(act: object, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        act()


# dtypes.

F32, F64, I64, I32, B = (np.dtype(name) for name in ("float32", "float64", "int64", "int32", "bool"))


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (nnkit.ones(2), 1, F32),
        (nnkit.ones(2), 1.5, F32),
        (nnkit.ones(2), np.float64(1.5), F32),
        (nnkit.ones(2), np.int64(1), F32),
        (nnkit.ones(2), np.ones(2), F64),
        (nnkit.ones(2), tensor(np.array(1.5)), F32),  # a 0-d tensor yields
        (tensor(1.5), tensor(np.array(1.5)), F64),
        (nnkit.ones(2).double(), nnkit.ones(2), F64),
        (nnkit.ones(2).double(), 1, F64),
        (tensor([1, 2]), 1, I64),
        (tensor([1, 2]), 1.5, F32),
        (tensor([1, 2]), nnkit.ones(2), F32),
        (tensor([1, 2]), np.ones(2), F64),
        (tensor([1, 2]), tensor(1.5), F32),
        (tensor([1, 2], dtype="int32"), 1, I32),
        (tensor([1, 2], dtype="int32"), nnkit.ones(2), F32),
        (tensor([True, False]), 1, I64),
        (tensor([True, False]), True, B),
        (tensor([True, False]), nnkit.ones(2), F32),
    ],
)
def test_dtypes_promote_as_in_pytorch(a: Tensor, b: object, expected: np.dtype) -> None:
    assert (a * b).dtype == (b * a).dtype == expected
    assert nnkit.where(tensor([True, False]), a, b).dtype == expected


def test_a_gradient_has_the_dtype_of_its_tensor() -> None:
    x = nnkit.ones(2, requires_grad=True)
    y = tensor(np.ones(2), requires_grad=True)
    (x * y).sum().backward()
    assert x.grad.dtype == F32
    assert y.grad.dtype == F64
    x.grad = None
    (x.double() * 3).sum().backward()
    assert x.grad.dtype == F32
    assert x.grad.tolist() == [3, 3]


def test_results_have_the_dtype_of_their_operation() -> None:
    integers = tensor([1, 2, 3])
    assert integers.sum().dtype == (integers > 1).sum().dtype == I64
    assert (integers / 2).dtype == integers.exp().dtype == integers.sqrt().dtype == F32
    assert (integers**2).dtype == integers.relu().dtype == integers.abs().dtype == integers.max().dtype == I64
    assert (integers**0.5).dtype == integers.clamp(max=2.5).dtype == F32
    assert (integers > 1).float().dtype == F32
    assert nnkit.ones(2).double().dtype == F64
    assert nnkit.ones(2).long().dtype == integers.argmax().dtype == I64
    assert nnkit.ones(2, requires_grad=True).long().requires_grad is False


# Making.


def test_tensor_copies_and_infers() -> None:
    array = np.zeros(2)
    made = tensor(array)
    array[0] = 1
    assert made.tolist() == [0, 0]
    for data, dtype in [
        (1.5, F32),
        ([1, 2.0], F32),
        ([[1, 2], [3, 4]], I64),
        (True, B),
        ([True, 2], I64),
        ([], F32),
        (np.float64(1), F64),
        ([np.float64(1), 2.0], F64),
        (np.ones(2, np.float32), F32),
        ([tensor(1.0), tensor(2.0)], F32),
        ([np.arange(2), np.arange(2)], I64),
    ]:
        assert tensor(data).dtype == dtype
    assert tensor([1.7, 2], dtype=nnkit.int64).tolist() == [1, 2]
    assert tensor([1, 2], dtype=nnkit.float64, requires_grad=True).requires_grad
    assert tensor([tensor(1.0, requires_grad=True)]).tolist() == [1]
    assert Tensor([1, 2]).dtype == F32
    assert tensor([[[]]]).shape == (1, 1, 0)


def test_deeply_nested_lists_do_not_recurse() -> None:
    data: list = [1.0]
    for _ in range(20):
        data = [data]
    assert tensor(data).ndim == 21


def test_from_numpy_and_numpy_share_memory() -> None:
    array = np.zeros(3)
    t = nnkit.from_numpy(array)
    t[0] = 5
    assert array[0] == 5
    assert np.shares_memory(t.numpy(), array)
    assert np.shares_memory(np.asarray(t), array)
    assert not np.shares_memory(np.array(t), array)
    assert np.asarray(t, np.float32).dtype == F32
    assert np.shares_memory(t.detach().numpy(), array)


def test_constructors_make_what_they_say() -> None:
    assert nnkit.zeros(2, 3).shape == nnkit.zeros((2, 3)).shape == nnkit.ones([2, 3]).shape == (2, 3)
    assert nnkit.zeros(()).shape == ()
    assert nnkit.full((2,), 7).dtype == I64
    assert nnkit.full((2,), 1.5).tolist() == [1.5, 1.5]
    assert nnkit.zeros_like(tensor([1, 2])).dtype == I64
    assert nnkit.ones_like(nnkit.ones(2).double()).dtype == F64
    assert nnkit.arange(3).tolist() == [0, 1, 2]
    assert nnkit.arange(1, 2, 0.25).dtype == F32
    assert nnkit.arange(5, 0, -2).tolist() == [5, 3, 1]
    assert nnkit.linspace(0, 1, 3).tolist() == [0, 0.5, 1]
    assert nnkit.zeros(2, dtype=nnkit.int64).dtype == I64
    assert nnkit.ones(2, requires_grad=True).requires_grad


def test_random_numbers_follow_the_seed() -> None:
    def draw() -> list[object]:
        nnkit.manual_seed(4)
        x = nnkit.randn(1000)
        return [x.tolist(), nnkit.rand(3).tolist(), nnkit.randperm(5).tolist(), nnkit.randn_like(x).tolist()]

    first = draw()
    assert first == draw()
    assert nnkit.randn(2).dtype == nnkit.rand(2, 2).dtype == F32
    assert nnkit.randn(()).shape == nnkit.rand(()).shape == ()
    assert nnkit.randn(3, dtype=nnkit.float64, requires_grad=True).requires_grad
    assert sorted(nnkit.randperm(10).tolist()) == list(range(10))
    x, u = nnkit.randn(100_000), nnkit.rand(100_000)
    assert abs(x.mean().item()) < 0.02
    assert abs(x.std().item() - 1) < 0.02
    assert abs(u.mean().item() - 0.5) < 0.01
    assert 0 <= u.min().item() <= u.max().item() < 1


# As a Python object.


def test_a_tensor_behaves_as_a_python_object() -> None:
    assert float(tensor(1.5)) == 1.5
    assert int(tensor(2)) == 2
    assert [10, 20, 30][tensor(1)] == 20
    assert bool(tensor([True])) is True
    assert f"{tensor(1.5):.2f}" == "1.50"
    assert tensor(1.5).item() == 1.5
    assert (tensor([1.0]) == None) is False  # noqa: E711
    assert tensor([1.0]) != "a"
    assert len({tensor(1.0), tensor(1.0)}) == 2
    twin = pickle.loads(pickle.dumps(tensor([1.0, 2.0], requires_grad=True)))
    assert twin.tolist() == [1, 2]
    assert twin.requires_grad


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (lambda: tensor([1.0, 2.0]), "tensor([1., 2.])"),
        (lambda: tensor(3), "tensor(3)"),
        (lambda: tensor([True]), "tensor([ True])"),
        (lambda: tensor(np.array([0.5])), "tensor([0.5], dtype=float64)"),
        (lambda: tensor([0.5], requires_grad=True), "tensor([0.5], requires_grad=True)"),
        (lambda: tensor([0.5], requires_grad=True) * 2, "tensor([1.], grad_fn=<mul>)"),
    ],
)
def test_a_tensor_says_what_it_is(made: object, text: str) -> None:
    assert repr(made()) == text
