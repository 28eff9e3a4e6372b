"""German is complete for one notebook: whatever its checks, hints and traces say of an answer, no English is left.

Everything that is known of the notebook's exercises is tried: every declared mistake, every right answer, answers that
break one promise, stubs, crashes, endless loops, odd results. What a catalogue lacks is noted while it is told, and
what was put in as it is, is looked through for English words.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from nnkit.exercises import index, locating
from nnkit.exercises.beside import edits
from nnkit.exercises.checking import evaluate, hint, hints_given, ready, trace
from nnkit.exercises.exercise import PUBLIC_SEED
from nnkit.exercises.judge.locate import Line, Located
from nnkit.exercises.judge.report import Hint, Report
from nnkit.exercises.judge.trace_steps import steps_of_trace
from nnkit.exercises.terms import CRASHED, PASSED, STATUSES, TIMED_OUT
from nnkit.exercises.texts import texts_of
from nnkit.languages import in_language, speaking, untranslated
from tests.answers import answers_to, namespace_of
from tests.soundness import _judge_simulated

NOTEBOOK = "neurons"
EXERCISES = index.notebooks()[NOTEBOOK]
# Words that no German sentence has. What Python says in its errors stays English, and so does code.
ENGLISH = re.compile(
    r"\b(the|is|are|of|and|or|with|has|have|your|yours|expected|shape [a-z]|right|wrong|value|values|case|cases|line|"
    r"lines|entry|entries|not|there|it|which|input|inputs|output|outputs|first|last|number|one|two)\b"
)
PYTHONS_OWN = re.compile(
    r"\b\w*(?:Error|Warning|Exit|Interrupt)\b:? [^\n<]*|“[^”]*”|„[^“]*“|`[^`]*`|<code.*?</code>"
    # What Python warns of, and what the judge says of bytes that are none of its own.
    r"|(?:ihn zählt|das zählt hier|der Fehler beginnt|eine Warnung ausgelöst|zählt nichts davon): [^\n]*"
)


@pytest.fixture(autouse=True)
def german() -> Iterator[set[str]]:
    with speaking("de"), untranslated() as missed:
        yield missed
    assert missed == set(), "These are told in English."


def told(report: Report) -> str:
    """What a reader sees of a report, as text; the panel is made as well."""
    report._repr_html_()
    text = str(report)
    lines = [line for line in text.splitlines() if not re.match(r"\s*→?\s*\d+ │", line)]
    return "\n".join(lines)


def english_in(text: str) -> list[str]:
    """The English words in what is told; a name in the reader's own code is none."""
    own = {name for code in re.findall(r"`([^`]*)`", text) for name in re.findall(r"\w+", code)}
    found = ENGLISH.findall(PYTHONS_OWN.sub("", text))
    return [word for word in found if word not in own or keyword.iskeyword(word)]


def is_german(report: Report) -> bool:
    found = english_in(told(report))
    assert not found, f"{found} in: {report}"
    return True


# ----------------------------------------------------------------------------------------------------- what is declared


@pytest.mark.parametrize("name", EXERCISES)
def test_everything_that_an_exercise_declares_is_translated(name: str) -> None:
    for text in texts_of(name):
        german = in_language(text.one)
        assert german != text.one or not english_in(text.one), text.one


@pytest.mark.parametrize(("seed", "hidden"), [(PUBLIC_SEED, False), (PUBLIC_SEED + 1, True)])
@pytest.mark.parametrize("name", EXERCISES)
def test_every_known_mistake_is_told_in_german(name: str, seed: int, hidden: bool) -> None:
    exercise = index.find(name)
    causes = set()
    for mistake in exercise.mistakes:
        report = Report.on(name, _judge_simulated(exercise, mistake, seed, hidden), seed, hidden)
        assert report.cause == mistake.sentence, "recognised as in English"
        assert in_language(mistake.sentence) in str(report)
        assert is_german(report)
        causes.add(in_language(mistake.sentence))
    assert len(causes) == len({mistake.sentence for mistake in exercise.mistakes}), "two sentences have become one"


@pytest.mark.parametrize("name", EXERCISES)
def test_right_answers_and_broken_promises_are_told_in_german(name: str) -> None:
    known = answers_to(name)
    for source in known.right.values():
        assert evaluate(name, namespace_of(source, known.provided)).status == PASSED
    for source in (*list(known.right.values())[:2], *known.promises.values()):
        report = evaluate(name, namespace_of(source, known.provided), PUBLIC_SEED + 1, hidden=True)
        assert is_german(report)


@pytest.mark.parametrize("name", EXERCISES)
def test_hints_are_in_german(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(hints_given, name, 0)
    for position in range(len(index.find(name).hints)):
        shown = hint(name)
        assert shown.position == position + 1
        assert not english_in(repr(shown)), repr(shown)
        shown._repr_html_()


# ------------------------------------------------------------------------------------------------- what answers may be

HEADS = {
    "neuron": "def neuron(x, w, b):",
    "layer": "def layer(x, W, b):",
    "two_layer_network": "def two_layer_network(x, W1, b1, W2, b2):",
}
# What a function does → the status that its check has at the end.
BODIES = {
    "raise NotImplementedError": "not attempted",
    "return None": "wrong",
    "return": "wrong",
    "return x[100]": CRASHED,
    "return undefined_name": CRASHED,
    "return x ^ b1_or_b": CRASHED,
    "return np.exp(x @ 3) + None": CRASHED,
    "return math.exp(x)": CRASHED,
    "return helper(x)\ndef helper(x):\n    y = [1, 2]\n    return y['a']": CRASHED,
    "z = {'a': 1}; q = (1, 2); f = 0.5; return z + q + f": CRASHED,
    "return missing(x)\ndef missing(x):\n    raise NotImplementedError": CRASHED,
    "return NAME(*ARGUMENTS)": CRASHED,
    "return (1, 2, 3, 4, 5, 6, 7)": "wrong",
    "return {'a': 1}": "wrong",
    "return 'uno'": "wrong",
    "return [[1, 2], [3]]": "wrong",
    "return [None, 1]": "wrong",
    "return np": "wrong",
    "return np.array([1 + 2j])": "wrong",
    "return 1 + 2j": "wrong",
    "return np.full(RIGHT.shape, np.nan)": "wrong",
    "return np.full(RIGHT.shape, np.inf)": "wrong",
    "return np.zeros(RIGHT.shape)": "wrong",
    "return np.zeros(RIGHT.shape, dtype=int)": "wrong",
    "return np.ones(RIGHT.shape, dtype=bool)": "wrong",
    "return -RIGHT": "wrong",
    "return 3 * RIGHT": "wrong",
    "return RIGHT + 2": "wrong",
    "return RIGHT * 1.001": "wrong",
    "return RIGHT + (x[0] > 0)": "wrong",
    "return RIGHT + x.sum()": "wrong",
    "x *= 2; return RIGHT": "wrong",
    "r = RIGHT; x *= 0; return r": "wrong",
    "r = RIGHT; x += 1; ARGUMENTS[1][...] = 0; return 2 * r": "wrong",
    "print('hello'); print(2); return RIGHT": PASSED,
    "import warnings; warnings.warn('careful'); return RIGHT": PASSED,
    "np.log(np.zeros(1)); return 2 * RIGHT": "wrong",
    "if len(x) == 2: np.log(np.zeros(1))\n    return RIGHT * (1 + (len(x) == 2))": "wrong",
    "while len(x) > 1: pass\n    return RIGHT": TIMED_OUT,
    "while True: pass": TIMED_OUT,
    "import nnkit; return nnkit.tensor(x).sigmoid().numpy()": "wrong",
    "raise SystemExit": CRASHED,
    "raise ValueError": CRASHED,
}
PRELUDE = """
import numpy as np
import math
def sigmoid_(z):
    return 1 / (1 + np.exp(-np.clip(z, -700, 700)))
def richtig(*arguments):
    h = arguments[0]
    for W, b in zip(arguments[1::2], arguments[2::2]):
        h = sigmoid_(h @ W + b)
    return h
"""


def answer(name: str, body: str) -> dict[str, Any]:
    """A function with this body."""
    inside = HEADS[name].partition("(")[2].removesuffix("):")
    text = body.replace("RIGHT", f"richtig({inside})").replace("ARGUMENTS", f"({inside},)").replace("NAME", name)
    text = text.replace("b1_or_b", inside.split(", ")[2])
    return namespace_of(f"{PRELUDE}{HEADS[name]}\n    {text}\n")


@pytest.mark.parametrize("name", EXERCISES)
def test_whatever_an_answer_does_is_told_in_german(name: str) -> None:
    seen = set()
    for body, status in BODIES.items():
        report = evaluate(name, answer(name, body), time_limit=0.5 if status == TIMED_OUT else 10.0)
        assert report.status == status, f"{body}: {report}"
        assert is_german(report)
        seen.add(report.status)
    assert seen == set(STATUSES) - {"blocked"}


@pytest.mark.parametrize("name", EXERCISES)
def test_an_answer_that_is_not_there_is_told_in_german(name: str) -> None:
    for names in ({}, {name: 3}, {name: None}, {name: np.zeros(3)}, {name: "text"}):
        assert is_german(evaluate(name, names))
    assert is_german(evaluate("neurone", {}))
    assert is_german(evaluate(3, {}))  # type: ignore[arg-type]


def test_an_answer_that_waits_for_another_is_told_in_german() -> None:
    wrong, waiting = "return -richtig(x, W, b)", "return layer(layer(x, W1, b1), W2, b2)"
    source = f"{PRELUDE}{HEADS['layer']}\n    {wrong}\n{HEADS['two_layer_network']}\n    {waiting}\n"
    names = namespace_of(source)
    report = evaluate("two_layer_network", names)
    assert report.status == "blocked"
    assert is_german(report)


def test_a_check_that_fails_itself_and_one_that_is_stopped_are_told_in_german(monkeypatch: pytest.MonkeyPatch) -> None:
    from nnkit.exercises import checking

    def broken(*arguments: Any) -> None:
        raise ZeroDivisionError("0")

    def stopped(*arguments: Any) -> None:
        raise KeyboardInterrupt

    for fault in (broken, stopped):
        monkeypatch.setattr(checking, "verdict_on", fault)
        assert is_german(evaluate("neuron", answer("neuron", "return RIGHT")))
    assert is_german(evaluate("neuron", {}, exchange=lambda request, names: b"nonsense"))


def test_what_a_cell_waits_for_is_told_in_german(capsys: pytest.CaptureFixture[str]) -> None:
    neuron = layer = answer("neuron", "return None")["neuron"]
    assert neuron is layer  # `ready` looks both up among the names here
    assert not ready("neuron")
    assert not ready("neuron", "layer")
    shown = capsys.readouterr().out
    assert shown.startswith("Diese Zelle benutzt dein `neuron`.")
    assert not english_in(shown), shown


# -------------------------------------------------------------------------------------------------- lines, and traces


def test_the_line_that_was_found_is_told_in_german(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locating, "SECONDS", 60.0)  # on a machine that has other things to do
    report = evaluate("neuron", answer("neuron", "z = x @ w - 2 * b\n    return sigmoid_(z)"), locate=True)
    assert report.located is not None
    assert is_german(report)
    lines = [Line(3, "    z = x @ w", ((3, "    z = x @ w"),)), Line(4, "    return z", ((4, "    return z"),))]
    kinds = [words for kind, words in vars(edits).items() if kind.isupper() and isinstance(words, str)]
    for kind in kinds:
        if kind == edits.OUTER:
            continue
        for located in (
            Located((lines[0],), True, (kind,)),
            Located(tuple(lines), True, (kind, edits.LINES)),
            Located(tuple(lines), True, (edits.LINES,)),
            Located((lines[0],), False),
            Located(tuple(lines), False),
        ):
            for text in (located.sentence, located.nudge):
                assert not english_in(in_language(text)), in_language(text)
            shown = Hint("neuron", located.nudge, 0, 2)
            assert not english_in(repr(shown))


TRACED = (
    "return RIGHT",
    "return 2 * RIGHT",
    "return x[100]",
    "return None",
    "while True: pass",
    "z = []; q = {}; f = lambda: 3; s = {1, 2}; o = object(); c = 2j; big = 10 ** 400; return 2 * RIGHT",
    "z = np.zeros((40, 50)); m = np.zeros((30, 30)) > 1; e = np.zeros(0); n = z / z; return 2 * RIGHT",
    "x += 1; return RIGHT",
    "t = 0\n    for i in range(100):\n        t += i\n    return 2 * RIGHT",
    "return sum(part(v) for v in x)\ndef part(v):\n    return v * 2",
    "return NAME(*ARGUMENTS)",
    "def inner():\n        yield 1\n    list(inner()); return 2 * RIGHT",
    "a = np.array(['x'], dtype=object); return 2 * RIGHT",
)


@pytest.mark.parametrize("name", EXERCISES)
def test_traces_are_in_german(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNKIT_TIME_LIMIT", "0.5")
    for body in TRACED:
        names = answer(name, body)
        for case, line in ((None, None), (1, 17)):
            shown = trace(name, names, case=case, line=line)
            text = re.sub(r"(?m)^.*│.*$", lambda found: re.sub(r"(?<=│  ).*?(?=   |$)", "", found.group()), str(shown))
            assert not english_in(text), f"{english_in(text)} in: {shown}"
            if hasattr(shown, "rows"):
                shown._repr_html_()
                data = steps_of_trace(shown)
                words = " ".join([*data["lead"], data["end"]["verdict"], *(step["words"] for step in data["steps"])])
                assert not english_in(words), f"{english_in(words)} in: {words}"
    for asked in (99, True):
        assert not english_in(str(trace(name, names, case=asked)))
    assert not english_in(str(trace(name, {})))
