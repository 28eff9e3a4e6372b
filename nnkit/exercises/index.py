"""From a name to its exercise: the catalogue is a folder, and an exercise is a file in it.

``catalogue/<notebook>/<exercise>.py`` defines ``EXERCISE``. Files that several exercises of a notebook share stand in
a folder beside them, ``parts/``, and are not taken for exercises.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path

from nnkit.exercises.exercise import Exercise

_FOLDER = Path(__file__).resolve().parent / "catalogue"
_PACKAGE = f"{__package__}.catalogue"


@cache
def notebooks() -> dict[str, tuple[str, ...]]:
    """The exercises' names by notebook, both in the order of the alphabet.

    Raises
    ------
    ValueError
        Two exercises have the same name.

    Examples
    --------
    >>> notebooks()["welcome"]
    ('double', 'double_twice')
    """
    found = {}
    for folder in pkgutil.iter_modules([str(_FOLDER)]):
        if folder.ispkg:
            files = pkgutil.iter_modules([str(_FOLDER / folder.name)])
            found[folder.name] = tuple(sorted(file.name for file in files if not file.ispkg))
    names = [name for exercises in found.values() for name in exercises]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"Two exercises are called {name}.")
    return found


def names() -> tuple[str, ...]:
    """The names of all exercises of the course."""
    return tuple(name for exercises in notebooks().values() for name in exercises)


@cache
def find(name: str) -> Exercise:
    """The exercise of this name; only its own file is loaded, and what that needs.

    Raises
    ------
    LookupError
        The course has no such exercise.
    ValueError
        The file does not define it.

    Examples
    --------
    >>> find("double").signature
    'double(x)'
    """
    notebook = notebook_of(name)
    module = importlib.import_module(f"{_PACKAGE}.{notebook}.{name}")
    found = getattr(module, "EXERCISE", None)
    if not isinstance(found, Exercise) or found.name != name:
        raise ValueError(
            f"The file catalogue/{notebook}/{name}.py has to define EXERCISE = exercise(…) with the name {name}; it "
            f"defines {found.name if isinstance(found, Exercise) else 'none'}."
        )
    return found


def notebook_of(name: str) -> str:
    """The notebook to which an exercise belongs.

    Raises
    ------
    LookupError
        The course has no such exercise.

    Examples
    --------
    >>> notebook_of("double")
    'welcome'
    """
    for notebook, exercises in notebooks().items():
        if name in exercises:
            return notebook
    raise LookupError(f"There is no exercise called {name!r} in the course.")


def companions(name: str) -> tuple[Exercise, ...]:
    """The other exercises of the same notebook; none for an exercise that is not in the course."""
    if name not in names():
        return ()
    return tuple(find(other) for other in notebooks()[notebook_of(name)] if other != name)
