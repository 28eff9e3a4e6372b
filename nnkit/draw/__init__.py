"""Static pictures: computation graphs as SVG, and the look of the whole course.

`graph` draws the graph of a tensor, `node_graph` that of plain nodes, `sequence` the backward pass step by step, and
`form` the graph with empty places to fill in;
`plots` has learning curves, decision regions, loss surfaces, filters and
confusion matrices, made with matplotlib, which is loaded by the first of them;
`style` holds colours, number formats and matplotlib's settings. No system program and no network is needed.
"""

from nnkit.draw import style
from nnkit.draw.form import form
from nnkit.draw.graph import Steps, graph, node_graph, sequence
from nnkit.draw.network import network
from nnkit.draw.plots import confusion, decision_regions, filters, learning_curves, loss_surface
from nnkit.draw.svg import Picture

__all__ = [
    "Picture",
    "Steps",
    "confusion",
    "decision_regions",
    "filters",
    "form",
    "graph",
    "learning_curves",
    "loss_surface",
    "network",
    "node_graph",
    "sequence",
    "style",
]
