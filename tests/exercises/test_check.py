"""`check`, `evaluate`, `hint` and `ready`: every verdict, and that nothing a student writes gets past them."""

# ruff: noqa: E501 -- students' code stands on one line each

from __future__ import annotations

import functools
import subprocess
import sys
import types
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnkit.exercises import CheckFailed, Report, check, evaluate, hint, index, ready, surroundings
from nnkit.exercises import checking as checking_module
from nnkit.exercises.beside.probes import probe
from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.terms import REPORT_TYPE
from tests.answers import namespace_of

REPOSITORY = Path(__file__).resolve().parents[2]
Make = Callable[..., Exercise]


def report_on(exercise: Exercise, source: str, **options: Any) -> Report:
    return evaluate(exercise, namespace_of(source), **options)


# -- one status and one rung after the other --------------------------------------------------------------------------

RUNGS: dict[str, tuple[str, str, str]] = {
    # label: (source, status, what the text says)
    "right": ("def triple(x):\n    return 3 * x", "passed", "3 cases: numbers, vectors, matrices."),
    "undefined": ("", "not attempted", "There is no triple here yet."),
    "a number": ("triple = 3", "wrong", "triple is an int here, expected `triple(x)`."),
    "stub": ("def triple(x):\n    raise NotImplementedError", "not attempted", "Replace the line"),
    "returned nothing": (
        "def triple(x):\n    3 * x",
        "wrong",
        "returned None, expected a result. Is there a `return`",
    ),
    "printed": ("def triple(x):\n    print(3 * x)", "wrong", "Printing shows a value to the reader"),
    "input changed, and a value wrong": (
        "def triple(x):\n    result = x\n    for _ in range(3):\n        result += x\n    return result",
        "wrong",
        "A value is wrong, too: for x = ",
    ),
    "type": ("def triple(x):\n    return str(3 * x)", "wrong", "The result is the text"),
    "generator": ("def triple(x):\n    return (3 * e for e in x)", "crashed", "'float' object is not iterable"),
    "list of nothing": ("def triple(x):\n    return [None] if np.ndim(x) else 3 * x", "wrong", "with None among its"),
    "shape": ("def triple(x):\n    return np.atleast_1d(3 * x)", "wrong", "has shape (1,), expected shape () (one num"),
    "tuple of one": ("def triple(x):\n    return 3 * x,", "wrong", "A comma after the value in `return` makes a tuple"),
    "ragged": (
        "def triple(x):\n    return [[1], [1, 2]] if np.ndim(x) else 3 * x",
        "wrong",
        "rows of different lengths",
    ),
    "dtype": ("def triple(x):\n    return np.asarray(x) > 0", "wrong", "has True and False in it, expected numbers"),
    "complex": ("def triple(x):\n    return 3 * x + 1j", "wrong", "holds complex numbers, expected real ones"),
    "integers": (
        "def triple(x):\n    return np.asarray(3 * np.asarray(x)).astype(int)",
        "wrong",
        "is the whole number 20, expected 20.7",
    ),
    "input changed": (
        "def triple(x):\n    if np.ndim(x):\n        x *= 3\n        return x\n    return 3 * x",
        "wrong",
        "The values are right, but your function changed its argument x in place.",
    ),
    "not finite": ("def triple(x):\n    return 3 * x / 0", "crashed", "In your line `return 3 * x / 0`: `x` is"),
    "nan": ("def triple(x):\n    return x * np.nan", "wrong", "has nan (not a number) where"),
    "value": ("def triple(x):\n    return 3 * x + 0.5", "wrong", "Yours is the expected value plus 0.5, everywhere."),
    "sign": ("def triple(x):\n    return -3 * x", "wrong", "the right size and the opposite sign, everywhere."),
    "factor": ("def triple(x):\n    return 7.5 * x", "wrong", "Yours is 2.5 times the expected value, everywhere."),
    "known mistake": ("def triple(x):\n    return 2 * x", "wrong", "Yours is twice x, not three times."),
    "one case": (
        "def triple(x):\n    return 3 * x if np.ndim(x) < 2 else x",
        "wrong",
        "2 of 3 cases are right: “numbers”, “vectors”.",
    ),
    "crashed": (
        "def triple(x):\n    y = np.zeros(5)\n    return 3 * x + (y if np.ndim(x) else 0)",
        "crashed",
        "`x` has shape (3,) there",
    ),
    "partly written": (
        "def triple(x):\n    if np.ndim(x):\n        raise NotImplementedError\n    return 3 * x",
        "crashed",
        "triple still has its `raise NotImplementedError`: this part is not written yet.",
    ),
    "endless recursion": ("def triple(x):\n    return triple(x)", "crashed", "calls itself again and again"),
    "many arguments": ("def triple(x, y):\n    return 3 * x", "crashed", "It is called as `triple(x)`."),
    "a name that is not there": ("def triple(x):\n    return 3 * X", "crashed", "Python does not know this name."),
    "a power": ("def triple(x):\n    return x ^ 3", "crashed", "Python writes a power as `**`"),
    "an if": ("def triple(x):\n    return 3 * x if x > 9 else 3 * x", "crashed", "An `if` asks one question"),
    "a bracket": ("def triple(x):\n    n = 3\n    return n (x)", "crashed", "Is an operator missing between them?"),
    "system exit": ("def triple(x):\n    raise SystemExit(0)", "crashed", "SystemExit: 0"),
    "quit": ("def triple(x):\n    exit()", "crashed", "SystemExit"),
    "keyboard interrupt": ("def triple(x):\n    raise KeyboardInterrupt", "crashed", "KeyboardInterrupt."),
    "base exception": ("def triple(x):\n    raise BaseException('mine')", "crashed", "BaseException: mine"),
    "generator exit": ("def triple(x):\n    raise GeneratorExit", "crashed", "GeneratorExit."),
    "error that cannot be told": (
        "class Odd(Exception):\n    def __str__(self):\n        raise RuntimeError\ndef triple(x):\n    raise Odd",
        "crashed",
        "Odd.",
    ),
    "half a character": ("def triple(x):\n    raise ValueError('\\ud800')", "crashed", "ValueError: ?"),
    "a type instead of a value": ("def triple(x):\n    return float", "wrong", "The result is a type, expected"),
    "much too much": ("def triple(x):\n    return [None] * 10**6", "wrong", "The result is a very large list"),
    "deep": (
        "def triple(x):\n    y = x\n    for _ in range(100):\n        y = [y]\n    return y",
        "wrong",
        "The result is a list of 1 entry",
    ),
    "float32": ("def triple(x):\n    return np.multiply(3, x, dtype=np.float32)", "passed", "Largest error below 10⁻"),
    "lists": ("def triple(x):\n    return (3 * np.asarray(x)).tolist()", "passed", "3 cases"),
    "a deque": (
        "from collections import deque\ndef triple(x):\n    return deque(3 * x) if np.ndim(x) else 3 * x",
        "passed",
        "3 cases",
    ),
    "exact fractions": (
        "from fractions import Fraction\ndef triple(x):\n    return 3 * x if np.ndim(x) else 3 * Fraction(x)",
        "passed",
        "3 cases",
    ),
    "a wrong constant": ("def triple(x):\n    return 3 * x if np.ndim(x) else 0", "wrong", "The value is wrong"),
    "own kind of list": (
        "class Mine(list):\n    pass\ndef triple(x):\n    return Mine(3 * x) if np.ndim(x) else 3 * x",
        "passed",
        "3 cases",
    ),
}


@pytest.mark.parametrize("label", RUNGS)
def test_every_rung_says_what_it_found(label: str, exercise: Make, capsys: pytest.CaptureFixture[str]) -> None:
    source, status, says = RUNGS[label]
    report = report_on(exercise(), source)
    assert (report.status, says in str(report)) == (status, True), str(report)
    assert report.passed == (status == "passed")
    assert report.message.rstrip("`").endswith((".", "?"))
    assert "Traceback" not in str(report)
    assert str(report).lower().count("stopped with an error") == (report.words in ("", "stopped with an error")) * (
        status == "crashed"
    )
    if status == "wrong" and label not in ("value", "sign", "factor", "one case", "a wrong constant"):
        assert report.cause
    assert capsys.readouterr() == ("", "")


def test_an_endless_loop_is_stopped_and_said(exercise: Make) -> None:
    report = report_on(exercise(), "def triple(x):\n    while True:\n        pass", time_limit=0.2)
    assert report.status == "timed out"
    assert report.headline == "triple: stopped after 0.2 seconds."
    assert "Is there a loop whose condition never changes" in report.message


def test_one_long_call_is_said_to_go_on(exercise: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnkit.exercises.beside.watchdog.GRACE_SECONDS", 0.1)
    source = "import time\ndef triple(x):\n    time.sleep(0.8)\n    return 3 * x"
    report = report_on(exercise(), source, time_limit=0.1)
    assert report.status == "timed out"
    assert "restart the kernel" in report.message


def test_the_time_limit_comes_from_the_environment(exercise: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNKIT_TIME_LIMIT", "0.2")
    assert "0.2 seconds" in str(report_on(exercise(), "def triple(x):\n    while True:\n        pass"))
    for strange in ("soon", "nan", "inf", ""):
        monkeypatch.setenv("NNKIT_TIME_LIMIT", strange)
        assert surroundings.allowed_seconds() == 10


# -- what check does with a report ------------------------------------------------------------------------------------


def test_passing_returns_the_report_and_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    report = check("double", {"double": lambda x: 2 * x})
    assert isinstance(report, Report)
    assert report.passed
    bundle = report._repr_mimebundle_()
    assert bundle["text/plain"].startswith("✓ double: right. 8 cases: numbers")
    assert "<strong>double: right.</strong>" in bundle["text/html"]
    assert bundle[REPORT_TYPE]["status"] == "passed"
    with pytest.raises(ValueError, match="float"):
        float(bundle["text/plain"])  # nbgrader would take a number for points
    assert capsys.readouterr() == ("", "")


def test_not_passing_raises_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CheckFailed) as caught:
        check("double", {"double": lambda x: x * x})
    assert caught.value._render_traceback_() == ["✗ double: not yet."]
    assert caught.value.report.status == "wrong"
    assert "Yours is x times itself." in str(caught.value)
    assert capsys.readouterr() == ("", "")


def test_not_passing_is_displayed_before_it_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Any] = []
    shell = types.SimpleNamespace(user_ns={}, display_pub=None)
    monkeypatch.setattr(checking_module, "notebook_shell", lambda: shell)
    monkeypatch.setattr(surroundings, "notebook_shell", lambda: shell)
    monkeypatch.setattr("IPython.display.display", lambda panel, display_id: shown.append(panel))
    with pytest.raises(CheckFailed) as caught:
        check("double", {})
    assert shown == [caught.value.report]


# -- where names are looked up ----------------------------------------------------------------------------------------


def test_names_are_those_of_the_callers_globals() -> None:
    names: dict[str, Any] = {"check": check}
    exec("def double(x):\n    return 2 * x\nreport = check('double')", names)
    assert names["report"].passed


def test_names_are_those_of_a_functions_locals() -> None:
    def double(x: Any) -> Any:
        return 2 * x

    assert check("double").passed
    assert double is not None


def test_locals_come_before_globals() -> None:
    names: dict[str, Any] = {"check": check}
    exec(
        "def double(x):\n    return x\n"
        "def inside():\n    def double(x):\n        return 2 * x\n    return check('double')\n"
        "report = inside()",
        names,
    )
    assert names["report"].passed


def test_names_may_be_given_as_a_mapping() -> None:
    assert check("double", types.MappingProxyType({"double": lambda x: 2 * x})).passed


# -- evaluate never raises --------------------------------------------------------------------------------------------


class _Refusing(Mapping[str, Any]):
    def __getitem__(self, key: str) -> Any:
        raise RuntimeError("no")

    def __iter__(self) -> Any:
        raise RuntimeError("no")

    def __len__(self) -> int:
        raise RuntimeError("no")


def _refusing_object() -> Any:
    class Refusing:
        def __getattribute__(self, name: str) -> Any:
            raise SystemExit

        def __call__(self, x: Any) -> Any:
            raise SystemExit

        def __eq__(self, other: object) -> bool:
            raise SystemExit

        __hash__ = None  # type: ignore[assignment]

    return Refusing()


NAMESPACES: dict[str, Any] = {
    "refuses": _Refusing(),
    "none": None,
    "a list": [],
    "other keys": {1: 2, None: 3, "double": lambda x: 2 * x},
    "hostile companion": {"double_twice": lambda x: 4 * x, "double": _refusing_object()},
    "hostile answer": {"double_twice": _refusing_object(), "double": _refusing_object()},
    "module": {"double_twice": np},
    "builtin": {"double_twice": len},
    "type": {"double_twice": int},
    "partial of a partial": {"double_twice": functools.partial(functools.partial(pow, 2))},
}


@pytest.mark.parametrize("label", NAMESPACES)
@pytest.mark.parametrize("name", ["double_twice", "double"])
def test_evaluate_never_raises(label: str, name: str) -> None:
    report = evaluate(name, NAMESPACES[label])
    assert isinstance(report, Report)
    assert str(report)
    assert report._repr_html_()


@pytest.mark.parametrize("name", ["no_such_exercise", "doubel", "", 3, None, ["double"], b"double"])
def test_an_unknown_name_is_a_sentence(name: Any) -> None:
    report = evaluate(name, {})
    assert report.status == "not attempted"
    assert report.message.endswith((".", "?"))
    with pytest.raises(CheckFailed):
        check(name, {})
    with pytest.raises(ValueError, match=r"exercise"):
        hint(name)


def test_a_close_name_is_offered() -> None:
    assert "did you mean 'double'?" in evaluate("doubel", {}).message


def test_a_check_that_fails_itself_says_so(exercise: Make) -> None:
    broken = exercise(reference=lambda x: 1 / 0)
    report = evaluate(broken, {"triple": lambda x: 3 * x}, seed=5)
    assert report.status == "crashed"
    assert "The check itself failed (ZeroDivisionError: division by zero)." in report.message
    assert "seed 5" in report.message


# -- what the student's code does besides returning ------------------------------------------------------------------


def test_prints_are_kept_back_and_reported(exercise: Make, capfd: pytest.CaptureFixture[str]) -> None:
    source = (
        "import sys, logging\n"
        "def triple(x):\n    print('here', type(x))\n    print('loud', file=sys.stderr)\n"
        "    sys.stdout.write('again\\n')\n    logging.getLogger('mine').error('log')\n    return 3 * x"
    )
    report = report_on(exercise(), source)
    assert report.passed
    assert any("your code printed" in note and "here <class 'float'>" in note for note in report.notes)
    assert capfd.readouterr() == ("", "")


def test_an_endless_print_fills_no_memory(exercise: Make) -> None:
    source = "def triple(x):\n    while True:\n        print('x' * 1000)"
    report = report_on(exercise(), source, time_limit=0.2)
    assert report.status == "timed out"
    assert len(str(report)) < 2000


def test_warnings_are_reported_and_never_decide(exercise: Make, capfd: pytest.CaptureFixture[str]) -> None:
    source = (
        "import warnings\ndef triple(x):\n    warnings.warn('old style')\n"
        "    np.log(np.zeros(1)) * np.array([1.0]) / np.zeros(1)\n    return 3 * x"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        report = report_on(exercise(), source)
    assert report.passed
    assert "old style" in report.notes[0]
    assert "divide by zero" in report.notes[0]
    assert capfd.readouterr() == ("", "")


def test_the_students_numpy_settings_do_not_reach_the_judge(exercise: Make) -> None:
    overflows = exercise(
        reference=lambda x: 3 * np.asarray(x) + 0 * np.exp(-np.float64(1e4)) / np.exp(np.float64(-1e4)).clip(1)
    )
    with np.errstate(all="raise"):
        assert evaluate(overflows, {"triple": lambda x: 3 * x}).passed


def test_the_judges_own_warnings_are_not_shown(exercise: Make, capfd: pytest.CaptureFixture[str]) -> None:
    noisy = exercise(reference=lambda x: 3 * np.asarray(x) + np.where(False, np.log(np.float64(0)), 0))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert evaluate(noisy, {"triple": lambda x: 3 * x}).passed
    assert caught == []
    assert capfd.readouterr() == ("", "")


def test_inputs_are_the_students_own_copies(exercise: Make) -> None:
    source = "def triple(x):\n    y = 3 * np.array(x)\n    if np.ndim(x):\n        x[...] = 0\n    return y"
    report = report_on(exercise(), source)
    assert "changed its argument x in place" in report.message
    assert report_on(exercise(keeps_inputs=False), source).passed


def test_a_list_that_is_changed_counts_as_a_changed_input(exercise: Make) -> None:
    def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
        return [Case({"rows": [1.0, 2.0]}, "lists")]

    changed = exercise(cases=cases, reference=lambda rows: 3.0, mistakes=())
    report = report_on(changed, "def triple(rows):\n    rows.append(3.0)\n    return 3.0")
    assert "changed its argument rows in place" in report.message


# -- what the answer calls --------------------------------------------------------------------------------------------

ALIASES = {
    "by its name": "import statistics\ndef triple(x):\n    return statistics.fmean([x, x]) * 3",
    "imported as": "from statistics import fmean as f\ndef triple(x):\n    return f([x, x]) * 3",
    "by getattr": "import statistics\ndef triple(x):\n    return getattr(statistics, 'fme' + 'an')([x, x]) * 3",
    "through a helper": "from statistics import fmean\ndef h(x):\n    return fmean([x])\ndef triple(x):\n    return 3 * h(x)",
    "through map": "from statistics import fmean\ndef triple(x):\n    return 3 * list(map(fmean, [[x]]))[0]",
    "as a partial": "import functools, statistics\nf = functools.partial(statistics.fmean)\ndef triple(x):\n    return 3 * f([x])",
    "imported inside": "def triple(x):\n    from statistics import fmean\n    return 3 * fmean([x])",
    "itself": "from statistics import fmean as triple",
    "itself as a partial": "import functools, statistics\ntriple = functools.partial(statistics.fmean)",
}


@pytest.mark.parametrize("label", ALIASES)
def test_delegation_is_seen_through_any_alias(label: str, exercise: Make) -> None:
    report = report_on(exercise(withheld=("statistics.fmean",)), ALIASES[label])
    assert (report.status, report.words) == ("wrong", "not counted"), str(report)
    assert "calls `statistics.fmean`, which is the answer itself" in report.message


def test_a_builtin_may_be_withheld_too(exercise: Make) -> None:
    source = "import math as m\ndef triple(x):\n    return 3 * m.fsum([x]) if not np.ndim(x) else 3 * x"
    assert report_on(exercise(withheld=("math.fsum",)), source).words == "not counted"
    assert report_on(exercise(withheld=("math.fabs",)), source).passed


def test_delegation_is_seen_when_its_import_happens_during_the_check(exercise: Make) -> None:
    """The module is not loaded when the check begins: only the answer's own first call imports it."""
    code = (
        "import sys; sys.path.insert(0, '.')\n"
        "from tests.exercises.conftest import make_exercise\n"
        "from nnkit.exercises import evaluate\n"
        "assert 'colorsys' not in sys.modules\n"
        "def triple(x):\n    from colorsys import rgb_to_yiq\n    rgb_to_yiq(0, 0, 0)\n    return 3 * x\n"
        "print(evaluate(make_exercise(withheld=('colorsys.rgb_to_yiq',)), globals()).words)\n"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert found.stdout.strip() == "not counted", found.stderr


def test_naming_is_not_calling(exercise: Make) -> None:
    source = "from statistics import fmean\ndef triple(x):\n    '''Not fmean.'''\n    return 3 * x"
    assert report_on(exercise(withheld=("statistics.fmean",)), source).passed


WRONG_DOUBLE = "def double(x):\n    return x * x\n"


def test_blocked_by_a_companion_that_fails() -> None:
    report = evaluate("double_twice", namespace_of(WRONG_DOUBLE + "def double_twice(x):\n    return double(double(x))"))
    assert report.status == "blocked"
    assert "It calls your double, whose own check does not pass yet" in report.message


def test_not_blocked_by_a_companion_that_is_not_called() -> None:
    report = evaluate("double_twice", namespace_of(WRONG_DOUBLE + "def double_twice(x):\n    return 2 * x"))
    assert report.status == "wrong"
    assert "Yours is twice x" in str(report.cause)
    assert evaluate("double_twice", namespace_of(WRONG_DOUBLE + "def double_twice(x):\n    return 4 * x")).passed


def test_not_blocked_when_the_answer_is_right_all_the_same() -> None:
    source = WRONG_DOUBLE + "def double_twice(x):\n    double(x)\n    return 4 * x"
    assert evaluate("double_twice", namespace_of(source)).passed


@pytest.mark.parametrize("double", ["", "def double(x):\n    raise NotImplementedError\n"])
def test_a_companion_that_is_absent_never_blocks(double: str) -> None:
    report = evaluate("double_twice", namespace_of(double + "def double_twice(x):\n    return double(double(x))"))
    assert report.status == "crashed"
    assert "double" in report.message


def test_two_answers_that_call_each_other_do_not_hang() -> None:
    source = (
        "def double(x):\n    return double_twice(x) / 2\n"
        "def double_twice(x):\n    return double(double(x)) + 0 * double(x)\n"
    )
    namespace = namespace_of(source)
    assert {evaluate(name, namespace).status for name in ("double", "double_twice")} <= {"blocked", "crashed"}


# -- classes ----------------------------------------------------------------------------------------------------------


@probe
def first_or_total(student: Any, arguments: dict[str, Any], namespace: Mapping[str, Any]) -> Any:
    """Make a counter and ask it, by one method or the other."""
    made = student(arguments["x"])
    return made.total() if np.ndim(arguments["x"]) else made.first()


@pytest.fixture
def counter(exercise: Make) -> Exercise:
    return exercise(
        name="Counter", signature="Counter(x)", probe="first_or_total", reference=lambda x: 3 * np.asarray(x)
    )


CLASS = "class Counter:\n    def __init__(self, x):\n        {init}\n    def first(self):\n        {first}\n    def total(self):\n        {total}\n"
STUB = "raise NotImplementedError"


@pytest.mark.parametrize(
    ("init", "first", "total", "status", "says"),
    [
        ("self.x = x", "return 3 * self.x", "return 3 * self.x", "passed", "3 cases"),
        (STUB, STUB, STUB, "not attempted", "Replace the line"),
        ("self.x = x", STUB, STUB, "not attempted", "Replace the line"),
        ("self.x = x", "return 3 * self.x", STUB, "crashed", "Counter.total still has its `raise NotImplementedError`"),
        ("self.x = x", "return 3 * self.y", "return 3", "crashed", "'Counter' object has no attribute 'y'"),
    ],
)
def test_a_class_is_checked_as_far_as_it_is_written(
    counter: Exercise, init: str, first: str, total: str, status: str, says: str
) -> None:
    report = report_on(counter, CLASS.format(init=init, first=first, total=total))
    assert report.status == status, str(report)
    assert says in str(report)


# -- seeds ------------------------------------------------------------------------------------------------------------


def _values(exercise: Exercise, **options: Any) -> list[Any]:
    seen: list[Any] = []

    def triple(x: Any) -> Any:
        seen.append(np.asarray(x).tolist())
        return 3 * x

    report = evaluate(exercise, {exercise.name: triple}, **options)
    assert report.passed
    return [report.seed, *seen]


def test_the_same_seed_draws_the_same_cases_and_another_seed_others(exercise: Make) -> None:
    assert _values(exercise()) == _values(exercise())
    assert _values(exercise(), seed=7) == _values(exercise(), seed=7)
    assert _values(exercise(), seed=7)[1:] != _values(exercise(), seed=8)[1:]
    hidden = _values(exercise(), seed=7, hidden=True)
    assert len(hidden) == len(_values(exercise(), seed=7)) + 1
    assert _values(exercise(), hidden=True)[0] != _values(exercise(), hidden=True)[0]


def test_a_verdict_can_be_repeated(exercise: Make) -> None:
    namespace = namespace_of("def triple(x):\n    return 3 * x + (np.ndim(x) > 1)")
    first = evaluate(exercise(), namespace, hidden=True)
    again = evaluate(exercise(), namespace, seed=first.seed, hidden=True)
    assert str(first) == str(again)
    assert f"seed {first.seed}" in str(first)


def test_no_environment_draws_other_cases_in_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    namespace = {"double": lambda x: 2 * x}
    public = check("double", namespace)
    monkeypatch.setenv("NNKIT_GRADING_SEED", "0f" * 32)
    assert not check("double", namespace).hidden
    assert check("double", namespace).seed == public.seed


# -- hints and ready --------------------------------------------------------------------------------------------------


def test_hints_come_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking_module, "hints_given", {})
    exercise = index.find("double")
    given = [hint("double") for _ in range(len(exercise.hints) + 1)]
    assert [entry.position for entry in given] == [1, 2, 2]
    assert [entry.text for entry in given[:-1]] == list(exercise.hints)
    assert repr(given[0]).startswith("double, hint 1 of 2: ")
    assert repr(given[-1]).endswith("That was the last one.")
    assert "That was the last one." in given[-1]._repr_html_()


def test_a_cell_is_ready_when_the_checks_of_what_it_uses_pass(capsys: pytest.CaptureFixture[str]) -> None:
    def double(x: Any) -> Any:
        return x + x

    def double_twice(x: Any) -> Any:
        return 4 * x

    assert ready("double", "double_twice")
    assert capsys.readouterr().out == ""
    assert (double, double_twice) is not None


def test_a_cell_waits_for_answers_that_are_wrong_missing_or_endless(capsys: pytest.CaptureFixture[str]) -> None:
    def double(x: Any) -> Any:
        while True:
            pass

    assert not ready("double", "double_twice")
    assert capsys.readouterr().out == (
        "This cell uses your `double` and `double_twice`. Let their checks pass first, then run this one again.\n"
    )
    assert double is not None


def test_a_cell_does_not_wait_for_an_answer_whose_check_has_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    names: dict[str, Any] = {"check": check, "ready": ready}
    exec("def double(x):\n    return 2 * x\ncheck('double')", names)
    monkeypatch.setattr(checking_module, "READY_SECONDS", 0.0)  # no time to judge it again
    exec("usable = ready('double')", names)
    assert names["usable"]


def test_a_cell_waits_for_an_answer_that_was_written_anew() -> None:
    names: dict[str, Any] = {"check": check, "ready": ready}
    exec("def double(x):\n    return 2 * x\ncheck('double')", names)
    exec("def double(x):\n    return 3 * x\nusable = ready('double')", names)
    assert not names["usable"]


def test_right_values_with_a_warning_hold_no_cell_back() -> None:
    names: dict[str, Any] = {"np": np, "ready": ready}
    exec("def sigmoid(x):\n    return 1 / (1 + np.exp(-np.asarray(x, dtype=float)))\nusable = ready('sigmoid')", names)
    assert evaluate("sigmoid", names).only_warned
    assert names["usable"]
