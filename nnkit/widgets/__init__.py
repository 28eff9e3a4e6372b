"""Interaction on top of the static pictures: sliders that redraw, and questions that wait for a prediction.

Every widget has a static twin, shown when the environment variable ``NNKIT_STATIC`` is set (while notebooks are built,
compared or graded) and wherever ipywidgets is missing.
"""

from nnkit.widgets import base
from nnkit.widgets.activations import activations
from nnkit.widgets.attitude import attitude
from nnkit.widgets.base import show
from nnkit.widgets.graph_sliders import graph_sliders, sliders
from nnkit.widgets.kernel_walk import kernel_walk
from nnkit.widgets.latch import latch
from nnkit.widgets.optimizer_paths import optimizer_paths
from nnkit.widgets.playground import playground
from nnkit.widgets.predict import predict
from nnkit.widgets.sketch import sketch
from nnkit.widgets.unrolled import unrolled

__all__ = [
    "activations",
    "attitude",
    "base",
    "graph_sliders",
    "kernel_walk",
    "latch",
    "optimizer_paths",
    "playground",
    "predict",
    "show",
    "sketch",
    "sliders",
    "unrolled",
]
