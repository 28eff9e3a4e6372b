"""What lies in the folder that was handed in: saved oddly, called otherwise, somewhere else, or no file at all.

Who has handed in their work gets its points; where nobody can know what is meant, the outcome says what a person has to
do. Nobody's folder stops the class.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import socket
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter, PythonExporter
from nbgrader.utils import parse_utc

from tests.grading.attacks.attack import Attack
from tests.grading.attacks.course import SMALL
from tests.grading.attacks.making import (
    FILE,
    FOR_A_PERSON,
    RIGHT,
    UNREADABLE,
    WRONG_ANSWER,
    graded_notebook,
    points_of,
    solved,
    untouched_notebook,
    write,
)

KIND = "files"

Make = Callable[[Path, Path], object]
Control = Callable[[Path], None]


def entry(
    name: str,
    sentence: str,
    make: Make,
    outcomes: Mapping[str, str] = RIGHT,
    control: Control | None = None,
    student: str = "",
    says: str = "",
) -> Attack:
    """A folder that `make` fills; where something is to be said of it, `says` is part of that."""
    who = student or f"files-{name}"

    def hand_in(course: Path, folder: Path) -> None:
        folder.mkdir(parents=True)
        make(course, folder)

    def untouched(course: Path) -> None:
        notes = graded_notebook(course, who).metadata.get("nnkit", {})
        assert says in f"{notes.get('reason', '')} {' '.join(notes.get('handed_in', []))}", notes

    return Attack(
        KIND,
        name,
        sentence,
        hand_in,
        points_of(outcomes),
        dict(outcomes),
        untouched=untouched,
        control=control or nothing_is_read(make),
        student=who,
    )


def nothing_is_read(make: Make) -> Control:
    """The control: what nbgrader itself opens, the one file of the right name, gives no notebook with the answers."""

    def control(course: Path) -> None:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place, "files")
            folder.mkdir()
            make(course, folder)
            path = folder / FILE
            if path.is_fifo():
                return  # to open it would wait for ever
            try:
                notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
                written = json.dumps(notebook, ensure_ascii=False).encode("utf-8")
            except (OSError, ValueError):  # NotJSONError is one
                return
            assert b"2 * x" not in written

    return control


def text(course: Path) -> str:
    """A solved notebook as a file holds it."""
    return str(nbformat.writes(solved(course)))


def saved_as(change: Callable[[str], bytes]) -> Make:
    """The notebook under its own name, its text saved in another way."""
    return lambda course, folder: (folder / FILE).write_bytes(change(text(course)))


def called(*names: str) -> Make:
    """The notebook under other names."""
    return lambda course, folder: [write(solved(course), folder, name) for name in names]


def archive(**files: bytes) -> bytes:
    """A zip with these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return buffer.getvalue()


def zipped(name: str, *inside: str) -> Make:
    """An archive with the notebook in it."""
    return lambda course, folder: (folder / name).write_bytes(
        archive(**dict.fromkeys(inside or (FILE,), text(course).encode()))
    )


def beside(make: Make) -> Make:
    """The notebook where it belongs, and something odd beside it."""

    def both(course: Path, folder: Path) -> None:
        write(solved(course), folder)
        make(course, folder)

    return both


def untouched_and(make: Make) -> Make:
    """The notebook as it was released, and the work elsewhere."""

    def both(course: Path, folder: Path) -> None:
        write(untouched_notebook(course), folder)
        make(course, folder)

    return both


def two_answers(course: Path, folder: Path) -> None:
    write(solved(course), folder, "small-Copy1.ipynb")
    write(solved(course, double=WRONG_ANSWER), folder, "small-Copy2.ipynb")


def circles(course: Path, folder: Path) -> None:
    (folder / FILE).symlink_to(FILE)
    (folder / "again").symlink_to(folder)
    (folder / "there").symlink_to("back")
    (folder / "back").symlink_to("there")


def beside_circles(course: Path, folder: Path) -> None:
    (folder / "again").symlink_to(folder)
    (folder / "there").symlink_to("back")
    (folder / "back").symlink_to("there")
    os.mkfifo(folder / "data.csv")
    with socket.socket(socket.AF_UNIX) as made, tempfile.TemporaryDirectory() as place:
        made.bind(f"{place}/s")
        os.rename(f"{place}/s", folder / "server")


def escapes(course: Path, folder: Path) -> None:
    """An archive whose members would be unpacked elsewhere, and one that unpacks to far more than there is room for."""
    content = text(course).encode()
    (folder / "work.zip").write_bytes(
        archive(**{FILE: content, "../../stolen.txt": b"1", "/stolen.txt": b"1", "..\\stolen.txt": b"1"})
    )


def bomb(course: Path, folder: Path) -> None:
    (folder / "more.zip").write_bytes(archive(**{f"{number}.csv": bytes(30_000_000) for number in range(8)}))


def names_lead_elsewhere(course: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(archive(**{"../../stolen.txt": b"1"}))) as opened:
        assert opened.namelist() == ["../../stolen.txt"]


def unpacks_to_much(course: Path) -> None:
    with tempfile.TemporaryDirectory() as place:
        bomb(course, Path(place))
        with zipfile.ZipFile(Path(place, "more.zip")) as opened:
            assert sum(member.file_size for member in opened.infolist()) > 100 * Path(place, "more.zip").stat().st_size


def surrogates(text: str) -> bytes:
    """Half of a character, as some editors leave it behind an emoji, in an answer and in the metadata."""
    content = json.loads(text)
    content["metadata"]["title"] = "\ud83d"
    next(cell for cell in content["cells"] if cell.get("id") == "why")["source"] = "Because \ude00."
    return json.dumps(content).encode()


def cannot_be_written(course: Path) -> None:
    with pytest.raises(UnicodeEncodeError):
        nbformat.writes(nbformat.reads(surrogates(text(course)).decode(), as_version=4)).encode()


def ansi(text: str) -> bytes:
    """As an old editor on Windows saves it."""
    return text.replace("Because two and two are four.", "Zwei und zwei – für alle – sind vier.").encode("cp1252")


def converted(exporter: type[HTMLExporter] | type[PythonExporter], name: str) -> Make:
    return lambda course, folder: (folder / name).write_text(exporter().from_notebook_node(solved(course))[0])


def stamped(*stamps: str) -> Make:
    return beside(lambda course, folder: (folder / "timestamp.txt").write_text(stamps[0]))


def time_cannot_be_read(stamp: str) -> Control:
    def control(course: Path) -> None:
        with pytest.raises((ValueError, OverflowError)):
            parse_utc(stamp)

    return control


def is_a_pattern(student: str) -> Control:
    """nbgrader looks for a student's folder with a pattern made of the name, which means other folders or none."""

    def control(course: Path) -> None:
        with tempfile.TemporaryDirectory() as place:
            (Path(place) / student).mkdir()
            (Path(place) / "files-ox").mkdir()
            assert [path.name for path in Path(place).glob(student)] != [student]

    return control


def is_stripped(student: str) -> Control:
    def control(course: Path) -> None:
        assert student.strip() != student  # nbgrader strips the name that it is asked for

    return control


def is_formatted(course: Path) -> None:
    """nbgrader makes a path of a pattern, and takes a path apart by one."""
    with pytest.raises(KeyError):
        str.format("submitted/files-{student_id}/{assignment_id}", assignment_id=SMALL)


def a_student_called(name: str, sentence: str, control: Control) -> Attack:
    return entry(f"name {name!r}", sentence, lambda course, folder: write(solved(course), folder), RIGHT, control, name)


def file_is_followed(course: Path) -> None:
    """A link is opened as if it were the file that it leads to."""
    with tempfile.TemporaryDirectory() as place:
        link = Path(place, FILE)
        link.symlink_to(course / "solutions" / SMALL / FILE)
        assert "2 * x" in str(nbformat.read(link, as_version=4))


def link_to_the_solution(course: Path, folder: Path) -> None:
    (folder / FILE).symlink_to(course / "solutions" / SMALL / FILE)


def linked_data(course: Path, folder: Path) -> None:
    (folder / "secret.txt").symlink_to(course / ".nnkit-secret")
    (folder / "everybody").symlink_to(course / "submitted")


def link_leads_out(course: Path) -> None:
    with tempfile.TemporaryDirectory() as place:
        linked_data(course, Path(place))
        assert (Path(place) / "everybody").resolve() == (course / "submitted").resolve()


A_PERSON = "A person has to"
ATTACKS: tuple[Attack, ...] = (
    # Saved oddly.
    entry("bom", "UTF-8 with a mark in front.", saved_as(lambda text: text.encode("utf-8-sig"))),
    entry("utf-16", "UTF-16, as Windows calls Unicode.", saved_as(lambda text: text.encode("utf-16"))),
    entry("windows", "The encoding of an old editor on Windows.", saved_as(ansi)),
    entry(
        "surrogates", "Halves of characters in answer and metadata.", saved_as(surrogates), control=cannot_be_written
    ),
    entry(
        "nuls", "NULs behind the end, as a broken copy leaves them.", saved_as(lambda text: text.encode() + bytes(5000))
    ),
    entry(
        "html behind it",
        "A learning platform has put a page behind the notebook.",
        saved_as(lambda text: text.encode() + b"\n<!-- uploaded by the platform -->"),
    ),
    entry(
        "cut off",
        "The upload was cut off in the middle.",
        saved_as(lambda text: text.encode()[: len(text) // 2]),
        UNREADABLE,
        says="it is not JSON",
    ),
    entry(
        "conflict",
        "A merge conflict of git in the middle.",
        saved_as(lambda text: text.replace('"cells"', '<<<<<<< HEAD\n"cells"', 1).encode()),
        UNREADABLE,
        says="it is not JSON",
    ),
    entry("empty", "A file of no bytes.", saved_as(lambda text: b""), UNREADABLE),
    entry(
        "gzip",
        "The notebook is compressed under its own name.",
        saved_as(lambda text: gzip.compress(text.encode())),
        UNREADABLE,
    ),
    # No file.
    entry(
        "pipe",
        "A pipe in the notebook's place, on which every reader waits.",
        lambda course, folder: os.mkfifo(folder / FILE),
        FOR_A_PERSON,
        says=A_PERSON,
    ),
    entry(
        "folder",
        "A folder in the notebook's place.",
        lambda course, folder: (folder / FILE).mkdir(),
        FOR_A_PERSON,
        says=A_PERSON,
    ),
    entry(
        "folder with the notebook", "A folder of the notebook's name, and the notebook in it.", called(f"{FILE}/{FILE}")
    ),
    entry(
        "circles",
        "A link to itself in the notebook's place, and links in circles.",
        circles,
        FOR_A_PERSON,
        says=A_PERSON,
    ),
    entry(
        "beside circles",
        "Links in circles, a pipe and a socket beside the notebook.",
        beside(beside_circles),
        says="left out",
        control=link_leads_out,
    ),
    entry(
        "link to the solution",
        "A link to the instructors' notebook.",
        link_to_the_solution,
        FOR_A_PERSON,
        file_is_followed,
        says="a link",
    ),
    entry(
        "linked data",
        "Links to the secret and to everybody's work beside the notebook.",
        beside(linked_data),
        control=link_leads_out,
        says="a link",
    ),
    entry("nothing", "An empty folder.", lambda course, folder: None, FOR_A_PERSON, says="nothing else was"),
    # Under other names.
    entry(
        "copy1",
        "JupyterLab's copy holds the work, the original is untouched.",
        untouched_and(called("small-Copy1.ipynb")),
    ),
    entry("downloaded twice", "The browser has numbered the file.", untouched_and(called("small (1).ipynb"))),
    entry("other case", "The name in capitals.", called("SMALL.IPYNB")),
    entry("nested", "In a folder in a folder.", called(f"my work/week 1/{FILE}")),
    entry("txt", "The browser has added .txt.", called(f"{FILE}.txt")),
    entry("blank", "Blanks at both ends of the name.", called(f" {FILE} ")),
    entry("download", "Under the name of a download that has not ended.", called(f"{FILE}.download")),
    entry("no ending", "Without any ending.", called("small")),
    entry("own name", "Under a name of the student's own.", called("Exercise 1 (Ada Lovelace).ipynb")),
    entry("copy of", "Under the name that Colab gives to a copy.", called("Kopie von small.ipynb")),
    entry("two answers", "Two copies hold different answers.", two_answers, FOR_A_PERSON, says=A_PERSON),
    entry(
        "page",
        "Only a page that was made of the notebook.",
        converted(HTMLExporter, "small.html"),
        FOR_A_PERSON,
        says=A_PERSON,
    ),
    entry(
        "program",
        "Only a program that was made of the notebook.",
        converted(PythonExporter, "small.py"),
        FOR_A_PERSON,
        says=A_PERSON,
    ),
    # In archives.
    entry("zip", "In a zip.", zipped("handed in.zip")),
    entry(
        "zip of a folder",
        "In a folder in a zip, with what macOS adds.",
        zipped("work.zip", f"work/{FILE}", f"__MACOSX/work/._{FILE}"),
    ),
    entry("zip under its name", "A zip under the notebook's own name.", zipped(FILE)),
    entry(
        "zip that escapes",
        "A zip with names that lead out of the folder.",
        escapes,
        control=names_lead_elsewhere,
        says="leads elsewhere",
    ),
    entry(
        "zip bomb",
        "A zip that unpacks to far more than it has, beside the notebook.",
        beside(bomb),
        control=unpacks_to_much,
        says="left out",
    ),
    entry(
        "broken zip",
        "Only a zip that is cut off.",
        lambda course, folder: (folder / "work.zip").write_bytes(archive(**{FILE: text(course).encode()})[:300]),
        FOR_A_PERSON,
        says=A_PERSON,
    ),
    entry(
        "other archive",
        "Only an archive of a kind that is not opened.",
        lambda course, folder: (folder / "work.rar").write_bytes(b"Rar!\x1a\x07\x01\x00" + bytes(100)),
        FOR_A_PERSON,
        says="work.rar",
    ),
    # Time stamps.
    entry(
        "stamp",
        "A time stamp that is none.",
        stamped("yesterday, maybe"),
        control=time_cannot_be_read("yesterday, maybe"),
        says="does not hold a time",
    ),
    entry(
        "stamp of nowhere",
        "A time stamp beyond all calendars.",
        stamped("99999-99-99 25:61:61 UTC"),
        control=time_cannot_be_read("99999-99-99 25:61:61 UTC"),
        says="does not hold a time",
    ),
    # Students.
    a_student_called("files-o[x]", "A student whose name is a pattern that means another.", is_a_pattern("files-o[x]")),
    a_student_called("files-{student_id}", "A student whose name is a place in nbgrader's own pattern.", is_formatted),
    a_student_called("files-*", "A student whose name means everybody.", is_a_pattern("files-*")),
    a_student_called(
        "files with blanks ", "A student whose name has blanks in it and at its end.", is_stripped("files with blanks ")
    ),
)
