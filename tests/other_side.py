"""The program of a process beside a student's code, as tests start one: it answers what comes through its input."""

from __future__ import annotations

_PROGRAM = """
import linecache
import sys

# BEFORE
from nnkit.exercises.beside import wire
from nnkit.exercises.beside.request import answer_request

namespace = {}

def run(*cells):
    names = {"__name__": "__main__"}
    for number, text in enumerate(cells):
        file = f"<cell {number}>"
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        exec(compile(text, file, "exec"), names)
    return names

while True:
    try:
        frame = wire.read_frame(sys.stdin.buffer)
    except wire.WireError:
        break
    message = wire.loads(frame)
    if WHETHER:
        answer = wire.dumps(WHAT)
    elif "source" in message:
        namespace = run("import math; import numpy as np", message["provided"], message["source"])
        answer = wire.dumps(None)
    else:
        answer = answer_request(frame, namespace)
    wire.write_frame(sys.stdout.buffer, answer)
"""


def program(whether: str, what: str, before: str = "") -> str:
    """The program for ``python -c``; a message is a student's source, a request, or one of the test's own.

    Parameters
    ----------
    whether, what : str
        Code: what says of a `message` that it is the test's own, and what is answered then.
    before : str
        What is run before anything of nnkit is imported.
    """
    return _PROGRAM.replace("# BEFORE", before).replace("WHETHER", whether).replace("WHAT", what)
