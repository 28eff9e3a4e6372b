"""Nothing is kept that nobody needs, and nothing waits for the garbage collector."""

from __future__ import annotations

import gc
import tracemalloc
import weakref
from collections.abc import Iterator

import numpy as np
import pytest

import nnkit
from nnkit import tensor


@pytest.fixture(autouse=True)
def without_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def network(x: nnkit.Tensor, w: nnkit.Tensor) -> nnkit.Tensor:
    h = (x @ w).relu()
    h = h + h.mean(dim=0)
    out = nnkit.zeros(4, dtype=nnkit.float64)
    out[0] = h[0].sum()
    for i in range(1, 4):
        out[i] = out[i - 1] * 2 + h[i].max()
    return (out.softmax(0) * h.std(dim=1)[:4]).sum()


def make() -> tuple[nnkit.Tensor, nnkit.Tensor]:
    rng = np.random.default_rng(0)
    return tensor(rng.normal(size=(8, 5))), tensor(rng.normal(size=(5, 6)), requires_grad=True)


@pytest.mark.parametrize("finish", ["drop", "backward", "retain", "walk", "draw"])
def test_a_graph_goes_when_its_result_goes(finish: str) -> None:
    x, w = make()
    loss = network(x, w)
    nodes = []
    waiting = [loss]
    while waiting:
        node = waiting.pop()
        nodes.append(weakref.ref(node))
        if finish != "drop":
            waiting += node.parents
    if finish == "backward":
        loss.backward()
    elif finish == "retain":
        loss.backward(retain_graph=True)
    elif finish == "walk":
        list(nnkit.walk(loss))
    del loss, node, waiting
    alive = [node() for node in nodes if node() is not None]
    assert all(node is w or node is x for node in alive)
    assert gc.collect() == 0


def test_many_steps_take_no_more_memory_than_few() -> None:
    rng = np.random.default_rng(0)
    x, w = tensor(rng.normal(size=(2000, 5))), tensor(rng.normal(size=(5, 6)), requires_grad=True)

    def steps(n: int) -> int:
        for _ in range(n):
            network(x, w).backward()
            with nnkit.no_grad():
                w.__isub__(0.01 * w.grad)
            w.grad = None
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        before = steps(10)
        objects = len(gc.get_objects())
        after = steps(50)
    finally:
        tracemalloc.stop()
    assert after - before < 2000 * 6 * 8  # less than one array of one step
    assert len(gc.get_objects()) - objects < 10


def test_a_freed_graph_keeps_no_arrays() -> None:
    w = tensor(np.ones(1000), requires_grad=True)
    inner = w.exp()
    array = weakref.ref(inner.detach().numpy())
    loss = (inner * 2).sum()
    del inner
    assert array() is not None
    loss.backward()
    assert array() is None
    assert not loss.is_leaf


def test_values_that_no_derivative_needs_are_not_kept_for_it() -> None:
    w = tensor(np.ones(10), requires_grad=True)
    big = np.ones(1000)
    product = tensor(big) * w.sum()  # the derivative for `big` is not needed, so w's sum is not kept in it
    assert product.node.vjps is not None
    assert product.node.vjps[0] is None
    assert product.node.vjps[1] is not None


def test_a_tensor_does_not_remember_views_that_are_gone() -> None:
    x = nnkit.zeros(10)
    for _ in range(1000):
        x[0]
    assert len(x._views) <= 64


def test_the_note_of_a_write_goes_with_its_array() -> None:
    before = len(nnkit.engine.writes)
    for _ in range(50):
        x = nnkit.zeros(10)
        x += 1
    del x
    assert len(nnkit.engine.writes) == before
