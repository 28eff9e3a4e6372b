"""Widgets: the static twin, what a live one does, and that nothing of it is stored."""

from __future__ import annotations

import json
import subprocess
import sys
from types import SimpleNamespace

import pytest

from nnkit import widgets
from nnkit.draw import node_graph
from nnkit.widgets import base


def picture(x):
    return node_graph(SimpleNamespace(op="input", parents=(), value=x, name="x", trainable=False))


@pytest.mark.usefixtures("static")
def test_static_sliders_show_the_start(displayed, capsys):
    widgets.sliders(picture, x=(0, 4, 1))
    bundle = displayed[0]._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/plain"] == "Computation graph of f = x; f = 1; inputs x = 1.\nDrawn for x = 1."
    assert "<svg" in bundle["text/html"]
    assert ">Drawn for x = 1.</p>" in bundle["text/html"]
    assert capsys.readouterr() == ("", "")


@pytest.mark.usefixtures("static")
def test_static_graph_sliders_draw_the_graph(displayed):
    widgets.graph_sliders(lambda x, w: x * w, weights=["w"], gradients=True, x=(-5, 5, 2), w=(-5, 5, 3))
    assert "gradients x 3, w 2" in repr(displayed[0])


@pytest.mark.usefixtures("static")
def test_static_prediction_does_not_give_the_answer_away(displayed):
    widgets.predict("What is ∂c/∂a?", 4.25, "It is 4.25 because messages add up.", picture=picture(4.25))
    bundle = displayed[0]._repr_mimebundle_()
    assert "What is ∂c/∂a?" in bundle["text/plain"]
    assert "4.25" not in json.dumps(bundle)


@pytest.mark.usefixtures("static")
def test_static_never_loads_ipywidgets():
    code = (
        "import sys, nnkit.widgets as w\n"
        "w.predict('?', 1)\n"
        "w.graph_sliders(lambda x: x * x, x=(0, 1, 1))\n"
        "print('ipywidgets' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"
    assert done.stderr == ""


@pytest.mark.usefixtures("live")
def test_live_display_carries_its_static_twin(displayed):
    widgets.sliders(picture, x=(0, 4, 1))
    twin, moving = displayed
    assert set(twin) == {"text/html", "text/plain"}
    assert set(moving) == {"text/plain", "application/vnd.jupyter.widget-view+json"}
    assert "<svg" in twin["text/html"]
    widgets.predict("How much?", 7.75)  # no random name of an element holds a point
    assert "7.75" not in displayed[2]["text/html"] + displayed[2]["text/plain"]


def drawn(widget, **state):
    """What the page shows once its sliders stand at these values."""
    return widget.reply({"state": state})["html"]


def test_moving_a_slider_redraws(shown_moving):
    widget = shown_moving(widgets.sliders, picture, x=(0, 4, 1))
    assert "x = 1" in widget.setup["material"]["first"]["html"]
    assert "x = 3" in drawn(widget, x=3)


def test_an_error_while_drawing_becomes_a_sentence(shown_moving, capsys):
    def draw(x):
        if x == 0:
            raise ZeroDivisionError("1/x has no value <here>")
        return picture(1 / x)

    widget = shown_moving(widgets.sliders, draw, x=(0, 4, 1))
    said = drawn(widget, x=0)
    assert "This cannot be drawn at x = 0:" in said
    assert "1/x has no value &lt;here&gt; (ZeroDivisionError)" in said
    assert "Traceback" not in said
    assert "1/x has no value <here> (ZeroDivisionError)" in widget.reply({"state": {"x": 0}})["words"]
    assert "x = 0.5" in drawn(widget, x=2)
    assert capsys.readouterr() == ("", "")


def test_what_is_no_picture_is_told(shown_moving):
    with pytest.raises(TypeError, match="this one returned a float"):
        widgets.sliders(lambda x: x, x=(0, 4, 1))
    widget = shown_moving(widgets.sliders, lambda x: picture(x) if x < 2 else x, x=(0, 4, 1))
    assert "this one returned a float" in drawn(widget, x=3)


def test_what_a_page_asks_wrongly_is_told(shown_moving):
    widget = shown_moving(widgets.sliders, picture, x=(0, 4, 1))
    assert "x is a number from 0 to 4; got 9" in drawn(widget, x=9)
    assert "has no setting &#x27;y&#x27;" in drawn(widget, y=1)


def test_the_drawing_function_gets_floats_and_draws_once_for_the_start(shown_moving):
    given = []
    widget = shown_moving(
        widgets.sliders, lambda **values: given.append(values) or picture(1.0), n=(0, 8, 4, 1), w=(0, 1, 0.5)
    )
    assert [field.kind for field in widget.fields] == ["whole", "number"]
    drawn(widget, n=5, w=1)
    assert [list(values.items()) for values in given] == [[("n", 4.0), ("w", 0.5)], [("n", 5.0), ("w", 1.0)]]
    assert all(type(value) is float for values in given for value in values.values())


def test_axes_of_a_figure_that_a_function_returns_are_drawn_and_closed(shown_moving):
    import matplotlib.pyplot as plt

    def draw(x):
        _, axes = plt.subplots()
        axes.set_title(f"at {x:g}")
        return axes

    before = plt.get_fignums()
    widget = shown_moving(widgets.sliders, draw, x=(0, 4, 1))
    assert 'alt="Plot: at 3."' in drawn(widget, x=3)
    assert plt.get_fignums() == before


def test_the_line_beneath_makes_the_picture_again(shown_moving):
    widget = shown_moving(widgets.sliders, picture, x=(0, 4, 1))
    assert widget.again() == "widgets.sliders(picture, x=(0, 4, {x}, 0.1))"
    graph = shown_moving(
        widgets.graph_sliders, lambda x, w: x * w, weights=["w"], gradients=True, x=(0, 1, 0), w=(0, 1, 0)
    )
    assert graph.again().startswith("widgets.graph_sliders(…, weights=['w'], gradients=True, x=(0, 1, {x}, 0.01)")


def test_matplotlib_figures_are_drawn_too():
    from matplotlib.figure import Figure

    figure = Figure(figsize=(2, 1))
    figure.subplots().set_title("A step")
    assert 'alt="Plot: A step."' in base.picture_html(figure)


def test_commit_shows_the_readers_number_and_the_answer(shown_moving, capsys):
    drawn = picture(4.0)
    asked = shown_moving(widgets.predict, "What is ∂c/∂a?", 4, "Messages add up.", picture=drawn)
    assert "What is ∂c/∂a?" in asked.material()["question"]
    assert "there is nothing in the box yet" in asked.reply({"prediction": ""})["again"]
    assert "“many” cannot be read as one" in asked.reply({"prediction": "many"})["again"]
    assert asked.reply({"prediction": "−2"}) == {
        "yours": "−2",
        "answer": "4",
        "verdict": "a different number, the sign is the other one, and it is 6 too low",
        "explanation": "Messages add up.",
        "picture": drawn.html,
    }
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({}, "at least one range"),
        ({"x": 3}, r"is \(low, high, start\)"),
        ({"x": (0, 1)}, r"is \(low, high, start\)"),
        ({"x": (0, 1, 5)}, "low ≤ start ≤ high"),
        ({"x": (1, 1, 1)}, "low < high"),
        ({"x": (0, 1, 0, -1)}, "positive number"),
    ],
)
def test_wrong_ranges_are_told(limits, message):
    with pytest.raises(ValueError, match=message):
        widgets.sliders(picture, **limits)


def test_a_weight_without_a_range_is_told():
    with pytest.raises(ValueError, match="weights names 'w', which has no range"):
        widgets.graph_sliders(lambda x: x, weights=["w"], x=(0, 1, 0))


def test_an_executed_notebook_stores_no_widget_state(tmp_path, monkeypatch):
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    monkeypatch.setenv("NNKIT_STATIC", "1")
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [
        nbformat.v4.new_code_cell(
            "from nnkit import widgets\n"
            "widgets.graph_sliders(lambda x: x * x, x=(0, 2, 1))\n"
            "widgets.predict('What comes out?', 1)"
        )
    ]
    place = {"metadata": {"path": str(tmp_path)}}
    nbclient.NotebookClient(notebook, timeout=600, startup_timeout=600, resources=place).execute()
    assert "widget" not in json.dumps(notebook.metadata)
    outputs = notebook.cells[0].outputs
    assert [output.output_type for output in outputs] == ["display_data", "display_data"]
    assert all(set(output.data) == {"text/html", "text/plain"} for output in outputs)
