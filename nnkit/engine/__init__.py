"""The engine: numbers that remember how they were made, and the pass that differentiates them.

A `Tensor` is what you hold in your hand. It stands for a `Node`: an array, the operation that made it and the nodes it
was made from. Computing forward grows a graph of nodes; `backward` walks that graph once, from the result to the
leaves, and hands every node the gradient of the result with respect to it.

Read `graph.py` first, then as many of the `primitives.py` as you like: each states its value and its derivatives side
by side. `backward.py` is the walk. That is the whole of it. `in_place.py` watches over numbers that are written over;
`steps.py` shows the walk step by step. What follows is names: `tensors.py` has the methods, spelled as in PyTorch, and
`making.py` and `chance.py` the functions that make tensors; `dtypes.py` says which kind of number comes out.
"""

# ruff: noqa: F401, F403 (the names are imported here so that they can be imported from here)

from nnkit.engine.chance import *
from nnkit.engine.conveniences import *
from nnkit.engine.dtypes import *
from nnkit.engine.graph import (
    PRIMITIVES,
    Handle,
    Node,
    Primitive,
    Vjp,
    bare,
    enable_grad,
    no_grad,
    primitive,
    unbroadcast,
)
from nnkit.engine.in_place import writeable, writes
from nnkit.engine.making import *
from nnkit.engine.primitives import *
from nnkit.engine.steps import Step, walk
from nnkit.engine.tensors import MaxResult, Tensor
