"""Pictures of training and of what was learned, with matplotlib: curves, regions, surfaces, filters, confusion.

Every function returns the figure (that of `ax`, where one is given) and notes beside it what it shows, so that
``style.caption(figure)`` has alt text even if the caller writes none. Colour never stands alone: lines differ by dash
and marker and are labelled at their end, signs differ by brightness, classes by marker.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from nnkit.draw import layout, style
from nnkit.engine import no_grad, tensor
from nnkit.nn import Module

MARKERS = "os^DvPX<>p"
"""Markers of classes and curves, in order; `SIGNS` are the same as text."""

SIGNS = "●■▲◆▼✚✖◀▶⬟"

PATH_COLOURS = (style.COLOURS["gradient"], style.COLOURS["second"], style.COLOURS["target"], style.COLOURS["weight"])

CLASS_COLOURS = (*style.SERIES, style.COLOURS["weight"], style.COLOURS["axis"])
"""Each reads as a mark on white, and white reads on it: names of regions stand on them."""

REGION_TINT, DEEPEST_TINT = 0.28, 0.35
"""How much of their colour areas have at most: grey lines and ink on them can be told from them on either page."""

LEAST_NAMED = 0.02
"""How much of the plane a region has to fill to be named in the picture; a smaller one has no room for its name."""


def _numbers(values: Any, what: str) -> Any:
    """Return numbers as an array, a Tensor without its graph."""
    try:
        array = np.asarray(values.detach() if hasattr(values, "detach") else values)
        return array if array.dtype.kind in "bi" else array.astype(float)
    except (TypeError, ValueError):
        raise TypeError(f"{what} must be numbers, got {type(values).__name__}.") from None


def _in_style(plot: Callable[..., Any]) -> Callable[..., Any]:
    """Make a picture in the course's look, with or without `style.use`, and leave no settings behind."""

    @functools.wraps(plot)
    def drawn(*arguments: Any, **options: Any) -> Any:
        import matplotlib

        with matplotlib.rc_context(style.settings()):
            return plot(*arguments, **options)

    return drawn


def _axes(ax: Any, width: float = 7.0, height: float = 3.6, rows: int = 1, columns: int = 1) -> list[Any]:
    """Return the axes to draw in: the given ones, or those of a new figure."""
    if ax is not None:
        if not hasattr(ax, "transAxes"):
            raise TypeError(f"ax is one matplotlib Axes, such as plt.subplots()[1]; got {type(ax).__name__}.")
        return [ax]
    figure = style.figure(width, height * rows)
    made = [figure.add_subplot(rows, columns, 1 + panel) for panel in range(rows * columns)]
    grey, ink = style.COLOURS["axis"], style.COLOURS["ink"]
    for each in made:  # ticks are made when they are drawn, with the settings of that moment
        each.tick_params(color=grey, labelcolor=ink, labelsize=11, grid_color=grey, grid_alpha=0.25)
    return made


def _listed(words: Sequence[str]) -> str:
    """Join words as a sentence does.

    >>> _listed(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


# ---------------------------------------------------------------------------------------------------- learning curves


def _series(curves: Any) -> dict[str, list[tuple[str, Any, int | None]]]:
    """Sort what `learning_curves` is given by panel: for each its curves as (label, values, best epoch)."""
    named = curves if isinstance(curves, Mapping) else {"": curves}
    if not named:
        raise ValueError("There is no curve to draw: give a History, a list of losses, or several by name.")
    panels: dict[str, list[tuple[str, Any, int | None]]] = {"loss": []}
    for label, curve in named.items():
        label = str(label)
        if not hasattr(curve, "validation_loss"):
            values = np.asarray(_numbers(curve, f"The curve {label!r}" if label else "The curve"), dtype=float)
            if values.ndim != 1:
                raise ValueError(f"A curve is one list of numbers; {label or 'this one'} has shape {values.shape}.")
            panels["loss"].append((label, values, None))
            continue
        both = bool(curve.validation_loss)
        words = (f"{label}, training", f"{label}, validation") if label else ("training", "validation")
        panels["loss"].append((words[0] if both else label, np.array(curve.loss, dtype=float), None))
        if both:
            best = curve.best_epoch if not label else None
            panels["loss"].append((words[1], np.array(curve.validation_loss, dtype=float), best))
        for name, values in curve.metrics.items():
            panels.setdefault(name, []).append((label, np.array(values, dtype=float), None))
    return panels


@_in_style
def learning_curves(curves: Any, *, log: bool = False, unit: str | None = None, start: int = 1, ax: Any = None) -> Any:
    """Draw how losses fall from epoch to epoch, each curve labelled at its end.

    Of a `History` the loss on the training data is drawn, that on the validation data and the epoch where it was
    least, and each metric in a panel of its own. What is not finite is a gap and said so.

    Parameters
    ----------
    curves : History, list of float, or dict from label to either
    log : bool
        Logarithmic losses; what is 0 or less is left out, and said so.
    unit : str, optional
        What is counted along the horizontal axis: "epoch" for a History, else "step".
    start : int
        The number of the first value: 0 if it was measured before the first step.
    ax : matplotlib.axes.Axes, optional
        Draw the losses there, without the metrics.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    TypeError, ValueError
        If there is no curve, or one is no list of numbers.

    Examples
    --------
    >>> style.caption(learning_curves({"slow": [4.0, 3.0, 2.5], "fast": [4.0, 1.0, 0.25]}))
    Learning curves, loss over 3 steps: slow from 4 to 2.5; fast from 4 to 0.25.
    """
    panels = _series(curves)
    histories = any(hasattr(curve, "loss") for curve in (curves.values() if isinstance(curves, Mapping) else [curves]))
    unit = unit or ("epoch" if histories else "step")
    if ax is not None:
        panels = {"loss": panels["loss"]}
    # Curves labelled at their end need the width of the page; a single History has room for two panels side by side.
    columns = 2 if len(panels) > 1 and not isinstance(curves, Mapping) else 1
    height = max(3.3, 0.24 * max(len(members) for members in panels.values()))
    made = _axes(ax, height=height, rows=math.ceil(len(panels) / columns), columns=columns)
    for axes, (name, members) in zip(made, panels.items(), strict=False):
        _curves(axes, members, name, unit, start, log and name == "loss")
    for spare in made[len(panels) :]:
        spare.remove()
    return axes.figure


def _curves(
    axes: Any, members: Sequence[tuple[str, Any, int | None]], name: str, unit: str, start: int, log: bool
) -> None:
    """Draw the curves of one panel."""
    from matplotlib.ticker import MaxNLocator

    ends, said = [], []
    length = max(len(values) for _, values, _ in members)
    if log:
        axes.set_yscale("log")
    for index, (label, values, best) in enumerate(members):
        drawable = np.isfinite(values) & ((values > 0) if log else True)
        there = np.flatnonzero(drawable)
        spoken = f"{label} " if label else ""
        why = _why_missing(values, drawable, unit, start, log)
        if not len(there):
            nothing = f"nothing to draw ({why or f'no {unit} was finished'})"
            said.append(spoken + nothing)
            ends.append((start, None, f"{label}\n{nothing}".strip(), ""))
            continue
        first, last = there[0], there[-1]
        colour = style.SERIES[index % len(style.SERIES)]
        dash = style.DASHES[(index + index // len(style.SERIES)) % len(style.DASHES)]
        axes.plot(
            start + np.arange(len(values)), np.where(drawable, values, np.nan), color=colour, linestyle=dash,
            marker=MARKERS[index % len(MARKERS)], markevery=[int(last)], label=label or name,
        )  # fmt: skip
        said.append(
            f"{spoken}from {style.number(values[first])} to {style.number(values[last])}{f' ({why})' if why else ''}"
        )
        ends.append((start + last, values[last], f"{label}\n({why})".strip() if why else label, colour))
        if best is not None and drawable[best]:
            axes.axvline(start + best, color=style.COLOURS["axis"], linewidth=1, linestyle=":")
            side = "right" if best + 1 > 0.7 * length else "left"  # losses are high on the left: words go to the right
            axes.annotate(
                f"least: {unit} {start + best}", (start + best, 1), xycoords=("data", "axes fraction"),
                xytext=(-4 if side == "right" else 4, 0), textcoords="offset points", ha=side, va="top", fontsize=10,
            )  # fmt: skip
            said[-1] += f", least after {unit} {start + best}"
    axes.set_xlabel(unit)
    axes.set_ylabel(name)
    last = max(start + length - 1, 0)
    counted = f"{last} {unit}{'s' if last != 1 else ''}"
    if not axes.lines:
        axes.set_xticks([])
        axes.set_yticks([])
        sentence = f"Nothing to draw: no {unit} was finished." if not length else "Nothing to draw: no finite value."
        axes.text(0.5, 0.5, sentence, transform=axes.transAxes, ha="center", va="center")
    else:
        margin = 0.02 * (length - 1) or 0.5
        axes.set_xlim(start - margin, start + length - 1 + margin)
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True, min_n_ticks=1))
        _label_ends(axes, [end for end in ends if end[2]])
    style.describe(axes, f"Learning curves, {name} over {counted}: {'; '.join(said)}.")


def _why_missing(values: Any, drawable: Any, unit: str, start: int, log: bool) -> str:
    """Say in a few words what of a curve is not drawn."""
    missing = np.flatnonzero(~drawable)
    if not len(missing):
        return ""
    finite = log and np.isfinite(values[missing]).all()
    kind = "0 or less" if finite else "not finite"
    to_the_end = len(missing) == len(values) - missing[0]
    return f"{kind} from {unit} {start + missing[0]} on" if to_the_end else f"gaps: {kind}"


def _label_ends(axes: Any, ends: Sequence[tuple[float, float | None, str, str]]) -> None:
    """Write each curve's label to the right of the axes, as near to the height of its end as the others let it.

    An end is (x, y, label, colour); a curve of which nothing is drawn has None for y.
    """
    if not ends:
        return
    bottom = axes.get_ylim()[0]
    inside = axes.transData.transform([(x, bottom if y is None else y) for x, y, _, _ in ends])
    places = axes.transAxes.inverted().transform(inside)[:, 1]
    order = np.argsort(places, kind="stable")
    # The axes' height in text lines; constrained layout will still take some of it.
    line = 17.0 / (axes.bbox.height / axes.figure.dpi * 72 * 0.9)
    lines = [1 + ends[index][2].count("\n") for index in order]
    apart = [line * (one + other) / 2 for one, other in itertools.pairwise(lines)]
    heights = np.array(layout.spread(np.clip(places[order], 0, 1).tolist(), apart, [1.0] * len(ends)))
    heights -= max(0.0, heights[-1] - 1)
    for index, height in zip(order, heights, strict=True):
        x, y, text, colour = ends[index]
        leader = {"arrowstyle": "-", "color": colour, "linestyle": (0, (1, 2)), "shrinkA": 1, "shrinkB": 5}
        axes.annotate(
            text, (x, bottom if y is None else y), xytext=(1.03, height), textcoords="axes fraction", fontsize=10,
            ha="left", va="center", annotation_clip=False, arrowprops=None if y is None else leader,
        )  # fmt: skip


# --------------------------------------------------------------------------------------------------- decision regions


@_in_style
def decision_regions(
    predict: Any,
    X: Any,
    y: Any,
    *,
    ax: Any = None,
    resolution: int = 200,
    threshold: float | None = None,
    names: Sequence[str] | None = None,
) -> Any:
    """Draw where in the plane a classifier answers which class, with the samples on top.

    Parameters
    ----------
    predict : callable or Module
        Called with an array of points (N, 2). Returns (N,) labels; or (N, C) scores, whose largest decides; or (N,) or
        (N, 1) scores of the second of two classes. A `Module` is evaluated without recording gradients.
    X : (N, 2) array
    y : (N,) array
        The samples' labels.
    resolution : int
        Points along each side of the grid that is asked.
    threshold : float, optional
        From which score on the answer is the second class. Left out: 0.5 if all scores lie in [0, 1] and the labels
        are not −1 and 1, else 0.
    names : sequence of str, optional
        What the classes are called, in the order of their labels.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If shapes do not fit.

    Examples
    --------
    >>> X = np.array([[-1.0, 0.0], [1.0, 0.0], [1.0, 1.0]])
    >>> style.caption(decision_regions(lambda points: points[:, 0] > 0, X, [0, 1, 1]))
    Decision regions of 2 classes in the plane: class 0 fills 50 % of it, class 1 fills 50 %; 3 of the 3 samples lie
    in the region of their own class.
    """
    dtype = X.dtype if getattr(X, "dtype", None) == np.float32 else float  # asked in the dtype of the samples
    X, y = _numbers(X, "X"), np.asarray(y.detach() if hasattr(y, "detach") else y)
    if X.ndim != 2 or X.shape[1] != 2 or not len(X):
        raise ValueError(f"Decision regions are drawn in the plane: X must have shape (N, 2), got {X.shape}.")
    if not np.isfinite(X).all():
        raise ValueError("Decision regions are drawn around the samples: every number in X must be finite.")
    y = y[:, 0] if y.shape == (len(X), 1) else y
    if y.shape != (len(X),):
        raise ValueError(f"y holds one label for each of the {len(X)} samples of X; it has shape {y.shape}.")
    if y.dtype.kind == "f" and (y == y.round()).all():
        y = y.astype(int)
    low, high = X.min(0), X.max(0)
    margin = 0.1 * np.where(high > low, high - low, 1.0)
    low, high = low - margin, high + margin
    across, up = np.linspace(low[0], high[0], resolution), np.linspace(low[1], high[1], resolution)
    grid = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    classes, asked = _classify(predict, np.concatenate([grid, X]).astype(dtype), np.unique(y), threshold)
    regions, own = asked[: len(grid)].reshape(resolution, resolution), asked[len(grid) :]
    called = [f"class {label}" for label in classes.tolist()] if names is None else [str(name) for name in names]
    if len(called) != len(classes):
        raise ValueError(f"There are {len(classes)} classes, {_listed(classes.astype(str))}, but {len(called)} names.")

    span = high - low
    even = 0.4 < span[0] / span[1] < 2.5  # then both axes get the same scale
    inches = np.array([5.0, 3.4]) if not even else span * min(5.0 / span[0], 4.0 / span[1])
    (axes,) = _axes(ax, inches[0] + 0.7, inches[1] + 0.7)
    if ax is not None:  # its panel may be small, and what is drawn in it has to be small then as well
        panel = np.array([ax.bbox.width, ax.bbox.height]) / ax.figure.dpi
        inches = panel if not even else span * min(panel / span)
    small = float(np.clip(inches[0] / 4, 0.5, 1))
    tints = np.array([_rgb(CLASS_COLOURS[index % len(CLASS_COLOURS)]) for index in range(len(classes))])
    picture = np.dstack([tints[regions], np.full(regions.shape, REGION_TINT)])
    extent = (low[0], high[0], low[1], high[1])
    style.in_role_colours(axes.imshow(picture, extent=extent, origin="lower", aspect="auto", zorder=0.5))
    for index in range(len(classes)):
        if 0 < (regions == index).mean() < 1:
            axes.contour(across, up, regions == index, [0.5], colors=style.COLOURS["axis"], linewidths=1.2)
    for index, label in enumerate(classes):
        axes.scatter(
            *X[y == label].T, marker=MARKERS[index % len(MARKERS)], s=26 * small**2,
            color=CLASS_COLOURS[index % len(CLASS_COLOURS)],
            edgecolors="white", linewidths=0.6 * small, label=called[index], zorder=3,
        )  # fmt: skip
    for index, words in enumerate(called):
        region = regions == index
        if region.mean() < LEAST_NAMED:
            continue
        room = max(small, 0.7) * np.array([0.17, 0.2 + 0.045 * len(words)]) / inches[::-1] * (resolution - 1)
        place = _open_place(region, ((X - low) / span)[:, ::-1] * (resolution - 1), room)
        if place is not None:
            colour = CLASS_COLOURS[index % len(CLASS_COLOURS)]
            axes.text(
                across[place[1]], up[place[0]], f"{SIGNS[index % len(SIGNS)]} {words}", ha="center", va="center",
                fontsize=10 * max(small, 0.7), color=_ink_on(colour), zorder=4, clip_on=True,
                bbox={"boxstyle": "round,pad=0.3", "facecolor": colour, "edgecolor": "white", "linewidth": 0.8},
            )  # fmt: skip
    if even:
        axes.set_aspect("equal")
    axes.set_xlim(low[0], high[0])
    axes.set_ylim(low[1], high[1])
    axes.grid(False)
    axes.set_xlabel("$x_1$")
    axes.set_ylabel("$x_2$")
    shares = [f"{words} fills {round(100 * float((regions == index).mean()))} %" for index, words in enumerate(called)]
    shares[0] = shares[0].replace(" %", " % of it")
    inside = int((classes[own] == y).sum())
    style.describe(
        axes,
        f"Decision regions of {len(classes)} classes in the plane: {', '.join(shares)}; "
        f"{inside} of the {len(X)} samples lie in the region of their own class.",
    )
    return axes.figure


def _classify(predict: Any, points: Any, labels: Any, threshold: float | None) -> tuple[Any, Any]:
    """Ask for the class of every point; return all classes there are, and the points' classes as indices of these."""
    answer = _evaluated(predict, points) if isinstance(predict, Module) else predict(points)
    answer = np.asarray(answer.detach() if hasattr(answer, "detach") else answer)
    if answer.ndim == 2 and answer.shape[1] == 1:
        answer = answer[:, 0]
    if answer.shape[:1] != (len(points),) or answer.ndim > 2:
        raise ValueError(
            f"predict gets points of shape {points.shape} and returns a label or scores for each, of shape "
            f"({len(points)},) or ({len(points)}, C); it returned shape {answer.shape}."
        )
    if answer.ndim == 2:
        if np.isin(labels, np.arange(answer.shape[1])).all():
            labels = np.arange(answer.shape[1])
        elif len(labels) != answer.shape[1]:
            raise ValueError(f"predict returned scores of {answer.shape[1]} classes, but y has {len(labels)}.")
        return labels, answer.argmax(1)
    is_score = answer.dtype.kind == "f" and (threshold is not None or not np.isin(answer, labels).all())
    if is_score:
        if len(labels) > 2:
            raise ValueError(f"y has {len(labels)} classes: predict must return labels or (N, {len(labels)}) scores.")
        if threshold is None:
            within = answer.min() >= 0 and answer.max() <= 1 and not np.array_equal(labels, [-1, 1])
            threshold = 0.5 if within else 0.0
        if len(labels) == 1:
            labels = np.array([0, 1]) if labels[0] in (0, 1) else np.array([-1, 1])
        return labels, (answer >= threshold).astype(int)
    labels = np.union1d(labels, answer)
    return labels, np.searchsorted(labels, answer)


def _evaluated(model: Any, points: Any) -> Any:
    """Ask a Module, in evaluation mode, in the dtype of its parameters."""
    parameter, before = next(iter(model.parameters()), None), model.training
    model.eval()
    try:
        with no_grad():
            return model(tensor(points, dtype=None if parameter is None else parameter.dtype))
    finally:
        model.train(before)


def _open_place(region: Any, points: Any, room: Any) -> tuple[int, int] | None:
    """Find a place for a region's name, `room` high and wide on either side, in it and off the samples if that can be.

    All are in rows and columns of the grid. Returns None if there is no region.
    """
    step = max(1, len(region) // 40)
    coarse = region[step // 2 :: step, step // 2 :: step]
    inside = np.argwhere(coarse) * step + step // 2
    if not len(inside):
        return None
    outside = np.argwhere(~np.pad(coarse, 1)) * step - step + step // 2
    depth, crowd = (
        np.min([np.abs((inside - thing) / room).max(1) for thing in things], axis=0) for things in (outside, points)
    )
    # Off the samples by the name's size is enough; from there on, the deeper in the region the better.
    best = inside[np.argmax(np.minimum(np.minimum(depth, 1), np.minimum(crowd, 1.2)) + 0.01 * np.minimum(depth, crowd))]
    return int(best[0]), int(best[1])


def _rgb(colour: str) -> tuple[float, float, float]:
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255


def _ink_on(colour: str) -> str:
    """Return black or white, whichever is easier to read on a colour."""
    return max("#000000", "#ffffff", key=lambda ink: style.contrast(ink, colour))


# ------------------------------------------------------------------------------------------------------- loss surface


@_in_style
def loss_surface(
    f: Callable[[Any, Any], Any],
    x: tuple[float, float],
    y: tuple[float, float],
    *,
    paths: Mapping[str, Any] | None = None,
    minimum: tuple[float, float] | None = None,
    looks: Mapping[str, tuple[str, str, str]] | None = None,
    levels: int | Sequence[float] = 12,
    names: tuple[str, str] = ("x", "y"),
    ax: Any = None,
) -> Any:
    """Draw a function of two variables by contour lines, and the paths that optimizers took on it.

    The levels are evenly spaced; where the function grows so steeply that most would lie in a corner, they grow by
    equal factors above its smallest value. The numbers on the lines say which.

    Parameters
    ----------
    f : callable
        Gets two arrays of coordinates, of one shape, and returns the values in that shape.
    x, y : (low, high)
        What is shown.
    paths : dict from label to (n, 2) array, optional
        Points in their order; the ring is where a path starts.
    minimum : (x, y), optional
        Marked by a star.
    looks : dict from label to (colour, dash, marker), optional
        How paths are drawn, as matplotlib names it: the same for the same optimizer in several pictures.
    levels : int or sequence of float
        How many contour lines, or at which values.
    names : (str, str)
        What stands at the axes; "theta1" is written θ₁.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If a range is empty, or `f` or a path has the wrong shape.

    Examples
    --------
    >>> figure = loss_surface(lambda x, y: x**2 + y**2, (-1, 1), (-1, 1), paths={"SGD": [[1, 1], [0.5, 0.5]]})
    >>> style.caption(figure)
    Contour lines of a function, x from −1 to 1, y from −1 to 1, values from 0 to 2. SGD goes in 1 step from (1, 1) to
    (0.5, 0.5).
    """
    names = style.name(names[0]), style.name(names[1])
    for name, limits in zip(names, (x, y), strict=True):
        if len(limits) != 2 or not limits[0] < limits[1]:
            raise ValueError(f"The range of {name} must be (low, high) with low < high, got {tuple(limits)}.")
    walked = {
        str(label): np.asarray(_numbers(path, f"The path {label!r}"), float) for label, path in (paths or {}).items()
    }
    for label, path in walked.items():
        if path.ndim != 2 or path.shape[1] != 2 or not len(path):
            raise ValueError(f"A path is an array of points, of shape (n, 2); {label!r} has shape {path.shape}.")
    across, up = np.meshgrid(np.linspace(*x, 201), np.linspace(*y, 201))
    with np.errstate(all="ignore"):
        values = np.asarray(_numbers(f(across, up), "The values of f"), float)
    if values.shape != across.shape:
        raise ValueError(
            f"f gets two arrays of shape {across.shape} and returns the values in that shape; it returned "
            f"{values.shape}. A function of two numbers can be given as np.vectorize(f)."
        )
    values = np.ma.masked_invalid(values)
    if values.count() == 0:
        raise ValueError("f has no finite value in this range: there is no surface to draw.")

    from matplotlib.colors import BoundaryNorm, LinearSegmentedColormap

    (axes,) = _axes(ax, 6.4, 4.4)
    heights = _levels(values, levels)
    if len(heights):
        blue = _rgb(style.COLOURS["input"])
        shades = LinearSegmentedColormap.from_list("loss", [(*blue, 0.0), (*blue, DEEPEST_TINT)])
        bounds = np.unique([values.min(), *heights, values.max()])
        if len(bounds) > 1:
            norm = BoundaryNorm(bounds, 256)
            style.in_role_colours(axes.contourf(across, up, values, bounds, cmap=shades, norm=norm))
        lines = axes.contour(across, up, values, heights, colors=style.COLOURS["axis"], linewidths=0.9, linestyles="-")
        axes.clabel(lines, lines.levels[::2], fmt=style.number, fontsize=8.5, colors=style.COLOURS["ink"])
    said = [
        f"Contour lines of a function, {names[0]} from {style.number(x[0])} to {style.number(x[1])}, "
        f"{names[1]} from {style.number(y[0])} to {style.number(y[1])}, "
        f"values from {style.number(values.min())} to {style.number(values.max())}."
    ]
    if minimum is not None:
        axes.plot(
            *minimum, marker="*", linestyle="none", markersize=14, color=style.COLOURS["target"],
            markeredgecolor="white", label="minimum", zorder=4,
        )  # fmt: skip
        said.append(f"A star marks the minimum at ({style.number(minimum[0])}, {style.number(minimum[1])}).")
    for index, (label, path) in enumerate(walked.items()):
        own = tuple(order[index % len(order)] for order in (PATH_COLOURS, style.DASHES, MARKERS))
        said.append(_path(axes, label, path, (looks or {}).get(label, own), (x, y)))
    axes.set_xlim(*x)
    axes.set_ylim(*y)
    axes.grid(False)
    axes.set_xlabel(names[0])
    axes.set_ylabel(names[1])
    if axes.get_legend_handles_labels()[1]:
        # Above the surface: paths meet where they end, and a label there would hide what they do.
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, borderaxespad=0.3, fontsize=10, handlelength=2.8)
    style.describe(axes, " ".join(said))
    return axes.figure


def _path(axes: Any, label: str, path: Any, look: Sequence[str], window: Any) -> str:
    """Draw a path as far as it is finite; return a sentence about it."""
    path = path[: int(np.cumprod(np.isfinite(path).all(1)).sum())]
    if not len(path):
        return f"{label} has no finite point."
    colour, dash, marker = look
    axes.plot(
        *path.T, color=colour, linestyle=dash, linewidth=1.6, label=label, zorder=3,
        marker=marker, markersize=4.5 if len(path) <= 60 else 2.5,
    )  # fmt: skip
    axes.plot(*path[0], marker="o", markersize=9, fillstyle="none", color=colour, markeredgewidth=1.8, zorder=3)
    start, end = (", ".join(style.number(part) for part in point) for point in path[[0, -1]])
    low, high = np.transpose(window)
    leaves = "" if ((path >= low) & (path <= high)).all() else ", partly outside the picture"
    steps = f"{len(path) - 1} step{'s' if len(path) != 2 else ''}"
    return f"{label} goes in {steps} from ({start}) to ({end}){leaves}."


def _levels(values: Any, levels: int | Sequence[float]) -> Any:
    """Choose the values at which contour lines run."""
    if not isinstance(levels, int):
        return np.unique(np.asarray(levels, float))
    low, middle, high = values.min(), float(np.ma.median(values)), values.max()
    if levels < 1:
        raise ValueError(f"levels is the number of contour lines, at least 1, or their values; got {levels}.")
    if not low < high:
        return np.array([])
    from matplotlib.ticker import MaxNLocator

    if high - low <= 12 * (middle - low) or middle == low:
        nice = MaxNLocator(levels + 1).tick_values(low, high)
        return nice[(nice > low) & (nice < high)]
    start = 0.0 if abs(low) < 1e-3 * (high - low) else low
    lowest = max(float(np.quantile(values.compressed(), 0.01)) - low, 1e-4 * (high - low))
    decades = range(math.floor(math.log10(lowest)), math.ceil(math.log10(high - low)))
    steps = [digit * 10.0**decade for decade in decades for digit in (1, 2, 5)]
    steps = [step for step in steps if lowest <= step < high - low]
    return start + np.array(steps[:: -(-len(steps) // levels)] if steps else [])


# --------------------------------------------------------------------------------------------------- filters, matrices


@_in_style
def filters(weights: Any, *, columns: int | None = None, titles: Sequence[str] | None = None, ax: Any = None) -> Any:
    """Draw filters (or any small images of either sign) side by side, all on one scale that is symmetric about zero.

    Negative is dark and blue, zero grey, positive bright and orange.

    Parameters
    ----------
    weights : (F, H, W) or (F, C, H, W) array
        With several channels each row of the picture is a filter and each column a channel.
    columns : int, optional
        Images in a row.
    titles : sequence of str, optional
        One for each filter.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If shapes do not fit or a weight is not finite.

    Examples
    --------
    >>> style.caption(filters([[[1.0, -2.0], [0.0, 0.5]]]))
    1 filter of 2 × 2 weights as an image, from −2 (dark) over 0 (grey) to 2 (bright).
    """
    weights = np.asarray(_numbers(weights, "The filters"), float)
    if weights.ndim == 4 and weights.shape[1] == 1:
        weights = weights[:, 0]
    if weights.ndim not in (3, 4) or 0 in weights.shape:
        raise ValueError(f"Filters have shape (F, H, W) or (F, C, H, W), got {weights.shape}.")
    if not np.isfinite(weights).all():
        raise ValueError("A filter with a weight that is not finite cannot be drawn on a scale.")
    count, (height, width) = len(weights), weights.shape[-2:]
    if titles is not None and len(titles) != count:
        raise ValueError(f"There are {count} filters, but {len(titles)} titles.")
    channels = weights.shape[1] if weights.ndim == 4 else 1
    if channels > 1:
        columns = channels
    elif columns is None:
        columns = min(count, max(1, round(math.sqrt(count * 2 * height / width))))
    elif columns < 1:
        raise ValueError(f"columns counts the images in a row, at least 1; got {columns}.")
    tiles = weights.reshape(-1, height, width)
    rows = math.ceil(len(tiles) / columns)
    top = 0.3 * height if titles is not None and channels == 1 else 0.0
    step_x, step_y = width * 1.12, height * 1.12 + top
    inches = min(1.1, 5.8 / columns)
    (axes,) = _axes(ax, 1.1 + max(inches * columns, 1.5), 0.3 + max(inches * rows * step_y / step_x, 1.2))

    from matplotlib.colors import LinearSegmentedColormap

    signs = LinearSegmentedColormap.from_list(
        "signs", ["#00304d", style.COLOURS["input"], "#a0a0a0", "#f0a860", "#fff0d8"]
    )
    most = float(np.abs(tiles).max()) or 1.0
    for index, tile in enumerate(tiles):
        left, upper = (index % columns) * step_x, (index // columns) * step_y + top
        image = axes.imshow(
            tile, cmap=signs, vmin=-most, vmax=most, extent=(left, left + width, upper + height, upper),
            interpolation="nearest",
        )  # fmt: skip
        if titles is not None and index % channels == 0:
            where = (left + width / 2, upper - 0.04 * height) if channels == 1 else (-0.1 * width, upper + height / 2)
            sideways, upright = ("center", "bottom") if channels == 1 else ("right", "center")
            axes.text(*where, str(titles[index // channels]), fontsize=10, ha=sideways, va=upright)
    axes.set_xlim(0, columns * step_x - 0.12 * width)
    axes.set_ylim(rows * step_y - 0.12 * height, 0)
    axes.set_axis_off()
    bar = axes.figure.colorbar(image, ax=axes, shrink=0.9, aspect=14, ticks=[-most, 0, most])
    bar.ax.set_yticklabels([style.number(value) for value in (-most, 0, most)])
    bar.ax.tick_params(color=style.COLOURS["axis"], labelcolor=style.COLOURS["ink"])
    bar.outline.set_visible(False)
    size = f"{height} × {width} weights" + (f" in {channels} channels" if channels > 1 else "")
    style.describe(
        axes,
        f"{count} filter{'s' if count > 1 else ''} of {size} as {'images' if len(tiles) > 1 else 'an image'}, "
        f"from {style.number(-most)} (dark) over 0 (grey) to {style.number(most)} (bright).",
    )
    return axes.figure


@_in_style
def confusion(matrix: Any, *, labels: Sequence[str] | None = None, ax: Any = None) -> Any:
    """Draw a confusion matrix: how many samples of each class (rows) were taken for which class (columns).

    A cell is the darker the larger its share of the row is; the framed diagonal is what was right.

    Parameters
    ----------
    matrix : (C, C) array
        Counts or shares.
    labels : sequence of str, optional
        What the classes are called; left out, 0, 1, ….
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If the matrix is not square, or an entry is negative or not finite.

    Examples
    --------
    >>> style.caption(confusion([[8, 2], [0, 10]], labels=["cat", "dog"]))
    Confusion matrix of 2 classes: 90 % on the diagonal; most often confused: cat taken for dog (2).
    """
    matrix = _numbers(matrix, "The matrix")
    if matrix.ndim != 2 or len(matrix) != matrix.shape[-1] or not len(matrix):
        raise ValueError(f"A confusion matrix is square, (C, C), one row for each true class; got {matrix.shape}.")
    if not (np.isfinite(matrix).all() and (matrix >= 0).all()):
        raise ValueError("A confusion matrix counts: every entry must be finite and not negative.")
    count = len(matrix)
    called = [str(index) for index in range(count)] if labels is None else [str(label) for label in labels]
    if len(called) != count:
        raise ValueError(f"The matrix has {count} classes, but there are {len(called)} labels.")
    shares = matrix / np.maximum(matrix.sum(1, keepdims=True), 1e-300)
    side = min(6.0, 1.5 + 0.62 * count)
    (axes,) = _axes(ax, side + 0.4, side)
    right, wrong = np.array(_rgb("#006b4e")), np.array(_rgb("#8a3c00"))
    # Errors are rarer than hits: the root lets a share of some percent be seen.
    depth = np.sqrt(np.clip(shares, 0, 1))[..., None]
    target = np.where(np.eye(count, dtype=bool)[..., None], right, wrong)
    colours = (1 - depth) * np.array(_rgb("#f7f7f7")) + depth * target
    axes.imshow(colours, aspect="equal")
    size = 11 if count <= 6 else 9.5 if count <= 10 else 7
    for row in range(count if count <= 20 else 0):
        for column in range(count):
            entry = matrix[row, column]
            shade = "#" + "".join(f"{round(255 * part):02x}" for part in colours[row, column])
            text = f"{entry:,.0f}" if entry == round(entry) else style.number(float(f"{entry:.2g}"))
            axes.text(
                column, row, text if entry else "·", ha="center", va="center", fontsize=size, color=_ink_on(shade)
            )
    from matplotlib.patches import Rectangle

    for index in range(count):
        axes.add_patch(
            Rectangle((index - 0.5, index - 0.5), 1, 1, fill=False, edgecolor="#202020", linewidth=1.4, clip_on=False)
        )
    long = max(map(len, called)) > 4 and count > 4
    axes.set_xticks(range(count), called, rotation=45 if long else 0, ha="right" if long else "center")
    axes.set_yticks(range(count), called)
    axes.tick_params(length=0)
    axes.grid(False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_xlabel("predicted class")
    axes.set_ylabel("true class")
    total, errors = matrix.sum(), matrix * (1 - np.eye(count))
    row, column = divmod(int(np.argmax(errors)), count)
    worst = (
        f"most often confused: {called[row]} taken for {called[column]} ({style.number(errors[row, column])})"
        if errors.any()
        else "no errors"
    )
    hits = f"{100 * np.trace(matrix) / total:.3g} % on the diagonal" if total else "empty"
    style.describe(axes, f"Confusion matrix of {count} class{'es' if count > 1 else ''}: {hits}; {worst}.")
    return axes.figure
