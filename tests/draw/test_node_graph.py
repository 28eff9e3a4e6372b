"""node_graph, layout and the SVG itself: nothing here needs the engine."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_geometry import faults, read

from nnkit.draw import Picture, node_graph, style
from nnkit.draw.layout import Link, Vertex, crossings, layers, place, spread
from nnkit.draw.svg import Diagram, Part, Wire, render, text_width


def node(op, *parents, value=None, name="", trainable=False):
    return SimpleNamespace(op=op, parents=parents, value=value, name=name, trainable=trainable)


def first_example():
    x1, x2 = node("input", value=3.0, name="x1"), node("input", value=-2.0, name="x2")
    weights = [node("input", value=v, name=f"theta{i}", trainable=True) for i, v in enumerate((4.0, 5.0, 1.0), 1)]
    left, right = node("mul", x1, weights[0], value=12.0), node("mul", x2, weights[1], value=-10.0)
    return node("add", node("add", left, right, value=2.0), weights[2], value=3.0)


def diamond():
    a = node("input", value=3.0, name="a")
    b = node("add", a, a, value=6.0, name="b")
    return node("add", b, b, value=12.0)


@st.composite
def diagrams(draw):
    """A random graph with named and unnamed parts, repeated arguments, long links, sums and wide labels."""
    leaves = draw(st.integers(1, 6))
    operations = draw(st.integers(1, 12))
    labels = st.sampled_from(["", "2", "−0.197", "1.23·10⁻⁴", "[1, −2, 0.5]", "128×784"])
    parts = []
    for index in range(leaves):
        kind = draw(st.sampled_from(["input", "weight", "target", "constant"]))
        parts.append(Part(kind, draw(st.sampled_from([f"x{index}", ""])), "", draw(labels)))
    wires = []
    unused = set(range(leaves))
    for _ in range(operations):
        index = len(parts)
        count = draw(st.integers(1, 3))
        chosen = [draw(st.integers(0, index - 1)) for _ in range(count)]
        symbol = draw(st.sampled_from(["+", "×", "σ", "sin", "(·)²", "softmax", "log_softmax"]))
        parts.append(Part("operation", draw(st.sampled_from(["", "h", "ŷ"])), symbol, "1"))
        wires.extend(Wire(source, index, draw(labels), draw(labels)) for source in chosen)
        unused = (unused - set(chosen)) | {index}
    # Whatever is left over joins in one last operation: a graph has one result.
    index = len(parts)
    parts.append(Part("operation", "", "Σ", "1"))
    wires.extend(Wire(source, index, draw(labels), draw(labels)) for source in sorted(unused))
    for part in parts:
        part.sum = draw(st.sampled_from(["", "", "2 + 2 = 4", "−0.746 − 0.436 − 4.5 = −5.68"]))
    parts[-1].active = draw(st.booleans())
    parts.append(Part("result", "f"))
    wires.append(Wire(index, index + 1, "1", "1"))
    return Diagram(parts, wires, title=draw(st.sampled_from(["", "A graph"])), legend=draw(st.booleans()))


@pytest.mark.parametrize(
    ("drawn", "fault"),
    [
        ('<text x="50" y="40" font-size="13">one</text><text x="52" y="44" font-size="13">two</text>', "overlap"),
        ('<text x="2" y="40" font-size="13">long</text>', "cut off"),
        ('<text x="50" y="40" font-size="13">one</text><path class="edge" d="M10 38L90 36"/>', "runs through 'one'"),
        ('<rect class="shape" x="30" y="20" width="40" height="30"/><path class="edge" d="M10 38L90 36"/>', "a shape"),
        ('<rect class="shape" x="45" y="20" width="40" height="30"/><text x="50" y="40" font-size="13">one</text>',
         "into a shape"),
        ('<rect class="shape" x="5" y="5" width="40" height="30"/><rect class="shape" x="40" y="20" width="9" '
         'height="9"/>', "two shapes overlap"),
    ],
)  # fmt: skip
def test_what_overlaps_is_seen_by_what_measures_the_pictures(drawn, fault):
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="80"><g transform="translate(0 0)">{}</g></svg>'
    (found,) = faults(svg.format(drawn))
    assert fault in found


@settings(max_examples=60)
@given(diagrams())
def test_nothing_overlaps_and_everything_is_there(diagram):
    picture = render(diagram)
    assert faults(picture.svg) == []
    drawn = read(picture.svg)
    assert len(drawn.lines) == len(diagram.wires)
    assert len(drawn.shapes) == sum(part.kind != "result" for part in diagram.parts)
    assert sorted(box.what for box in drawn.values) == sorted(wire.value for wire in diagram.wires if wire.value)
    below = [wire.gradient for wire in diagram.wires] + [part.sum for part in diagram.parts]
    assert sorted(box.what for box in drawn.gradients) == sorted(text for text in below if text)


@settings(max_examples=30)
@given(diagrams())
def test_the_same_diagram_gives_the_same_bytes(diagram):
    assert render(diagram).svg == render(diagram).svg


@pytest.mark.parametrize("build", [first_example, diamond, lambda: node("input", value=2.0, name="x")])
def test_pictures_of_the_course_are_free_of_overlaps(build):
    picture = node_graph(build(), legend=False)
    assert isinstance(picture, Picture)
    assert faults(picture.svg) == []
    assert picture.svg == node_graph(build()).svg


def test_first_example_shows_every_node_and_value():
    picture = node_graph(first_example(), title="The first example", legend=True)
    words = [box.what for box in read(picture.svg).texts]
    for expected in ("x₁ = 3", "x₂ = −2", "θ₁ = 4", "θ₂ = 5", "θ₃ = 1", "12", "−10", "×", "+", "f"):
        assert expected in words
    assert picture.alt == (
        "Computation graph of f = x₁ × θ₁ + x₂ × θ₂ + θ₃; f = 3; operations × (2 times), + (2 times); "
        "inputs x₁ = 3, x₂ = −2; weights θ₁ = 4, θ₂ = 5, θ₃ = 1."
    )


def test_a_picture_says_what_it_shows_in_its_title_and_its_description():
    picture = node_graph(diamond(), result="c", title="Reuse & <sums>")
    assert 'role="img"' in picture.svg
    assert "<title>Reuse &amp; &lt;sums&gt;</title>" in picture.svg
    assert f"<desc>{picture.alt}</desc>" in picture.svg
    bundle = picture._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/plain"] == repr(picture) == picture.alt
    assert (
        picture.alt == "Computation graph of c = b + b, b = a + a; c = 12; operations + (2 times); inputs a = 3; "
        "values b = 6."
    )


def test_two_links_between_the_same_nodes_run_apart():
    drawn = read(node_graph(diamond()).svg)
    first, second = drawn.lines[0], drawn.lines[1]
    assert max(abs(one[1] - other[1]) for one, other in zip(first, second, strict=True)) > 25
    assert abs(first[-1][1] - second[-1][1]) > 10  # each has an arrow head of its own


def test_weights_differ_from_inputs_by_more_than_colour():
    weight = node_graph(node("input", value=1.0, name="w", trainable=True)).svg
    given_input = node_graph(node("input", value=1.0, name="w")).svg
    assert weight.count("<rect") == given_input.count("<rect") + 1
    assert "<circle" in weight
    assert "<circle" not in given_input


def test_values_not_computed_yet_leave_the_edges_bare():
    x, y = node("input", name="x"), node("input", name="y")
    picture = node_graph(node("mul", x, y))
    assert read(picture.svg).values == []
    assert picture.alt == "Computation graph of f = x × y; operations ×; inputs x, y."


def test_a_power_shows_its_exponent():
    power = node("pow", node("input", value=3.0, name="x"), value=9.0)
    assert "(·)ⁿ" in node_graph(power).svg
    power.exponent = 2
    assert "x²; f = 9;" in node_graph(power).alt
    power.value = 2
    assert "x²; operations" in node_graph(power).alt  # the exponent it was made with is not its result


def test_ink_comes_from_the_page():
    picture = node_graph(first_example(), legend=True)
    body = picture.body.lower()
    assert "currentcolor" in body
    for ink in ("#000", "#222", "#fff", "black", "white"):
        assert ink not in body
    assert not re.search(r"""(fill|stroke)="#""", body)  # a colour of its own would not follow the page's theme
    assert "currentColor" in picture.html
    assert "--jp-content-font-color1" in picture.html
    assert "prefers-color-scheme:dark" in picture.svg
    assert "url(" not in picture.svg
    assert "http" not in picture.svg.replace("http://www.w3.org/2000/svg", "")
    assert " id=" not in picture.svg


def test_weights_bright_orange_is_never_the_only_mark():
    """It reads on near-black but not on white: it fills what ink or the weights' darker colour borders."""
    assert style.contrast(style.COLOURS["weight-area"], style.COLOURS["page"]) < 3.0
    body = node_graph(node("input", value=1.0, name="w", trainable=True)).body
    area = style.colour("weight-area")
    assert area in body
    assert not re.search(f'<text[^>]*{re.escape(area)}|stroke="{re.escape(area)}', body)
    for shape in re.findall(f'<[^>]*fill="{re.escape(area)}"[^>]*>', body):
        assert f'stroke="{style.colour("weight")}"' in shape or 'stroke="currentColor"' in shape
    assert body.index('stroke="currentColor"') < body.index(area)


def test_estimated_text_widths_are_on_the_wide_side():
    """Measured against DejaVu Sans, the widest of the fonts in the list."""
    ft2font = pytest.importorskip("matplotlib.ft2font")
    from matplotlib.font_manager import findfont

    font = ft2font.FT2Font(findfont("DejaVu Sans"))
    font.set_size(13, 72)
    for words in ("−0.197", "x₁ = 3", "θ₂ = −12.5", "1.23·10⁻⁴", "[1, −2]", "128×784", "log_softmax", "2 + 2 = 4", "W₁",
                  "(·)²", "weight (trainable)", "above a line: value"):  # fmt: skip
        font.set_text(words)
        assert text_width(words, 13) >= font.get_width_height()[0] / 64 * 0.99, words


def test_save_writes_the_file_whole_or_not_at_all(tmp_path):
    picture = node_graph(diamond())
    picture.save(tmp_path / "diamond.svg")
    assert (tmp_path / "diamond.svg").read_text(encoding="utf-8") == picture.svg + "\n"
    with pytest.raises(ValueError, match=r"expected a name ending in \.svg, got 'diamond\.png'"):
        picture.save(tmp_path / "diamond.png")
    assert [path.name for path in tmp_path.iterdir()] == ["diamond.svg"]


def test_needs_no_program_and_no_network(monkeypatch):
    def refuse(*arguments, **options):
        raise AssertionError("drawing reached outside")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(subprocess, "Popen", refuse)
    monkeypatch.setenv("PATH", "")
    assert "<svg" in node_graph(first_example()).svg


def test_a_graph_that_leads_back_to_itself_is_refused():
    one = node("add", node("input", value=1.0))
    two = node("add", one)
    one.parents = (two,)
    with pytest.raises(ValueError, match="leads back to itself"):
        node_graph(two)


def test_a_node_without_the_expected_attributes_is_refused():
    with pytest.raises(TypeError, match="trainable"):
        node_graph(SimpleNamespace(op="input", parents=(), value=1.0, name="x"))


def test_a_graph_too_large_to_read_is_refused():
    chain = node("input", value=1.0)
    for _ in range(300):
        chain = node("sin", chain, value=0.5)
    with pytest.raises(ValueError, match="more than 200 nodes"):
        node_graph(chain)


def test_layers_put_every_node_next_to_its_first_use():
    assert layers(5, [Link(0, 2), Link(1, 2), Link(2, 4), Link(3, 4)]) == [0, 0, 1, 1, 2]


def test_spread_keeps_distance_and_moves_little():
    places = spread([0.0, 1.0, 1.0, 50.0], [10.0, 10.0, 10.0], [1.0, 1.0, 1.0, 1.0])
    assert all(lower - upper >= 10.0 - 1e-9 for upper, lower in pairwise(places))
    assert places[3] == 50.0
    assert sum(places[:3]) == pytest.approx(2.0)


def test_a_tree_is_drawn_without_crossings():
    vertices = [Vertex(20, 10, 10) for _ in range(7)]
    links = [Link(3, 5), Link(0, 4), Link(2, 5), Link(1, 4), Link(5, 6), Link(4, 6)]
    placed = place(vertices, links)
    columns = {}
    for path in placed.paths:
        for item in path:
            columns.setdefault(item.column, {})[id(item)] = item
    ordered = [sorted(columns[index].values(), key=lambda item: item.y) for index in sorted(columns)]
    assert crossings(ordered) == 0


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0, "0"), (-0.0, "0"), (24, "24"), (-0.19661, "−0.197"), (1024.0, "1024"), (0.1 + 0.2, "0.3"),
        (2.9999999, "3"),
        (99999.0, "1·10⁵"), (6472704, "6.47·10⁶"), (-0.00012, "−1.2·10⁻⁴"), (float("nan"), "nan"),
        (float("-inf"), "−∞"), (999.7, "1000"), (1234.56, "1235"), (True, "1"),
    ],
)  # fmt: skip
def test_numbers_have_three_significant_digits_and_a_real_minus(value, written):
    assert style.number(value) == written


def test_values_are_numbers_short_vectors_or_shapes():
    import numpy as np

    assert style.value(np.zeros((0,))) == "(0,)"
    assert style.value([1, 2, 3]) == "[1, 2, 3]"
    assert style.value(np.full(3, 1 / 3)) == "(3,)"
    assert style.value(np.zeros((2, 3, 4))) == "2×3×4"
    assert style.value(np.float32(0.1)) == "0.1"


def test_a_figure_carries_alt_text_and_caption():
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    style.use()
    figure, axes = plt.subplots()
    axes.plot([0, 1], [0, 1])
    with pytest.raises(ValueError, match="needs alt text"):
        style.caption(figure, alt=" ")
    shown = style.caption(axes, alt='A line from 0 to 1, "y = x".', caption="It rises.")
    assert plt.get_fignums() == []
    bundle = shown._repr_mimebundle_()
    assert bundle["text/plain"] == 'A line from 0 to 1, "y = x".\nIt rises.'
    assert 'alt="A line from 0 to 1, &quot;y = x&quot;."' in bundle["text/html"]
    assert "<figcaption" in bundle["text/html"]
    assert shown.png.startswith(b"\x89PNG")
    assert b"Software" not in shown.png
    assert shown.width <= 8 * 96


def test_importing_draw_does_not_import_matplotlib():
    code = "import sys, nnkit.draw; print('matplotlib' in sys.modules, 'IPython' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
