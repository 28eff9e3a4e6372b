"""`nnkit lab` where it may not write, or cannot: a sentence, no errno; and what can be placed is placed."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from nnkit.cli import lab, main
from nnkit.cli.tools import cannot_write
from nnkit.cli.upgrade import files, placing
from nnkit.cli.upgrade.placing import place_notebooks
from nnkit.cli.upgrade.telling import summary
from nnkit.exercises.outline import PLACED

Said = pytest.CaptureFixture[str]
NOBODY = 65534
ELSEWHERE = "Name another folder, for instance `nnkit lab ~/nnkit-course`."


class ReachedError(Exception):
    """JupyterLab would be here now."""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Two notebooks and a sheet."""
    return write_course(tmp_path / "course")


def write_course(folder: Path) -> Path:
    for name in ("00_a/a.ipynb", "00_a/sheet.html", "01_b/b.ipynb", "01_b/c.ipynb"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        empty = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (folder / name).write_text(json.dumps(empty) if name.endswith(".ipynb") else "<p>sheet</p>")
    return folder


@pytest.fixture(autouse=True)
def reader(course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Somebody with a home of their own, whose JupyterLab is not really started."""

    def started(*_: object) -> None:
        raise ReachedError

    home = tmp_path / "home"
    home.mkdir()
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setattr(lab, "packaged_notebooks", lambda: course)
    monkeypatch.setattr(lab, "first_notebook", lambda source: "00_a/a.ipynb")
    monkeypatch.setattr(lab, "lab_command", started)
    return home


def refuse(monkeypatch: pytest.MonkeyPatch, number: int, after: int = 0) -> None:
    """Let every file from a certain one on be refused by the system with an error."""
    real, written = files.write_whole, []

    def write(place: Path, content: bytes) -> None:
        if len(written) >= after:
            raise OSError(number, os.strerror(number), str(place))
        written.append(place)
        real(place, content)

    monkeypatch.setattr(placing, "write_whole", write)


def lab_says(capsys: Said, *typed: str) -> str:
    """What `nnkit lab` answers where it cannot go on; it has written nothing else to the screen."""
    assert main(["lab", *typed]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "Errno" not in said.err
    assert said.err.count("\n") == 1
    return said.err.strip()


# --------------------------------------------------------------------------------------------- nothing can be written


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.EACCES, ": its permissions do not allow it."),
        (errno.EPERM, ": its permissions do not allow it."),
        (errno.EROFS, ": it can only be read."),
        (errno.EIO, f" ({os.strerror(errno.EIO)})."),
    ],
)
def test_a_folder_that_cannot_be_made_is_a_sentence_with_a_way_out(
    number: int, reason: str, tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(self: Path, *_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), str(self))

    monkeypatch.setattr(Path, "mkdir", refused)
    said = lab_says(capsys, str(tmp_path / "ro" / "x"))
    assert said == f"Nothing can be written into {tmp_path}{reason} {ELSEWHERE}"


def test_on_a_full_disk_the_way_out_is_another_disk(
    tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, errno.ENOSPC)
    assert lab_says(capsys, str(tmp_path / "x")) == (
        f"Nothing can be written into {tmp_path / 'x'}: the disk is full. "
        "Make room there, or name a folder on another disk: `nnkit lab FOLDER`."
    )


def test_the_folder_that_has_just_failed_is_not_proposed(
    reader: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, errno.EACCES)
    assert lab_says(capsys, "~/nnkit-course").endswith("Name another folder: `nnkit lab FOLDER`.")
    assert lab_says(capsys, str(reader / "elsewhere")).endswith(ELSEWHERE)


def test_a_file_in_the_way_is_named(tmp_path: Path, capsys: Said) -> None:
    (tmp_path / "file").write_text("mine")
    said = lab_says(capsys, str(tmp_path / "file" / "x"))
    assert said == f"Nothing can be written into {tmp_path / 'file'}: it is no folder. {ELSEWHERE}"
    assert lab_says(capsys, str(tmp_path / "file")).endswith("but it is a file. Name another folder.")
    assert (tmp_path / "file").read_text() == "mine"


def test_a_home_of_nobody_is_no_folder(capsys: Said) -> None:
    name = "~nobody-has-this-name/x"
    said = lab_says(capsys, name)
    assert name in said
    assert "ame another" in said


@pytest.mark.skipif(os.name != "posix", reason="links as on Unix")
def test_links_in_a_circle_lead_to_no_folder(tmp_path: Path, capsys: Said) -> None:
    (tmp_path / "loop").symlink_to("loop")
    assert str(tmp_path / "loop") in lab_says(capsys, str(tmp_path / "loop"))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a folder in which nobody at all may write")
def test_where_not_even_root_can_make_a_folder_a_sentence_says_so(capsys: Said) -> None:
    said = lab_says(capsys, "/proc/nnkit-course")
    assert said.startswith("Nothing can be written into /proc (")
    assert said.endswith(ELSEWHERE)


def test_a_course_that_is_missing_is_not_taken_for_a_folder_that_cannot_be_written(
    tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> Path:
        raise FileNotFoundError("The students' notebooks are missing.")

    monkeypatch.setattr(lab, "packaged_notebooks", missing)
    assert lab_says(capsys, str(tmp_path / "x")) == "The students' notebooks are missing."


def test_what_has_a_sentence_of_its_own_speaks_for_itself() -> None:
    assert cannot_write(Path("/x"), FileNotFoundError("There is no course.")) == ""
    assert cannot_write(Path("/x"), OSError(errno.EIO, "Input/output error", "/y")) == ""
    assert cannot_write(Path("/x"), OSError(errno.EIO, "Input/output error", "/x/y")) != ""


# ------------------------------------------------------------------------------------------- something can be written


def test_a_disk_that_fills_up_costs_only_what_did_not_fit(
    course: Path, tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are placed, JupyterLab is opened, and the next time brings the rest."""
    work = tmp_path / "work"
    with monkeypatch.context() as patch:
        refuse(patch, errno.ENOSPC, after=2)
        with pytest.raises(ReachedError):
            main(["lab", str(work)])
    told = capsys.readouterr().out
    assert told.splitlines() == [
        f"Your notebooks are in {work} (1 new; 1 other file new).",
        f"01_b/b.ipynb is missing: it could not be read or written ({os.strerror(errno.ENOSPC)}). "
        "The same holds for 1 other file.",
        "Everything else is in place. Once that is mended, the next `nnkit lab` brings what is not.",
    ]
    assert {one.name: one.action for one in place_notebooks(course, work)} == {
        "00_a/a.ipynb": "kept",
        "00_a/sheet.html": "kept",
        "01_b/b.ipynb": "new",
        "01_b/c.ipynb": "new",
    }


def test_a_folder_that_is_up_to_date_needs_not_be_written_into(
    course: Path, tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    place_notebooks(course, tmp_path / "work")
    refuse(monkeypatch, errno.EROFS)
    with pytest.raises(ReachedError):
        main(["lab", str(tmp_path / "work")])
    assert capsys.readouterr().out == f"Your notebooks are in {tmp_path / 'work'} (3 left as they are).\n"


# ---------------------------------------------------------------------------------------------- with real permissions


@pytest.fixture
def without_rights(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that everybody can see, and for as long as the test runs, a user who is not its owner or not root."""
    if os.name != "posix":
        pytest.skip("permissions as on Unix")
    place = Path(tempfile.mkdtemp()).resolve()
    place.chmod(0o755)
    course = write_course(place / "course")
    monkeypatch.setattr(lab, "packaged_notebooks", lambda: course)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        if not os.access(place, os.X_OK, effective_ids=os.access in os.supports_effective_ids):
            pytest.skip("the folder for temporary files is closed to others")
        yield place
    finally:
        if is_root:
            os.seteuid(0)
        for folder, _, _ in os.walk(place):
            os.chmod(folder, 0o755)
        shutil.rmtree(place)


def make(folder: Path, mode: int) -> Path:
    """A folder with some rights, which belongs to whoever started the tests."""
    user = os.geteuid()
    os.seteuid(os.getuid())
    folder.mkdir()
    folder.chmod(mode)
    os.seteuid(user)
    return folder


@pytest.mark.parametrize("mode", [0o555, 0o000], ids=["to be read only", "closed"])
def test_a_folder_without_rights_is_named_and_stays_as_it_was(mode: int, without_rights: Path, capsys: Said) -> None:
    locked = make(without_rights / "ro", mode)
    expected = f"Nothing can be written into {locked}: its permissions do not allow it. {ELSEWHERE}"
    for typed in (locked, locked / "x", locked / "x" / "y"):
        assert lab_says(capsys, str(typed)) == expected
    os.seteuid(os.getuid())
    locked.chmod(0o755)
    assert list(locked.iterdir()) == []


def test_an_assignment_without_rights_stops_no_other(without_rights: Path) -> None:
    work = make(without_rights / "work", 0o777)
    make(work / "00_a", 0o555)
    told = summary(place_notebooks(without_rights / "course", work), work)
    assert told.splitlines() == [
        f"Your notebooks are in {work} (2 new).",
        f"00_a/a.ipynb is missing: it could not be read or written ({os.strerror(errno.EACCES)}). "
        "The same holds for 1 other file.",
        "Everything else is in place. Once that is mended, the next `nnkit lab` brings what is not.",
    ]
    assert (work / PLACED).is_file()
    assert [path.name for path in (work / "00_a").iterdir()] == []
