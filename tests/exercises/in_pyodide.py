"""The program that `test_in_pyodide` runs in Pyodide: every line that it prints is one result, as JSON."""

import json
import linecache
import sys
import threading

sys.path.insert(0, "/home/pyodide")  # where the tests are, in Pyodide

from nnkit.exercises import evaluate, trace
from nnkit.widgets.limits import TooLong, bounded
from tests.exercises.endless import FOREVER, TOO_DEEP

LIMIT, PATIENCE = 0.3, 60.0
RIGHT = """
import numpy as np

def neuron(x, w, b):
    z = 0.0
    for i in range(len(x)):
        z += x[i] * w[i]
    return 1 / (1 + np.exp(-(z + b)))
"""
SLIP = RIGHT.replace("x[i] * w[i]", "x[i] * w[i] * w[i]")
DEEP = """
def deep(n):
    return 0 if n == 0 else 1 + deep(n - 1)

def neuron(x, w, b):
    return deep(2500)
"""


def defined(source: str) -> dict[str, object]:
    """The names of a cell."""
    names: dict[str, object] = {}
    linecache.cache["<a cell>"] = (len(source), None, source.splitlines(keepends=True), "<a cell>")
    exec(compile(source, "<a cell>", "exec"), names)
    return names


def told(kind: str, source: str, seconds: float) -> None:
    """Check an answer, and print what was said."""
    report = evaluate("neuron", defined(source), time_limit=seconds)
    print(json.dumps({"kind": kind, "status": report.status, "message": report.message, "notes": list(report.notes)}))


def starts_a_thread() -> bool:
    """Whether threads start here."""
    try:
        threading.Thread(target=print).start()
    except RuntimeError:
        return False
    return True


def main() -> None:
    """Print all results."""
    print(json.dumps({"kind": "platform", "status": sys.platform, "threads": starts_a_thread()}))
    for kind, source in FOREVER.items():
        told(f"forever: {kind}", source, LIMIT)
    for kind, source in TOO_DEEP.items():
        told(f"too deep: {kind}", source, PATIENCE)
    told("2,500 calls deep", DEEP, PATIENCE)
    told("late", "import time\n\ndef neuron(x, w, b):\n    time.sleep(1.5)\n    return 0.0\n", LIMIT)
    told("right", RIGHT, PATIENCE)
    located = evaluate("neuron", defined(SLIP), locate=True)
    print(json.dumps({"kind": "located", "status": located.status, "line": located.line}))
    for kind, source in {"endless": FOREVER["a method"], "wrong": SLIP}.items():
        shown = str(trace("neuron", namespace=defined(source)))
        print(json.dumps({"kind": f"trace: {kind}", "status": "shown", "message": shown}))
    try:
        bounded(defined(FOREVER["nested loops"])["neuron"], 1, 2, 3)
    except TooLong as error:
        print(json.dumps({"kind": "picture", "status": str(error)}))
    print(json.dumps({"kind": "tools", "status": [sys.monitoring.get_tool(number) for number in range(6)]}))
    print(json.dumps({"kind": "end"}))


if __name__ == "__main__":
    main()
