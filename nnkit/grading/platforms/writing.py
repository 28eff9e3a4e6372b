"""What is written for a student in a platform's file, what is left out, and how that is said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from nnkit.grading.marks.totals import ABSENT, OPEN, ClassMarks, Person, Total, number
from nnkit.grading.platforms.matching import Matching
from nnkit.grading.platforms.sheets import PlatformError

MOST_NAMES = 12  # in a sentence


@dataclass(frozen=True)
class Rules:
    """What is written.

    Parameters
    ----------
    provisional : bool
        Whether marks that wait for a person are written as they stand; else they are left out.
    missing_as_zero : bool
        Whether who has handed in nothing gets a 0; else nothing is written.
    out_of : float or None
        How many points the platform gives for an assignment, to which marks are scaled; None for our own.
    """

    provisional: bool = False
    missing_as_zero: bool = False
    out_of: float | None = None

    def value(self, total: Total) -> str | None:
        """What is written for a mark; None where nothing is.

        Parameters
        ----------
        total : Total
            The mark.

        Examples
        --------
        >>> total = Total("ada", "01", 3.0, 4.0, 0.0, "final")
        >>> Rules().value(total), Rules(out_of=100).value(total)
        ('3', '75')
        """
        if total.state == ABSENT:
            return "0" if self.missing_as_zero else None
        if total.state == OPEN and not self.provisional:
            return None
        if self.out_of is None:
            return number(total.points)
        return number(total.points * self.out_of / total.max_points if total.max_points else 0.0)

    def worth(self, marks: ClassMarks, assignment: str) -> float:
        """How many points an assignment has in the file.

        Parameters
        ----------
        marks : ClassMarks
            The class.
        assignment : str
            Which.
        """
        return marks.max_points(assignment) if self.out_of is None else self.out_of

    def check_worth(self, marks: ClassMarks, assignment: str, theirs: str) -> None:
        """Refuse an assignment that has other points on the platform.

        Parameters
        ----------
        marks : ClassMarks
            The class.
        assignment : str
            Which.
        theirs : str
            What the platform says; nothing is known where this is no number.

        Raises
        ------
        PlatformError
            The points differ: a mark would mean something else there.
        """
        points = parsed(theirs)
        if points is not None and abs(points - self.worth(marks, assignment)) > 0.005:
            raise PlatformError(
                f"{assignment} is worth {number(points)} points on the platform, but the marks are out of "
                f"{number(self.worth(marks, assignment))}. Change the points there, or give "
                f"--out-of {number(points)} to have the marks scaled."
            )


@dataclass
class Filled:
    """A file for a platform.

    Parameters
    ----------
    content : bytes
        It.
    written, changed : int
        How many marks are in it, and how many of them were other marks on the platform.
    notes : list[str]
        What is worth knowing, in sentences.
    problems : list[str]
        Whose mark is not in it although there is one, and why, in sentences.
    """

    content: bytes = b""
    written: int = 0
    changed: int = 0
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def parsed(text: str) -> float | None:
    """A number as a platform writes it, with a point or a comma; None for what is none.

    Parameters
    ----------
    text : str
        A cell.

    Examples
    --------
    >>> parsed("12,50"), parsed("1,234.5"), parsed(" 7 "), parsed("-"), parsed("(read only)")
    (12.5, 1234.5, 7.0, None, None)
    """
    digits = text.strip().replace("\N{NO-BREAK SPACE}", "")
    whole, mark, part = digits.rpartition("." if digits.rfind(".") > digits.rfind(",") else ",")
    try:
        return float(f"{whole.replace(',', '').replace('.', '')}.{part}" if mark else digits)
    except ValueError:
        return None


def is_other(before: str, now: str) -> bool:
    """Whether a mark on the platform is replaced by another one; an empty cell holds none.

    Parameters
    ----------
    before, now : str
        The two cells.
    """
    old, new = parsed(before), parsed(now)
    return old is not None and new is not None and abs(old - new) > 0.005


def called(people: Iterable[Person]) -> str:
    """Students in a sentence, by id and name.

    Parameters
    ----------
    people : Iterable[Person]
        They.

    Examples
    --------
    >>> called([Person("ada", "Ada", "Lovelace"), Person("bob")])
    'ada (Lovelace, Ada), bob'
    """
    names = [f"{one.student} ({one.sortable_name})" if one.sortable_name else one.student for one in people]
    more = [f"and {len(names) - MOST_NAMES} more"] if len(names) > MOST_NAMES else []
    return ", ".join([*names[:MOST_NAMES], *more])


def computed(names: str) -> str:
    """A sentence on students who are known by something that a spreadsheet would compute.

    Parameters
    ----------
    names : str
        They, see `called`.
    """
    return f"Known by something that a spreadsheet would compute, so not written: {names}."


def left_out(marks: ClassMarks, assignment: str, rules: Rules) -> list[str]:
    """Sentences on the marks of an assignment that are not written, or not final.

    Parameters
    ----------
    marks : ClassMarks
        The class.
    assignment : str
        Which.
    rules : Rules
        What is written.
    """
    people = {person.student: person for person in marks.people}
    found = {
        state: [people[one.student] for one in marks.of(assignment) if one.state == state] for state in (OPEN, ABSENT)
    }
    said = []
    if found[OPEN]:
        done = "written as it stands (--provisional)" if rules.provisional else "not written (--provisional does)"
        said.append(f"{assignment}, not final, {done}: {called(found[OPEN])}.")
    if found[ABSENT]:
        done = "0" if rules.missing_as_zero else "not written (--missing-as-zero gives 0)"
        said.append(f"{assignment}, nothing handed in, {done}: {called(found[ABSENT])}.")
    return said


def name_not_found(
    filled: Filled, marks: ClassMarks, matching: Matching, assignments: Sequence[str], rules: Rules, place: str
) -> None:
    """Name all students who have no row of their own: those with a mark as a problem, the others as worth knowing.

    Whoever learns of it before the mark is final can mend it in time.

    Parameters
    ----------
    filled : Filled
        The file, which takes the sentences.
    marks : ClassMarks
        The class.
    matching : Matching
        Who is where.
    assignments : Sequence[str]
        Those that are written.
    rules : Rules
        What is written.
    place : str
        What the export is called.
    """
    people = {person.student: person for person in marks.people}

    def has_mark(student: str) -> bool:
        return any(rules.value(marks.totals[student, assignment]) is not None for assignment in assignments)

    several = f"In more than one row of {place}, or in one with others"
    for where, students, hint in (
        (f"Not in {place}", matching.unknown, " See their ids or emails in the gradebook."),
        (several, matching.ambiguous, ""),
    ):
        if with_mark := [people[student] for student in students if has_mark(student)]:
            filled.problems.append(f"{where}, so not written: {called(with_mark)}.{hint}")
        if without := [people[student] for student in students if not has_mark(student)]:
            filled.notes.append(f"{where}, and no mark to write for them yet: {called(without)}.{hint}")


def zero_for_nobodys_row(marks: ClassMarks, matching: Matching, rules: Rules) -> bool:
    """Whether a row that no student fits gets a 0: where it can be nobody who has handed something in.

    Parameters
    ----------
    marks : ClassMarks
        The class.
    matching : Matching
        Who is where.
    rules : Rules
        What is written.
    """
    missed = {*matching.unknown, *matching.ambiguous}
    handed_in = {total.student for total in marks.totals.values() if total.state != ABSENT}
    return rules.missing_as_zero and not missed & handed_in
