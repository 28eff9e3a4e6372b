"""The IPython shell in which a student's cells are run: magics, ``!``, top-level ``await`` and pictures, as at home.

Whatever a cell shows becomes an event, up to a limit: text that is printed, values, pictures, errors, and what programs
write that a cell has started.
"""

from __future__ import annotations

import base64
import io
import math
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

LEFT_OUT = "\n… the rest of this output is left out.\n"
MOST_DISPLAYS = 60
MOST_DISPLAYED = 6_000_000
LONGEST_TRACEBACK = 20_000
PIECE = 8_000  # characters of text that are sent together


class CellOutput:
    """Where the outputs of the cell that is running go.

    Parameters
    ----------
    tell : Callable[[dict[str, Any]], None]
        Sends an event.
    owner : int
        The process whose outputs these are.
    """

    def __init__(self, tell: Callable[[dict[str, Any]], None], owner: int) -> None:
        self._tell = tell
        self._owner = owner
        self._room = 0
        self._shown = 0
        self._shown_size = 0
        self._waiting: list[str] = []
        self._stream = ""
        # What other programs write to the standard outputs; a file, so that nobody ever waits for a reader.
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 -- open as long as the process is there
        self._read = 0
        for number in (1, 2):
            os.dup2(self._file.fileno(), number)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)

    def begin(self, characters: int) -> None:
        """A cell begins that may print so many characters."""
        self._room = characters
        self._shown = self._shown_size = 0

    def end(self) -> None:
        """The cell has ended."""
        self._take_from_file()
        self.flush()

    def text(self, stream: str, text: str) -> None:
        """Something was printed."""
        if os.getpid() != self._owner:  # a process that the cell has forked
            os.write(1, text.encode("utf-8", "replace"))
            return
        if self._room <= 0:
            return
        if len(text) > self._room:
            text = text[: self._room] + LEFT_OUT
        self._room -= len(text)
        if stream != self._stream:
            self.flush()
        self._stream = stream
        self._waiting.append(text)
        if sum(map(len, self._waiting)) > PIECE:
            self.flush()

    def flush(self) -> None:
        """Send what was printed so far."""
        text = "".join(self._waiting)
        self._waiting.clear()
        for start in range(0, len(text), 10 * PIECE):
            self._tell({"shows": "stream", "name": self._stream, "text": text[start : start + 10 * PIECE]})

    def display(self, shows: str, data: dict[str, Any], metadata: dict[str, Any], **more: Any) -> None:
        """A value or a picture is shown."""
        self.flush()
        data = {str(kind): _plain(value) for kind, value in data.items()}
        size = sum(len(value) for value in data.values() if isinstance(value, str))
        self._shown += 1
        self._shown_size += size
        if self._shown > MOST_DISPLAYS or self._shown_size > MOST_DISPLAYED:
            if self._shown_size - size <= MOST_DISPLAYED and self._shown <= MOST_DISPLAYS + 1:
                self._tell({"shows": "stream", "name": "stdout", "text": LEFT_OUT})
            self._shown_size = MOST_DISPLAYED + 1
            return
        self._tell({"shows": shows, "data": data, "metadata": _plain(metadata), **more})

    def error(self, kind: str, text: str, traceback: list[str]) -> None:
        """The cell has raised an error."""
        self._take_from_file()
        self.flush()
        lines = "\n".join(traceback)[-LONGEST_TRACEBACK:].split("\n")
        self._tell({"shows": "error", "ename": kind[:200], "evalue": text[:2000], "traceback": lines})

    def clear(self, wait: bool) -> None:
        """What the cell has shown so far is to go."""
        self.flush()
        self._tell({"shows": "clear", "wait": bool(wait)})

    def _take_from_file(self) -> None:
        """What other programs have written since the last time."""
        end = os.fstat(self._file.fileno()).st_size
        if end > self._read:
            content = os.pread(self._file.fileno(), min(end - self._read, 4 * max(self._room, 1) + 4), self._read)
            self._read = end
            self.text("stdout", content.decode("utf-8", "replace"))


class _Stream(io.TextIOBase):
    """What ``sys.stdout`` and ``sys.stderr`` are in a notebook."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, shell: Shell, name: str, number: int) -> None:
        super().__init__()
        self._shell = shell
        self.name = f"<{name}>"
        self._stream = name
        self._number = number

    def write(self, text: str, /) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self._shell.output is not None:
            self._shell.output.text(self._stream, text)
        return len(text)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._number

    def flush(self) -> None:
        if self._shell.output is not None and self._shell.output._owner == os.getpid():
            self._shell.output.flush()


class _Hook(DisplayHook):
    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        if self.shell.output is not None and format_dict:
            self.shell.output.display("execute_result", format_dict, md_dict or {}, count=self.prompt_count)


class _Publisher(DisplayPublisher):
    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        *others: Any,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **more: Any,
    ) -> None:
        identity = (transient or {}).get("display_id")
        if self.shell.output is not None:
            named = str(identity)[:200] if identity is not None else None
            self.shell.output.display("display_data", data, metadata or {}, update=bool(update), id=named)

    def clear_output(self, wait: bool = False) -> None:
        if self.shell.output is not None:
            self.shell.output.clear(wait)


class Shell(InteractiveShell):
    """An IPython shell whose outputs go to a `CellOutput`."""

    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)
    output: CellOutput | None = None

    def show_on(self, output: CellOutput) -> None:
        """Say where outputs go, and let Python's own streams go there too."""
        self.output = output
        sys.stdout = _Stream(self, "stdout", 1)
        sys.stderr = _Stream(self, "stderr", 2)

    def enable_gui(self, gui: Any = None) -> None:
        """There are no windows."""

    def ask_exit(self) -> None:
        """`exit()` ends a kernel; here it ends nothing."""

    def init_virtualenv(self) -> None:
        """The worker's folders are given; none is searched for."""

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        if self.output is not None:
            try:
                text = str(evalue)
            except Exception:
                text = ""
            self.output.error(str(getattr(etype, "__name__", "Error")), text, [str(line) for line in stb])


def make_shell() -> Shell:
    """The shell of this process, with pictures inline and without any memory of earlier sessions."""
    settings = Config()
    settings.HistoryManager.enabled = False
    settings.InteractiveShell.colors = "nocolor"
    settings.Completer.use_jedi = False
    folder = Path(tempfile.mkdtemp(prefix="ipython-", dir="/tmp"))
    os.environ["IPYTHONDIR"] = str(folder)
    os.environ["PAGER"] = "cat"
    shell = Shell.instance(config=settings, ipython_dir=str(folder))
    shell.run_line_magic("matplotlib", "inline")
    return shell


def _plain(value: Any, depth: int = 0) -> Any:
    """What a display holds, as JSON can carry it; anything else becomes its text."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if value is None or type(value) in (str, bool, int):
        return value
    if type(value) is float:
        return value if math.isfinite(value) else repr(value)
    if depth < 20 and isinstance(value, dict):
        return {str(key): _plain(entry, depth + 1) for key, entry in value.items()}
    if depth < 20 and isinstance(value, list | tuple):
        return [_plain(entry, depth + 1) for entry in value]
    return str(value)[:10_000]
