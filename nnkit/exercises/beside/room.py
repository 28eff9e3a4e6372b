"""Whether a browser has room for more nested calls.

Python ends a recursion without an end by an error, after so many calls. In a browser that comes too late: a call that
leads through compiled code, as `a + b` to `__add__` does, takes some kilobytes of the browser's own stack, and where
that is full the whole kernel is lost. How large it is only the browser knows, so it is tried: by calls that do nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

# One of Python's calls through compiled code takes as much as 30 to 55 of these, measured with Pyodide 0.27 in Node.
SPARE_CALLS = 5000
_TRIAL = f"""(() => {{
    function deeper(left) {{ return left === 0 || deeper(left - 1); }}
    return () => {{ try {{ return deeper({SPARE_CALLS}); }} catch {{ return false; }} }};
}})()"""


def _made() -> Callable[[], bool] | None:
    if sys.platform != "emscripten":
        return None
    try:
        from pyodide.code import run_js  # type: ignore[import-not-found]

        trial: Callable[[], bool] = run_js(_TRIAL)
    except Exception:  # no Pyodide, or a page that forbids this
        return None
    return trial


room_for_calls = _made()
"""Says whether there is room, in a browser; None elsewhere, where Python's own limit is enough."""
