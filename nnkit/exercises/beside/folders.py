"""Where code comes from: this package, Python and what is installed, or whoever works in the notebook.

A name of a file decides: that of a cell is made up by the notebook and begins with none of these folders.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path

PACKAGE_FOLDER = str(Path(__file__).resolve().parents[2]) + os.sep


def _library_folders() -> tuple[str, ...]:
    """The folders of Python's own modules and of installed ones.

    In a browser Python's prefix is the root, which makes two slashes of one, and its modules lie in a zip file.
    """
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    paths = [sysconfig.get_path(name).replace(os.sep * 2, os.sep) for name in names]
    zipped = [entry for entry in sys.path if entry.endswith(".zip") and Path(entry).parent == Path(paths[0]).parent]
    return tuple({folder + os.sep for folder in (*paths, *zipped)})


_BEGINNINGS = (PACKAGE_FOLDER, *_library_folders(), "<frozen ")  # asked for every call that is watched or traced


def is_library(file: str) -> bool:
    """Whether code of a file belongs to this package, to Python itself or to an installed package.

    Parameters
    ----------
    file : str
        A code object's `co_filename`.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_library(os.__file__), is_library("<frozen importlib>"), is_library("<ipython-input-3>")
    (True, True, False)
    """
    return file.startswith(_BEGINNINGS)
