"""One output of every kind that the course shows, as HTML: drawn graphs, plots, pictures of the lessons, panels."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

import nnkit
from nnkit import draw
from nnkit.data import strokes
from nnkit.draw import course, handwriting, kernels, poles, rotations, style
from nnkit.exercises import trace
from nnkit.exercises.judge.finding import Table
from nnkit.exercises.judge.locate import Line, Located
from nnkit.exercises.judge.report import Hint, Note, Report
from nnkit.exercises.outline import Place
from nnkit.exercises.progress import Progress, standings
from nnkit.exercises.record import Entry
from nnkit.mine.milestones import Reached
from nnkit.mine.picture import tree
from nnkit.widgets.activations import overview
from tests.answers import answers_to, changed, namespace_of


def example(**options: Any) -> Any:
    """Return a drawn graph with an input, a weight and a target."""
    x, w, t = (nnkit.tensor(value, requires_grad=True) for value in (2.0, -3.0, 1.0))
    error = x * w - t
    return draw.graph(
        error * error, inputs={"x": x}, weights={"w": w}, targets={"t": t}, names={"e": error}, result="L", **options
    )


def drawn() -> dict[str, str]:
    """Return the SVG pictures by name."""
    image = np.arange(16.0).reshape(4, 4)
    pictures = {
        "graph": example(gradients=True, legend=True, title="A squared error"),
        "step": example(steps=2),
        "network": draw.network([2, 3, 1], weights=[[[0.5, -2.0], [1.0, 0.1], [-0.3, 0.8]], [[1.5, -0.2, 0.0]]]),
        "sizes": draw.network([4, 12, 2]),
        "kernel": kernels.step(image, [[1.0, 0.0], [0.0, -1.0]], 1, 1, pad=1),
        "kernel-back": kernels.step_back((4, 4), [[2, -1], [1, 3]], np.arange(9).reshape(3, 3), 1, 1),
        "places": kernels.places(6, 3, 2, 1),
        "layer": kernels.layer(3, (6, 6), 2, (3, 3), (4, 4)),
        "windows": kernels.rows_of_windows(image, 2, window=1),
        "poles": poles.poles({"held": [[0.1, 0.0]] * 9, "let go": [[0.1 * n, 1.0] for n in range(9)]}, 7, limit=0.5),
        "map": course.course_map(),
        "nerve": course.nerve_and_unit(),
        "mine": tree(),
    }
    return {name: picture.html for name, picture in pictures.items()}


def _surface() -> Any:
    path = {"SGD": [[-1.5, 0.8], [0.5, -0.5], [0, 0]]}
    return draw.loss_surface(lambda x, y: x**2 + 5 * y**2, (-2, 2), (-1, 1), paths=path, minimum=(0, 0))


def _regions() -> Any:
    points = np.random.default_rng(0).normal(size=(40, 2))
    return draw.decision_regions(lambda p: p[:, 0] > 0, points, points[:, 0] > 0)


PLOTS: dict[str, Callable[[], tuple[Any, bool]]] = {
    "curves": lambda: (draw.learning_curves({"slow": [4.0, 3.0, 2.5], "fast": [4.0, 1.0, 0.25]}), True),
    "regions": lambda: (_regions(), True),
    "contours": lambda: (_surface(), True),
    "bodies": lambda: (rotations.bodies({"at rest": np.eye(3)}, reference=np.diag([-1.0, -1.0, 1.0])), True),
    "filters": lambda: (draw.filters(np.random.default_rng(1).normal(size=(4, 3, 3))), False),
    "confusion": lambda: (draw.confusion([[8, 2], [0, 10]]), False),
}
"""Name → what makes a matplotlib figure, and whether a dark page turns it dark."""


def finished_plots() -> dict[str, tuple[style.Figure, bool]]:
    """Return finished figures by name, and whether a dark page turns them dark."""
    pad = strokes.rasterise(strokes.stored_digit(3))
    image = strokes.normalise(pad)
    made = {}
    for name, make in PLOTS.items():
        figure, darkens = make()
        made[name] = (style.caption(figure), darkens)
    made["activation"] = (overview(0.5), True)
    made["digit"] = (handwriting.reading(pad, image, np.eye(10)[3]), False)
    return made


def panels() -> dict[str, str]:
    """Return what checks, traces and the record show, by name."""
    lines = "def affine(x, w, b):\n    z = x @ w\n    z = z - b\n    return z".split("\n")
    located = Located((Line.of(3, lines),), True)
    table = Table(("[0]", "[1]", "[2]"), ("1", "2", "3"), ("1", "2.5", "4"), 1, (False, True, True))
    loops = answers_to("affine_backward").right["sample by sample"]
    sources = {"wrong": changed(loops, ("db += dout[n]", "db = dout[n]")), "right": loops}
    traces = {}
    for label, source in sources.items():
        line = 7 if label == "wrong" else None
        traces[f"trace-{label}"] = trace("affine_backward", namespace_of(source), line=line)
    begin = datetime(2026, 3, 1, 12, tzinfo=UTC)
    said = [Entry("a", "passed", begin), Entry("b", "wrong", begin + timedelta(days=1))]
    places = [Place(name, "00_x", "one", 1) for name in "abc"]
    shown: dict[str, Any] = {
        "check-wrong": Report(
            "wrong", "The shape is right, `z` is not.", cause="b is subtracted.", case="x = [1, 2]", table=table,
            advice="Add it.", notes=("Your code printed: 3",), exercise="affine", located=located, hidden=True,
        ),
        "check-right": Report("passed", "All 12 cases agree.", exercise="affine"),
        "check-open": Report("not attempted", "Write the body.", exercise="affine"),
        "hint": Hint("affine", "Look at `b`.", 1, 2),
        "note": Note("Run the cell above first."),
        "progress": Progress(standings(places, said), ("Kept beside the notebooks.",)),
        "milestone": Reached("Milestone", "It reads digits.", 0.5, {"affine": "yours"}, 1.0),
        **traces,
    }  # fmt: skip
    return {name: panel._repr_html_() for name, panel in shown.items()}
