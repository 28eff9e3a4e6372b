"""Files for Canvas and Moodle: in the documented formats, nobody's mark lost, none in another's row, none taken away.

The files in `exports/` have the columns of those that Canvas and Moodle write; `platform_models` takes what comes of
them as the platforms' importers do.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from nnkit.grading.marks.totals import ABSENT, FINAL, OPEN, ClassMarks, Person, Total, marks_csv
from nnkit.grading.platforms import canvas, moodle
from nnkit.grading.platforms.matching import match_columns, match_students
from nnkit.grading.platforms.sheets import PlatformError, Sheet, is_formula, read_sheet
from nnkit.grading.platforms.writing import Rules
from tests.grading.platform_models import Canvas, Moodle, RefusedError, Worksheet

EXPORTS = Path(__file__).parent / "exports"
GRAPHS, BACKPROP = "01_computation_graphs", "02_backprop_by_hand"
PEOPLE = (
    Person("ada", "Ada", "Lovelace", "ada@example.org"),
    Person("bob", "Bob", 'Boole, "Junior"', "bob.boole@example.org"),
    Person("chi", "Χί", "Σιγμα", "chi@example.org"),
    Person("dan", "", "", ""),
    Person("eve", "Eve", "=cmd|' /C calc'!A0", "eve@example.org"),
)


def total(student: str, assignment: str, points: float, state: str = FINAL, most: float = 18.0) -> Total:
    return Total(student, assignment, points, most, 0.0, state)


def a_class(*assignments: str) -> ClassMarks:
    """Ada and Eve are done, Bob waits for a person in the first, Chi has handed in nothing, Dan only the second."""
    there = {
        GRAPHS: [
            ("ada", 17.5, FINAL),
            ("bob", 9.0, OPEN),
            ("chi", 0.0, ABSENT),
            ("dan", 0.0, ABSENT),
            ("eve", 12.0, FINAL),
        ],
        BACKPROP: [
            ("ada", 18.0, FINAL),
            ("bob", 4.0, FINAL),
            ("chi", 0.0, ABSENT),
            ("dan", 6.25, FINAL),
            ("eve", 0.0, FINAL),
        ],
    }
    names = assignments or (GRAPHS, BACKPROP)
    totals = {(who, name): total(who, name, points, state) for name in names for who, points, state in there[name]}
    return ClassMarks(names, PEOPLE, totals)


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def sheet(folder: Path, content: str | bytes, name: str = "export.csv") -> Sheet:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return read_sheet(path)


# -- Canvas ---------------------------------------------------------------------------------------------------------

CANVAS = (EXPORTS / "canvas.csv").read_text(encoding="utf-8")
FIRST, SECOND = "Computation graphs (801)", "02 Backprop by hand (803)"


def canvas_course() -> Canvas:
    rows = rows_of(CANVAS.encode())[2:]
    return Canvas(
        students={row["ID"]: (row["SIS User ID"], row["SIS Login ID"]) for row in rows},
        scores={
            (row["ID"], head): row[head]
            for row in rows
            for head in (FIRST, "Essay (802)", SECOND)
            if row[head] not in ("", "N/A")
        },
        assignments={FIRST, "Essay (802)", SECOND},
    )


def test_an_export_of_canvas_is_filled_in_and_canvas_takes_it(tmp_path: Path) -> None:
    filled = canvas.fill_export(sheet(tmp_path, CANVAS), a_class(), Rules(), {})
    course = canvas_course()
    before = dict(course.scores)
    course.take(filled.content)
    assert course.scores == before | {
        ("11", FIRST): "17.5",
        ("11", SECOND): "18",
        ("12", SECOND): "4",
        ("15", FIRST): "12",
        ("15", SECOND): "0",
    }
    assert course.created == set()
    assert (filled.written, filled.changed) == (5, 2)
    assert filled.problems == []


def test_only_the_columns_of_the_course_are_in_the_file(tmp_path: Path) -> None:
    filled = canvas.fill_export(sheet(tmp_path, CANVAS), a_class(), Rules(), {})
    lines = list(csv.reader(io.StringIO(filled.content.decode())))
    assert lines[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", FIRST, SECOND]
    assert lines[2] == ["    Points Possible", "", "", "", "", "18.00", "18.00"]
    assert [line[1] for line in lines[3:]] == ["11", "12", "13", "14", "15", "16", "17"]


def test_a_mark_that_is_not_final_leaves_what_canvas_has_unless_it_is_asked_for(tmp_path: Path) -> None:
    export = sheet(tmp_path, CANVAS)
    filled = canvas.fill_export(export, a_class(), Rules(), {})
    assert {row["ID"]: row[FIRST] for row in rows_of(filled.content)}["12"] == "8.00"
    assert any("not final, not written" in note and "bob (Boole" in note for note in filled.notes)
    asked = canvas.fill_export(export, a_class(), Rules(provisional=True), {})
    assert {row["ID"]: row[FIRST] for row in rows_of(asked.content)}["12"] == "9"


def test_who_has_handed_in_nothing_keeps_what_there_is_or_gets_a_zero(tmp_path: Path) -> None:
    export = sheet(tmp_path, CANVAS)
    left = {row["ID"]: row[FIRST] for row in rows_of(canvas.fill_export(export, a_class(), Rules(), {}).content)}
    zero = canvas.fill_export(export, a_class(), Rules(missing_as_zero=True), {})
    got = {row["ID"]: row[FIRST] for row in rows_of(zero.content)}
    assert (left["13"], left["14"], left["16"], left["17"]) == ("5.00", "", "2.00", "")
    # Ned is in Canvas alone, and everybody who has handed in is found, so it is not he; the test student is nobody.
    assert (got["13"], got["14"], got["16"], got["17"]) == ("0", "0", "0", "")


def test_nobodys_row_gets_no_zero_while_somebody_is_not_found(tmp_path: Path) -> None:
    export = sheet(tmp_path, CANVAS.replace(",ada,Monday", ",al,Monday"))
    zero = canvas.fill_export(export, a_class(), Rules(missing_as_zero=True), {})
    got = {row["ID"]: row[FIRST] for row in rows_of(zero.content)}
    assert (got["11"], got["16"]) == ("3.00", "2.00")
    assert any(
        problem.startswith("Not in export.csv") and "ada (Lovelace, Ada)" in problem for problem in zero.problems
    )


def test_who_is_in_no_row_is_named_before_their_mark_is_final_too(tmp_path: Path) -> None:
    """Bob waits for a person and Chi has handed in nothing: nothing is lost yet, so it is no failure."""
    export = sheet(tmp_path, "Email address,Computation graphs\nada@example.org,\neve@example.org,\n")
    worksheet = (
        "Identifier,Email address,Grade,Maximum Grade\nParticipant 1,ada@example.org,,18\nP 2,eve@example.org,,18\n"
    )
    marks = a_class(GRAPHS)
    for filled in (
        moodle.fill_export(export, marks, Rules(), {})[GRAPHS],
        moodle.fill_worksheet(sheet(tmp_path, worksheet), marks, Rules()),
        canvas.fill_export(
            sheet(tmp_path, "Student,ID,SIS Login ID,Section,Computation graphs (1)\nA,1,ada,,\nE,2,eve,,\n"),
            marks,
            Rules(),
            {},
        ),
    ):
        assert filled.problems == []
        (said,) = (note for note in filled.notes if note.startswith("Not in export.csv, and no mark to write"))
        assert all(f"{student} (" in said or f", {student}" in said for student in ("bob", "chi", "dan"))
        assert "ada" not in said
    provisional = moodle.fill_export(export, marks, Rules(provisional=True), {})[GRAPHS]
    assert any(one.startswith("Not in export.csv, so not written: bob (") for one in provisional.problems)


def test_who_is_excused_or_need_not_do_it_stays_so_and_is_named(tmp_path: Path) -> None:
    marks = a_class()
    totals = dict(marks.totals) | {("chi", BACKPROP): total("chi", BACKPROP, 3.0)}
    filled = canvas.fill_export(sheet(tmp_path, CANVAS), ClassMarks(marks.assignments, PEOPLE, totals), Rules(), {})
    got = {row["ID"]: row[SECOND] for row in rows_of(filled.content)}
    assert (got["13"], got["14"]) == ("EX", "N/A")
    assert any("Σιγμα, Χί is excused in Canvas; the mark 3 is not written" in note for note in filled.notes)
    assert any("Hopper, Dan does not have to do it" in note and "6.25" in note for note in filled.notes)


def test_other_points_on_the_platform_are_refused_or_scaled_to(tmp_path: Path) -> None:
    export = sheet(tmp_path, CANVAS.replace("18.00,10.00", "100.00,10.00"))
    with pytest.raises(
        PlatformError, match=r"worth 100 points on the platform, but the marks are out of 18\..*--out-of 100"
    ):
        canvas.fill_export(export, a_class(GRAPHS), Rules(), {})
    scaled = canvas.fill_export(export, a_class(GRAPHS), Rules(out_of=100), {})
    assert {row["ID"]: row[FIRST] for row in rows_of(scaled.content)}["11"] == "97.22"


@pytest.mark.parametrize(
    "variant",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: (
            text.replace("SIS User ID,", "SIS User ID,", 1)
            .replace(",Section", ",Integration ID,Root Account,Section", 1)
            .replace(",Monday", ",i,uni.example,Monday")
            .replace(",Tuesday", ",i,uni.example,Tuesday")
            .replace("Possible,,,,,", "Possible,,,,,,,")
            .replace("\n,,,,,,Manual", "\n,,,,,,,,Manual")
        ),
    ],
    ids=["byte order mark", "Windows", "more columns"],
)
def test_exports_come_in_several_forms(tmp_path: Path, variant: object) -> None:
    text = variant(CANVAS)  # type: ignore[operator]
    filled = canvas.fill_export(sheet(tmp_path, text), a_class(), Rules(), {})
    assert filled.content.startswith(b"\xef\xbb\xbf") == text.startswith("\ufeff")
    course = canvas_course()
    course.take(filled.content.removeprefix(b"\xef\xbb\xbf"))
    assert course.scores["11", FIRST] == "17.5"
    assert course.scores["12", FIRST] == "8.00"


def test_an_export_with_first_and_last_names_and_semicolons(tmp_path: Path) -> None:
    text = (
        "LastName;FirstName;ID;SIS Login ID;Section;Computation graphs (801)\n"
        "    Points Possible;;;;;18,00\nLovelace;Ada;11;ada;Monday;\nStudent;Test;17;x;Monday;\n"
    )
    filled = canvas.fill_export(sheet(tmp_path, text), a_class(GRAPHS), Rules(missing_as_zero=True), {})
    assert filled.content.decode().splitlines()[2:] == ["Lovelace;Ada;11;ada;Monday;17.5", "Student;Test;17;x;Monday;"]


def test_a_plain_file_for_canvas_has_its_columns_and_asks_for_new_assignments() -> None:
    filled = canvas.plain_file(a_class(), Rules())
    course = Canvas({str(n): ("", one.student) for n, one in enumerate(PEOPLE)}, {})
    course.take(filled.content)
    lines = list(csv.reader(io.StringIO(filled.content.decode())))
    assert lines[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", GRAPHS, BACKPROP]
    assert lines[1] == ["    Points Possible", "", "", "", "", "18", "18"]
    assert lines[3][0] == 'Boole, "Junior", Bob'
    assert course.created == {GRAPHS, BACKPROP}
    assert course.scores["3", BACKPROP] == "6.25"
    assert ("1", GRAPHS) not in course.scores
    assert "chi" not in {line[3] for line in lines}  # who has no mark is not in it


# -- Moodle ---------------------------------------------------------------------------------------------------------

MOODLE = (EXPORTS / "moodle.csv").read_text(encoding="utf-8")
ITEM = "Assignment: Computation graphs (Real)"
ITEM_2 = "Assignment: Backprop by hand (Real)"


def moodle_item(head: str) -> Moodle:
    rows = rows_of(MOODLE.encode())
    return Moodle(rows, {row["Email address"]: str(float(row[head])) for row in rows if row[head] != "-"})


def test_an_export_of_moodles_gradebook_gives_a_file_for_each_item(tmp_path: Path) -> None:
    files = moodle.fill_export(sheet(tmp_path, MOODLE), a_class(), Rules(), {})
    assert list(files) == [GRAPHS, BACKPROP]
    item = moodle_item(ITEM)
    item.take(files[GRAPHS].content, "Email address", ITEM)
    assert item.grades == {
        "ada@example.org": "17.5",
        "bob.boole@example.org": "8.0",  # not final: Moodle's stays, and is not overridden
        "chi@example.org": "5.0",
        "eve@example.org": "12.0",
    }
    assert item.overridden == {"ada@example.org", "eve@example.org"}
    second = moodle_item(ITEM_2)
    second.take(files[BACKPROP].content, "Email address", ITEM_2)
    assert second.grades["dan@uni.example"] == "6.25"
    assert (files[BACKPROP].written, files[BACKPROP].changed) == (4, 1)


def test_a_column_of_students_with_a_hole_is_left_out_for_moodle_would_give_the_mark_to_the_row_above(
    tmp_path: Path,
) -> None:
    files = moodle.fill_export(sheet(tmp_path, MOODLE), a_class(), Rules(), {})
    assert "ID number" in rows_of(files[GRAPHS].content)[0]
    assert "ID number" not in rows_of(files[BACKPROP].content)[0]  # Dan has none
    naive = moodle_item(ITEM_2)
    naive.take(f'"ID number","{ITEM_2}"\ns-011,18\n,6.25\n'.encode(), "ID number", ITEM_2)
    assert naive.grades["ada@example.org"] == "6.25"  # what the file above keeps from happening


def test_the_time_of_the_export_stays_in_the_file_and_no_formula_does(tmp_path: Path) -> None:
    rows = rows_of(moodle.fill_export(sheet(tmp_path, MOODLE), a_class(), Rules(), {})[GRAPHS].content)
    assert {row["Last downloaded from this course"] for row in rows} == {"1700000000"}
    assert {row["Last name"] for row in rows} == {"Lovelace", "'=1+1"}


def test_a_plain_file_for_moodle_has_those_who_have_a_mark() -> None:
    files = moodle.plain_files(a_class(), Rules())
    rows = rows_of(files[GRAPHS].content)
    assert list(rows[0]) == ["Username", "First name", "Last name", "Email address", GRAPHS]
    assert [(row["Username"], row[GRAPHS]) for row in rows] == [("ada", "17.5"), ("eve", "12")]
    assert "Email address" not in rows_of(files[BACKPROP].content)[0]  # Dan's is not known
    assert rows[1]["Last name"] == "'=cmd|' /C calc'!A0"


WORKSHEET = (EXPORTS / "moodle_worksheet.csv").read_text(encoding="utf-8")


def test_a_grading_worksheet_of_moodle_is_filled_in(tmp_path: Path) -> None:
    export = sheet(tmp_path, WORKSHEET)
    assert moodle.is_worksheet(export)
    filled = moodle.fill_worksheet(export, a_class(GRAPHS), Rules())
    assignment = Worksheet({"501": "3.0", "502": "8.0", "503": "", "505": ""})
    assignment.take(filled.content)
    assert assignment.grades == {"501": "17.5", "502": "8.0", "503": "", "505": ""}
    assert [problem for problem in filled.problems if "Participant 505 cannot be changed; 12" in problem]
    row = rows_of(filled.content)[0]
    assert row["Last modified (grade)"] == "-"
    assert "Online text" not in row
    assert "Feedback comments" not in row


def test_a_worksheet_is_one_assignments_and_has_its_points(tmp_path: Path) -> None:
    with pytest.raises(PlatformError, match="of one assignment, and does not say of which"):
        moodle.fill_worksheet(sheet(tmp_path, WORKSHEET), a_class(), Rules())
    other = sheet(tmp_path, WORKSHEET.replace("18.00", "100.00"))
    with pytest.raises(PlatformError, match="--out-of 100"):
        moodle.fill_worksheet(other, a_class(GRAPHS), Rules())
    filled = moodle.fill_worksheet(other, a_class(GRAPHS), Rules(out_of=100))
    assert rows_of(filled.content)[0]["Grade"] == "97.22"


def test_an_export_in_another_language_is_told(tmp_path: Path) -> None:
    export = sheet(tmp_path, "Vorname,Nachname,ID-Nummer,E-Mail-Adresse,Aufgabe: Graphen (Punkte)\n")
    with pytest.raises(PlatformError, match="Set Moodle's language to English"):
        moodle.fill_export(export, a_class(), Rules(), {})


def test_more_points_than_moodle_takes_are_told() -> None:
    big = ClassMarks(("09",), PEOPLE[:1], {("ada", "09"): total("ada", "09", 120.0, most=150.0)})
    assert any("refuses grades above 100" in note for note in moodle.plain_files(big, Rules())["09"].notes)


# -- who is who -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "row"),
    [
        (Person("ada"), ["", "s-1", "ADA"]),
        (Person("s-1"), ["7", "s-1", "al"]),
        (Person("a", email="ada@x.org"), ["7", "", "ada@x.org"]),
        (Person("a", platform_id="7"), ["7", "", "al"]),
        (Person("ada"), ["7", "", "ada@x.org"]),
        (Person("a", email="ada@cs.x.org"), ["7", "", "ada"]),
        (Person("ada@x.org"), ["7", "", "ada"]),
    ],
)
def test_a_student_is_found_by_id_login_email_and_what_stands_before_the_at(person: Person, row: list[str]) -> None:
    found = match_students([person], [["99", "s-99", "other@x.org"], row])
    assert dict(found.rows) == {person.student: 1}


def test_nobody_is_guessed() -> None:
    people = [Person("ada"), Person("Ada"), Person("bob"), Person("eve", email="e@x.org"), Person("")]
    found = match_students(people, [["ada"], ["bob@x.org"], ["bob@y.org"], ["e@x.org", ""], ["eve"]])
    assert dict(found.rows) == {}
    assert set(found.ambiguous) == {"ada", "Ada", "bob", "eve"}
    assert found.unknown == ("",)


def test_what_is_the_same_as_a_whole_goes_before_a_part() -> None:
    found = match_students([Person("ada"), Person("x", email="ada@x.org")], [["ada"], ["ada@x.org"]])
    assert dict(found.rows) == {"ada": 0, "x": 1}
    taken = match_students([Person("ada@x.org"), Person("ada")], [["ada@x.org"], ["zoe"]])
    assert (dict(taken.rows), taken.unknown) == ({"ada@x.org": 0}, ("ada",))


def test_ambiguous_students_are_named_and_nothing_is_written_for_them(tmp_path: Path) -> None:
    twice = CANVAS + '"Lovelace, Ada",18,s-018,ada,Monday,,,,,\n'
    filled = canvas.fill_export(sheet(tmp_path, twice), a_class(GRAPHS), Rules(), {})
    got = {row["ID"]: row[FIRST] for row in rows_of(filled.content)}
    assert (got["11"], got["18"]) == ("3.00", "")
    assert any(one.startswith("In more than one row of export.csv") and "ada (" in one for one in filled.problems)


def test_columns_are_found_by_name_and_never_guessed() -> None:
    columns = {5: ("Graphs (1)", "Graphs"), 6: ("graphs! (2)", "graphs!"), 7: ("Essay (3)", "Essay")}
    with pytest.raises(
        PlatformError, match=r"fits several columns: «Graphs \(1\)», «graphs! \(2\)»\. Say which: --column"
    ):
        match_columns(["01_graphs"], columns, {})
    assert match_columns(["01_graphs"], columns, {"01_graphs": "Graphs (1)"}) == {"01_graphs": 5}
    assert match_columns(["01_graphs"], columns, {"01_graphs": "Essay"}) == {"01_graphs": 7}
    with pytest.raises(PlatformError, match="There is no column «Esay»"):
        match_columns(["01_graphs"], columns, {"01_graphs": "Esay"})
    with pytest.raises(PlatformError, match="No column is called like 02_loops"):
        match_columns(["02_loops"], columns, {})
    with pytest.raises(PlatformError, match="fit the same column"):
        match_columns(["01_essay", "02_essay"], columns, {})


# -- files ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04rest", "is an Excel workbook or an archive"),
        ("Student,ID\nMüller,1\n".encode("cp1252"), "is not text in UTF-8"),
        (b"Student,ID\nA,1,2\n", "Row 2 of .* should have 2 cells, but has 3"),
        (b"a\0b,c\n", "is not text in UTF-8"),
    ],
)
def test_a_file_that_is_no_export_is_refused_in_a_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(PlatformError, match=sentence):
        sheet(tmp_path, content)


def test_a_missing_file_and_another_platforms_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PlatformError, match="cannot be read"):
        read_sheet(tmp_path / "none.csv")
    with pytest.raises(PlatformError, match="should be an export of Canvas's gradebook"):
        canvas.fill_export(sheet(tmp_path, MOODLE), a_class(), Rules(), {})
    with pytest.raises(PlatformError, match="should have a column called Username, ID number or Email address"):
        moodle.fill_export(sheet(tmp_path, CANVAS), a_class(), Rules(), {})


def test_what_excel_saves_as_unicode_is_read(tmp_path: Path) -> None:
    found = sheet(tmp_path, "Student\tID\nΣιγμα\t1\n".encode("utf-16"))
    assert (found.header, found.rows, found.separator) == (("Student", "ID"), (("Σιγμα", "1"),), "\t")


def test_who_is_known_by_a_formula_is_left_out_and_named(tmp_path: Path) -> None:
    bad = "=HYPERLINK(1)"
    people = (Person(bad, "Mal", "Lory"), *PEOPLE[:1])
    marks = ClassMarks((GRAPHS,), people, {(one.student, GRAPHS): total(one.student, GRAPHS, 5.0) for one in people})
    row = f'"Lory, Mal",18,s-018,{bad},Monday,,,,,\n'
    files = [canvas.plain_file(marks, Rules()), moodle.plain_files(marks, Rules())[GRAPHS]]
    files.append(canvas.fill_export(sheet(tmp_path, CANVAS + row), marks, Rules(), {}))
    for filled in files:
        assert bad not in filled.content.decode()
        assert any("a spreadsheet would compute" in problem and "Lory, Mal" in problem for problem in filled.problems)
        assert b"ada" in filled.content


def test_no_cell_of_any_file_is_computed_by_a_spreadsheet(tmp_path: Path) -> None:
    files = [
        canvas.plain_file(a_class(), Rules()).content,
        canvas.fill_export(sheet(tmp_path, CANVAS), a_class(), Rules(), {}).content,
        *(one.content for one in moodle.plain_files(a_class(), Rules()).values()),
        *(one.content for one in moodle.fill_export(sheet(tmp_path, MOODLE), a_class(), Rules(), {}).values()),
        moodle.fill_worksheet(sheet(tmp_path, WORKSHEET), a_class(GRAPHS), Rules()).content,
        marks_csv(a_class()).encode(),
    ]
    for content in files:
        for row in csv.reader(io.StringIO(content.decode())):
            assert not [cell for cell in row if is_formula(cell) or cell.startswith("=")]


def test_the_model_of_canvas_refuses_what_canvas_refuses() -> None:
    with pytest.raises(RefusedError):
        canvas_course().take(b"Name,ID,Section\n")
    course = canvas_course()
    course.take(f"Student,ID,SIS Login ID,Section,{FIRST}\nAda,11,ada,Monday,\n".encode())
    assert ("11", FIRST) not in course.scores
