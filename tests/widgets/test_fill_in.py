"""The graph to fill in: its fields, what a wrong number is told, and that no answer leaves Python too early."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

import nnkit
from nnkit import draw
from nnkit.widgets import fill_in
from nnkit.widgets.fill_in import FillIn


def leaf(value: float) -> Any:
    return nnkit.tensor(value, dtype=nnkit.float64, requires_grad=True)


def diamond(**settings: Any) -> FillIn:
    a, b = leaf(2.0), leaf(1.0)
    u = a + b
    v = a * u
    return FillIn(draw.form(u * v, inputs={"a": a, "b": b}, names={"u": u, "v": v}), settings)


def brackets(fill: str = "gradients") -> FillIn:
    x, y, z = leaf(2.0), leaf(-3.0), leaf(2.0)
    u = x + y
    v = z**2
    asked = draw.form(u * v, inputs={"x": x, "y": y, "z": z}, names={"u": u, "v": v}, fill=fill)
    return FillIn(asked, notice="Look at x and y.")


def reused() -> FillIn:
    """A value that gets 2 from one user and 3 from another."""
    a = leaf(5.0)
    p = a + 0.0
    return FillIn(draw.form(p * 2.0 + p * 3.0, inputs={"a": a}, names={"p": p}))


def cube() -> FillIn:
    x, y, z = leaf(0.0), leaf(1.0), leaf(2.0)
    u = x.sin() + y
    v = u * z
    return FillIn(draw.form(v**3, inputs={"x": x, "y": y, "z": z}, names={"u": u, "v": v}))


def labels(widget: FillIn) -> list[str]:
    return [field["label"] for field in widget.material()["fields"]]


def said(widget: FillIn, label: str, typed: str) -> str:
    return str(widget.answer({"field": labels(widget).index(label), "typed": typed})["words"])


def test_the_fields_stand_in_the_order_of_the_backward_pass() -> None:
    assert labels(diamond()) == [
        "gradient from f (×) back to u",
        "gradient from f (×) back to v",
        "gradient from v (×) back to a",
        "gradient from v (×) back to u",
        "sum of the gradients that arrive at u",
        "gradient from u (+) back to a",
        "gradient from u (+) back to b",
        "sum of the gradients that arrive at a",
    ]


def test_the_answers_are_those_of_the_engine_and_all_right_is_said_with_what_to_notice() -> None:
    widget = brackets()
    for place, typed in enumerate(("4", "−1", "-4,0", "8/2")):
        answer = widget.answer({"field": place, "typed": typed})
        assert (answer["state"], answer["done"]) == ("right", False)
    last = widget.answer({"field": 4, "typed": "4e0"})
    assert last["done"]
    assert last["words"].endswith(
        "All 5 fields are right. So ∂f/∂x = 4, ∂f/∂y = 4, ∂f/∂z = −4. Look at x and y."
    )  # fmt: skip


@pytest.mark.parametrize("widget", [diamond(), brackets(), brackets("values")], ids=["reuse", "tree", "values"])
def test_no_answer_is_in_what_the_page_gets(widget: FillIn) -> None:
    """Another point with other answers gives the same page, but for the numbers of the way forward."""
    sent = json.dumps({**widget.setup, "state": widget.state})
    assert "answer" not in sent
    drawn = re.findall(r'<text class="gradient"[^>]*>([^<]*)', widget.material()["picture"])
    assert set(drawn) <= {"1", "Σ"}


def test_values_that_are_asked_for_are_neither_drawn_nor_described() -> None:
    x, w = leaf(7.0), leaf(11.0)
    shown = FillIn(draw.form(x * w + 3.0, inputs={"x": x}, weights={"w": w}, fill="values"))
    picture = shown.material()["picture"]
    told = " ".join([*re.findall(r">([^<]+)<", picture), *re.findall(r'aria-label="([^"]*)"', picture)])
    assert "x = 7" in told
    for text in (told, repr(shown.twin()), shown.twin().text):
        assert not re.search("77|80", text)


MESSAGE, SUM = "gradient from f (×) back to u", "sum of the gradients that arrive at u"


@pytest.mark.parametrize(
    ("widget", "label", "typed", "words"),
    [
        (reused, "sum of the gradients that arrive at p", "2", "That is one of two messages; they add up."),
        (reused, "sum of the gradients that arrive at p", "3", "That is one of two messages; they add up."),
        (reused, "sum of the gradients that arrive at p", "6", "That multiplies the messages. They add up."),
        (reused, "sum of the gradients that arrive at p", "10", "That is twice the sum: each message counts once."),
        (reused, "sum of the gradients that arrive at p", "-5", "The size is right, the sign is not."),
        (reused, "gradient from p (+) back to a", "2", "That passes on one of the two messages that arrive at p (+)."),
        (diamond, MESSAGE, "3", "That multiplies by u (+)'s own value. × gives each factor the other one."),
        (diamond, MESSAGE, "-6", "The size is right, the sign is not."),
        (cube, "gradient from f ((·)³) back to v", "8", "That multiplies by the power itself."),
        (cube, "gradient from f ((·)³) back to v", "4", "The exponent belongs before it, too"),
        (cube, "gradient from v (×) back to z", "24", "That multiplies by z's own value."),
        (cube, "gradient from v (×) back to z", "13", "That adds the local slope to what arrives."),
        (diamond, MESSAGE, "12", "That is all that arrives at u (+), added up."),
        (diamond, "gradient from v (×) back to a", "5", "Not yet. First fill in what arrives at v (×) from the right"),
        (brackets, "gradient from u (+) back to x", "1", "That is the local slope of u (+) alone."),
        (brackets, "gradient from u (+) back to x", "-12", "That multiplies by the other argument, as a × does."),
        (brackets, "gradient from v ((·)²) back to z", "-1", "That is what arrives at v ((·)²) from the right."),
        (brackets, "gradient from v ((·)²) back to z", "2", "That is the value of z, on its way forward."),
        (brackets, "gradient from v ((·)²) back to z", "-8", "The exponent of the slope is one less"),
    ],
)  # fmt: skip
def test_a_wrong_number_is_told_what_it_is(widget: Any, label: str, typed: str, words: str) -> None:
    assert said(widget(), label, typed).startswith(words)


def test_where_two_causes_fit_neither_is_told() -> None:
    """−2 to z is n · incoming as well as incoming · base: what is said is true of both."""
    widget = brackets()
    label = "gradient from v ((·)²) back to z"
    assert "First fill in what arrives at v" in said(widget, label, "-2")
    assert said(widget, "gradient from f (×) back to v", "-1").startswith("Right")
    words = said(widget, label, "-2")
    assert words.startswith("Not yet. −1 arrives at v ((·)²) from the right, and a local slope multiplies it")


def questions() -> Iterator[tuple[FillIn, int]]:
    for make in (diamond, brackets, reused):
        for place in range(len(labels(make()))):
            yield make(), place


def test_a_question_never_gives_the_answer() -> None:
    for widget, place in questions():
        words = widget.answer({"field": place, "typed": "123.5"})["words"]
        assert words.startswith("Not yet.")
        answer = next(text for text in map(str, range(-40, 40)) if _is_right(widget, place, text))
        if answer not in ("1", "-1", "0"):
            plain = words.split(" of ")[0]
            assert answer.replace("-", "−") not in re.findall(r"−?\d+", plain), (labels(widget)[place], words)


def _is_right(widget: FillIn, place: int, typed: str) -> bool:
    return bool(widget.answer({"field": place, "typed": typed})["state"] == "right")


def test_numbers_are_read_as_people_type_them_and_what_is_none_is_said_so() -> None:
    x, w = leaf(0.5), leaf(3.0)
    widget = FillIn(draw.form(x * w, inputs={"x": x}, weights={"w": w}))
    to_w = labels(widget).index("gradient from f (×) back to w")
    for typed in ("0,5", "1/2", "½", ".5", "5e-1", "50 %"):
        assert _is_right(widget, to_w, typed), typed
    answer = widget.answer({"field": to_w, "typed": "x"})
    assert answer["state"] == "unread"
    assert answer["words"].startswith("What belongs here is a number, such as −2, 0.5, 1/3")
    assert widget.answer({"field": to_w, "typed": " "})["state"] == "empty"


def test_three_digits_do_and_one_is_told_to_be_too_few() -> None:
    z = leaf(1.0)
    widget = FillIn(draw.form(z.sigmoid() * 2.0, inputs={"z": z}))
    assert "three digits will do" in widget.material()["opening"]
    last = len(labels(widget)) - 1
    assert _is_right(widget, last, "0.393")
    assert _is_right(widget, last, "0.394")  # 2 · 0.197, rounded on the way
    assert widget.answer({"field": last, "typed": "0.4"})["words"].startswith("That is rounded too far.")
    assert widget.answer({"field": last, "typed": "0.1966"})["words"].startswith("That is the local slope of σ")


def test_a_field_that_is_changed_again_counts_as_it_stands() -> None:
    widget = diamond()
    assert "1 of 8" in said(widget, MESSAGE, "6")
    assert "0 of 8" in said(widget, MESSAGE, "")


def test_the_settings_make_the_same_picture_again_and_others_are_refused() -> None:
    assert diamond(typed=["6", "x"]).state == {"typed": ["6", "x", "", "", "", "", "", ""]}
    for typed in (["1"] * 9, [6], "6"):
        with pytest.raises(ValueError, match="a list of at most 8 texts, one for each empty field"):
            diamond(typed=typed)
    with pytest.raises(ValueError, match="has no setting 'tiped'; did you mean 'typed'"):
        diamond(tiped=[])


def test_the_twin_has_empty_lines_for_a_pencil(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setenv("NNKIT_STATIC", "1")
    twin = diamond().twin()
    assert twin.html.count('class="blank"') == 8
    assert repr(twin).endswith(
        "Σ is where messages meet. Fill in what travels back, from right to left, here or on paper."
    )
    x = leaf(1.0)
    fill_in(x * x, {"typed": ["1"]}, inputs={"x": x})
    assert "3 places are empty" in capsys.readouterr().out


def test_a_graph_of_arrays_and_another_word_for_what_to_fill_in_are_refused() -> None:
    x = nnkit.tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(ValueError, match=r"single numbers can be filled in; this one holds an array of shape \(2,\)"):
        draw.form((x * x).sum(), inputs={"x": x})
    zero = leaf(0.0)
    with pytest.raises(ValueError, match=r"finite; here the gradient from f \(ln\) back to x is ∞. Choose another"):
        draw.form(zero.log(), inputs={"x": zero})
    with pytest.raises(ValueError, match="fill is 'gradients' or 'values'"):
        draw.form(x.sum(), fill="both")


def test_on_the_way_forward_each_operation_has_one_field() -> None:
    widget = brackets("values")
    assert labels(widget) == ["value of u (+)", "value of v ((·)²)", "value of f (×)"]
    assert said(widget, "value of f (×)", "3").startswith("That adds. f (×) does something else.")
    assert said(widget, "value of f (×)", "7").startswith("Not yet. Into f (×) goes a value that is not filled in yet")
    assert said(widget, "value of u (+)", "-6").startswith("That multiplies.")
    assert said(widget, "value of u (+)", "−1").startswith("Right")
    assert said(widget, "value of v ((·)²)", "8").startswith("Not yet. Into v ((·)²) goes 2.")
    assert said(widget, "value of v ((·)²)", "4").startswith("Right")
    assert said(widget, "value of f (×)", "7").startswith("Not yet. Into f (×) go −1 and 4.")
    assert widget.answer({"field": 2, "typed": "-4"})["words"].endswith("So f = −4. Look at x and y.")


def test_a_nought_is_not_taken_for_a_product_or_a_difference() -> None:
    x, y = leaf(0.0), leaf(1.0)
    u = x.sin() + y
    asked = FillIn(draw.form(u * u, inputs={"x": x, "y": y}, names={"u": u}))
    labels = [one["label"] for one in asked.material()["fields"]]
    to_y = asked.answer({"field": labels.index("gradient from u (+) back to y"), "typed": "0"})["words"]
    assert "as a × does" not in to_y, "the other argument is 0, and so is much else"
    a, b = leaf(2.0), leaf(3.0)
    less = FillIn(draw.form(a * b - b, inputs={"a": a, "b": b}))
    words = [less.answer({"field": number, "typed": "0"})["words"] for number in range(len(less.material()["fields"]))]
    assert not any("That adds" in one for one in words), "1 and a slope of −1 make 0, too"
    met = diamond().answer({"field": 4, "typed": "0"})["words"]
    assert met.startswith("Not yet. Two messages meet here"), "two equal messages have no difference to speak of"
