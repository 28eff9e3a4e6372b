"""Assignments as an instructor types them: by the name of a folder, by its path, or by a name that nearly is one."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from nnkit.grading.course.folder import SOURCES, CourseError, assignments

RELEASED = "course"
MOST_NEAR = 3


def assignment_name(typed: str) -> str:
    """The name in what was typed, which may be the path of an assignment's folder, as a shell completes it.

    Parameters
    ----------
    typed : str
        As it stands in the command.

    Examples
    --------
    >>> assignment_name("01_graphs/"), assignment_name("./solutions/01_graphs"), assignment_name("course/01_graphs/")
    ('01_graphs', '01_graphs', '01_graphs')
    """
    parts = Path(typed.strip()).parts
    return "/".join(parts[1:] if len(parts) > 1 and parts[0] in (SOURCES, RELEASED) else parts)


def notebooks_of(course: Path, typed: Sequence[str]) -> dict[str, list[Path]]:
    """The notebooks of some assignments in ``solutions/``, in order.

    Parameters
    ----------
    course : Path
        See `find_course`.
    typed : Sequence[str]
        The assignments, see `assignment_name`; all when there is none.

    Returns
    -------
    dict from str to list of Path
        By assignment.

    Raises
    ------
    CourseError
        An assignment is unknown.
    """
    known, names = assignments(course), list(dict.fromkeys(map(assignment_name, typed)))
    for name in names:
        if name not in known:
            raise CourseError(no_assignment(name, known))
    return {name: sorted((course / SOURCES / name).glob("*.ipynb")) for name in names or known}


def no_assignment(name: str, known: Iterable[str]) -> str:
    """A sentence on an assignment that there is not, with what may have been meant.

    Parameters
    ----------
    name : str
        What was asked for.
    known : Iterable[str]
        The assignments that there are.

    Examples
    --------
    >>> no_assignment("01_comp", ["00_welcome", "01_computation_graphs"])
    'There is no assignment 01_comp. Did you mean 01_computation_graphs?'
    >>> no_assignment("essay", ["00_welcome", "01_computation_graphs"])
    'There is no assignment essay; there are 00_welcome, 01_computation_graphs.'
    """
    names = sorted(set(known))
    if near := _near(name, names):
        return f"There is no assignment {name}. Did you mean {' or '.join(near)}?"
    return f"There is no assignment {name}; there are {', '.join(names) or 'none'}."


def _near(name: str, known: Collection[str]) -> list[str]:
    """At most three: those that begin with it, else those that hold it, else those that look like it."""
    begun = [one for one in known if one.casefold().startswith(name.casefold())]
    held = [one for one in known if name.casefold() in one.casefold()]
    for found in (begun, held):
        if 0 < len(found) <= MOST_NEAR:
            return found
    return difflib.get_close_matches(name, known, MOST_NEAR)
