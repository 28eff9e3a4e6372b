"""Where a check is called: whose names it looks up, what the environment asks of it, and where it shows something."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nnkit.exercises.beside.folders import PACKAGE_FOLDER
from nnkit.exercises.terms import TIME_LIMIT_VARIABLE

TIME_LIMIT = 10.0


def allowed_seconds() -> float:
    """How long an answer may take for all cases: what the environment says if that is a number, else ten seconds."""
    try:
        limit = float(os.environ[TIME_LIMIT_VARIABLE])
    except (KeyError, ValueError):
        return TIME_LIMIT
    return max(0.1, limit) if math.isfinite(limit) else TIME_LIMIT


def callers_names() -> Mapping[str, Any]:
    """The names of the first frame outside this package, else of IPython's user."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(PACKAGE_FOLDER):
        frame = frame.f_back  # type: ignore[assignment]
    if frame is not None and Path(frame.f_code.co_filename).name != "interactiveshell.py":
        return {**frame.f_globals, **frame.f_locals} if frame.f_locals is not frame.f_globals else frame.f_globals
    shell = notebook_shell()
    return shell.user_ns if shell is not None else {}


def notebook_shell() -> Any:
    """IPython's shell, None where there is none."""
    module = sys.modules.get("IPython")
    return module.get_ipython() if module is not None else None


def show(panel: Any) -> Any:
    """Show a panel where the reader is: in the notebook, else as text.

    Returns
    -------
    IPython.display.DisplayHandle or None
        What is displayed; its ``update`` puts something else in its place. None outside a notebook.
    """
    if notebook_shell() is None:
        print(panel)
        return None
    from IPython.display import display

    return display(panel, display_id=True)
