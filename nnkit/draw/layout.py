"""Where the parts of a drawn graph go: a layered layout from left to right, in plain Python.

The graph is a set of vertices with a size and a set of links with a label. Columns of vertices alternate with columns
of labels: a link passes through a label column right behind its source and, if it is long, through a reserved lane in
every column on its way. Boxes, circles, labels and lanes are all items of one column; items of a column are kept apart,
and between columns there are only curves. So nothing can overlap a label, and several links between the same two
vertices run apart without a special case.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

ITEM_GAP = 12.0
"""Vertical room between two items of a column, in pixels."""


@dataclass
class Item:
    """One thing in a column: a vertex, a label or a lane; `y` is its line, `top` and `bottom` reach from there."""

    width: float
    top: float
    bottom: float
    column: int
    weight: float = 1.0
    align: float = 0.5
    x: float = 0.0
    y: float = 0.0
    before: list[Item] = field(default_factory=list, repr=False)
    after: list[Item] = field(default_factory=list, repr=False)


@dataclass
class Vertex:
    """A vertex as the layout needs it: its full width, its reach above and below its line, its side of the column."""

    width: float
    top: float
    bottom: float
    align: float = 0.5


@dataclass
class Link:
    """A link from one vertex to another (by index) and the size of its label."""

    source: int
    target: int
    width: float = 0.0
    top: float = 0.0
    bottom: float = 0.0


@dataclass
class Placed:
    """The finished layout.

    Parameters
    ----------
    vertices, labels : list of Item
        That of each vertex, and of each link's label.
    paths : list of list of Item
        All that a link passes from source to target.
    left, right : list of float
        The edges of each column.
    width, height : float
        Of the whole.
    """

    vertices: list[Item]
    labels: list[Item]
    paths: list[list[Item]]
    left: list[float]
    right: list[float]
    width: float
    height: float


def layers(count: int, links: Sequence[Link]) -> list[int]:
    """Return a layer per vertex: the longest way to the end of the graph, counted from the left.

    Parameters
    ----------
    count : int
        Number of vertices; they are numbered so that every link goes from a lower to a higher number.
    links : sequence of Link

    Returns
    -------
    list of int
        Layer 0 is leftmost. Every vertex stands directly left of the first one that needs it.

    Examples
    --------
    >>> layers(4, [Link(0, 1), Link(1, 3), Link(2, 3)])
    [0, 1, 1, 2]
    """
    distance = [0] * count
    for link in sorted(links, key=lambda link: -link.target):
        distance[link.source] = max(distance[link.source], distance[link.target] + 1)
    longest = max(distance, default=0)
    return [longest - steps for steps in distance]


def crossings(columns: Sequence[Sequence[Item]]) -> int:
    """Count how often two links cross, over all pairs of neighbouring columns.

    Parameters
    ----------
    columns : sequence of sequence of Item
        From left to right, each from top to bottom.

    Returns
    -------
    int
    """
    total = 0
    for left, right in pairwise(columns):
        position = {id(item): rank for rank, item in enumerate(right)}
        seen: list[int] = []
        for item in left:
            ends = sorted(position[id(end)] for end in item.after)
            # Links of one item do not cross each other, so all are counted before any is added.
            total += sum(len(seen) - bisect_left(seen, end + 1) for end in ends)
            for end in ends:
                insort(seen, end)
    return total


def _order(columns: list[list[Item]]) -> list[list[Item]]:
    """Sort the items of every column so that few links cross; the given order wins ties."""
    best, fewest = [list(column) for column in columns], crossings(columns)
    for sweep in range(8):
        if fewest == 0:
            break
        rightwards = sweep % 2 == 0
        indices = range(1, len(columns)) if rightwards else range(len(columns) - 2, -1, -1)
        for index in indices:
            neighbour = columns[index - 1 if rightwards else index + 1]
            position = {id(item): rank for rank, item in enumerate(neighbour)}
            keys = {}
            for rank, item in enumerate(columns[index]):
                ends = item.before if rightwards else item.after
                ranks = [position[id(end)] for end in ends]
                keys[id(item)] = sum(ranks) / len(ranks) if ranks else float(rank)
            columns[index].sort(key=lambda item: keys[id(item)])
        now = crossings(columns)
        if now < fewest:
            best, fewest = [list(column) for column in columns], now
    return best


def spread(wanted: Sequence[float], distances: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Move points as little as possible so that each keeps its distance from the one before.

    The answer minimises the weighted sum of squared moves (pooling of adjacent violators).

    Parameters
    ----------
    wanted : sequence of float
        n places.
    distances : sequence of float
        n − 1 smallest differences between neighbours.
    weights : sequence of float
        n positive numbers: how much each point insists.

    Returns
    -------
    list of float

    Examples
    --------
    >>> spread([0.0, 0.0, 9.0], [2.0, 2.0], [1.0, 1.0, 1.0])
    [-1.0, 1.0, 9.0]
    """
    offset = [0.0]
    for distance in distances:
        offset.append(offset[-1] + distance)
    blocks: list[tuple[float, float, int]] = []
    for place, shift, weight in zip(wanted, offset, weights, strict=False):
        mean, total, count = place - shift, weight, 1
        while blocks and blocks[-1][0] > mean:
            other, mass, members = blocks.pop()
            mean = (mean * total + other * mass) / (total + mass)
            total, count = total + mass, count + members
        blocks.append((mean, total, count))
    moved = [mean for mean, _, count in blocks for _ in range(count)]
    return [mean + shift for mean, shift in zip(moved, offset, strict=True)]


def _settle(column: Sequence[Item], wanted: Iterable[float]) -> None:
    """Give the items of one column their heights, near the wanted ones and apart from each other."""
    distances = [upper.bottom + ITEM_GAP + lower.top for upper, lower in pairwise(column)]
    for item, height in zip(column, spread(list(wanted), distances, [item.weight for item in column]), strict=True):
        item.y = height


def _mean(items: Sequence[Item], otherwise: float) -> float:
    return sum(item.y for item in items) / len(items) if items else otherwise


def place(vertices: Sequence[Vertex], links: Sequence[Link]) -> Placed:
    """Lay a graph out from left to right.

    Parameters
    ----------
    vertices : sequence of Vertex
        Numbered so that every link goes from a lower to a higher number; the last one is the end of the graph.
    links : sequence of Link
        In the order in which a reader expects them from top to bottom.

    Returns
    -------
    Placed
        Coordinates in pixels, the upper left corner at (0, 0).

    Examples
    --------
    >>> placed = place([Vertex(20, 10, 10), Vertex(20, 10, 10)], [Link(0, 1, width=30, top=8, bottom=8)])
    >>> [item.x for item in placed.vertices], placed.height
    ([10.0, 82.0], 20.0)
    """
    layer = layers(len(vertices), links)
    column_count = 2 * max(layer, default=0) + 1
    nodes = [
        Item(vertex.width, vertex.top, vertex.bottom, 2 * layer[index], align=vertex.align)
        for index, vertex in enumerate(vertices)
    ]
    labels: list[Item] = []
    paths: list[list[Item]] = []
    for link in links:
        path = [nodes[link.source]]
        for place_in in range(2 * layer[link.source] + 1, 2 * layer[link.target]):
            # A label or lane that insists more than a vertex keeps long links straight.
            if len(path) == 1:
                path.append(Item(link.width, link.top, link.bottom, place_in, weight=2.0))
            else:
                path.append(Item(0.0, 4.0, 4.0, place_in, weight=4.0))
        path.append(nodes[link.target])
        for one, next_one in pairwise(path):
            one.after.append(next_one)
            next_one.before.append(one)
        labels.append(path[1])
        paths.append(path)

    # First order: as met on a walk from the end of the graph, arguments from top to bottom. A tree has no crossings so.
    columns: list[list[Item]] = [[] for _ in range(column_count)]
    entering: list[list[int]] = [[] for _ in vertices]
    for index, link in enumerate(links):
        entering[link.target].append(index)
    seen: set[int] = set()
    ends = [index for index in range(len(vertices)) if not nodes[index].after]
    waiting: list[tuple[str, int]] = [("vertex", index) for index in reversed(ends)]
    while waiting:
        kind, index = waiting.pop()
        if kind == "link":
            for item in reversed(paths[index][1:-1]):
                columns[item.column].append(item)
            waiting.append(("vertex", links[index].source))
        elif index not in seen:
            seen.add(index)
            columns[nodes[index].column].append(nodes[index])
            waiting.extend(("link", entry) for entry in reversed(entering[index]))
    columns = _order(columns)

    for column in columns:
        _settle(column, [0.0] * len(column))
    for _ in range(6):
        for column in reversed(columns):
            _settle(column, [_mean(item.after, _mean(item.before, item.y)) for item in column])
        for column in columns:
            _settle(column, [_mean(item.before, _mean(item.after, item.y)) for item in column])
    upper = min((item.y - item.top for column in columns for item in column), default=0.0)
    lower = max((item.y + item.bottom for column in columns for item in column), default=0.0)

    for column in columns:
        for item in column:
            item.y -= upper
    left: list[float] = []
    right: list[float] = []
    x = 0.0
    for index, column in enumerate(columns):
        width = max((item.width for item in column), default=0.0)
        left.append(x)
        right.append(x + width)
        for item in column:
            item.x = x + item.width / 2 + (width - item.width) * item.align
        steepest = max((abs(item.y - end.y) for item in column for end in item.after), default=0.0)
        # Steep curves get more room, so that they bend rather than break.
        x += width + (min(11.0 + 0.3 * steepest, 42.0) if index + 1 < column_count else 0.0)
    return Placed(nodes, labels, paths, left, right, x, lower - upper)
