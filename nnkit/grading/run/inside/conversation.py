"""The student's process: it does what the grading process asks, cell by cell, and answers the judge's questions."""

from __future__ import annotations

import builtins
import json
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

from nnkit import exercises  # in the sandbox this is `door`
from nnkit.exercises.beside.request import answer_request

from . import frames
from .shell import CellOutput, Shell

GRACE = 0.2


class CellTimeout(KeyboardInterrupt):
    """Raised in a cell whose time is over."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class Conversation:
    """One end of the line to the grading process, held by the process in which a notebook runs.

    Parameters
    ----------
    line : socket.socket
        This end.
    shell : Shell
        The IPython shell in which cells are run.
    """

    def __init__(self, line: socket.socket, shell: Shell) -> None:
        self._line = line
        self._shell = shell
        self._owner = os.getpid()
        self._sending = threading.Lock()
        self._speaking = threading.RLock()

    def hold(self) -> None:
        """Do what is asked until the line is closed."""
        exercises.door_is_at(self.ask)
        builtins.input = _no_input
        sys.path.insert(0, "")  # helper files beside the notebook are imported as at home
        output = CellOutput(self.tell, self._owner)
        self._shell.show_on(output)
        signal.signal(signal.SIGALRM, _end_the_cell)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self.tell({"did": "begun"})
        while True:
            try:
                kind, content = frames.receive(self._line)
            except (EOFError, OSError):
                return
            if kind == frames.REQUEST:
                self._answer(content)
            elif kind == frames.FILE:
                _write_file(content)
            elif kind == frames.EVENT:
                self._run(json.loads(content), output)

    def tell(self, event: dict[str, Any]) -> None:
        """Send an event; from a process that the student's code has forked nothing is sent."""
        if os.getpid() == self._owner:
            with self._sending:
                self._line.sendall(frames.pack_event(event))

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """Ask the grading process something, and answer its questions until it has a reply.

        Parameters
        ----------
        question : dict[str, Any]
            ``ask`` ("check", "ready", "hint") and what about.
        """
        with self._speaking:
            self.tell(question)
            while True:
                kind, content = frames.receive(self._line)
                if kind == frames.REQUEST:
                    self._answer(content)
                elif kind == frames.EVENT:
                    reply: dict[str, Any] = json.loads(content)
                    return reply

    def _answer(self, request: bytes) -> None:
        try:
            answer = answer_request(request, self._shell.user_ns)
        except Exception:  # what asks has failed, not what was asked: a person has to look, and the rest goes on
            answer = b""
        with self._sending:
            self._line.sendall(frames.pack(frames.ANSWER, answer))

    def _run(self, order: dict[str, Any], output: CellOutput) -> None:
        output.begin(order["characters"])
        start = time.monotonic()
        stopped = False
        try:
            signal.setitimer(signal.ITIMER_REAL, order["seconds"], GRACE)
            done = self._shell.run_cell(order["source"], store_history=order["counts"])
            stopped = isinstance(done.error_in_exec, CellTimeout)
        except KeyboardInterrupt:
            stopped = time.monotonic() - start > 0.9 * order["seconds"]
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        output.end()
        self.tell({"did": "ended", "stopped": stopped})


def _end_the_cell(number: int, frame: Any) -> None:
    raise CellTimeout("This cell was stopped: its time was over.")


def _no_input(prompt: object = "") -> str:
    raise RuntimeError("input() has nobody to ask while a notebook is graded; give the value in the code.")


def _write_file(content: bytes) -> None:
    """Write a file that was handed in beside the notebook into the student's home folder."""
    head, _, data = content.partition(b"\n")
    path = Path(*json.loads(head))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
