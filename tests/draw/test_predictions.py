"""Predictions: what a person types is read, judged by the tolerance that was announced, and told how near it was."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnkit import widgets
from nnkit.draw import style
from nnkit.widgets.predict import Prediction, predict
from nnkit.widgets.tolerance import Tolerance, nearness, usual
from nnkit.widgets.typed_numbers import readings
from nnkit.widgets.typed_words import says

TYPED = {
    "−6": -6.0,
    "-6": -6.0,
    "–6": -6.0,
    "+0,5": 0.5,
    " 1/4": 0.25,
    "⅓": 1 / 3,
    "3½": 3.5,
    "2e-3": 0.002,
    "1E+7": 1e7,
    "30,730": 30730.0,
    "30 730": 30730.0,
    "30\u202f730": 30730.0,
    "30'730": 30730.0,
    "30’730": 30730.0,
    "30_730": 30730.0,
    "1,048,576": 1048576.0,
    "1.048.576": 1048576.0,
    "1.234,5": 1234.5,
    "1,234.5": 1234.5,
    "0,731": 0.731,
    "4^10": 4.0**10,
    "4**10": 4.0**10,
    "10⁶": 1e6,
    "10⁻³": 1e-3,
    "3·10^-4": 3e-4,
    "3 x 10^4": 3e4,
    "2·3": 6.0,
    "2*3": 6.0,
    "2 × 3": 6.0,
    "32·32·3·10 + 10": 30730.0,
    "-2^2": -4.0,
    "2^-3": 0.125,
    "1/4^10": 4.0**-10,
    "√1000": math.sqrt(1000),
    "sqrt(1000)": math.sqrt(1000),
    "3√2": 3 * math.sqrt(2),
    "π/2": math.pi / 2,
    "2 pi": 2 * math.pi,
    "log 3": math.log(3),
    "e^-1": math.exp(-1),
    "90°": 90.0,
    "96 GB": 96.0,
    "0.05 m/s²": 0.05,
    "4 neurons.": 4.0,
    "4x": 4.0,
    "a factor of 4": 4.0,
    "about 14": 14.0,
    "≈ 14 m": 14.0,
    "I think it is 14": 14.0,
    "α = 1/8": 0.125,
    "12 billion bytes": 12e9,
    "two thirds": 2 / 3,
    "a millionth": 1e-6,
    "twice": 2.0,
    "∂c/∂a = 4": 4.0,
    "minus two": -2.0,
    "half a hundredth": 0.005,
    "half a percent": 0.005,
    "half a metre": 0.5,
    "log2(16)": 4.0,
    "3 - 4": -1.0,
    "1-0.25": 0.75,
    "10^-2": 0.01,
    "10-12^2": -134.0,
    "three of them": 3.0,
}


@pytest.mark.parametrize(("text", "number"), TYPED.items(), ids=TYPED)
def test_a_number_is_read_as_a_person_types_it(text, number):
    assert readings(text)[0] == pytest.approx(number, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("30,730", (30730, 30.73)),
        ("109.386", (109.386, 109386)),
        ("50 %", (0.5, 50)),
        ("50 percent", (0.5, 50)),
        ("102k", (102000, 102)),
        ("0.125", (0.125,)),
        ("12,34", (12.34,)),
    ],
)
def test_where_two_readings_are_sensible_both_are_known(text, numbers):
    assert readings(text) == pytest.approx(numbers)


@pytest.mark.parametrize(
    "text",
    ["nan", "inf", "x", "m", "1,23,456", "14 2", "3⁻", "(2", "2 +", "import os", "__import__('os')", "√-1", "…", "²"],
)
def test_what_is_no_number_gets_a_sentence(text):
    with pytest.raises(ValueError, match=r"^Your prediction is a number, such as .*“.*”.*\.$"):
        readings(text)


@pytest.mark.parametrize(
    "text", ["one hundred seventeen", "eleven point seven", "six eight one", "one over two", "a hundred and twenty"]
)
def test_a_number_that_goes_on_in_words_is_not_cut_short(text):
    with pytest.raises(ValueError, match=r"cannot be read as one\.$"):
        readings(text)


@pytest.mark.parametrize("text", ["4 or 5", "10 to 20", "< 5", "3..4", "between 3 and 4", "3-4", "11–12 m", "68-69k"])
def test_two_numbers_are_no_commitment(text):
    with pytest.raises(ValueError, match=r"leaves it open\. Commit to one"):
        readings(text)


@pytest.mark.parametrize("text", ["1/0", "9^9^9", "10^400", "1e400", "(-2)^0.5", "-1e999", "log 0"])
def test_what_has_no_value_gets_a_sentence(text):
    with pytest.raises(ValueError, match="has no finite value"):
        readings(text)


@given(st.text(max_size=30) | st.text("0123456789.,eE+-*/^()√π%² k'", max_size=20))
def test_whatever_is_typed_is_a_finite_number_or_gets_a_sentence(text):
    found: tuple[float, ...] = ()
    said = ""
    try:
        found = readings(text)
    except ValueError as problem:
        said = str(problem)
    assert bool(found) != said.startswith("Your prediction is a number")
    assert all(math.isfinite(number) for number in found)


numbers = st.floats(-1e15, 1e15).filter(lambda number: number == 0 or abs(number) > 1e-15)


@given(numbers)
def test_what_the_course_prints_is_read_back(number):
    """As pictures write numbers: three significant digits, a real minus, a power of ten with superscripts."""
    written = style.number(number)
    three_digits = round(number) if abs(number) < 9999.5 and number == round(number) else float(f"{number:.3g}")
    expected = float(round(number)) if 999.5 <= abs(number) < 9999.5 else three_digits
    assert readings(written)[0] == pytest.approx(expected, rel=1e-12, abs=1e-300)


@given(numbers, st.sampled_from(["{}", "{:.3g}", "{:.4f}", "{:e}", "{:+.2e}", "{:,.1f}", "{:_.1f}"]))
def test_what_python_prints_is_read_back(number, form):
    written = form.format(number)
    assert readings(written)[0] == float(written.replace(",", "").replace("_", ""))


@given(st.integers(-(10**15), 10**15), st.sampled_from([",", " ", "\u2009", "\u202f", "'", "’", "_", "."]))
def test_thousands_are_read_with_any_separator(number, separator):
    written = f"{number:,}".replace(",", separator).replace("-", "−")
    assert float(number) in readings(written)


@given(st.decimals(0, 10**6, places=2))
def test_a_decimal_comma_is_read(number):
    assert float(number) in readings(str(number).replace(".", ","))


@pytest.mark.parametrize(
    ("typed", "answer", "tolerance"),
    [
        (95.7, 96, Tolerance(digits=2)),
        (14, 0.06 * 237, Tolerance(digits=2)),
        (32, math.sqrt(1000), Tolerance(digits=2)),
        (1e6, 4**10, Tolerance(within=0.05)),
        (1e7, 1.4721e7, Tolerance(factor=10)),
        (-0.01, -0.09, Tolerance(factor=10)),
        (60, 56, Tolerance(give_or_take=5)),
        (0.1, 0, Tolerance(give_or_take=0.1)),
        (0.87, 0.869, usual(0.869)),
        (90, 0.5 * 0.05 * 60**2, usual(0.5 * 0.05 * 60**2)),
    ],
)
def test_near_enough_is_right(typed, answer, tolerance):
    assert tolerance.accepts(typed, answer)
    assert tolerance.accepts(answer, answer)


@pytest.mark.parametrize(
    ("typed", "answer", "tolerance"),
    [
        (30, 30.73, Tolerance(digits=3)),
        (13.6, 14.2, Tolerance(digits=2)),
        (1.2e6, 4**10, Tolerance(within=0.05)),
        (-1e7, 1e7, Tolerance(factor=10)),
        (0, 1e7, Tolerance(factor=10)),
        (1.1e8, 1e7, Tolerance(factor=10)),
        (51, 56, Tolerance(give_or_take=4)),
        (101_771, 101_770, usual(101_770)),
        (0.01, 0, usual(0)),
    ],
)
def test_further_away_is_not(typed, answer, tolerance):
    assert not tolerance.accepts(typed, answer)


@given(numbers.filter(bool), st.integers(1, 5))
def test_an_answer_rounded_to_its_digits_counts(answer, digits):
    assert Tolerance(digits=digits).accepts(float(f"{answer:.{digits}g}"), answer)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"within": 5}, "within is a share of the answer between 0 and 1"),
        ({"digits": 0}, "digits is a number of digits"),
        ({"factor": 1}, "factor is a number above 1"),
        ({"give_or_take": 0}, "give_or_take is a positive number"),
        ({"within": 0.1, "digits": 2}, "one tolerance; got within and digits"),
    ],
)
def test_a_tolerance_without_sense_is_told(settings, message):
    with pytest.raises(ValueError, match=message):
        predict("How many?", 4, **settings)


def test_an_answer_of_zero_has_no_share_of_itself():
    with pytest.raises(ValueError, match="An answer of 0 has no share"):
        predict("How many?", 0, within=0.1)


def test_an_answer_that_does_not_fit_its_question_is_told():
    with pytest.raises(TypeError, match="a number or words; got None"):
        predict("How many?", None)
    with pytest.raises(ValueError, match="finite number"):
        predict("How many?", math.inf)
    with pytest.raises(ValueError, match="A tolerance is for numbers"):
        predict("Where?", "left", within=0.1)
    with pytest.raises(ValueError, match="has to be one of choices"):
        predict("Where?", "up", choices=["left", "right"])
    with pytest.raises(ValueError, match="choices and accept are for words"):
        predict("How many?", 4, accept=["four"])
    with pytest.raises(ValueError, match="holds no word that is compared"):
        predict("Where?", "the")


@pytest.mark.parametrize(
    ("prediction", "answer", "said"),
    [
        (36, 37, "1 too low"),
        (3, -3, "the right size, but the sign is the other one"),
        (-3, -4, "1 too high"),
        (1e7, 1.4721e7, "32.1 % too low"),
        (2e8, 1e7, "20 times too large"),
        (0.1, 0, "0.1 too high"),
        (0, 0.869, "0.869 too low"),
        (0.869, 0.869, "exactly"),
    ],
)
def test_it_is_told_how_near_a_prediction_was(prediction, answer, said):
    assert nearness(prediction, answer) == said


@pytest.mark.parametrize(
    "text", ["first layer", "The First Layers", "  it's the first layer! ", "LAYER 1", "the prémier layer"]
)
def test_words_are_compared_without_what_does_not_matter(text):
    assert says(text, ["the first layer", "layer 1", "premier layer"])


@pytest.mark.parametrize("text", ["second layer", "not the first layer", "first", "first or second layer", ""])
def test_other_words_are_other_words(text):
    assert not says(text, ["the first layer", "layer 1"])


@pytest.fixture
def asked(monkeypatch):
    """Return a function that asks a question and returns what is asked of Python from the page."""
    shown = []
    monkeypatch.setattr(Prediction, "show", lambda one: shown.append(one))

    def ask(*arguments, **settings):
        widgets.predict(*arguments, **settings)
        return shown.pop()

    return ask


def said(prediction, typed):
    """What a reader is told who commits to this."""
    reply = prediction.reply({"prediction": typed})
    if "again" in reply:
        return reply["again"]
    return f"You: {reply['yours']}. Answer: {reply['answer']} ({reply['verdict']}). {reply['explanation']}"


@pytest.mark.parametrize(
    ("typed", "answer", "settings", "announced", "told"),
    [
        ("30,730", 30730, {}, "The exact number.", "You: 30,730. Answer: 30,730 (right, exactly)."),
        ("30.730", 30730, {}, "The exact number.", "You: 30.730 = 30,730. Answer: 30,730 (right, exactly)."),
        ("11", 11.687, {"give_or_take": 0.5}, "Give or take 0.5.", "Answer: 11.7 (a different number, 0.687 too low)."),
        ("12", 11.687, {"give_or_take": 0.5}, "Give or take 0.5.", "Answer: 11.7 (right, 0.313 too high)."),
        ("1", 11.687, {"give_or_take": 0.5}, "Give or take 0.5.", "(a different number, 11.7 times too small)."),
        ("c = 4", 4, {}, "The exact number.", "You: c = 4. Answer: 4 (right, exactly)."),
        ("75 %", 75, {}, "The exact number.", "You: 75 % = 75. Answer: 75 (right, exactly)."),
        (
            "10⁶",
            4**10,
            {"within": 0.05},
            "Within 5 %",
            "You: 10⁶ = 1,000,000. Answer: 1,048,576 (right, 4.63 % too low).",
        ),
        ("1e7", 1.4721e7, {"factor": 10}, "a factor of 10", "Answer: 14,721,000 (right, 32.1 % too low)."),
        ("√1000", 31.6, {}, "Two digits", "You: √1000 = 31.6. Answer: 31.6 (right, 0.0721 % too high)."),
        ("-2", 4, {}, "", "You: -2. Answer: 4 (a different number, the sign is the other one, and it is 6 too low)."),
    ],
)
def test_the_tolerance_is_announced_and_the_distance_told(asked, typed, answer, settings, announced, told):
    prediction = asked("How many?", answer, **settings)
    assert announced in prediction.material()["question"]
    assert told in said(prediction, typed)


def test_a_choice_is_made_before_the_answer_is_told(asked):
    prediction = asked("Where?", "left", "It is.", choices=["left", "right"])
    assert said(prediction, None) == "Your prediction is one of these; choose first."
    assert said(prediction, "up") == "Your prediction is one of these; choose first."
    assert said(prediction, "right") == "You: right. Answer: left (another choice). It is."


def test_a_few_words_are_one_of_several(asked):
    prediction = asked("Which?", "the bias", accept=["b"])
    assert "nothing in the box yet" in said(prediction, "")
    assert "Answer: the bias (right)" in said(prediction, "Biases")


def test_the_page_knows_nothing_of_the_answer(asked):
    prediction = asked("Which?", "the bias", "It adds up.", accept=["offset"])
    sent = repr(prediction.setup) + repr(prediction.state)
    assert not any(word in sent for word in ("bias", "adds", "offset"))


@pytest.mark.usefixtures("static")
def test_the_static_twin_announces_a_tolerance_and_the_choices(displayed):
    widgets.predict("How many?", 4.25, within=0.05)
    widgets.predict("How many?", 4.25)
    widgets.predict("Where?", "left", choices=["left", "right"])
    assert [repr(twin) for twin in displayed] == [
        "My prediction: How many? (Within 5 % counts as right.)",
        "My prediction: How many?",
        "My prediction: Where? (left · right)",
    ]
