"""Plots: what is drawn is what the numbers say, it reads on light and dark, and it describes itself."""

from __future__ import annotations

import io
import sys

import matplotlib
import matplotlib.pyplot
import matplotlib.text
import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex

import nnkit
from nnkit import nn
from nnkit.draw import confusion, decision_regions, filters, learning_curves, loss_surface, style
from nnkit.training import History

HISTORY = History(
    loss=[2.0, 1.0, 0.5, 0.25],
    validation_loss=[2.2, 1.2, 0.9, 1.1],
    metrics={"accuracy": [0.3, 0.6, 0.8, 0.7]},
    lr=[0.1] * 4,
    best_epoch=2,
)


def words(axes):
    return [text.get_text() for text in axes.texts if text.get_text()]


def curve(line):
    return line.get_xdata().tolist(), np.asarray(line.get_ydata()).tolist()


def curves(axes):
    """The lines that are curves: a vertical line has two points at one place."""
    return [line for line in axes.lines if len(line.get_xdata()) != 2 or len(set(line.get_xdata())) != 1]


def pictures():
    points = np.random.default_rng(0).normal(size=(40, 2))
    yield learning_curves(HISTORY)
    yield learning_curves({"a": HISTORY, "b": [3.0, np.nan, 1.0]}, log=True)
    yield learning_curves(History())
    yield decision_regions(lambda p: p[:, 0] > 0, points, points[:, 0] > 0)
    yield loss_surface(lambda x, y: x**2 + y**2, (-1, 1), (-1, 1), paths={"SGD": [[1, 1], [0, 0]]}, minimum=(0, 0))
    yield filters(np.ones((4, 3, 3)), titles=list("abcd"))
    yield confusion([[5, 1], [0, 4]])


def test_every_picture_is_ink_on_white_and_describes_itself():
    """So it reads wherever it is shown as it is; nothing is left in pyplot."""
    before = dict(matplotlib.rcParams)
    for figure in pictures():
        assert to_hex(figure.get_facecolor()).upper() == style.COLOURS["page"]
        for axes in figure.axes:
            inks = {to_hex(text.get_color()) for text in (axes.xaxis.label, axes.yaxis.label, *axes.get_xticklabels())}
            outside = [text for text in axes.texts if text.get_bbox_patch() is None and not axes.images]
            legend = axes.get_legend()
            inks |= {to_hex(text.get_color()) for text in [*outside, *(legend.get_texts() if legend else [])]}
            assert inks == {style.COLOURS["ink"]}, (axes, inks)
        shown = style.caption(figure)
        assert shown.alt.endswith(".")
        assert shown.png.startswith(b"\x89PNG")
    assert matplotlib.pyplot.get_fignums() == []
    assert dict(matplotlib.rcParams) == before


def test_a_figure_shows_itself_once_with_its_alt_text():
    bundle = learning_curves([2.0, 1.0])._repr_mimebundle_()
    assert bundle["text/plain"] == "Learning curves, loss over 2 steps: from 2 to 1."
    assert bundle["text/plain"] in bundle["text/html"]


# --------------------------------------------------------------------------------------------------- learning curves


def test_a_history_shows_losses_and_metrics():
    losses, accuracy = learning_curves(HISTORY).axes
    training, validation = curves(losses)
    assert curve(training) == ([1, 2, 3, 4], HISTORY.loss)
    assert curve(validation) == ([1, 2, 3, 4], HISTORY.validation_loss)
    assert training.get_linestyle() != validation.get_linestyle()
    assert words(losses) == ["least: epoch 3", "training", "validation"]
    assert (losses.get_xlabel(), losses.get_ylabel(), accuracy.get_ylabel()) == ("epoch", "loss", "accuracy")
    assert curve(accuracy.lines[0]) == ([1, 2, 3, 4], HISTORY.metrics["accuracy"])
    low, high = losses.get_xlim()
    assert low < 1 < 4 < high


def test_several_curves_are_labelled_at_their_ends():
    named = {f"lr = {rate}": [1.0, rate] for rate in (0.5, 0.501, 0.502, 0.9, 0.1)}
    figure = learning_curves(named)
    axes = figure.axes[0]
    assert sorted(words(axes)) == sorted(named)
    figure.draw_without_rendering()
    boxes = [matplotlib.text.Text.get_window_extent(text) for text in axes.texts]  # without the leader
    assert not any(one.overlaps(other) for i, one in enumerate(boxes) for other in boxes[:i])
    assert all(box.x0 > axes.bbox.x1 for box in boxes)
    styles = {(line.get_color(), line.get_linestyle(), line.get_marker()) for line in axes.lines}
    assert len(styles) == 5
    assert axes.get_xlabel() == "step"
    assert learning_curves(named, unit="batch").axes[0].get_xlabel() == "batch"


def test_every_metric_gets_its_panel():
    metrics = {"accuracy": [0.5, 0.6], "recall": [0.1, 0.2]}
    figure = learning_curves(History(loss=[2.0, 1.0], metrics=metrics, lr=[0.1] * 2, best_epoch=1))
    assert [axes.get_ylabel() for axes in figure.axes] == ["loss", "accuracy", "recall"]


def test_several_histories_and_lists_stand_together():
    losses, accuracy = learning_curves({"Adam": HISTORY, "SGD": [2.0, 1.9]}).axes
    assert sorted(words(losses)) == ["Adam, training", "Adam, validation", "SGD"]
    assert words(accuracy) == ["Adam"]
    assert losses.get_xlabel() == "epoch"


def test_what_is_not_finite_is_a_gap_and_said():
    figure = learning_curves({"a": [3, 2, np.nan, 1], "b": [3, 9, np.inf, np.nan], "c": [np.nan]})
    axes = figure.axes[0]
    assert "a\n(gaps: not finite)" in words(axes)
    assert "b\n(not finite from step 3 on)" in words(axes)
    assert "c\nnothing to draw (not finite from step 1 on)" in words(axes)
    a, b = axes.lines
    assert np.isnan(a.get_ydata()).tolist() == [False, False, True, False]
    assert np.isnan(b.get_ydata()).tolist() == [False, False, True, True]
    assert b.get_markevery() == [1]
    assert np.isfinite(axes.get_ylim()).all()


def test_a_logarithmic_scale_leaves_out_what_is_0_or_less_and_says_so():
    axes = learning_curves({"a": [1.0, 0.1, 0.0], "b": [2.0, -1.0, 1.0]}, log=True).axes[0]
    assert axes.get_yscale() == "log"
    assert words(axes) == ["a\n(0 or less from step 3 on)", "b\n(gaps: 0 or less)"]
    losses, accuracy = learning_curves(HISTORY, log=True).axes
    assert (losses.get_yscale(), accuracy.get_yscale()) == ("log", "linear")
    style.caption(learning_curves([0.0, -1.0], log=True))


def test_a_loss_before_the_first_step_stands_at_0():
    figure = learning_curves({"a": [4.0, 2.0, np.nan]}, unit="epoch", start=0)
    axes = figure.axes[0]
    assert axes.lines[0].get_xdata().tolist() == [0, 1, 2]
    assert words(axes) == ["a\n(not finite from epoch 2 on)"]
    assert axes.get_xlim()[0] < 0 < 2 < axes.get_xlim()[1]


def test_one_epoch_is_a_mark_and_none_a_sentence():
    axes = learning_curves(History(loss=[1.0], lr=[0.1], best_epoch=0)).axes[0]
    assert axes.lines[0].get_marker() not in ("", "None", None)
    assert axes.get_xlim()[0] < 1 < axes.get_xlim()[1]
    assert words(learning_curves(History()).axes[0]) == ["Nothing to draw: no epoch was finished."]
    assert words(learning_curves([np.nan, np.inf]).axes[0])[-1] == "Nothing to draw: no finite value."


def test_a_history_draws_itself():
    assert HISTORY.draw(log=True).axes[0].get_yscale() == "log"
    _, given = matplotlib.pyplot.subplots()
    assert HISTORY.draw(ax=given) is given.figure
    matplotlib.pyplot.close(given.figure)
    bundle = HISTORY._repr_mimebundle_()
    assert bundle["text/plain"] == repr(HISTORY)
    assert "<img" in bundle["text/html"]
    assert History()._repr_mimebundle_() == {"text/plain": repr(History())}


def test_a_history_without_matplotlib_shows_words(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert HISTORY._repr_mimebundle_() == {"text/plain": repr(HISTORY)}


def test_learning_curves_refuse_what_is_no_curve():
    with pytest.raises(ValueError, match="There is no curve to draw"):
        learning_curves({})
    with pytest.raises(ValueError, match=r"'?a'? has shape \(2, 2\)"):
        learning_curves({"a": np.ones((2, 2))})
    with pytest.raises(TypeError, match="The curve 'a' must be numbers, got str"):
        learning_curves({"a": "falling"})
    with pytest.raises(TypeError, match="ax is one matplotlib Axes"):
        learning_curves([1.0], ax=3)


# -------------------------------------------------------------------------------------------------- decision regions

X = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])


def region(axes, x, y):
    """The colour of the region at a point, without its transparency."""
    image = axes.images[0]
    left, right, bottom, top = image.get_extent()
    pixels = image.get_array()
    row = int((y - bottom) / (top - bottom) * len(pixels))
    column = int((x - left) / (right - left) * pixels.shape[1])
    return to_hex(pixels[row, column, :3]).upper()


@pytest.mark.parametrize(
    ("predict", "y"),
    [
        (lambda p: (p[:, 0] > 0).astype(int), [0, 0, 1, 1]),
        (lambda p: p[:, 0] > 0, [0, 0, 1, 1]),
        (lambda p: p[:, 0], [0, 0, 1, 1]),
        (lambda p: p[:, :1], [-1, -1, 1, 1]),
        (lambda p: 1 / (1 + np.exp(-p[:, 0])), [0, 0, 1, 1]),
        (lambda p: 0.1 * p[:, 0], [-1, -1, 1, 1]),
        (lambda p: np.stack([-p[:, 0], p[:, 0]], axis=1), [0, 0, 1, 1]),
        (lambda p: nnkit.tensor(np.stack([-p[:, 0], p[:, 0]], axis=1), requires_grad=True), [0, 0, 1, 1]),
        (lambda p: np.where(p[:, 0] > 0, "right", "left"), ["left", "left", "right", "right"]),
        (lambda p: np.where(p[:, 0] > 0, 1.0, 0.0), [0, 0, 1, 1]),
    ],
)
def test_regions_are_what_predict_says(predict, y):
    figure = decision_regions(predict, X, np.array(y))
    (axes,) = figure.axes
    assert region(axes, -0.5, 0.7) == style.COLOURS["input"]
    assert region(axes, 0.5, -0.7) == style.COLOURS["second"]
    assert "4 of the 4 samples" in style.caption(figure).alt
    samples = [points for points in axes.collections if isinstance(points, PathCollection)]
    assert [len(points.get_offsets()) for points in samples] == [2, 2]
    assert len({word[0] for word in words(axes)}) == 2  # a sign of its own for each class


def test_predict_is_asked_in_the_dtype_of_the_samples():
    model = nn.Linear(2, 2)
    for given in (X.astype(np.float32), nnkit.from_numpy(X.astype(np.float32))):
        decision_regions(lambda p: model(nnkit.from_numpy(p)), given, np.array([0.0, 0.0, 1.0, 1.0]))
    seen = set()
    axes = decision_regions(lambda p: seen.add(p.dtype) or p[:, 0] > 0, X.astype(int), [0.0, 0.0, 1.0, 1.0]).axes[0]
    assert seen == {np.dtype(float)}
    assert words(axes) == ["● class 0", "■ class 1"]


def test_three_classes_get_names_in_their_regions():
    centres = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]])
    points = np.repeat(centres, 5, axis=0) + np.random.default_rng(0).normal(size=(15, 2)) * 0.3
    figure = decision_regions(
        lambda p: -((p[:, None] - centres) ** 2).sum(-1), points, np.repeat([0, 1, 2], 5), names=["a", "b", "c"]
    )
    (axes,) = figure.axes
    assert words(axes) == ["● a", "■ b", "▲ c"]
    for text, centre, colour in zip(axes.texts, centres, ("input", "second", "target"), strict=True):
        assert region(axes, *centre) == style.COLOURS[colour]
        x, y = text.get_position()
        assert np.argmin(((centres - (x, y)) ** 2).sum(1)) == words(axes).index(text.get_text())
        face = to_hex(text.get_bbox_patch().get_facecolor())
        assert style.contrast(to_hex(text.get_color()), face) > 4.5
    low, high = axes.get_xlim(), axes.get_ylim()
    assert low[0] < points[:, 0].min()
    assert high[1] > points[:, 1].max()


@pytest.mark.parametrize(("border", "named"), [(0.95, ["● class 0", "■ class 1"]), (1.19, ["● class 0"])])
def test_a_region_too_small_for_its_name_has_none(border, named):
    points = np.array([[-1.0, -1.0], [1.0, 1.0], [0.0, 0.5], [0.0, 0.0]])
    axes = decision_regions(lambda p: p[:, 0] > border, points, np.array([0, 1, 0, 0])).axes[0]
    assert words(axes) == named


def test_names_stay_inside_small_panels():
    figure, panels = matplotlib.pyplot.subplots(1, 3, figsize=(7.5, 2.4), layout="constrained")
    for axes in panels:
        decision_regions(lambda p: p[:, 0] > 0, X, [0, 0, 1, 1], ax=axes)
    figure.draw_without_rendering()
    for axes in panels:
        for text in axes.texts:
            box, inside = text.get_window_extent(), axes.get_window_extent()
            assert inside.x0 <= box.x0
            assert box.x1 <= inside.x1
    shown = style.caption(figure)
    assert shown.alt.count("Decision regions of 2 classes") == 3


def test_a_threshold_moves_the_border_and_a_module_is_asked_in_evaluation_mode():
    axes = decision_regions(lambda p: p[:, 0], X, [0, 0, 1, 1], threshold=0.9).axes[0]
    assert region(axes, 0.5, 0) == style.COLOURS["input"]
    alike = decision_regions(lambda p: 0 * p[:, 0] + 0.2, X, [-1, -1, 1, 1])  # where classes are −1 and 1 it lies at 0
    assert "class 1 fills 100 %" in style.caption(alike).alt
    model = nn.Sequential(nn.Linear(2, 2), nn.Dropout(0.5))
    with nnkit.no_grad():
        model[0].weight[...] = nnkit.tensor([[-1.0, 0.0], [1.0, 0.0]])
        model[0].bias[...] = 0.0
    axes = decision_regions(model, nnkit.tensor(X), nnkit.tensor([0, 0, 1, 1])).axes[0]
    assert region(axes, 0.5, 0) == style.COLOURS["second"]
    assert "class 0 fills 50 % of it, class 1 fills 50 %; 4 of the 4" in style.caption(axes).alt
    assert model.training
    assert decision_regions(lambda p: np.zeros(len(p), int), X, [0, 0, 1, 1]).axes[0].texts[0].get_text() == "● class 0"


def test_a_class_counts_that_has_no_samples_or_no_region():
    """Of three scores the third never wins; of one class seen, the other still has its region."""
    scores = lambda p: np.stack([p[:, 0], -p[:, 0], 0 * p[:, 0] - 9], axis=1)  # noqa: E731
    figure = decision_regions(scores, X, [1, 1, 0, 0])
    assert words(figure.axes[0]) == ["● class 0", "■ class 1"]
    assert "class 2 fills 0 %" in style.caption(figure).alt
    assert words(decision_regions(lambda p: p[:, 0], X, [1, 1, 1, 1]).axes[0]) == ["● class 0", "■ class 1"]
    with pytest.raises(ValueError, match="scores of 2 classes, but y has 3"):
        decision_regions(lambda p: p, X, [0, 1, 2, 2])


def test_regions_refuse_shapes_that_do_not_fit():
    with pytest.raises(ValueError, match=r"X must have shape \(N, 2\), got \(4, 3\)"):
        decision_regions(np.sign, np.ones((4, 3)), [0] * 4)
    with pytest.raises(ValueError, match="every number in X must be finite"):
        decision_regions(np.sign, X * np.nan, [0, 0, 1, 1])
    with pytest.raises(ValueError, match=r"one label for each of the 4 samples of X; it has shape \(3,\)"):
        decision_regions(np.sign, X, [0, 1, 1])
    with pytest.raises(ValueError, match=r"it returned shape \(\)"):
        decision_regions(np.mean, X, [0, 0, 1, 1])
    with pytest.raises(ValueError, match=r"predict must return labels or \(N, 3\) scores"):
        decision_regions(lambda p: p[:, 0], X, [0, 1, 2, 2])
    with pytest.raises(ValueError, match="2 classes, 0 and 1, but 3 names"):
        decision_regions(lambda p: p[:, 0] > 0, X, [0, 0, 1, 1], names=["a", "b", "c"])


# ------------------------------------------------------------------------------------------------------ loss surface


def bowl(x, y):
    return x**2 + 4 * y**2


def test_paths_on_a_surface_are_drawn_from_point_to_point_and_told_in_words():
    path = [[2.0, 1.0], [1.0, 0.2], [0.5, 0.0]]
    figure = loss_surface(bowl, (-3, 3), (-2, 2), paths={"SGD": path, "Adam": path[:1]}, minimum=(0, 0))
    (axes,) = figure.axes
    assert (axes.get_xlim(), axes.get_ylim()) == ((-3, 3), (-2, 2))
    assert [curve(line) for line in axes.lines if len(line.get_xdata()) == 3] == [([2.0, 1.0, 0.5], [1.0, 0.2, 0.0])]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["minimum", "SGD", "Adam"]
    alt = style.caption(figure).alt
    assert "values from 0 to 25" in alt
    assert "SGD goes in 2 steps from (2, 1) to (0.5, 0)." in alt
    assert "Adam goes in 0 steps" in alt


def test_a_path_keeps_its_look_from_picture_to_picture():
    paths = {"a": [[0, 0], [0.5, 0], [0.5, 0.5]], "b": [[1, 1], [0, 1], [0, 0]]}
    looks = {"b": (style.COLOURS["target"], "--", "D")}
    axes = loss_surface(bowl, (-1, 2), (-1, 2), paths=paths, looks=looks).axes[0]
    a, ring_a, b, ring_b = axes.lines
    assert (b.get_color(), b.get_linestyle(), b.get_marker()) == looks["b"]
    assert (ring_a.get_color(), ring_b.get_color()) == (a.get_color(), b.get_color())
    assert a.get_color() != b.get_color()


def levels(figure):
    return figure.axes[0].collections[-1].levels


def test_levels_are_round_and_grow_where_the_function_does():
    even = levels(loss_surface(bowl, (-3, 3), (-2, 2)))
    assert np.allclose(np.diff(even), even[1] - even[0])
    steep = levels(loss_surface(lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2, (-2, 2), (-1, 3)))
    assert steep[-1] / steep[-2] >= 2
    assert 5 <= len(steep) <= 12
    assert levels(loss_surface(bowl, (-3, 3), (-2, 2), levels=[1, 4, 9])).tolist() == [1, 4, 9]


def test_a_surface_may_be_flat_or_have_holes_and_a_path_may_leave_it():
    style.caption(loss_surface(lambda x, y: 0 * x + 3, (0, 1), (0, 1)))
    style.caption(loss_surface(lambda x, y: np.log(x) + y, (-1, 1), (-1, 1)))
    figure = loss_surface(bowl, (-1, 1), (-1, 1), paths={"a": [[0.5, 0.5], [9, 9], [np.nan, 0], [0, 0]]})
    assert "a goes in 1 step from (0.5, 0.5) to (9, 9), partly outside the picture." in style.caption(figure).alt


def test_surfaces_refuse_what_does_not_fit():
    with pytest.raises(ValueError, match=r"The range of x must be \(low, high\)"):
        loss_surface(bowl, (1, 1), (0, 1))
    with pytest.raises(ValueError, match=r"A path is an array of points, of shape \(n, 2\); 'a' has shape \(2, 3\)"):
        loss_surface(bowl, (0, 1), (0, 1), paths={"a": np.ones((2, 3))})
    with pytest.raises(ValueError, match=r"np\.vectorize"):
        loss_surface(lambda x, y: 1.0, (0, 1), (0, 1))
    with pytest.raises(ValueError, match="no finite value"):
        loss_surface(lambda x, y: x * np.nan, (0, 1), (0, 1))
    with pytest.raises(ValueError, match="number of contour lines, at least 1"):
        loss_surface(bowl, (0, 1), (0, 1), levels=0)


# --------------------------------------------------------------------------------------------------------- filters


def luminance(image, value):
    colour = to_hex(image.cmap(image.norm(value)))
    return style.contrast(colour, "#000000")


def test_filters_share_one_symmetric_scale_that_grey_shows_too():
    weights = np.zeros((6, 1, 3, 2))
    weights[2, 0, 1, 1] = -4.0
    axes = filters(nnkit.tensor(weights), columns=3).axes[0]
    assert len(axes.images) == 6
    assert {image.get_clim() for image in axes.images} == {(-4.0, 4.0)}
    steps = [luminance(axes.images[0], value) for value in np.linspace(-4, 4, 33)]
    assert steps == sorted(steps)  # sign is brightness, not colour alone
    extents = [image.get_extent() for image in axes.images]
    assert len({round(left, 6) for left, *_ in extents}) == 3
    assert np.array_equal(axes.images[2].get_array(), weights[2, 0])
    assert style.caption(axes).alt.startswith("6 filters of 3 × 2 weights as images, from −4 (dark)")


def test_channels_stand_in_a_row_and_titles_beside():
    axes = filters(np.ones((2, 3, 5, 5)), titles=["edge", "blob"]).axes[0]
    assert len(axes.images) == 6
    assert words(axes) == ["edge", "blob"]
    assert len({image.get_extent()[3] for image in axes.images}) == 2
    _, given = matplotlib.pyplot.subplots()
    assert filters(np.zeros((1, 2, 2)), ax=given) is given.figure
    matplotlib.pyplot.close(given.figure)


def test_filters_refuse_what_does_not_fit():
    with pytest.raises(ValueError, match=r"\(F, H, W\) or \(F, C, H, W\), got \(3, 3\)"):
        filters(np.ones((3, 3)))
    with pytest.raises(ValueError, match="2 filters, but 1 titles"):
        filters(np.ones((2, 3, 3)), titles=["a"])
    with pytest.raises(ValueError, match="not finite"):
        filters(np.full((1, 2, 2), np.nan))
    with pytest.raises(ValueError, match="at least 1; got 0"):
        filters(np.ones((1, 2, 2)), columns=0)


# -------------------------------------------------------------------------------------------------------- confusion


def test_every_count_is_readable_in_its_cell():
    matrix = np.array([[50, 3, 0], [2, 44, 4], [0, 9, 1041]])
    figure = confusion(matrix, labels=["cat", "dog", "robot"])
    (axes,) = figure.axes
    assert words(axes) == ["50", "3", "·", "2", "44", "4", "·", "9", "1,041"]
    colours = axes.images[0].get_array()
    for text in axes.texts:
        column, row = (int(place) for place in text.get_position())
        assert style.contrast(to_hex(text.get_color()), to_hex(colours[row, column])) >= 4.5
    assert [label.get_text() for label in axes.get_xticklabels()] == ["cat", "dog", "robot"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("predicted class", "true class")
    assert style.caption(figure).alt == (
        "Confusion matrix of 3 classes: 98.4 % on the diagonal; most often confused: robot taken for dog (9)."
    )


def test_any_shade_of_a_cell_leaves_its_number_readable():
    for share in np.linspace(0, 1, 41):
        axes = confusion([[share, 1 - share], [1 - share, share]]).axes[0]
        colours = axes.images[0].get_array()
        for text in axes.texts:
            column, row = (int(place) for place in text.get_position())
            assert style.contrast(to_hex(text.get_color()), to_hex(colours[row, column])) >= 4.5


def test_a_confusion_matrix_may_hold_shares_many_classes_or_nothing():
    assert words(confusion([[0.75, 0.25], [0, 1.0]]).axes[0]) == ["0.75", "0.25", "·", "1"]
    assert words(confusion(np.eye(26)).axes[0]) == []
    assert "no errors" in style.caption(confusion(np.eye(3))).alt
    assert "empty" in style.caption(confusion(np.zeros((2, 2)))).alt


def test_confusion_refuses_what_is_no_confusion():
    with pytest.raises(ValueError, match=r"square, \(C, C\), one row for each true class; got \(2, 3\)"):
        confusion(np.ones((2, 3)))
    with pytest.raises(ValueError, match="not negative"):
        confusion([[1, -1], [0, 1]])
    with pytest.raises(ValueError, match="2 classes, but there are 3 labels"):
        confusion(np.eye(2), labels=["a", "b", "c"])


def test_the_same_numbers_give_the_same_bytes():
    one, other = (style.caption(learning_curves(HISTORY)).png for _ in range(2))
    assert one == other
    assert io.BytesIO(one).read(8) == b"\x89PNG\r\n\x1a\n"
