"""Static pictures: computation graphs as SVG, and the look of the whole course.

`graph` draws the graph of a tensor, `node_graph` that of plain nodes, `sequence` the backward pass step by step;
`style` holds colours, number formats and matplotlib's settings. No system program and no network is needed.
"""

from nnkit.draw import style
from nnkit.draw.graph import Steps, graph, node_graph, sequence
from nnkit.draw.svg import Picture

__all__ = ["Picture", "Steps", "graph", "node_graph", "sequence", "style"]
