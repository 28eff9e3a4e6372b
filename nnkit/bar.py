"""The progress bar: shown to a person who waits, silent everywhere else."""

from __future__ import annotations

import os
import sys
from typing import Any


def must_repeat() -> bool:
    """Say whether outputs have to be the same on every run: ``NNKIT_STATIC`` is set, and not 0.

    Returns
    -------
    bool
    """
    return os.environ.get("NNKIT_STATIC", "0") not in ("", "0")


def is_wanted() -> bool:
    """Say whether somebody is looking: in a terminal or a notebook.

    In logs, in tests (nbval's among them) and under ``NNKIT_STATIC``, where outputs must be the same every time, nobody
    is.

    Returns
    -------
    bool
    """
    if must_repeat() or "PYTEST_VERSION" in os.environ:
        return False
    shell = type(getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)())
    # The shell of a notebook is one of these; in a browser, JupyterLite's.
    notebook = shell.__name__ == "ZMQInteractiveShell" or shell.__module__.startswith("pyodide_kernel.")
    return notebook or (sys.stdout is not None and sys.stdout.isatty())


class Silent:
    """A progress bar that shows nothing: what takes its place when nobody is looking."""

    total: float = 0

    def update(self, n: float = 1) -> None:
        """Go on by `n`."""

    def reset(self, total: float | None = None) -> None:
        """Start again."""

    def set_postfix_str(self, text: str, refresh: bool = True) -> None:
        """Change the words at the end of the bar."""

    def close(self) -> None:
        """Take the bar away."""

    def __enter__(self) -> Silent:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def bar(total: float, description: str, wanted: bool | None = None, **options: Any) -> Any:
    """Return a progress bar of tqdm, or a silent one.

    Parameters
    ----------
    total : float
        How many updates make the whole.
    description : str
        The words in front of it.
    wanted : bool, optional
        Whether to show it; `is_wanted` decides if it is left out.
    **options : Any
        Further settings of tqdm.

    Returns
    -------
    tqdm.tqdm or Silent

    Examples
    --------
    >>> with bar(2, "counting", wanted=False) as progress:
    ...     progress.update()
    """
    if is_wanted() if wanted is None else wanted:
        try:
            from tqdm import tqdm
        except ImportError:
            return Silent()
        if sys.platform == "emscripten":
            tqdm.monitor_interval = 0  # its thread cannot start in a browser, and it would warn of that
        # Text, and on standard output: a notebook stores no widget, and nothing looks like an error.
        return tqdm(total=total, desc=description, file=sys.stdout, leave=False, dynamic_ncols=True, **options)
    return Silent()
