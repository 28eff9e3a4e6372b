"""What the student's code prints or displays is kept while it is checked: a verdict stands alone in its cell."""

from __future__ import annotations

import builtins
import contextlib
import io
import sys
from collections.abc import Iterator

MAX_PRINTED = 2_000


@contextlib.contextmanager
def captured_output() -> Iterator[io.StringIO]:
    """Keep what the student's code prints or displays: nbgrader gives no points to a cell that writes to stderr."""
    buffer = _BoundedText()
    with contextlib.redirect_stdout(buffer), contextlib.redirect_stderr(buffer), _notebook_held():
        yield buffer


@contextlib.contextmanager
def _notebook_held() -> Iterator[None]:
    """In a notebook, drop what is displayed, let `exit()` end the answer only, and `input()` be an error.

    A picture for every case would bury the verdict, and IPython's own `exit` would end the kernel and lose all that is
    in it. A question to the reader, asked for every case, would hold up the notebook until somebody typed.
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None:
        yield
        return
    from IPython.core.displaypub import CapturingDisplayPublisher

    publisher, ask_exit, asked = shell.display_pub, getattr(shell, "ask_exit", None), builtins.input
    shell.display_pub, shell.ask_exit, builtins.input = CapturingDisplayPublisher(), _end_the_answer, _nobody_types
    try:
        yield
    finally:
        shell.display_pub, shell.ask_exit, builtins.input = publisher, ask_exit, asked


def _end_the_answer() -> None:
    raise SystemExit("exit() ends Python; a function ends with `return`")


def _nobody_types(prompt: object = "", /) -> str:
    raise EOFError("input() asks the keyboard, and nobody types during a check: what a function needs is its arguments")


class _BoundedText(io.StringIO):
    """A text buffer that forgets what goes beyond its bound, so that an endless print fills no memory."""

    def write(self, text: str, /) -> int:
        room = MAX_PRINTED - self.tell()
        if room > 0:
            super().write(str(text)[:room])
        return len(text)
