"""Canvas: a file that its gradebook imports.

The format is that of Canvas's own export, which Canvas reads back: `lib/gradebook_exporter.rb` and
`lib/gradebook_importer.rb` in https://github.com/instructure/canvas-lms. A first line of ``Student``, ``ID``, ``SIS
User ID``, ``SIS Login ID``, perhaps ``Integration ID`` and ``Root Account``, then ``Section``; behind it a column
``NAME (ID)`` for each assignment and columns of totals that cannot be written. Instead of ``Student`` there may be
``LastName`` and ``FirstName``. Then perhaps a line that says ``Manual Posting``, a line ``Points Possible``, and a
line for each student. Columns and students that are not in the file stay as they are. A cell that is: what stands in
it replaces what Canvas has, and an empty one takes a score away. So a cell that gets no mark keeps what the export
says, and no column goes into the file but those that are filled in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from nnkit.grading.marks.class_table import cell_text
from nnkit.grading.marks.totals import ClassMarks, number
from nnkit.grading.platforms.matching import match_columns, match_students
from nnkit.grading.platforms.sheets import PlatformError, Sheet, is_formula, sheet_bytes
from nnkit.grading.platforms.writing import (
    Filled,
    Rules,
    called,
    computed,
    is_other,
    left_out,
    name_not_found,
    zero_for_nobodys_row,
)

PLAIN = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POINTS = "    Points Possible"
# By these Canvas finds a student; the others are there for people.
KEYS = ("ID", "SIS User ID", "SIS Login ID", "Integration ID")
EXCUSED, NOT_ASSIGNED = "EX", "N/A"
_NAMED = re.compile(r"(.*)\s\(\d+\)", re.DOTALL)
_HIDDEN = re.compile(r"\s*(Muted|Manual Posting.*)?\s*", re.IGNORECASE)


def plain_file(marks: ClassMarks, rules: Rules) -> Filled:
    """A file for a Canvas course of which there is no export: students by nbgrader's id, which is taken as their login.

    Parameters
    ----------
    marks : ClassMarks
        The class.
    rules : Rules
        What is written.
    """
    filled = Filled(notes=[note for one in marks.assignments for note in left_out(marks, one, rules)])
    rows: list[Sequence[str]] = []
    bad = []
    for person in marks.people:
        values = [rules.value(marks.totals[person.student, assignment]) for assignment in marks.assignments]
        if all(value is None for value in values):
            continue
        if any(map(is_formula, (person.platform_id, person.student))):
            bad.append(person)
            continue
        known = (cell_text(person.sortable_name or person.student), person.platform_id, "", person.student, "")
        rows.append([*known, *("" if value is None else value for value in values)])
        filled.written += sum(value is not None for value in values)
    if bad:
        filled.problems.append(computed(called(bad)))
    worth = [number(rules.worth(marks, assignment)) for assignment in marks.assignments]
    rows.insert(0, [POINTS, "", "", "", "", *worth])
    filled.content = sheet_bytes([*PLAIN, *marks.assignments], rows)
    return filled


def fill_export(export: Sheet, marks: ClassMarks, rules: Rules, chosen: Mapping[str, str]) -> Filled:
    """The export of a Canvas gradebook with the marks of the class in the columns of its assignments.

    Parameters
    ----------
    export : Sheet
        What Canvas has exported.
    marks : ClassMarks
        The class.
    rules : Rules
        What is written.
    chosen : Mapping[str, str]
        Assignment → its column, where the instructor says it.

    Raises
    ------
    PlatformError
        It is no such export, its columns cannot be told, or an assignment has other points there.
    """
    width = _student_columns(export)
    columns = {
        place: (head, match.group(1))
        for place, head in enumerate(export.header)
        if place >= width and (match := _NAMED.fullmatch(head))
    }
    places = match_columns(marks.assignments, columns, chosen)
    for row in export.rows:
        if "Points Possible" in row[0]:
            for assignment, place in places.items():
                rules.check_worth(marks, assignment, row[place])
    filled = Filled()
    if missing := [assignment for assignment in marks.assignments if assignment not in places]:
        filled.notes.append(f"No column in {export.name}, so not written: {', '.join(missing)}.")
    filled.notes += [note for assignment in places for note in left_out(marks, assignment, rules)]
    students = [place for place, row in enumerate(export.rows) if _is_student(row)]
    keys = [place for place, head in enumerate(export.header[:width]) if head in KEYS]
    matching = match_students(marks.people, [[export.rows[row][key] for key in keys] for row in students])
    name_not_found(filled, marks, matching, list(places), rules, export.name)
    holder = {students[row]: student for student, row in matching.rows.items()}
    zero = "0" if zero_for_nobodys_row(marks, matching, rules) else None
    order = sorted(places.items(), key=lambda one: one[1])
    rows, refused = [], []
    for place, row in enumerate(export.rows):
        known = [cell if head in KEYS else _harmless(cell) for head, cell in zip(export.header, row, strict=True)]
        if place in students and any(is_formula(row[key]) for key in keys):
            refused.append(row[0])
            continue
        cells = []
        for assignment, column in order:
            before = row[column].strip()
            value = None
            if place in holder:
                value = rules.value(marks.totals[holder[place], assignment])
            elif place in students and not _is_test_student(row):
                value = zero
            if value is not None and before.upper() in (EXCUSED, NOT_ASSIGNED):
                why = "is excused" if before.upper() == EXCUSED else "does not have to do it"
                filled.notes.append(f"{assignment}: {row[0]} {why} in Canvas; the mark {value} is not written.")
                value = None
            filled.written += value is not None
            filled.changed += value is not None and is_other(before, value)
            cells.append(row[column] if value is None else value)
        rows.append([*known[:width], *cells])
    if refused:
        filled.problems.append(computed(", ".join(refused)))
    header = [*export.header[:width], *(export.header[column] for _, column in order)]
    filled.content = sheet_bytes(header, rows, export.separator, export.mark)
    return filled


def _student_columns(export: Sheet) -> int:
    """How many columns say who a student is."""
    header = export.header
    names = ("LastName", "FirstName") if header[0] == "LastName" else ("Student",)
    if header[: len(names) + 1] != (*names, "ID") or "Section" not in header:
        raise PlatformError(
            f"{export.name} should be an export of Canvas's gradebook, whose first line is {', '.join(PLAIN)}, …; but "
            f"its first line is {', '.join(header[:6])}."
        )
    return header.index("Section") + 1


def _is_student(row: Sequence[str]) -> bool:
    return "Points Possible" not in row[0] and not all(_HIDDEN.fullmatch(cell) for cell in row)


def _is_test_student(row: Sequence[str]) -> bool:
    return row[0] == "Student, Test" or tuple(row[:2]) == ("Student", "Test")


def _harmless(cell: str) -> str:
    """A name or section that no spreadsheet computes; the line of points begins with blanks, which it keeps."""
    return cell_text(cell) if is_formula(cell) else cell
