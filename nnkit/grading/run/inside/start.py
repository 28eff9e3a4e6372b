"""The warm Python: it has imported everything that notebooks need, and forks one process for each of them.

It is the first process of its sandbox. Over its control line comes, for every notebook, one message with one end of a
fresh pair of sockets; the other end is the grading process's. When the notebook's process has ended, how it ended goes
back. It never reads what a student's process says.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import socket
from typing import Any

from . import birth

LONGEST_MESSAGE = 100_000


def serve(control: socket.socket, home: str, shut_in: bool) -> None:
    """Make a process for every notebook that is announced, one after the other, until the control line is closed.

    Parameters
    ----------
    control : socket.socket
        The line to the grading process.
    home : str
        The student's home folder.
    shut_in : bool
        Whether this is the first process of a sandbox.
    """
    os.environ["HOME"] = home
    os.chdir(home)
    birth.protect_this_process()
    from .conversation import Conversation
    from .shell import make_shell

    _import_what_notebooks_use()
    shell = make_shell()
    gc.collect()
    gc.freeze()
    control.sendall(json.dumps({"ready": birth.describe()}).encode() + b"\n")
    while True:
        message, lines, _, _ = socket.recv_fds(control, LONGEST_MESSAGE, 1)
        if not message:
            return
        order = json.loads(message)
        line = socket.socket(fileno=lines[0])

        def work(line: socket.socket = line) -> None:
            control.close()
            Conversation(line, shell).hold()

        status = birth.run_child(work, order.get("home", home), order["limits"], shut_in)
        line.close()
        control.sendall(json.dumps({"ended": status}).encode() + b"\n")


def _import_what_notebooks_use() -> None:

    from nnkit.exercises.beside.probes import find_probe

    find_probe("call")
    with contextlib.suppress(LookupError):
        find_probe("")  # loads every file of probes


def main(arguments: dict[str, Any]) -> None:
    """Begin.

    Parameters
    ----------
    arguments : dict[str, Any]
        ``control`` (number of the control line), ``home``, ``shut_in``.
    """
    control = socket.socket(fileno=arguments["control"])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupted command is for the grading process to end
    serve(control, arguments["home"], arguments["shut_in"])
