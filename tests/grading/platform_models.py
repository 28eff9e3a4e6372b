"""What Canvas and Moodle do with a file that they import, as their own importers are written, for a few students.

Canvas: `lib/gradebook_importer.rb`. Moodle: `grade/import/csv/classes/load_data.php` and
`mod/assign/feedback/offline/importgradeslib.php`. Only what decides about marks is here, above all what goes wrong
there: an empty cell takes a mark away, and a row of Moodle's without a student belongs to the one above.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field


class RefusedError(Exception):
    """The platform takes nothing of the file."""


@dataclass
class Canvas:
    """A Canvas course: students by number, with their logins, and the scores of its assignments."""

    students: dict[str, tuple[str, str]]  # ID → SIS User ID, SIS Login ID
    scores: dict[tuple[str, str], str]  # (ID, head of the column) → score
    assignments: set[str] = field(default_factory=set)
    created: set[str] = field(default_factory=set)

    def take(self, content: bytes) -> None:
        text = content.decode("utf-8")
        first = text.splitlines()[0]
        rows = list(csv.reader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ","))
        header = rows[0]
        two_names = header[0] == "LastName" and header[1] == "FirstName"
        id_column = 2 if two_names else 1
        if not two_names and not ("Student" in header[0] and "ID" in header[1]):
            raise RefusedError("Invalid header row")
        count, sis, login = id_column + 2, None, None
        if re.search(r"SIS\s+Login\s+ID", header[id_column + 1]):
            login, count = id_column + 1, count + 1
        elif re.search(r"SIS\s+User\s+ID", header[id_column + 1]):
            assert re.search(r"SIS\s+Login\s+ID", header[id_column + 2])
            sis, login, count = id_column + 1, id_column + 2, count + 2
            count += "Integration ID" in header[count - 1]
            count += "Root Account" in header[count - 1]
        if "Section" not in header[count - 1]:
            raise RefusedError("Invalid header row")
        for head in header[count:]:
            if head not in self.assignments:
                self.created.add(head)
        for row in rows[1:]:
            if "Points Possible" in row[0] or all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", c) for c in row):
                continue
            student = row[id_column] if row[id_column] in self.students else None
            for one, (own_sis, own_login) in self.students.items():
                if student is None and sis is not None and row[sis] and row[sis] == own_sis:
                    student = one
                if student is None and login is not None and row[login] and row[login] == own_login:
                    student = one
            if student is None:
                raise RefusedError(f"Canvas asks who {row[0]} is")
            for head, cell in zip(header[count:], row[count:], strict=True):
                if cell.strip() in ("", "-", "N/A"):
                    self.scores.pop((student, head), None)
                else:
                    self.scores[student, head] = cell.strip()


@dataclass
class Moodle:
    """An item of a Moodle gradebook: students by the columns of their profile, their grades, who is overridden."""

    students: list[dict[str, str]]
    grades: dict[str, str]  # email → grade
    overridden: set[str] = field(default_factory=set)

    def take(self, content: bytes, by: str, item: str) -> None:
        """Import with «map from» this column, and this column for the item."""
        text = content.decode("utf-8").removeprefix("\ufeff")
        rows = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text.splitlines()[0] else ","))
        assert all(len(row) == len(rows[0]) for row in rows), "csvweirdcolumns"
        student = None
        for row in rows[1:]:
            key = row[rows[0].index(by)].strip()
            if key:
                found = [one for one in self.students if one[by] == key]
                if len(found) != 1:
                    raise RefusedError(f"usermappingerror: {key}")
                student = found[0]["Email address"]
            if student is None:
                raise RefusedError("usermappingerrorusernotfound")
            value = row[rows[0].index(item)].strip()
            if value in ("", "-"):
                self.grades.pop(student, None)
            else:
                self.grades[student] = str(float(value))
            self.overridden.add(student)


@dataclass
class Worksheet:
    """A Moodle assignment that takes its grading worksheet: grades by the number of the participant."""

    grades: dict[str, str]

    def take(self, content: bytes) -> None:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8").removeprefix("\ufeff"))))
        header = rows[0]
        if not {"Identifier", "Grade", "Last modified (grade)"} <= set(header):
            raise RefusedError("invalidgradeimport")
        for row in rows[1:]:
            number, grade = row[header.index("Identifier")].removeprefix("Participant "), row[header.index("Grade")]
            if grade != "" and number in self.grades:
                self.grades[number] = str(float(grade))
