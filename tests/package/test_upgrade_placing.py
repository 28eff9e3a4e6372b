"""A reader's folder on `nnkit lab`: what is replaced, merged, kept beside, and that nothing gets lost."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from nnkit.cli import doctor, lab
from nnkit.cli.upgrade import files, placing
from nnkit.cli.upgrade.cells import read_cells, text_of
from nnkit.cli.upgrade.history import hash_bytes
from nnkit.cli.upgrade.placing import Placed, place_notebooks
from nnkit.cli.upgrade.resetting import find_name, reset
from nnkit.cli.upgrade.telling import summary
from nnkit.exercises.outline import PLACED

STUB = "def double(x):\n    raise NotImplementedError"
SOLVED = "def double(x):\n    return 2 * x"


def cell(kind: str, identifier: str, source: str, **metadata: Any) -> dict[str, Any]:
    parts = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, "id": identifier, "metadata": metadata, "source": source.splitlines(True), **parts}


def course_notebook(story: str = "It doubles.", stub: str = STUB) -> bytes:
    answer = {"grade_id": "double", "solution": True, "grade": False, "locked": False, "schema_version": 3}
    check = {"grade_id": "test_double", "solution": False, "grade": True, "locked": True, "schema_version": 3}
    cells = [
        cell("markdown", "story", story),
        cell("code", "double", stub, nbgrader=answer),
        cell("code", "test_double", 'check("double")', nbgrader=check),
    ]
    notebook = {"cells": cells, "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}}}
    return (json.dumps({**notebook, "nbformat": 4, "nbformat_minor": 5}, indent=1, sort_keys=True) + "\n").encode()


def edited(content: bytes, **texts: str) -> bytes:
    """As JupyterLab saves a notebook in which some cells say something else now."""
    notebook = json.loads(content)
    for one in notebook["cells"]:
        one["source"] = texts.get(one["id"], "".join(one["source"])).splitlines(True)
    notebook["metadata"]["language_info"] = {"name": "python", "version": "3.12.1"}
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


def texts(path: Path) -> dict[str, str]:
    return {one["id"]: text_of(one) for one in read_cells(path.read_bytes())["cells"]}


class Folder:
    """The course in one version after the other, and somebody's folder."""

    def __init__(self, place: Path) -> None:
        self.source, self.target = place / "course", place / "work"
        (self.source / "00_a").mkdir(parents=True)
        self.name = "00_a/a.ipynb"
        self.release(course_notebook())
        (self.source / "00_a" / "b.ipynb").write_bytes(course_notebook("Another."))
        (self.source / "00_a" / "sheet.html").write_bytes(b"<p>first</p>\n")

    @property
    def mine(self) -> Path:
        return self.target / self.name

    def release(self, content: bytes, name: str = "00_a/a.ipynb") -> None:
        (self.source / name).write_bytes(content)

    def place(self) -> dict[str, Placed]:
        return {one.name.rpartition("/")[2]: one for one in place_notebooks(self.source, self.target)}

    def actions(self) -> dict[str, str]:
        return {name: one.action for name, one in self.place().items()}

    def names(self) -> set[str]:
        return {path.name for path in (self.target / "00_a").iterdir()}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def worked_on(folder: Folder) -> Folder:
    """It was placed, `double` was solved, and a newer version is out."""
    folder.place()
    folder.mine.write_bytes(edited(folder.mine.read_bytes(), double=SOLVED))
    folder.release(course_notebook("It doubles a number."))
    return folder


ALL = ("a.ipynb", "b.ipynb", "sheet.html")


def test_the_first_time_everything_is_placed_and_the_second_time_nothing_is_done(folder: Folder) -> None:
    assert folder.actions() == dict.fromkeys(ALL, "new")
    assert folder.mine.read_bytes() == course_notebook()
    assert folder.actions() == dict.fromkeys(ALL, "kept")


def test_an_untouched_notebook_becomes_the_newer_one_exactly(folder: Folder) -> None:
    folder.place()
    folder.mine.write_bytes(edited(folder.mine.read_bytes()))  # opened, run, saved
    folder.release(course_notebook("Newer."))
    assert folder.actions() == {**dict.fromkeys(ALL, "kept"), "a.ipynb": "updated"}
    assert folder.mine.read_bytes() == course_notebook("Newer.")
    assert folder.names() == set(ALL)


def test_a_notebook_with_work_has_the_newer_text_around_it_and_stays_beside_itself(worked_on: Folder) -> None:
    before = worked_on.mine.read_bytes()
    os.utime(worked_on.mine, (1_000_000_000, 1_000_000_000))
    placed = worked_on.place()["a.ipynb"]
    assert (placed.action, placed.beside) == ("merged", "00_a/a (old).ipynb")
    assert texts(worked_on.mine) == {
        "story": "It doubles a number.",
        "double": SOLVED,
        "test_double": 'check("double")',
    }
    old = worked_on.target / placed.beside
    assert old.read_bytes() == before
    assert old.stat().st_mtime == 1_000_000_000
    assert worked_on.names() == {*ALL, "a (old).ipynb"}
    assert worked_on.actions() == dict.fromkeys(ALL, "kept")


def test_earlier_copies_are_never_overwritten(worked_on: Folder) -> None:
    worked_on.mine.with_name("a (old).ipynb").write_text("mine, too")
    assert worked_on.place()["a.ipynb"].beside == "00_a/a (old 2).ipynb"
    worked_on.release(course_notebook("Newest."))
    assert worked_on.place()["a.ipynb"].beside == "00_a/a (old 3).ipynb"
    assert worked_on.mine.with_name("a (old).ipynb").read_text() == "mine, too"
    assert texts(worked_on.mine)["double"] == SOLVED


def test_no_copy_is_left_where_nothing_but_metadata_has_changed(worked_on: Folder) -> None:
    newer = json.loads(course_notebook())
    newer["cells"][2]["metadata"]["tags"] = ["raises-exception"]
    worked_on.release(json.dumps(newer).encode())
    assert worked_on.actions()["a.ipynb"] == "updated"
    assert worked_on.names() == set(ALL)
    assert texts(worked_on.mine)["double"] == SOLVED
    merged = json.loads(worked_on.mine.read_bytes())
    assert merged["cells"][2]["metadata"]["tags"] == ["raises-exception"]


def as_old_record(folder: Folder) -> None:
    """The record as nnkit wrote it before it remembered cells."""
    found = json.loads((folder.target / PLACED).read_text())
    (folder.target / PLACED).write_text(json.dumps({name: one for name, one in found.items() if isinstance(one, str)}))


def test_a_folder_with_a_record_of_files_only_is_upgraded(worked_on: Folder) -> None:
    as_old_record(worked_on)
    worked_on.release(course_notebook("Newer."), "00_a/b.ipynb")
    placed = worked_on.place()
    assert {name: one.action for name, one in placed.items()} == {
        "a.ipynb": "merged",
        "b.ipynb": "updated",
        "sheet.html": "kept",
    }
    assert texts(worked_on.mine)["double"] == SOLVED
    assert texts(worked_on.mine)["story"] == "It doubles a number."
    assert "It doubles." in texts(worked_on.mine).values()  # for all that is known the reader has written that
    # From now on cells are remembered.
    worked_on.release(course_notebook("Newest."))
    assert "It doubles a number." not in (worked_on.place(), texts(worked_on.mine).values())[1]


def test_texts_that_the_course_had_before_are_known_without_a_record(worked_on: Folder, monkeypatch: Any) -> None:
    from nnkit.cli.upgrade import history
    from nnkit.cli.upgrade.cells import mark_at, mark_of

    marks = {mark_at(one["id"], mark_of(one)) for one in read_cells(course_notebook())["cells"]}
    monkeypatch.setattr(history, "_known", lambda: frozenset(marks))
    (worked_on.target / PLACED).unlink()
    worked_on.release(course_notebook("Newer."), "00_a/b.ipynb")
    assert worked_on.actions()["a.ipynb"] == "merged"
    assert set(texts(worked_on.mine)) == {"story", "double", "test_double"}


def test_the_list_of_what_the_course_had_before_holds_what_was_handed_out(repository: Path) -> None:
    """Two texts of notebooks that were placed before cells were remembered, and none that never was the course's."""
    from nnkit.cli.upgrade.history import Record

    history = Record(repository).history_of("no such notebook")
    answer = {"cell_type": "markdown", "source": "*Your answer here.*"}
    from nnkit.cli.upgrade.cells import mark_of

    assert len(history.earlier) > 2000
    assert history.is_courses("double_weights", mark_of(answer))
    assert not history.is_courses("double_weights", mark_of({**answer, "source": "The angle stays."}))


@pytest.mark.parametrize("record", [None, "", "[]", "{", '{"00_a/a.ipynb": 3, "cells": {"00_a/a.ipynb": []}}', "\0"])
def test_a_record_that_cannot_be_read_costs_nothing(record: str | None, worked_on: Folder) -> None:
    (worked_on.target / PLACED).unlink()
    if record is not None:
        (worked_on.target / PLACED).write_text(record)
    assert worked_on.actions()["a.ipynb"] == "merged"
    assert texts(worked_on.mine)["double"] == SOLVED


def test_a_deleted_notebook_comes_back_as_released(folder: Folder) -> None:
    folder.place()
    folder.mine.unlink()
    assert folder.actions() == {**dict.fromkeys(ALL, "kept"), "a.ipynb": "new"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "is not JSON"),
        (course_notebook()[:200], "is not JSON"),
        (b"<<<<<<< mine\n" + course_notebook(), "is not JSON"),
        (b"\xff\xfe\x00", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"[]", "is not a notebook"),
        (b'{"nbformat": 3, "worksheets": []}', "is not a notebook"),
        (b'{"nbformat": 4, "cells": [1]}', "is no cell"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "metadata": []}]}', "metadata"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": 3}]}', "text"),
    ],
)
def test_what_is_no_notebook_stays_and_the_newer_one_is_put_beside_it_once(
    content: bytes, reason: str, worked_on: Folder
) -> None:
    worked_on.mine.write_bytes(content)
    placed = worked_on.place()["a.ipynb"]
    assert (placed.action, placed.beside) == ("beside", "00_a/a (newer).ipynb")
    assert reason in placed.reason
    assert worked_on.mine.read_bytes() == content
    beside = worked_on.target / placed.beside
    assert beside.read_bytes() == course_notebook("It doubles a number.")
    beside.unlink()
    assert worked_on.actions()["a.ipynb"] == "kept"
    assert not beside.exists()
    worked_on.release(course_notebook("Newest."))
    beside.write_bytes(b"somebody's")
    assert worked_on.place()["a.ipynb"].beside == "00_a/a (newer 2).ipynb"
    assert beside.read_bytes() == b"somebody's"


def test_an_empty_file_is_filled(folder: Folder) -> None:
    folder.place()
    folder.mine.write_bytes(b"")
    assert folder.actions()["a.ipynb"] == "updated"
    assert folder.mine.read_bytes() == course_notebook()


def test_a_write_protected_notebook_is_left_alone(worked_on: Folder) -> None:
    before = worked_on.mine.read_bytes()
    worked_on.mine.chmod(0o444)
    placed = worked_on.place()["a.ipynb"]
    assert (placed.action, placed.beside) == ("beside", "00_a/a (newer).ipynb")
    assert worked_on.mine.read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_stays_a_link_and_what_it_leads_to_is_upgraded(worked_on: Folder, tmp_path: Path) -> None:
    real = tmp_path / "elsewhere" / "mine.ipynb"
    real.parent.mkdir()
    worked_on.mine.rename(real)
    worked_on.mine.symlink_to(real)
    before = real.read_bytes()
    placed = worked_on.place()["a.ipynb"]
    assert placed.action == "merged"
    assert worked_on.mine.is_symlink()
    assert texts(real)["story"] == "It doubles a number."
    assert texts(real)["double"] == SOLVED
    assert (worked_on.target / placed.beside).read_bytes() == before
    real.unlink()
    placed = worked_on.place()["a.ipynb"]
    assert placed.action == "failed"
    assert "not there" in placed.reason
    assert worked_on.mine.is_symlink()


def test_a_folder_in_the_place_of_a_notebook_stops_no_other(worked_on: Folder) -> None:
    worked_on.mine.unlink()
    worked_on.mine.mkdir()
    (worked_on.mine / "note").write_text("x")
    worked_on.release(course_notebook("Newer."), "00_a/b.ipynb")
    assert worked_on.actions() == {"a.ipynb": "failed", "b.ipynb": "updated", "sheet.html": "kept"}
    assert (worked_on.mine / "note").read_text() == "x"


@pytest.mark.skipif(os.name == "nt", reason="rights are different there")
def test_rights_of_a_notebook_are_kept(worked_on: Folder) -> None:
    worked_on.mine.chmod(0o640)
    worked_on.place()
    assert worked_on.mine.stat().st_mode & 0o777 == 0o640


def test_line_ends_of_windows_and_a_mark_at_the_beginning_are_no_work(worked_on: Folder) -> None:
    windows = course_notebook().replace(b"\n", b"\r\n")
    for content in (windows, b"\xef\xbb\xbf" + windows, json.dumps(json.loads(windows)).encode("utf-16")):
        worked_on.mine.write_bytes(content)
        worked_on.release(course_notebook("It doubles a number."))
        assert worked_on.actions()["a.ipynb"] == "updated"
        assert worked_on.mine.read_bytes() == course_notebook("It doubles a number.")
        worked_on.release(course_notebook())
        worked_on.place()
    worked_on.mine.write_bytes(edited(windows, double=SOLVED).replace(b"\n", b"\r\n"))
    worked_on.release(course_notebook("Newest."))
    assert worked_on.actions()["a.ipynb"] == "merged"
    assert texts(worked_on.mine) == {"story": "Newest.", "double": SOLVED, "test_double": 'check("double")'}


def test_half_a_character_stops_nothing(worked_on: Folder) -> None:
    worked_on.mine.write_text(worked_on.mine.read_text().replace("return 2", "return '\\ud83d' and 2"))
    assert worked_on.actions()["a.ipynb"] == "merged"
    assert "\ud83d" in texts(worked_on.mine)["double"]


def test_a_file_beside_the_notebooks_is_renewed_unless_it_was_changed(folder: Folder) -> None:
    folder.place()
    folder.release(b"<p>second</p>\n", "00_a/sheet.html")
    assert folder.actions()["sheet.html"] == "updated"
    sheet = folder.target / "00_a" / "sheet.html"
    sheet.write_bytes(b"<p>second, filled in</p>\n")
    folder.release(b"<p>third</p>\n", "00_a/sheet.html")
    placed = folder.place()["sheet.html"]
    assert (placed.action, placed.beside) == ("beside", "00_a/sheet (newer).html")
    assert sheet.read_bytes() == b"<p>second, filled in</p>\n"
    assert folder.actions()["sheet.html"] == "kept"


def test_files_of_the_readers_own_are_not_touched(worked_on: Folder) -> None:
    own = worked_on.target / "00_a" / "data.csv"
    own.write_text("1,2")
    (worked_on.target / "00_a" / "helper.py").write_text("x = 1")
    (worked_on.source / "00_a" / "b.ipynb").unlink()  # the course has it no more
    assert worked_on.actions() == {"a.ipynb": "merged", "sheet.html": "kept"}
    assert own.read_text() == "1,2"
    assert worked_on.names() == {*ALL, "data.csv", "helper.py", "a (old).ipynb"}


def test_a_notebook_that_is_saved_while_it_is_merged_is_merged_again(worked_on: Folder, monkeypatch: Any) -> None:
    saved = edited(worked_on.mine.read_bytes(), double="def double(x):\n    return x + x")
    real = placing.put_beside

    def and_save(*arguments: Any) -> Path:
        worked_on.mine.write_bytes(saved)
        return real(*arguments)

    monkeypatch.setattr(placing, "put_beside", and_save)
    assert worked_on.actions()["a.ipynb"] == "merged"
    assert texts(worked_on.mine)["double"] == "def double(x):\n    return x + x"
    assert texts(worked_on.mine)["story"] == "It doubles a number."
    assert worked_on.mine.with_name("a (old 2).ipynb").read_bytes() == saved


@pytest.mark.parametrize("double", [STUB, SOLVED], ids=["without work", "with work"])
def test_an_older_one_that_jupyter_saves_over_the_newer_one_is_brought_up_to_date_again(
    double: str, worked_on: Folder
) -> None:
    before = edited(course_notebook(), double=double)
    worked_on.mine.write_bytes(before)
    worked_on.place()
    worked_on.mine.write_bytes(before)  # it was open, and whoever was asked chose to overwrite
    assert worked_on.actions()["a.ipynb"] == ("updated" if double == STUB else "merged")
    assert texts(worked_on.mine)["story"] == "It doubles a number."
    assert texts(worked_on.mine)["double"] == double
    assert worked_on.actions() == dict.fromkeys(ALL, "kept")


def test_what_a_reader_takes_out_or_changes_is_not_put_back_without_a_newer_version(folder: Folder) -> None:
    folder.place()
    notebook = json.loads(folder.mine.read_bytes())
    del notebook["cells"][0]
    notebook["cells"][1]["source"] = ["check('double')  # mine"]
    folder.mine.write_text(json.dumps(notebook))
    before = folder.mine.read_bytes()
    assert folder.actions() == dict.fromkeys(ALL, "kept")
    assert folder.mine.read_bytes() == before


def test_a_notebook_that_never_stops_being_saved_stays(worked_on: Folder, monkeypatch: Any) -> None:
    real, saves = placing.put_beside, iter(range(10))

    def and_save(*arguments: Any) -> Path:
        worked_on.mine.write_bytes(edited(worked_on.mine.read_bytes(), double=f"{SOLVED} + {next(saves)}"))
        return real(*arguments)

    monkeypatch.setattr(placing, "put_beside", and_save)
    placed = worked_on.place()["a.ipynb"]
    assert placed.action == "failed"
    assert "another program" in placed.reason
    assert texts(worked_on.mine)["story"] == "It doubles."
    monkeypatch.undo()
    assert worked_on.actions()["a.ipynb"] == "merged"  # it is tried again


def test_what_a_merge_did_not_expect_costs_nobody_a_notebook(worked_on: Folder, monkeypatch: Any) -> None:
    def broken(*_: object) -> None:
        raise KeyError("id")

    monkeypatch.setattr(placing, "merge", broken)
    before = worked_on.mine.read_bytes()
    placed = worked_on.place()["a.ipynb"]
    assert placed.action == "beside"
    assert "could not be merged (KeyError" in placed.reason
    assert worked_on.mine.read_bytes() == before


class Stopped(BaseException):
    """As a process that is killed: nothing after it runs, as far as that can be had in one process."""


def stopping(monkeypatch: pytest.MonkeyPatch, at: int, problem: BaseException) -> list[str]:
    """Raise at the step number `at` of all steps that write something; the list has the steps that were reached."""
    reached: list[str] = []
    for name in ("fsync", "replace", "link", "rename", "utime"):
        real = getattr(os, name)

        def step(*arguments: Any, real: Any = real, name: str = name, **named: Any) -> Any:
            reached.append(name)
            if len(reached) - 1 == at:
                raise problem
            return real(*arguments, **named)

        monkeypatch.setattr(files.os, name, step)
    return reached


@pytest.mark.parametrize("problem", [Stopped(), OSError(28, "No space left on device")], ids=["killed", "disk full"])
def test_wherever_it_is_stopped_nothing_is_lost_and_the_next_time_finishes(
    problem: BaseException, tmp_path: Path
) -> None:
    at = 0
    while True:
        folder = Folder(tmp_path / str(at))
        folder.place()
        mine = edited(folder.mine.read_bytes(), double=SOLVED)
        folder.mine.write_bytes(mine)
        folder.release(course_notebook("It doubles a number."))
        with pytest.MonkeyPatch.context() as patch:
            reached = stopping(patch, at, problem)
            with suppress(Stopped):
                folder.place()
        whole = [path.read_bytes() for path in (folder.target / "00_a").glob("a*.ipynb")]
        assert mine in whole
        assert texts(folder.mine)["double"] == SOLVED
        json.loads((folder.target / PLACED).read_bytes())
        folder.place()
        assert texts(folder.mine) == {
            "story": "It doubles a number.",
            "double": SOLVED,
            "test_double": 'check("double")',
        }
        assert folder.names() == {*ALL, "a (old).ipynb"}
        assert folder.actions() == dict.fromkeys(ALL, "kept")
        if len(reached) <= at:
            break
        at += 1
    assert at >= 6


def test_a_record_that_cannot_be_written_is_told_and_the_notebooks_are_there(folder: Folder, monkeypatch: Any) -> None:
    (folder.target / PLACED).mkdir(parents=True)
    placed = folder.place()
    assert [placed[name].action for name in ALL] == ["new", "new", "new"]
    assert placed[PLACED].action == "failed"
    told = summary(placed.values(), folder.target)
    assert told.count(PLACED) == 1


@pytest.mark.skipif(os.name == "nt", reason="a process is killed in another way there")
def test_a_killed_process_leaves_every_file_whole(worked_on: Folder) -> None:
    """For real: the process dies in front of the rename that would bring the merged notebook."""
    before = worked_on.mine.read_bytes()
    program = (
        "import os, sys\nfrom pathlib import Path\nfrom nnkit.cli.upgrade import files, placing\n"
        "files.os.replace = lambda *_: os._exit(9)\n"
        "placing.place_notebooks(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    done = subprocess.run([sys.executable, "-c", program, worked_on.source, worked_on.target], timeout=600)
    assert done.returncode == 9
    assert worked_on.mine.read_bytes() == before
    assert worked_on.mine.with_name("a (old).ipynb").read_bytes() == before
    assert worked_on.actions()["a.ipynb"] == "merged"
    assert "a (old 2).ipynb" not in worked_on.names()


def test_on_a_disk_without_hard_links_copies_get_names_of_their_own_too(worked_on: Folder, monkeypatch: Any) -> None:
    def no_links(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(files.os, "link", no_links)
    before = worked_on.mine.read_bytes()
    worked_on.mine.with_name("a (old).ipynb").write_text("mine, too")
    assert worked_on.place()["a.ipynb"].beside == "00_a/a (old 2).ipynb"
    assert worked_on.mine.with_name("a (old 2).ipynb").read_bytes() == before
    assert worked_on.mine.with_name("a (old).ipynb").read_text() == "mine, too"


def test_an_older_nnkit_reads_the_record_and_takes_nothing_for_untouched_that_is_not(worked_on: Folder) -> None:
    worked_on.place()
    record = json.loads((worked_on.target / PLACED).read_text())
    as_before = {name: one for name, one in record.items() if isinstance(one, str)}
    assert as_before == {f"00_a/{name}": hash_bytes((worked_on.source / "00_a" / name).read_bytes()) for name in ALL}
    assert hash_bytes(worked_on.mine.read_bytes()) != as_before[worked_on.name]


def test_notebooks_are_counted_apart_from_other_files(folder: Folder) -> None:
    """As many notebooks as `nnkit doctor` counts, and not a word about what else has stayed as it was."""
    told = summary(place_notebooks(folder.source, folder.target), folder.target)
    assert told == f"Your notebooks are in {folder.target} (2 new; 1 other file new)."
    (folder.source / "00_a" / "data.csv").write_bytes(b"1\n")
    (folder.source / "00_a" / "more.csv").write_bytes(b"2\n")
    told = summary(place_notebooks(folder.source, folder.target), folder.target)
    assert told == f"Your notebooks are in {folder.target} (2 left as they are; 2 other files new)."


def test_the_notebooks_of_the_course_are_as_many_as_the_doctor_finds(repository: Path, tmp_path: Path) -> None:
    told = summary(place_notebooks(repository / "course", tmp_path), tmp_path)
    (counted,) = (row.found for row in doctor.table().rows if row.name == "the notebooks")
    assert f"({counted} new; " in told


def test_what_has_happened_is_told_file_by_file(worked_on: Folder) -> None:
    worked_on.release(b"<p>second</p>\n", "00_a/sheet.html")
    told = summary(place_notebooks(worked_on.source, worked_on.target), worked_on.target)
    assert "(1 updated around your work, 1 left as they are; 1 other file updated)" in told
    assert "00_a/a.ipynb has the course's newer text now, with your 1 answer." in told
    assert "As it was, it is kept as 00_a/a (old).ipynb" in told
    assert "Reload Notebook from Disk" in told
    again = summary(place_notebooks(worked_on.source, worked_on.target), worked_on.target)
    assert again == f"Your notebooks are in {worked_on.target} (2 left as they are)."
    worked_on.mine.write_bytes(b"{")
    worked_on.release(course_notebook("Newest.", "def double(x, times):\n    raise NotImplementedError"))
    told = summary(place_notebooks(worked_on.source, worked_on.target), worked_on.target)
    assert (
        "00_a/a.ipynb stays as it is: it is not JSON, the format of notebooks. The newer version is beside it" in told
    )


# ---------------------------------------------------------------------------------------------------------------------
# Back to fresh
# ---------------------------------------------------------------------------------------------------------------------


def lab_arguments(*given: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    lab.add_arguments(parser)
    return parser.parse_args(given)


@pytest.fixture
def reset_by_command(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> Callable[[str], tuple[int, str, str]]:
    monkeypatch.setattr(lab, "packaged_notebooks", lambda: folder.source)

    def run(name: str) -> tuple[int, str, str]:
        code = lab.run(lab_arguments(str(folder.target), "--reset", name))
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.mark.parametrize("name", ["a", "a.ipynb", "00_a/a", "00_a/a.ipynb", "./00_a/a.ipynb", "absolute"])
def test_a_notebook_is_put_back_and_the_readers_is_kept(
    name: str, worked_on: Folder, reset_by_command: Callable[[str], tuple[int, str, str]]
) -> None:
    before = worked_on.mine.read_bytes()
    code, out, err = reset_by_command(str(worked_on.mine) if name == "absolute" else name)
    assert (code, err) == (0, "")
    assert "a.ipynb is fresh again. What it was is kept as 00_a/a (old).ipynb." in out
    assert worked_on.mine.read_bytes() == course_notebook("It doubles a number.")
    assert worked_on.mine.with_name("a (old).ipynb").read_bytes() == before
    assert worked_on.actions() == dict.fromkeys(ALL, "kept")
    assert "is as the course has it already" in reset_by_command(name.replace("absolute", "a"))[1]
    assert worked_on.names() == {*ALL, "a (old).ipynb"}


def test_a_name_relative_to_where_one_is_will_do(worked_on: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(worked_on.target / "00_a")
    assert find_name("a.ipynb", worked_on.source, worked_on.target) == "00_a/a.ipynb"
    monkeypatch.chdir(worked_on.target.parent)
    assert find_name("work/00_a/sheet.html", worked_on.source, worked_on.target) == "00_a/sheet.html"


def test_a_file_of_any_kind_is_put_back(folder: Folder) -> None:
    folder.place()
    sheet = folder.target / "00_a" / "sheet.html"
    sheet.write_text("mine")
    placed = reset("00_a/sheet.html", folder.source, folder.target)
    assert (placed.action, placed.beside) == ("updated", "00_a/sheet (old).html")
    assert sheet.read_bytes() == b"<p>first</p>\n"
    folder.mine.write_bytes(b"{ broken")
    assert reset("00_a/a.ipynb", folder.source, folder.target).beside == "00_a/a (old).ipynb"
    folder.mine.unlink()
    assert reset("00_a/a.ipynb", folder.source, folder.target).action == "new"


def test_no_copy_is_kept_of_a_notebook_in_which_nothing_was_written(
    folder: Folder, reset_by_command: Callable[[str], tuple[int, str, str]]
) -> None:
    folder.place()
    folder.mine.write_bytes(edited(folder.mine.read_bytes()))
    assert "There was no work of yours in it" in reset_by_command("a")[1]
    assert folder.names() == set(ALL)


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("xyz", "There are\n  00_a/a.ipynb\n  00_a/b.ipynb\n"),
        ("shet", "Did you mean 00_a/sheet.html?"),
        ("a (old)", "no notebook 'a (old)'"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest_and_changes_nothing(
    name: str, nearest: str, worked_on: Folder, reset_by_command: Callable[[str], tuple[int, str, str]]
) -> None:
    before = worked_on.mine.read_bytes()
    code, out, err = reset_by_command(name)
    assert (code, out) == (1, "")
    assert nearest in err
    assert ("sheet.html" in err) is (name == "shet")
    assert worked_on.mine.read_bytes() == before
    assert worked_on.names() == set(ALL)


def test_of_the_nearest_names_notebooks_come_alone_where_there_is_one(folder: Folder) -> None:
    (folder.source / "00_a" / "sheets.ipynb").write_bytes(course_notebook())
    with pytest.raises(ValueError, match=r"Did you mean 00_a/sheets\.ipynb\?$"):
        find_name("shets", folder.source, folder.target)


def test_a_name_of_several_has_to_be_told_with_its_folder(folder: Folder) -> None:
    (folder.source / "01_b").mkdir()
    (folder.source / "01_b" / "a.ipynb").write_bytes(course_notebook())
    with pytest.raises(ValueError, match=r"01_b/a\.ipynb\. Name one with its folder"):
        find_name("a", folder.source, folder.target)
    assert find_name("01_b/a", folder.source, folder.target) == "01_b/a.ipynb"


def test_without_a_folder_nothing_is_put_back(reset_by_command: Callable[[str], tuple[int, str, str]]) -> None:
    code, _, err = reset_by_command("a")
    assert code == 1
    assert "`nnkit lab` makes it" in err


def test_a_reset_that_cannot_be_written_says_so_and_has_changed_nothing(
    worked_on: Folder, reset_by_command: Callable[[str], tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = worked_on.mine.read_bytes()
    with monkeypatch.context() as patch:
        stopping(patch, 0, OSError(28, "No space left on device", "some.part"))
        code, out, err = reset_by_command("a")
    assert (code, out) == (1, "")
    assert err == f"{worked_on.mine} could not be put back (No space left on device); it is as it was.\n"
    assert worked_on.mine.read_bytes() == before


def test_a_record_that_cannot_be_written_makes_no_reset_a_failure(
    worked_on: Folder, reset_by_command: Callable[[str], tuple[int, str, str]]
) -> None:
    (worked_on.target / PLACED).unlink()
    (worked_on.target / PLACED).mkdir()
    code, out, err = reset_by_command("a")
    assert (code, err) == (0, "")
    assert "is fresh again" in out
    assert worked_on.mine.read_bytes() == course_notebook("It doubles a number.")


def test_a_reset_that_is_stopped_has_lost_nothing(worked_on: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    before = worked_on.mine.read_bytes()
    for at in range(4):
        with monkeypatch.context() as patch:
            stopping(patch, at, Stopped())
            with pytest.raises(Stopped):
                reset("00_a/a.ipynb", worked_on.source, worked_on.target)
        assert before in [path.read_bytes() for path in (worked_on.target / "00_a").glob("a*.ipynb")]
        assert worked_on.mine.exists()
