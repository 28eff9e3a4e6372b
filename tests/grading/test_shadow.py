"""Whatever lies in a student's folder, the right notebook is found, and nothing outside is read."""

from __future__ import annotations

import io
import json
import os
import socket
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, reads, writes
from nbgrader.utils import parse_utc

from nnkit.grading.intake import gathering, shadow
from nnkit.grading.intake.gathering import Gathered, gather
from nnkit.grading.intake.shadow import Chosen, choose, is_timestamp
from tests.grading.small_course import cell, source_notebook

RELEASED = source_notebook()
IGNORED = (".ipynb_checkpoints", "*.pyc", ".nnkit-*")


def work(answer: str = "def double(x):\n    return x + x") -> bytes:
    notebook = reads(writes(RELEASED))
    cell(notebook, "double").source = answer
    return str(writes(notebook)).encode()


def with_texts(**texts: str) -> bytes:
    notebook = reads(writes(RELEASED))
    for name, text in texts.items():
        cell(notebook, name).source = text
    return str(writes(notebook)).encode()


UNTOUCHED = str(writes(RELEASED)).encode()


def archive(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in members.items():
            opened.writestr(name, content)
    return file.getvalue()


def found(files: dict[str, bytes], names: tuple[str, ...] = ("small",)) -> Chosen:
    handed_in = Gathered({tuple(name.split("/")): content for name, content in files.items()})
    with_archives = [parts for parts, content in handed_in.files.items() if gathering._is_archive(parts, content)]
    for parts in with_archives:
        gathering._open_archive(parts, handed_in)
    return choose(handed_in, {name: RELEASED if name == "small" else None for name in names})


NAMES = [
    "small.ipynb",
    "Small.ipynb",
    "SMALL.IPYNB",
    "small-Copy1.ipynb",
    "small (1).ipynb",
    "small(2).ipynb",
    "small - Copy.ipynb",
    "small copy 2.ipynb",
    "small_final.ipynb",
    "small_final_v2 (3).ipynb",
    "small.ipynb.txt",
    "small.ipynb.json",
    "small.json",
    "homework/small.ipynb",
    "my work/week 1/small-Copy2.ipynb",
    "mine.ipynb",
    "ada_lovelace_4711_small.ipynb",
    "small.ipynb/small.ipynb",
    " small.ipynb ",
    "Copy of small.ipynb",
    "small-checkpoint.ipynb",
    # What nnkit lab puts beside a notebook, and what it did in earlier versions.
    "small (newer).ipynb",
    "small (newer 2).ipynb",
    "small.new-0.1.0.ipynb",
    "small.new-0.1.0-2.ipynb",
]
KEPT = ["small (old).ipynb", "small (old 2).ipynb", "week 1/small (old).ipynb", "small (old) (1).ipynb"]


@pytest.mark.parametrize("name", NAMES + KEPT)
def test_a_notebook_is_found_under_another_name(name: str) -> None:
    """nbgrader itself knows one name only."""
    chosen = found({name: work()})
    assert chosen.notebooks == {"small": work()}
    assert not chosen.missing
    assert bool(chosen.notes) == (name != "small.ipynb")


@pytest.mark.parametrize("name", NAMES[1:] + KEPT)
def test_the_file_that_holds_work_counts_and_not_the_untouched_one(name: str) -> None:
    assert found({"small.ipynb": UNTOUCHED, name: work()}).notebooks == {"small": work()}
    assert found({"small.ipynb": work()[:100], name: work()}).notebooks == {"small": work()}


@pytest.mark.parametrize("name", NAMES[1:])
def test_the_released_name_counts_where_both_hold_work(name: str) -> None:
    chosen = found({"small.ipynb": work(), name: work("def double(x):\n    return 0")})
    assert chosen.notebooks == {"small": work()}
    assert "holds work, too" in chosen.notes["small"][0]
    assert not found({"small.ipynb": work(), name: work()}).notes


@pytest.mark.parametrize(("first", "second"), [(NAMES[3], NAMES[4]), (NAMES[1], NAMES[13]), (NAMES[10], NAMES[15])])
def test_nobody_guesses_between_two_answers(first: str, second: str) -> None:
    chosen = found({"small.ipynb": UNTOUCHED, first: work(), second: work("def double(x):\n    return 0")})
    assert not chosen.notebooks
    assert "A person has to decide" in chosen.missing["small"]
    assert first in chosen.missing["small"]
    assert second in chosen.missing["small"]
    assert found({first: work(), second: work()}).notebooks == {"small": work()}


@pytest.mark.parametrize("name", KEPT[:2])
def test_a_kept_older_copy_is_told_only_where_it_answers_what_is_open(name: str) -> None:
    """As an upgrade leaves it, nothing is missing; after a reset it may be all that somebody has written."""
    earlier = with_texts(double="def double(x):\n    return 0")
    assert not found({"small.ipynb": work(), name: earlier}).notes
    both = with_texts(double="def double(x):\n    return x + x", why="Because.")
    chosen = found({"small.ipynb": work("def double(x):\n    return 2 * x"), name: both})
    assert chosen.notebooks == {"small": work("def double(x):\n    return 2 * x")}
    assert chosen.notes["small"] == [
        f"Only 'small.ipynb' was graded; '{name}' holds work, too. It has answers that the graded file lacks: why."
    ]


@pytest.mark.parametrize("newer", [{"title": "# Small, newer"}, {"provided": "three = 3.0"}, {"triple": "other stub"}])
def test_texts_of_another_version_of_the_course_are_nobodys_work(newer: dict[str, str]) -> None:
    """Fresh from a newer version, after a reset, under the right name: the answers beside it count."""
    stub = 'def triple(x, times):\n    """Newer."""\n    # YOUR CODE HERE\n    raise NotImplementedError'
    fresh = with_texts(**{name: stub if text == "other stub" else text for name, text in newer.items()})
    assert found({"small.ipynb": fresh, "small (old).ipynb": work()}).notebooks == {"small": work()}
    assert found({"small (newer).ipynb": fresh, "small (old).ipynb": work()}).notebooks == {"small": work()}
    assert found({"small.ipynb": fresh}).notebooks == {"small": fresh}


@pytest.mark.parametrize("name", [*NAMES[3:6], *KEPT[:2]])
def test_of_two_that_fit_into_each_other_the_larger_one_counts(name: str) -> None:
    half, whole = (
        work(),
        with_texts(double="def double(x):\n    return x + x", triple="def triple(x): return three * x"),
    )
    for files in ({"a.ipynb": half, name: whole}, {"a.ipynb": whole, name: half}):
        chosen = found(files)
        assert chosen.notebooks == {"small": whole}
        assert len(chosen.notes["small"]) == 1  # by which name it was found


def test_an_answer_in_a_cell_of_ones_own_is_an_answer() -> None:
    notebook = reads(writes(RELEASED))
    notebook.cells.append(new_code_cell("def double(x):\n    return x + x"))
    own = str(writes(notebook)).encode()
    assert found({"small.ipynb": own, "small (old).ipynb": work()}).notebooks == {"small": own}
    helper = reads(writes(RELEASED))
    helper.cells.insert(0, new_code_cell("two = 2"))
    cell(helper, "double").source = "def double(x):\n    return two * x"
    with_helper = str(writes(helper)).encode()
    without = with_texts(double="def double(x):\n    return two * x")
    assert found({"a.ipynb": without, "b.ipynb": with_helper}).notebooks == {"small": with_helper}


def test_notes_of_ones_own_in_a_file_that_does_not_count_are_told() -> None:
    notebook = reads(work().decode())
    notebook.cells.append(new_markdown_cell("What I found out."))
    noted = str(writes(notebook)).encode()
    assert "holds work, too" in found({"small.ipynb": work(), "small (1).ipynb": noted}).notes["small"][0]
    assert not found({"small.ipynb": noted, "small (1).ipynb": work()}).notes


@pytest.mark.parametrize("name", ["small.py", "small.html", "notes.ipynb", "small.ipynb.pdf", "large.ipynb"])
def test_what_is_no_such_notebook_is_left_to_a_person(name: str) -> None:
    other = str(writes(new_notebook(cells=[new_code_cell("x = 1")]))).encode()
    chosen = found({name: other})
    assert not chosen.notebooks
    assert f"'{name}'" in chosen.missing["small"]
    assert "A person has to look" in chosen.missing["small"]


def test_a_student_is_told_what_was_there_and_not_what_a_person_who_grades_can_do() -> None:
    chosen = found({"notes.txt": b"later", "large.ipynb": UNTOUCHED}, ("small", "large"))
    assert chosen.told["small"] == (
        "small.ipynb was not in what you handed in (there was: notes.txt, large.ipynb). If you have it, hand it in "
        "again or ask your instructor."
    )
    assert "nothing else was" in found({}).told["small"]
    first, second = work(), work("def double(x):\n    return 0")
    assert "Tell your instructor which of them counts" in found({"a.ipynb": first, "b.ipynb": second}).told["small"]
    for told in (*chosen.told.values(), *found({"a.ipynb": first, "b.ipynb": second}).told.values()):
        assert "A person has to" not in told
        assert "grade again" not in told


def test_a_file_that_was_graded_as_another_notebook_is_not_offered_again() -> None:
    """Also where the missing notebook comes first."""
    for names in (("large", "small"), ("small", "large")):
        chosen = found({"Ada homework FINAL.ipynb": work()}, names)
        assert chosen.missing.keys() == {"large"}
        assert "There is: 'Ada homework FINAL.ipynb' (graded as 'small.ipynb')." in chosen.missing["large"]
        assert "save it as" not in chosen.missing["large"]
        assert "ask the student for it" in chosen.missing["large"]
    assert "'small.ipynb' (graded)." in found({"small.ipynb": work()}, names).missing["large"]
    zipped = found({"all.zip": archive(**{"hw/small.ipynb": work()})}, names)
    assert "save it as" not in zipped.missing["large"]
    assert zipped.left_out == {"large"}
    assert not found({}, names).left_out  # nothing at all: perhaps it was lost


def test_beside_a_file_that_was_graded_any_other_may_be_the_missing_notebook() -> None:
    other = str(writes(new_notebook(cells=[new_code_cell("x = 1")]))).encode()
    for rest in ({"draft.ipynb": other}, {"answers.txt": b"x"}, {"all.zip": archive(**{"draft.ipynb": other})}):
        chosen = found({"mine.ipynb": work(), **rest}, ("large", "small"))
        assert chosen.notebooks == {"small": work()}
        assert "save it as 'large.ipynb'" in chosen.missing["large"]
        assert not chosen.left_out


@pytest.mark.parametrize("name", ["small", "small.ipynb.download", "small.ipynb~", "work/7f3a", "small.ipynb.bak"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"])
def test_a_notebook_whose_name_does_not_say_so_is_known_by_what_is_in_it(name: str, encoding: str) -> None:
    content = work().decode().encode(encoding)
    assert found({name: content, "data.json": b"{}"}).notebooks == {"small": content}
    assert found({name: UNTOUCHED, "small.ipynb": work()}).notebooks == {"small": work()}
    other = str(writes(new_notebook(cells=[new_code_cell("x = 1")]))).encode(encoding)
    assert found({name: other}).missing
    assert found({name: b'{"nbformat": "none"}'}).missing


def test_an_archive_under_the_notebooks_name_is_looked_into() -> None:
    assert found({"small.ipynb": archive(**{"small.ipynb": work()})}).notebooks == {"small": work()}
    assert found({"small.ipynb": archive(**{"other.txt": b"x"})}).notebooks.keys() == {"small"}


def test_a_cut_off_notebook_under_its_name_is_still_that_notebook() -> None:
    assert found({"small.ipynb": b"{"}).notebooks == {"small": b"{"}
    assert found({"small.ipynb": b""}).notebooks == {"small": b""}


def test_several_notebooks_are_told_apart() -> None:
    files = {"small.ipynb": work(), "large (1).ipynb": UNTOUCHED, "small_two.ipynb": UNTOUCHED}
    chosen = found(files, ("small", "large", "small_two"))
    assert set(chosen.notebooks) == {"small", "large", "small_two"}
    assert chosen.notebooks["small"] == work()
    assert found({"small_two.ipynb": UNTOUCHED}, ("small", "small_two")).missing.keys() == {"small"}


def test_an_archive_is_looked_into() -> None:
    inside = archive(**{"hw/small.ipynb": work(), "hw/helper.py": b"y = 1", "__MACOSX/hw/._small.ipynb": b"?"})
    chosen = found({"ada.zip": inside})
    assert chosen.notebooks == {"small": work()}
    assert chosen.files == {("ada.zip",): inside, ("helper.py",): b"y = 1"}
    assert found({"a.zip": archive(**{"small.ipynb": work(), "b.py": b"1"})}).files.keys() == {("a.zip",), ("b.py",)}


@pytest.mark.parametrize(
    "name", ["../small.ipynb", "/small.ipynb", "a/../../small.ipynb", "..\\small.ipynb", "C:/small.ipynb"]
)
def test_a_name_in_an_archive_leads_nowhere_else(name: str) -> None:
    chosen = found({"ada.zip": archive(**{name: work()})})
    assert not chosen.notebooks
    assert "leads elsewhere" in chosen.missing["small"]


def test_an_archive_that_unpacks_to_more_than_there_is_room_for_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = archive(**{f"{number}.csv": bytes(2_000_000) for number in range(5)})
    assert len(bomb) < 20_000
    handed_in = Gathered({("b.zip",): bomb}, room=5_000_000)
    gathering._open_archive(("b.zip",), handed_in)
    assert sum(map(len, handed_in.files.values())) <= 5_000_000 + len(bomb)
    assert "may have" in handed_in.notes[0]
    handed_in = Gathered({("b.zip",): bomb})
    gathering._open_archive(("b.zip",), handed_in)
    assert len(handed_in.files) == 6  # with room for them, all are there


def test_broken_archives_are_noted() -> None:
    whole = archive(**{"small.ipynb": work()})
    for content in (b"", b"PK", whole[:200], whole[:-8], whole.replace(b"small", b"large", 1), b"PK\5\6" * 30):
        chosen = found({"a.zip": content})
        assert not chosen.notebooks
        assert "a.zip" in chosen.missing["small"]


def test_files_beside_a_notebook_stay_beside_it() -> None:
    chosen = found({"a/b/small.ipynb": work(), "a/b/helper.py": b"1", "a/data.csv": b"2", "c.py": b"3"})
    assert chosen.files[("helper.py",)] == b"1"
    assert chosen.files[("c.py",)] == b"3"
    assert chosen.files[("a", "data.csv")] == b"2"
    assert ("a", "b", "small.ipynb") not in chosen.files


@pytest.mark.parametrize(
    "stamp",
    [b"yesterday, maybe", b"\xff\xfe", b"2026-13-45", b"9" * 90, b"2026-11-27 " + b" " * 1000, b"1 2 3 4 5 6"],
)
def test_a_broken_time_stamp_is_noted_and_forgotten(stamp: bytes) -> None:
    chosen = found({"small.ipynb": work(), "timestamp.txt": stamp})
    assert chosen.timestamp is None
    assert "does not hold a time" in chosen.notes["small"][0]
    assert ("timestamp.txt",) not in chosen.files


@pytest.mark.parametrize(
    "stamp", [b"2026-11-27 10:00:00 UTC", b"2026-11-27 10:00:00.5 Europe/Berlin\n", b"2026-11-27 10:00:00 +0100", b""]
)
def test_a_time_stamp_of_nbgrader_counts(stamp: bytes) -> None:
    assert found({"small.ipynb": work(), "timestamp.txt": stamp}).timestamp == stamp


def test_a_time_zone_is_not_the_path_of_a_file(tmp_path: Path) -> None:
    """The control: nbgrader opens what stands there."""
    (tmp_path / "zone").write_bytes(b"TZif")
    stamp = f"2026-11-27 10:00:00 {tmp_path}/zone"
    assert not is_timestamp(stamp.encode())
    opened: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        real = open

        def noticed(file: str, *arguments: object, **named: object) -> object:
            opened.append(str(file))
            return real(file, *arguments, **named)  # type: ignore[call-overload]

        patch.setattr("builtins.open", noticed)
        with suppress(Exception):
            parse_utc(stamp)
    assert str(tmp_path / "zone") in opened


@given(st.binary(max_size=120))
def test_what_is_called_a_time_is_one_for_nbgrader(content: bytes) -> None:
    if is_timestamp(content) and content.decode().strip():
        assert parse_utc(content.decode().strip()) is not None


PART = st.sampled_from(["small", "Small.ipynb", "small.ipynb", "a.zip", "timestamp.txt", "large.json", "x", "é [1]"])


@given(
    st.dictionaries(st.lists(PART, min_size=1, max_size=3).map(tuple), st.sampled_from([work(), UNTOUCHED, b"{", b""]))
)
def test_every_notebook_is_found_or_it_is_said_what_to_do(files: dict[tuple[str, ...], bytes]) -> None:
    chosen = choose(Gathered(files), {"small": RELEASED, "large": None})
    for name in ("small", "large"):
        assert (name in chosen.notebooks) != (name in chosen.missing)
    assert not any(part.lower().endswith(".ipynb") for parts in chosen.files for part in parts)
    if (("small.ipynb",), work()) in files.items():
        assert chosen.notebooks["small"] == work()


def test_a_notebook_that_is_far_too_large_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shadow, "LARGEST_NOTEBOOK", 100)
    assert "is larger than" in found({"small.ipynb": work()}).missing["small"]
    assert "is larger than" in found({"Small.ipynb": work()}).missing["small"]


def fill_with_traps(folder: Path) -> dict[str, str]:
    """Name → what is said of it."""
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / "secret.py").write_text("secret")
    (folder / "link.py").symlink_to(outside / "secret.py")
    (folder / "linked").symlink_to(outside, target_is_directory=True)
    (folder / "circle").symlink_to(folder, target_is_directory=True)
    (folder / "nowhere").symlink_to("nowhere")
    os.mkfifo(folder / "pipe.ipynb")
    listening = socket.socket(socket.AF_UNIX)
    here = os.getcwd()
    os.chdir(folder)  # the name of a socket has to be short
    try:
        listening.bind("socket")
    finally:
        os.chdir(here)
        listening.close()
    with (folder / "holes.bin").open("wb") as file:
        file.truncate(1 << 40)
    (folder / os.fsdecode(b"not\xff.py")).write_text("x")
    deep = folder / "/".join("d" * 12)
    deep.mkdir(parents=True)
    (deep / "x.py").write_text("x")
    return {
        "link.py": "a link",
        "linked": "a link",
        "circle": "a link",
        "nowhere": "a link",
        "pipe.ipynb": "a pipe",
        "socket": "a socket",
        "holes.bin": "may have",
        "not?.py": "not text",
        "d/d": "folders deep",
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "student"
    place.mkdir()
    return place


def test_only_regular_files_are_read_and_what_is_left_out_is_noted(folder: Path) -> None:
    said = fill_with_traps(folder)
    (folder / "small.ipynb").write_bytes(work())
    (folder / "a").mkdir()
    os.link(folder / "small.ipynb", folder / "a" / "hard.ipynb")
    handed_in = gather(folder, IGNORED)
    assert handed_in.files == {("small.ipynb",): work(), ("a", "hard.ipynb"): work()}
    for name, reason in said.items():
        assert any(f"'{name}" in note and reason in note for note in handed_in.notes), name
    assert (folder / "link.py").read_text() == "secret"  # the control: what follows links reads it


@pytest.mark.parametrize("make", [Path.touch, os.mkfifo, lambda place: place.symlink_to("/"), lambda place: None])
def test_what_stands_in_the_folders_place_is_noted(tmp_path: Path, make: Callable[[Path], None]) -> None:
    place = tmp_path / "01"
    make(place)
    handed_in = gather(place)
    assert not handed_in.files
    assert len(handed_in.notes) == 1


def test_an_empty_folder_in_the_notebooks_place_is_noted(folder: Path) -> None:
    (folder / "small.ipynb").mkdir()
    (folder / "data").mkdir()
    assert gather(folder).notes == ["'small.ipynb' was left out: it is a folder with nothing in it."]


def test_what_is_to_be_ignored_is(folder: Path) -> None:
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints" / "small-checkpoint.ipynb").write_bytes(work())
    (folder / "[x]").mkdir()
    (folder / "[x]" / "a.pyc").touch()
    (folder / "[x]" / "a.py").touch()
    assert list(gather(folder, IGNORED).files) == [("[x]", "a.py")]


def test_there_are_only_so_many_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        (folder / f"{number}.txt").touch()
    (folder / "small.ipynb").write_bytes(work())
    monkeypatch.setattr(gathering, "MOST_FILES", 5)
    handed_in = gather(folder)
    assert len(handed_in.files) == 5
    assert ("small.ipynb",) in handed_in.files
    monkeypatch.setattr(gathering, "MOST_ENTRIES", 10)
    assert "more than 10" in gather(folder).notes[0]


def test_nothing_is_changed(folder: Path) -> None:
    (folder / "small.ipynb").write_bytes(work())
    (folder / "a.zip").write_bytes(archive(**{"b.py": b"1"}))
    before = {path: (path.stat().st_mtime_ns, path.stat().st_mode) for path in folder.rglob("*")}
    choose(gather(folder), {"small": RELEASED})
    assert {path: (path.stat().st_mtime_ns, path.stat().st_mode) for path in folder.rglob("*")} == before


def test_names_are_shown_without_what_a_page_would_take_for_more() -> None:
    text = found({"<script>`\n.py": b"x"}).missing["small"]
    assert "<" not in text
    assert "\n" not in text
    assert len(found({"x" * 200 + ".py": b"x"}).missing["small"]) < 400


def test_a_released_notebook_that_is_gone_does_not_hinder() -> None:
    chosen = choose(Gathered({("small-Copy1.ipynb",): work()}), {"small": None})
    assert chosen.notebooks == {"small": work()}


def test_metadata_of_any_kind_is_looked_at() -> None:
    content = json.loads(work())
    for one, wrong in zip(
        content["cells"], ("yes", [], None, 3, {"grade_id": 7}, {}, {"grade_id": []}, 1.5), strict=True
    ):
        one["metadata"] = {"nbgrader": wrong}
    assert found({"mine.ipynb": json.dumps(content).encode()}).missing
    assert found({"Small.ipynb": json.dumps(content).encode()}).notebooks


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_work_is_seen_in_whatever_encoding_it_was_saved(encoding: str) -> None:
    copy = work().decode().encode(encoding)
    assert found({"small.ipynb": UNTOUCHED, "small-Copy1.ipynb": copy}).notebooks == {"small": copy}
