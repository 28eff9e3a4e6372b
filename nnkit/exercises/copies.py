"""What `nnkit lab` calls the files that it puts beside a notebook, and how they are told from the notebook itself.

`neurons (old).ipynb` is a reader's own notebook as it was before an upgrade or a reset; `neurons (newer).ipynb` is the
course's newer one, where the two could not be made one. Both stand next to `neurons.ipynb` in a list of files.
"""

from __future__ import annotations

import re
from pathlib import PurePath

OLD, NEWER = "old", "newer"
# The second form is how earlier versions of nnkit called a newer notebook.
_COPY = re.compile(rf"(?P<stem>.+?)(?: \((?:{OLD}|{NEWER})(?: \d+)?\)|\.new-[\w.+-]+?)(?P<suffix>\.\w+)")


def copy_name(name: str, word: str, number: int = 1) -> str:
    """What a copy of a file is called.

    Parameters
    ----------
    name : str
        The file's own name, without its folder.
    word : str
        `OLD` or `NEWER`.
    number : int
        The first has none in its name.

    Examples
    --------
    >>> copy_name("neurons.ipynb", OLD), copy_name("neurons.ipynb", NEWER, 2)
    ('neurons (old).ipynb', 'neurons (newer 2).ipynb')
    """
    path = PurePath(name)
    return f"{path.stem} ({word}{'' if number == 1 else f' {number}'}){path.suffix}"


def original_name(name: str) -> str | None:
    """The name of the file that a file is a copy of, None for one that is called like no copy.

    Parameters
    ----------
    name : str
        A file's name, without its folder.

    Examples
    --------
    >>> original_name("neurons (old 2).ipynb"), original_name("neurons.new-0.1.0-2.ipynb")
    ('neurons.ipynb', 'neurons.ipynb')
    >>> original_name("neurons (1).ipynb") is None
    True
    """
    found = _COPY.fullmatch(name)
    return f"{found['stem']}{found['suffix']}" if found else None
