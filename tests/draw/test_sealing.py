"""What is sealed is not seen in the seal, comes out as it was put in, and is asked like any other question."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnkit import widgets
from nnkit.widgets.sealing import seal, unseal

CONSTANTS = {
    "4": 4,
    "-0.5": -0.5,
    "101_770": 101770,
    "4**10": 1048576,
    "40 * (4 * 5 + 9 + 3) + 40 + 1": 1321,
    "6.75 / 0.00584": 6.75 / 0.00584,
    "'a' \"b\"": "ab",
    "'a' + 'b'": "ab",
    "(\n    'two '\n    'lines'\n)": "two lines",
    "('a', 'b')": ("a", "b"),
    "['a', -1]": ["a", -1],
    "{'x²': ([0, 1], [0, 1])}": {"x²": ([0, 1], [0, 1])},
    "f'{4**10:,} = {2 ** 20!r}, {1 / 3:.{2}f}'": "1,048,576 = 1048576, 0.33",
    "float(np.sqrt(16))": 4.0,
    "np.degrees(np.pi)": 180.0,
    "None": None,
}


@pytest.mark.parametrize(("text", "value"), CONSTANTS.items())
def test_constant_arguments_come_out_with_their_values(text, value):
    (found,) = unseal(seal({"answer": text})).values()
    assert found == value
    assert type(found) is type(value) or isinstance(found, type(value))


@given(st.text(), st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_any_text_and_any_number_come_out_as_they_were(text, number):
    sealed = seal({"answer": repr(number), "explanation": repr(text)})
    assert sealed.replace("-", "").replace("_", "").isalnum()
    assert sealed.isascii()
    assert unseal(sealed) == {"answer": number, "explanation": text}


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "x + 1",
        "f'{x}'",
        "np.load('file')",
        "open('file')",
        "[x for x in (1, 2)]",
        "lambda: 1",
        "().__class__",
    ],
)
def test_what_is_not_constant_is_not_sealed(text):
    with pytest.raises(ValueError, match=r"is not constant|are no arguments"):
        seal({"answer": text})


def test_a_seal_is_the_same_everywhere_and_for_ever():
    """Notebooks that were handed out hold such seals; whoever changes the form keeps them readable."""
    text = {"answer": "4", "explanation": '"Messages add up: ∂c/∂a."'}
    assert seal(text) == "EQHdvyLvd-nbzG_DVdttjSCnFrBzVyLQKiPYINv_cEVx9fagN4p5qB8GAWPGjnWijUXGZrvkcOdz"
    assert unseal(seal(text)) == {"answer": 4, "explanation": "Messages add up: ∂c/∂a."}


def test_seals_of_similar_answers_have_nothing_in_common():
    one, other = (seal({"answer": answer, "explanation": '"As it is."'}) for answer in ("3", "4"))
    alike = sum(left == right for left, right in zip(one, other, strict=True))
    assert alike < len(one) / 4


SEALED = seal({"answer": "4", "explanation": '"Messages add up."'})
DAMAGED = ["", "4", SEALED[:-4], SEALED[4:], SEALED[:20] + "AAAA" + SEALED[24:], SEALED + "AAAA", "∂", SEALED + " "]


@pytest.mark.parametrize("sealed", DAMAGED)
def test_a_damaged_seal_gets_a_sentence(sealed):
    with pytest.raises(ValueError, match=r"is damaged: .* Copy the cell once more from the notebook"):
        widgets.predict("What is ∂c/∂a?", sealed=sealed)


def test_a_seal_of_another_question_gets_a_sentence():
    with pytest.raises(
        ValueError, match="belongs to another kind of question: it holds answer, and this one has truth"
    ):
        widgets.sketch("How?", [0, 1], (0, 1), sealed=seal({"answer": "4"}))


def test_a_question_without_any_answer_is_told():
    with pytest.raises(TypeError, match="The answer of a prediction is a number or words; got None"):
        widgets.predict("What is ∂c/∂a?")
    with pytest.raises(ValueError, match="one to three curves; got 0"):
        widgets.sketch("How?", [0, 1], (0, 1))


def test_a_sealed_prediction_answers_as_an_open_one(shown_moving):
    said = []
    for settings in ({"answer": 4, "explanation": "Messages add up."}, {"sealed": SEALED}):
        asked = shown_moving(widgets.predict, "What is ∂c/∂a?", within=0.1, **settings)
        said.append((asked.material(), asked.reply({"prediction": "4"})))
    assert said[0] == said[1]
    assert said[0][1]["verdict"] == "right, exactly"
    assert said[0][1]["explanation"] == "Messages add up."


def test_accepted_words_are_sealed_with_the_answer(shown_moving):
    sealed = seal({"answer": '"the bias"', "accept": '["b"]'})
    asked = shown_moving(widgets.predict, "Which?", sealed=sealed)
    assert asked.reply({"prediction": "b"})["answer"] == "the bias"
    assert asked.reply({"prediction": "b"})["verdict"] == "right"


def test_a_sealed_sketch_shows_its_curves_after_it_is_committed(shown_moving):
    sealed = seal({"truth": '{"square": ([0, 1, 2], [0, 1, 4])}', "explanation": '"It is a parabola."'})
    widget = shown_moving(widgets.sketch, "How does it go?", [0, 1, 2], (0, 4), sealed=sealed)
    assert "parabola" not in widget.page()
    answer = widget.reply({"commit": [0, 2, 4]})
    assert [curve["name"] for curve in answer["curves"]] == ["square"]
    assert "Over it: square." in answer["words"]
    assert "It is a parabola." in answer["words"]


@pytest.mark.usefixtures("live")
def test_a_sealed_question_is_displayed_without_its_answer(displayed):
    widgets.predict("What is ∂c/∂a?", sealed=SEALED)
    assert "Messages" not in json.dumps(displayed[0])
