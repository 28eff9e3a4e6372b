"""Interaction on top of the static pictures: sliders that redraw, and questions that wait for a prediction.

Every widget has a static twin, shown when the environment variable ``NNKIT_STATIC`` is set (while notebooks are built,
compared or graded) and wherever anywidget is missing.
"""

from nnkit.widgets import base
from nnkit.widgets.activations import activations
from nnkit.widgets.attitude import attitude
from nnkit.widgets.backward_walk import backward_walk
from nnkit.widgets.base import show
from nnkit.widgets.batch_cloud import batch_cloud
from nnkit.widgets.descent import descent
from nnkit.widgets.fill_in import fill_in
from nnkit.widgets.graph_sliders import graph_sliders, sliders
from nnkit.widgets.kernel_walk import kernel_walk
from nnkit.widgets.latch import latch
from nnkit.widgets.momentum_map import momentum_map
from nnkit.widgets.noisy_descent import noisy_descent
from nnkit.widgets.order_walk import order_walk
from nnkit.widgets.playground import playground
from nnkit.widgets.predict import predict
from nnkit.widgets.race import race
from nnkit.widgets.sketch import sketch
from nnkit.widgets.space_folded import space_folded
from nnkit.widgets.unrolled import unrolled

__all__ = [
    "activations",
    "attitude",
    "backward_walk",
    "base",
    "batch_cloud",
    "descent",
    "fill_in",
    "graph_sliders",
    "kernel_walk",
    "latch",
    "momentum_map",
    "noisy_descent",
    "order_walk",
    "playground",
    "predict",
    "race",
    "show",
    "sketch",
    "sliders",
    "space_folded",
    "unrolled",
]
