"""Reads a drawn graph back from its SVG, so that tests can measure what a reader sees: texts, shapes and lines."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass

from nnkit.draw.svg import text_width

NAMESPACE = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Box:
    """An axis-parallel rectangle with a word on what it is."""

    left: float
    top: float
    right: float
    bottom: float
    what: str

    def overlaps(self, other: Box, slack: float = 0.2) -> bool:
        return (
            self.left < other.right - slack
            and other.left < self.right - slack
            and self.top < other.bottom - slack
            and other.top < self.bottom - slack
        )

    def contains(self, x: float, y: float) -> bool:
        return self.left < x < self.right and self.top < y < self.bottom

    def encloses(self, other: Box) -> bool:
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )


@dataclass
class Drawn:
    """What an SVG shows: texts and shapes as boxes, lines as points."""

    texts: list[Box]
    gradients: list[Box]
    values: list[Box]
    shapes: list[Box]
    lines: list[list[tuple[float, float]]]
    width: float
    height: float


def read(svg: str) -> Drawn:
    """Parse an SVG of `nnkit.draw`; it must be well-formed XML."""
    root = ElementTree.fromstring(svg)
    drawn = Drawn([], [], [], [], [], float(root.get("width", 0)), float(root.get("height", 0)))
    body = root.find(f"{NAMESPACE}g")
    assert body is not None
    move = re.fullmatch(r"translate\(([\d.-]+) ([\d.-]+)\)", body.get("transform", ""))
    assert move is not None
    dx, dy = float(move[1]), float(move[2])
    for element in body:
        kind = element.tag.removeprefix(NAMESPACE)
        if kind == "text":
            size, words = float(element.get("font-size", 0)), element.text or ""
            x, y = float(element.get("x", 0)) + dx, float(element.get("y", 0)) + dy
            half = text_width(words, size) / 2
            box = Box(x - half, y - 0.76 * size, x + half, y + 0.06 * size, words)
            drawn.texts.append(box)
            if element.get("class") == "gradient":
                drawn.gradients.append(box)
            if element.get("class") == "value":
                drawn.values.append(box)
        elif kind == "rect" and element.get("class") == "shape":
            x, y = float(element.get("x", 0)) + dx, float(element.get("y", 0)) + dy
            width, height = float(element.get("width", 0)), float(element.get("height", 0))
            drawn.shapes.append(Box(x, y, x + width, y + height, "shape"))
        elif kind == "path" and element.get("class") == "edge":
            drawn.lines.append([(x + dx, y + dy) for x, y in points(element.get("d", ""))])
    return drawn


def points(path: str) -> list[tuple[float, float]]:
    """Return points along a path of M, L and C commands, at most a few pixels apart."""
    found: list[tuple[float, float]] = []
    for command, arguments in re.findall(r"([MLC])([^MLC]*)", path):
        numbers = [float(number) for number in arguments.split()]
        ends = list(zip(numbers[::2], numbers[1::2], strict=True))
        if command == "M":
            found.append(ends[0])
            continue
        start = found[-1]
        for step in range(1, 41):
            t = step / 40
            if command == "L":
                found.append((start[0] + t * (ends[0][0] - start[0]), start[1] + t * (ends[0][1] - start[1])))
            else:
                weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
                corners = (start, *ends)
                found.append(
                    (
                        sum(weight * corner[0] for weight, corner in zip(weights, corners, strict=True)),
                        sum(weight * corner[1] for weight, corner in zip(weights, corners, strict=True)),
                    )
                )
    return found


def faults(svg: str) -> list[str]:
    """Return what is wrong with the places of things: overlaps, lines through texts or shapes, things cut off."""
    drawn, found = read(svg), []
    for index, one in enumerate(drawn.texts):
        for other in drawn.texts[index + 1 :]:
            if one.overlaps(other):
                found.append(f"texts {one.what!r} and {other.what!r} overlap")
        for shape in drawn.shapes:
            if one.overlaps(shape) and not shape.encloses(one):
                found.append(f"text {one.what!r} runs into a shape")
        if one.left < 0 or one.top < 0 or one.right > drawn.width or one.bottom > drawn.height:
            found.append(f"text {one.what!r} is cut off")
    for index, shape in enumerate(drawn.shapes):
        for neighbour in drawn.shapes[index + 1 :]:
            if shape.overlaps(neighbour):
                found.append("two shapes overlap")
    for line in drawn.lines:
        for box in drawn.texts:
            if any(box.contains(x, y) for x, y in line):
                found.append(f"a line runs through {box.what!r}")
        for shape in drawn.shapes:
            inner = Box(shape.left + 6, shape.top + 2, shape.right - 6, shape.bottom - 2, "shape")
            if any(inner.contains(x, y) for x, y in line):
                found.append("a line runs through a shape")
    return found
