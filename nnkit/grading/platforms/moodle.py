"""Moodle: files that its gradebook and its assignments import.

The formats are those of Moodle's own files, as https://github.com/moodle/moodle writes and reads them:

- **The gradebook's** plain text export (`grade/export/txt/grade_export_txt.php`): columns of the profile, such as
  ``First name``, ``Last name``, ``ID number``, ``Email address``, then a column ``Assignment: NAME (Real)`` for each
  item, and ``Last downloaded from this course``. The import (`grade/import/csv/classes/load_data.php`,
  https://docs.moodle.org/en/Grade_import) asks by which column students are found (user id, ID number, email address
  or username) and which column is which item. An empty cell or ``-`` takes a grade away and keeps the item's own
  grades out from then on (`update_final_grade` in `lib/grade/grade_item.php`); one student who is not found stops the
  whole import; a row whose student is left empty goes to the student of the row above. So there is one file for each
  item, and in it nobody but those who get a mark, and no column of students that is empty anywhere. The time of the
  export stays in it: Moodle then refuses grades that were changed meanwhile.
- **An assignment's** offline grading worksheet (`mod/assign/gradingtable.php`, read by
  `mod/assign/feedback/offline/importgradeslib.php`): ``Identifier`` (``Participant 17``), ``Full name``, columns of the
  profile, ``Status``, ``Grade``, ``Maximum Grade``, …, ``Last modified (grade)`` and feedback. Moodle needs the first,
  the grade and the last; a grade that is empty is skipped. What students have typed and the feedback are left out.

Both name their columns in the language of whoever exports; they are known here in English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from nnkit.grading.marks.class_table import cell_text
from nnkit.grading.marks.totals import ClassMarks
from nnkit.grading.platforms.matching import Matching, match_columns, match_students
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

PLAIN = ("Username", "First name", "Last name", "Email address")
KEYS = ("username", "id number", "email address")  # in small letters: what Moodle finds a student by
NAMES = ("first name", "last name", "full name")
EXPORTED = "last downloaded from this course"
IDENTIFIER, GRADE, MOST, MODIFIED = "identifier", "grade", "maximum grade", "last modified (grade)"
# Of a worksheet's columns those that are kept.
KEPT = (*NAMES, *KEYS, IDENTIFIER, "status", GRADE, MOST, "grade can be changed", MODIFIED)
USUAL_MOST = 100  # points; Moodle refuses grades above, unless its administrator has allowed them
_REAL = re.compile(r"(?:[^:]+: )?(.*?)(?: \(Real\))?", re.DOTALL)
_NO_GRADE = re.compile(r".* \((?:Feedback|Percentage|Letter)\)", re.DOTALL)


def plain_files(marks: ClassMarks, rules: Rules) -> dict[str, Filled]:
    """A file for each assignment, for a Moodle course of which there is no export: students by id, name and email.

    Parameters
    ----------
    marks : ClassMarks
        The class.
    rules : Rules
        What is written.

    Returns
    -------
    dict from str to Filled
        By assignment.
    """
    files = {}
    for assignment in marks.assignments:
        filled = Filled(notes=[*left_out(marks, assignment, rules), *_too_much(marks, assignment, rules)])
        values = {person: rules.value(marks.totals[person.student, assignment]) for person in marks.people}
        bad = [one for one, value in values.items() if value and (is_formula(one.student) or is_formula(one.email))]
        rows = [
            [one.student, cell_text(one.first_name), cell_text(one.last_name), one.email, value]
            for one, value in values.items()
            if value is not None and one not in bad
        ]
        filled.written = len(rows)
        if bad:
            filled.problems.append(computed(called(bad)))
        filled.content = sheet_bytes(*_without_holes([*PLAIN, assignment], rows, [PLAIN.index("Email address")]))
        files[assignment] = filled
    return files


def is_worksheet(export: Sheet) -> bool:
    """Whether a file is an assignment's offline grading worksheet, and not the gradebook's export.

    Parameters
    ----------
    export : Sheet
        The file.
    """
    return {IDENTIFIER, GRADE, MODIFIED} <= set(_heads(export))


def fill_export(export: Sheet, marks: ClassMarks, rules: Rules, chosen: Mapping[str, str]) -> dict[str, Filled]:
    """The export of a Moodle gradebook, a file for each assignment, with those who get a mark.

    Parameters
    ----------
    export : Sheet
        What Moodle has exported.
    marks : ClassMarks
        The class.
    rules : Rules
        What is written.
    chosen : Mapping[str, str]
        Assignment → its column, where the instructor says it.

    Returns
    -------
    dict from str to Filled
        By assignment; what concerns all is said with the first.

    Raises
    ------
    PlatformError
        It is no such export, or its columns cannot be told.
    """
    heads = _heads(export)
    keys = _keys(export)
    known = [place for place, head in enumerate(heads) if head in (*NAMES, *KEYS)]
    columns = {
        place: _called(head)
        for place, head in enumerate(export.header)
        if place > max(keys) and heads[place] != EXPORTED and not _NO_GRADE.fullmatch(head)
    }
    places = match_columns(marks.assignments, columns, chosen)
    matching = match_students(marks.people, [[row[key] for key in keys] for row in export.rows])
    time = [place for place, head in enumerate(heads) if head == EXPORTED]
    files = {}
    for assignment, place in places.items():
        filled = Filled(notes=[*left_out(marks, assignment, rules), *_too_much(marks, assignment, rules)])
        name_not_found(filled, marks, matching, [assignment], rules, export.name)
        got = [(row, value) for row, value in _values(export, marks, matching, assignment, rules) if value is not None]
        # Whichever column finds most students; who has nothing in it is left out, and named.
        main = max(keys, key=lambda one: sum(row[one].strip() != "" for row, _ in got))
        rows, refused, nameless = [], [], []
        for row, value in got:
            if any(is_formula(row[key]) for key in keys):
                refused.append(" ".join(row[one] for one in known))
            elif not row[main].strip():
                nameless.append(" ".join(row[one] for one in known).strip())
            else:
                cells = [row[one] if one in keys else cell_text(row[one]) for one in known]
                rows.append([*cells, value, *(row[one] for one in time)])
                filled.changed += is_other(row[place], value)
        filled.written = len(rows)
        if refused:
            filled.problems.append(computed(", ".join(refused)))
        if nameless:
            filled.problems.append(f"Without {export.header[main]}, so not written: {', '.join(nameless)}.")
        header = [export.header[one] for one in (*known, place, *time)]
        whole = _without_holes(header, rows, [known.index(key) for key in keys if key != main])
        filled.content = sheet_bytes(*whole, export.separator, export.mark)
        files[assignment] = filled
    if missing := [assignment for assignment in marks.assignments if assignment not in places]:
        next(iter(files.values())).notes.append(f"No column in {export.name}, so not written: {', '.join(missing)}.")
    return files


def fill_worksheet(export: Sheet, marks: ClassMarks, rules: Rules) -> Filled:
    """An assignment's offline grading worksheet with the marks of the class.

    Parameters
    ----------
    export : Sheet
        What Moodle has handed out.
    marks : ClassMarks
        The class, with one assignment.
    rules : Rules
        What is written.

    Raises
    ------
    PlatformError
        The class has several assignments, students cannot be told, or the assignment has other points there.
    """
    if len(marks.assignments) != 1:
        raise PlatformError(
            f"{export.name} is the grading worksheet of one assignment, and does not say of which. Name it: "
            f"`nnkit report {marks.assignments[0]} --moodle {export.name}`."
        )
    [assignment] = marks.assignments
    heads = _heads(export)
    keys = _keys(export)
    grade = heads.index(GRADE)
    if MOST in heads:
        for theirs in sorted({row[heads.index(MOST)] for row in export.rows}):
            rules.check_worth(marks, assignment, theirs)
    matching = match_students(marks.people, [[row[key] for key in keys] for row in export.rows])
    filled = Filled(notes=left_out(marks, assignment, rules))
    name_not_found(filled, marks, matching, [assignment], rules, export.name)
    kept = [place for place, head in enumerate(heads) if head in KEPT]
    locked = heads.index("grade can be changed") if "grade can be changed" in heads else None
    rows = []
    for row, value in _values(export, marks, matching, assignment, rules):
        if value is not None and locked is not None and row[locked].strip().lower() == "no":
            who = row[heads.index(IDENTIFIER)]
            filled.problems.append(f"Moodle says that the grade of {who} cannot be changed; {value} is not written.")
            value = None
        filled.written += value is not None
        filled.changed += value is not None and is_other(row[grade], value)
        cells = [*row[:grade], row[grade] if value is None else value, *row[grade + 1 :]]
        own = (IDENTIFIER, GRADE, MOST, MODIFIED)
        rows.append([cells[one] if heads[one] in own else cell_text(cells[one]) for one in kept])
    filled.content = sheet_bytes([export.header[one] for one in kept], rows, export.separator, export.mark)
    return filled


def _values(
    export: Sheet, marks: ClassMarks, matching: Matching, assignment: str, rules: Rules
) -> list[tuple[Sequence[str], str | None]]:
    """Every row, and what is written for its student."""
    holder = {row: student for student, row in matching.rows.items()}
    zero = "0" if zero_for_nobodys_row(marks, matching, rules) else None
    return [
        (row, rules.value(marks.totals[holder[place], assignment]) if place in holder else zero)
        for place, row in enumerate(export.rows)
    ]


def _without_holes(
    header: Sequence[str], rows: Sequence[Sequence[str]], keys: Sequence[int]
) -> tuple[list[str], list[list[str]]]:
    """A table without those of some columns that are empty anywhere."""
    dropped = {key for key in keys if not all(row[key].strip() for row in rows)}
    kept = [place for place in range(len(header)) if place not in dropped]
    return [header[place] for place in kept], [[row[place] for place in kept] for row in rows]


def _heads(export: Sheet) -> list[str]:
    return [head.lower() for head in export.header]


def _keys(export: Sheet) -> list[int]:
    """The columns by which a student is found."""
    found = [place for place, head in enumerate(_heads(export)) if head in KEYS]
    if not found:
        raise PlatformError(
            f"{export.name} should have a column called Username, ID number or Email address, but has "
            f"{', '.join(export.header)}. Set Moodle's language to English and export again, with the columns of the "
            "profile; of an assignment with anonymous submissions nobody can be told."
        )
    return found


def _called(head: str) -> tuple[str, ...]:
    """What a column may be called: as it stands, and without the kind of activity and of grade around it."""
    match = _REAL.fullmatch(head)
    without = head.removesuffix(" (Real)")
    return (head, without, match.group(1) if match else without)


def _too_much(marks: ClassMarks, assignment: str, rules: Rules) -> list[str]:
    worth = rules.worth(marks, assignment)
    said = [f"{assignment}: the item in Moodle must be worth {worth:g} points, too; Moodle's export does not say."]
    if worth > USUAL_MOST:
        said.append(f"Moodle refuses grades above {USUAL_MOST}, unless its administrator allows them (--out-of 100).")
    return said
