"""What checks said is kept and shown: nothing is lost, nothing disturbs a check, and nothing personal is in a test."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import nnkit
from nnkit.cli import main
from nnkit.exercises import CheckFailed, check, evaluate, record
from nnkit.exercises.outline import PLACED, Place, places, places_in
from nnkit.exercises.progress import COUNTED, Progress, progress, standings
from nnkit.exercises.record import FILE, VARIABLE, Entry, entries, files

ANSWERS: dict[str, Any] = {"double": lambda x: 2 * x}


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    """A notebook's kernel in which `double` was answered."""
    monkeypatch.setattr(record, "notebook_shell", lambda: object())
    monkeypatch.setattr("nnkit.exercises.checking.callers_names", lambda: ANSWERS)
    monkeypatch.setenv("JPY_SESSION_NAME", "/somewhere/00_welcome/welcome.ipynb")


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "progress.jsonl"
    monkeypatch.setenv(VARIABLE, str(path))
    return path


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A reader outside pytest, with a home of their own."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.delenv("PYTEST_VERSION", raising=False)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "data"))
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


# --------------------------------------------------------------------------------------------------- what is recorded


@pytest.mark.usefixtures("notebook")
def test_a_check_in_a_notebook_is_kept_and_shown(kept: Path) -> None:
    check("double")
    (entry,) = entries()
    assert (entry.exercise, entry.status, entry.notebook) == ("double", "passed", "00_welcome/welcome.ipynb")
    assert entry.version == nnkit.__version__
    assert nnkit.progress().passed == ("double",)
    assert json.loads(kept.read_text())["exercise"] == "double"


@pytest.mark.usefixtures("notebook", "kept")
def test_one_that_fails_is_tried_and_one_not_begun_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ANSWERS, "double", lambda x: x + 2)
    for name in ("double", "double_twice", "no such exercise"):
        with pytest.raises(CheckFailed):
            check(name)
    states = {one.place.exercise: one.state for one in progress().standings}
    assert (states["double"], states["double_twice"]) == ("tried", "open")
    assert [entry.exercise for entry in entries()] == ["double"]


@pytest.mark.usefixtures("notebook")
def test_where_outputs_must_repeat_nothing_is(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNKIT_STATIC", "1")
    check("double")
    assert not kept.exists()


@pytest.mark.usefixtures("notebook")
def test_what_was_recorded_is_not_shown_where_outputs_must_repeat(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check("double")
    monkeypatch.setenv("NNKIT_STATIC", "1")
    shown = progress()
    assert (shown.passed, shown.notes) == ((), ())
    assert "20" + "26" not in str(shown)
    assert str(kept.parent) not in shown._repr_html_()


@pytest.mark.usefixtures("notebook")
def test_tools_and_tests_are_not_recorded(at_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    evaluate("double", ANSWERS)
    check("double", ANSWERS)  # somebody else's names
    monkeypatch.setenv("PYTEST_VERSION", "9")
    check("double")
    monkeypatch.delenv("PYTEST_VERSION")
    monkeypatch.setenv(VARIABLE, "")
    check("double")
    assert list(at_home.rglob("*")) == []


def test_outside_a_notebook_nothing_is_recorded(kept: Path) -> None:
    record.keep("double", "passed", {})
    assert not kept.exists()


def test_a_check_in_a_kept_old_copy_counts_for_the_notebook_of_the_course(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has passed has passed; what comes next stands in the notebook, not in the copy."""
    del kept
    monkeypatch.setattr(record, "notebook_shell", lambda: object())
    monkeypatch.setenv("JPY_SESSION_NAME", "/home/ada/nnkit-course/00_welcome/welcome (old).ipynb")
    record.keep("double", "passed", {})
    found = progress()
    assert found.passed == ("double",)
    assert {one.place.notebook for one in found.standings if one.last is not None} == {"welcome"}
    assert "(old)" not in str(found)


# --------------------------------------------------------------------------------------------------------- the file


@pytest.mark.usefixtures("notebook")
def test_it_lies_in_the_course_folder_and_else_in_the_users(at_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check("double")
    (elsewhere,) = at_home.rglob(FILE)
    assert elsewhere.parent.name == "nnkit"
    course = at_home / "nnkit-course"
    (course / "00_welcome").mkdir(parents=True)
    (course / PLACED).write_text("{}")
    monkeypatch.chdir(course / "00_welcome")
    check("double")
    assert (course / FILE).is_file()
    monkeypatch.chdir(at_home)
    assert files()[0] == course / FILE
    assert progress().passed == ("double",)
    assert any(note.endswith(f"{FILE} and never leaves this machine.") for note in progress().notes)


@pytest.mark.usefixtures("notebook")
def test_where_jupyter_says_which_notebook_it_is_its_folder_counts(
    at_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = at_home / "course"
    (course / "00_welcome").mkdir(parents=True)
    (course / PLACED).write_text("{}")
    monkeypatch.setenv("JPY_SESSION_NAME", str(course / "00_welcome" / "welcome.ipynb"))
    check("double")
    assert (course / FILE).is_file()


@pytest.mark.usefixtures("notebook")
def test_garbage_and_a_line_that_was_cut_off_spoil_no_other(kept: Path) -> None:
    check("double")
    whole = kept.read_bytes().strip()
    kept.write_bytes(whole + b'\n\xff\xfe\n[1, 2]\n{"exercise": 3}\n' + b"[" * 100_000 + b"\nnull\n" + whole[:30])
    check("double")
    assert progress().passed == ("double",)
    assert kept.read_bytes().splitlines()[-1].endswith(b"}")
    assert len({line for line in kept.read_bytes().splitlines() if line.endswith(b"}")}) >= 1


@pytest.mark.usefixtures("notebook")
def test_a_file_that_cannot_be_written_disturbs_no_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path, tmp_path / "file" / "below"):
        monkeypatch.setenv(VARIABLE, str(path))
        assert check("double").passed
        (note,) = progress().notes
        assert note.startswith("Checks cannot be recorded: nothing can be written to ")


@pytest.mark.usefixtures("notebook", "kept")
def test_whatever_goes_wrong_stays_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("no disk")

    monkeypatch.setattr(record, "_append", broken)
    assert check("double").passed


@pytest.mark.skipif(os.name != "posix", reason="a home that cannot be written to is made with rights")
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.usefixtures("notebook")
def test_without_a_home_it_lies_beside_the_notebook(at_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked, folder = at_home / "data", at_home / "work"
    locked.mkdir(mode=0o500)
    folder.mkdir()
    monkeypatch.chdir(folder)
    check("double")
    assert (folder / FILE).is_file()


def test_several_kernels_at_once_lose_nothing(kept: Path) -> None:
    program = (
        "import sys\n"
        "from nnkit.exercises import record\n"
        "record.notebook_shell = lambda: object()\n"
        "for number in range(200):\n"
        "    record.keep(f'{sys.argv[1]}-{number}', 'passed', {})\n"
    )
    kernels = [subprocess.Popen([sys.executable, "-c", program, str(kernel)]) for kernel in range(3)]
    assert [kernel.wait(600) for kernel in kernels] == [0, 0, 0]
    assert {entry.exercise for entry in entries()} == {f"{kernel}-{n}" for kernel in range(3) for n in range(200)}


# ------------------------------------------------------------------------------------------------------ what is shown

BEGIN = datetime(2026, 3, 1, 12, tzinfo=UTC)
COURSE = (Place("a", "00_x", "one", 1), Place("b", "00_x", "one", 2), Place("c", "01_y", "two", 3))


def said(*verdicts: tuple[str, str]) -> Progress:
    """The progress after some verdicts, one a day."""
    kept = [Entry(name, status, BEGIN + timedelta(days=day)) for day, (name, status) in enumerate(verdicts)]
    return Progress(standings(COURSE, kept))


def test_what_has_passed_stays_passed_and_later_failures_are_said() -> None:
    shown = said(("a", "wrong"), ("a", "passed"), ("a", "passed"), ("a", "crashed"), ("b", "timed out"))
    assert shown.passed == ("a",)
    assert shown.points == 1
    assert shown.standings[0].words == "passed, 2 Mar 2026 (the last check, 4 Mar 2026, did not pass)"
    assert shown.standings[1].words == "tried, 5 Mar 2026"
    assert shown.headline.startswith("1 of 3 checks have passed: 1 of 6 points")


def test_what_comes_next_is_where_the_reader_is() -> None:
    assert said().outlook == "Next: `a` in 00_x/one.ipynb."
    assert said(("a", "passed")).outlook == "Next: `b` in 00_x/one.ipynb."
    assert said(("c", "wrong")).outlook == "Next: `c` in 01_y/two.ipynb."
    assert said(("a", "passed"), ("c", "passed")).outlook == "Next: `b` in 00_x/one.ipynb."
    assert said(*((name, "passed") for name in "abc")).outlook.startswith("Nothing is open")


def test_the_table_can_be_read_without_its_colours() -> None:
    shown = said(("a", "passed"), ("b", "wrong"))._repr_html_()
    assert shown.count("<caption") == 2
    assert shown.count('scope="row"') == len(COURSE) + 2
    for words in ("passed, 1 Mar 2026", "tried, 2 Mar 2026", "open"):
        assert words in shown
    assert "color: black" not in shown
    assert "background: white" not in shown


def test_the_course_is_read_from_its_notebooks_in_the_order_of_reading(repository: Path) -> None:
    found = places()
    notebooks = list(dict.fromkeys(place.notebook for place in found))
    assert notebooks[:3] == ["welcome", "computation_graphs", "neurons"]
    assert notebooks.index("backprop_by_hand") < notebooks.index("automatic_differentiation")
    exercises = [place.exercise for place in found]
    assert len(exercises) == len(set(exercises))
    assert sum(place.points for place in places_in(repository / "course")) == progress().points + sum(
        one.place.points for one in progress().standings if one.state != "passed"
    )


def test_a_course_without_notebooks_is_said_so(tmp_path: Path) -> None:
    assert places_in(tmp_path) == ()
    assert "missing" in str(Progress(()))


@pytest.mark.usefixtures("notebook")
def test_the_command_shows_the_same(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check("double")
    assert main(["progress"]) == 0
    shown = capsys.readouterr().out
    assert "✓ double: passed" in shown
    assert "Next: `double_twice` in 00_welcome/welcome.ipynb." in shown


# ---------------------------------------------------------------------------------------- where there are no notebooks


def command_says(capsys: pytest.CaptureFixture[str], *typed: str) -> tuple[int, str, str]:
    code = main(["progress", *typed])
    said = capsys.readouterr()
    return code, said.out, said.err


def write_notebook(path: Path, source: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cell = {"cell_type": "code", "metadata": {}, "source": source}
    path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))


def test_where_there_is_neither_a_notebook_nor_a_record_it_asks_where(
    at_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder with notebooks of something else, hidden copies and texts counts as one without."""
    write_notebook(at_home / "thesis.ipynb", "check('everything')")
    write_notebook(at_home / ".ipynb_checkpoints" / "welcome.ipynb", "check('double')")
    (at_home / "notes.md").write_text("check('double')")
    before = sorted(at_home.rglob("*"))
    expected = f"There are no notebooks of the course in {at_home}. Say where they are: `nnkit progress FOLDER`.\n"
    for typed in ((), (".",), (str(at_home),)):
        assert command_says(capsys, *typed) == (1, "", expected)
    assert sorted(at_home.rglob("*")) == before


@pytest.mark.skipif(os.name == "nt", reason="a folder that somebody is in cannot be removed there")
@pytest.mark.parametrize("typed", [("progress",), ("mine",), ("lab", "x")], ids=" ".join)
def test_in_a_folder_that_somebody_has_removed_there_is_a_sentence(
    typed: tuple[str, ...], at_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (at_home / "gone").mkdir()
    monkeypatch.chdir(at_home / "gone")
    (at_home / "gone").rmdir()
    assert main(typed) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(
        "x leads to no folder ("
        if typed[0] == "lab"
        else "There are no notebooks of the course in the folder that you are in."
    )
    assert "Errno" not in said.err


def test_a_notebook_that_cannot_be_read_is_named(at_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (at_home / "welcome.ipynb").write_text('{"cells": [')
    code, out, err = command_says(capsys)
    assert (code, out) == (1, "")
    assert err.splitlines()[1].startswith("welcome.ipynb is no notebook that can be read (")


@pytest.mark.parametrize("name", ["nosuch", "~nobody-has-this-name/nnkit"])
@pytest.mark.usefixtures("notebook")
def test_a_folder_that_is_not_there_is_said_to_be_missing_whatever_was_recorded(
    name: str, at_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = (
        f"There is no folder or notebook {at_home / name}. Say where your notebooks are: `nnkit progress FOLDER`.\n"
    )
    assert command_says(capsys, name) == (1, "", expected)
    check("double")
    assert command_says(capsys, name) == (1, "", expected)


@pytest.mark.usefixtures("notebook")
def test_what_was_recorded_is_shown_where_the_notebooks_are_gone(
    at_home: Path, kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del kept
    check("double")
    assert not list(at_home.rglob("*.ipynb"))
    code, out, err = command_says(capsys)
    assert (code, err) == (0, "")
    assert out.startswith("1 of ")
    assert "✓ double: passed" in out


@pytest.mark.parametrize(
    "name", ["00_welcome/welcome.ipynb", "welcome.ipynb", "deep/down/what I was handed.ipynb", "nnkit-course/a/a.ipynb"]
)
def test_with_a_notebook_of_the_course_nothing_passed_is_an_answer(
    name: str, at_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_notebook(at_home / name, "from nnkit.exercises import check\ncheck('double')")
    for typed in ((), (str(at_home),), (str(at_home / name),)):
        code, out, err = command_says(capsys, *typed)
        assert (code, err) == (0, "")
        assert out.startswith("0 of ")


def test_below_the_folder_that_nnkit_lab_has_filled_it_is_found(
    at_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    course = at_home / "my course"
    write_notebook(course / "00_welcome" / "welcome.ipynb", "check('double')")
    (course / PLACED).write_text("{}")
    (course / "notes").mkdir()
    monkeypatch.chdir(course / "notes")
    assert command_says(capsys)[0] == 0


# ---------------------------------------------------------------------------------------------------- what is counted


def test_it_is_said_that_what_has_passed_once_is_counted_and_what_checks_the_notebooks() -> None:
    shown = said(("a", "passed"), ("a", "wrong"))
    assert str(shown).splitlines()[-1] == COUNTED
    assert "nnkit mine" in COUNTED
    assert COUNTED.replace("`", "") in shown._repr_html_()


def test_where_nothing_is_counted_nothing_is_said_of_it() -> None:
    for shown in (said(), said(("a", "wrong")), Progress(())):
        assert COUNTED not in str(shown)
        assert COUNTED.replace("`", "") not in shown._repr_html_()


def test_in_a_kernel_it_is_kept_and_shown_as_a_table(kept: Path) -> None:
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    sources = (
        "import nnkit\nfrom nnkit.exercises import check\ndef double(x):\n    return 2 * x",
        "check('double')",
        "nnkit.progress()",
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3").execute()
    (shown,) = notebook.cells[-1].outputs
    assert "1 of " in shown.data["text/plain"]
    assert "<table" in shown.data["text/html"]
    assert [entry.exercise for entry in entries()] == ["double"]
