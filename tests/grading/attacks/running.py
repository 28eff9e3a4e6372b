"""Code that does not end, takes everything there is, or ends Python itself: an outcome by name, and the rest is graded.

What ends a cell must not end the notebook, and what ends a notebook must not end the class.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from nnkit.grading.run.sandbox import Limits
from tests.grading.attacks.attack import Attack
from tests.grading.attacks.making import (
    RIGHT,
    by_cells,
    graded_notebook,
    in_a_folder,
    shown_by,
    without_walls,
)

KIND = "running"
DIED = {**RIGHT, "double": "died"}
CRASHED = {**RIGHT, "double": "crashed"}
TIMED_OUT = {**RIGHT, "double": "timed out"}
CAME_TO_ITS_END = 77

Control = Callable[[Path], None]


def never_ends(source: str, seconds: float = 1.5) -> Control:
    """The control: in a Python of its own, with nothing around it, what stands behind it is never reached."""

    @in_a_folder
    def control(folder: Path) -> None:
        limits = "import resource\nresource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\n"
        process = subprocess.Popen(
            [sys.executable, "-c", f"{limits}{source}\nimport os\nos._exit({CAME_TO_ITS_END})"],
            cwd=folder,
            stdin=subprocess.PIPE,  # nobody writes to it
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            with contextlib.suppress(subprocess.TimeoutExpired):
                assert process.wait(seconds) != CAME_TO_ITS_END
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    return control


def goes_through(program: str, shown: str) -> Control:
    """The control: in a Python of its own it gets all that it asks for."""

    @in_a_folder
    def control(folder: Path) -> None:
        done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False)
        assert shown in done.stdout, done.stderr

    return control


def shows_without_walls(source: str, shown: str) -> Control:
    """The control: in a worker that is not shut in it gets all that it asks for."""

    def control(course: Path) -> None:
        assert shown in without_walls(source, limits=Limits(memory=16 << 30))[1]

    return control


def shows(student: str, *words: str, but_not: str = "nothing of the kind") -> Callable[[Path], None]:
    """What a person reads in the graded notebook, which stays so small that it can be opened."""

    def untouched(course: Path) -> None:
        text = shown_by(graded_notebook(course, student))
        assert len(text) < 2_000_000
        assert but_not not in text
        for word in words:
            assert word in text

    return untouched


LOOP = "while True:\n    pass"
STUBBORN = """
import signal
for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
signal.setitimer(signal.ITIMER_REAL, 0)
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""
IN_C = "import itertools\n\ndef double(x):\n    return sum(itertools.repeat(0))"
FORKS = """
import os, time
made = 0
for _ in range(MOST):
    try:
        if os.fork() == 0:
            time.sleep(SECONDS)
            os._exit(0)
        made += 1
    except OSError:
        pass
print('forks', made)
"""
THREADS = """
import threading, time
made = 0
try:
    for _ in range(MOST):
        threading.Thread(target=time.sleep, args=(SECONDS,)).start()
        made += 1
except RuntimeError:
    pass
print('threads', made)
"""
GROWS = "everything = []\nwhile True:\n    everything.append(bytes(50 << 20))"
TOGETHER = """
import os, time
for _ in range(12):
    if os.fork() == 0:
        taken = b'x' * (200 << 20)
        time.sleep(60)
time.sleep(60)
"""
# Each of these may have 300 MB; together they have more.
TOGETHER_AND_LIMITED = """
import os, resource
resource.setrlimit(resource.RLIMIT_AS, (300 << 20, 300 << 20))
children = []
for _ in range(4):
    children.append(os.fork())
    if children[-1] == 0:
        taken = b'x' * (100 << 20)
        os._exit(0)
print([os.waitpid(child, 0)[1] for child in children])
"""
FILLS_DISK = """
import pathlib
for folder in ('.', '/tmp', '/dev/shm'):
    try:
        for number in range(4):
            with open(pathlib.Path(folder, f'full-{number}'), 'wb') as file:
                for _ in range(100):
                    file.write(bytes(1 << 20))
        print('nothing stopped me')
    except OSError as problem:
        print('full:', problem)
"""
FILES = """
import pathlib
try:
    for number in range(20_500):
        pathlib.Path(f'{number}.txt').touch()
    print('nothing stopped me')
except OSError as problem:
    print('no more:', problem)
"""
PRINTS = "while True:\n    print('x' * 10_000)"
PRINTS_IN_A_THREAD = """
import threading
def talk():
    while True:
        print('still here')
        display('still here')
threading.Thread(target=talk, daemon=True).start()
"""
RECURSION = """
import sys
sys.setrecursionlimit(10**9)
def fall(_):
    return sorted([1], key=fall)
fall(1)
"""
EXIT = "import os\nos._exit(0)"
# The cell waits for it: where a thread's end comes while an answer is asked, that answer has died, and who knows when?
EXIT_LATER = "import os, threading, time\nthreading.Timer(0.05, os._exit, (0,)).start()\ntime.sleep(20)"
FAULT = "import ctypes\nctypes.string_at(0)"
STOPS = "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)"


def many(source: str, most: int, seconds: float) -> str:
    return source.replace("MOST", str(most)).replace("SECONDS", str(seconds))


ATTACKS: tuple[Attack, ...] = (
    by_cells(
        KIND,
        "running loop in an answer",
        "An answer never returns.",
        answer="def double(x):\n    while True:\n        pass",
        outcomes=TIMED_OUT,
        control=never_ends(LOOP),
    ),
    by_cells(
        KIND,
        "running stubborn",
        "A loop that ignores every signal, switches the alarm off and catches whatever interrupts it.",
        STUBBORN,
        control=never_ends(STUBBORN),
    ),
    by_cells(
        KIND,
        "running in C",
        "An answer calls compiled code that never returns, and holds Python's lock meanwhile.",
        answer=IN_C,
        outcomes=TIMED_OUT,
        control=never_ends(f"{IN_C}\ndouble(1)"),
    ),
    by_cells(
        KIND,
        "running forks",
        "A fork bomb.",
        many(FORKS, 5000, 60),
        untouched=shows("running forks", but_not="forks 5000"),
        control=shows_without_walls(many(FORKS, 300, 1), "forks 300"),
    ),
    by_cells(
        KIND,
        "running threads",
        "Threads by the thousand, which do not end with their cell.",
        many(THREADS, 5000, 60),
        untouched=shows("running threads", "threads", but_not="threads 5000"),
        control=goes_through(many(THREADS, 300, 0.5), "threads 300"),
    ),
    by_cells(
        KIND,
        "running memory",
        "A list grows until the memory is used up.",
        GROWS,
        untouched=shows("running memory", "MemoryError"),
        control=never_ends(GROWS, 20),
    ),
    by_cells(
        KIND,
        "running memory of many",
        "Several processes take, together, more memory than a notebook may have.",
        TOGETHER,
        untouched=shows("running memory of many", "more memory than a notebook has"),
        control=goes_through(TOGETHER_AND_LIMITED, "[0, 0, 0, 0]"),
    ),
    by_cells(
        KIND,
        "running memory in an answer",
        "An answer asks for more and more memory.",
        answer="def double(x):\n    everything = []\n    while True:\n        everything.append(bytes(50 << 20))",
        outcomes=CRASHED,
        control=never_ends(GROWS, 20),
    ),
    by_cells(
        KIND,
        "running disk",
        "Every place that can be written is filled.",
        FILLS_DISK,
        untouched=shows("running disk", "full:", but_not="nothing stopped me"),
        control=goes_through(FILLS_DISK.replace("('.', '/tmp', '/dev/shm')", "('.',)"), "nothing stopped me"),
    ),
    by_cells(
        KIND,
        "running files",
        "Files by the ten thousand.",
        FILES,
        untouched=shows("running files", "no more:", but_not="nothing stopped me"),
        control=goes_through(FILES, "nothing stopped me"),
    ),
    by_cells(
        KIND,
        "running output",
        "A loop prints without end.",
        PRINTS,
        untouched=shows("running output", "left out"),
        control=never_ends(PRINTS),
    ),
    by_cells(
        KIND,
        "running output of a thread",
        "A thread prints and shows without end, while the answers are asked.",
        PRINTS_IN_A_THREAD,
        no_control="Right answers are to stay right; nothing is gained.",
    ),
    by_cells(
        KIND,
        "running exit",
        "Python is ended in a cell, and by a thread a little later.",
        EXIT,
        EXIT_LATER,
        control=never_ends(EXIT),
    ),
    by_cells(
        KIND,
        "running exit in an answer",
        "An answer ends Python when it is called.",
        answer="import os\n\ndef double(x):\n    os._exit(0)",
        outcomes=DIED,
        control=never_ends(EXIT),
    ),
    by_cells(
        KIND,
        "running fault",
        "A pointer leads nowhere, and the process kills itself.",
        FAULT,
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
        control=never_ends(FAULT),
    ),
    by_cells(
        KIND,
        "running recursion",
        "A recursion without end, and without Python's limit.",
        RECURSION,
        control=never_ends(RECURSION, 20),
    ),
    by_cells(
        KIND,
        "running stopped",
        "An answer stops its own process, which then neither ends nor answers.",
        answer=f"def double(x):\n    {STOPS.replace(chr(10), '; ')}\n    return 2 * x",
        outcomes=TIMED_OUT,
        control=never_ends(STOPS),
    ),
    by_cells(
        KIND,
        "running input",
        "Cells wait for somebody to type, in three ways.",
        "name = input('Your name? ')",
        "import sys\nsys.stdin.readline()\nopen('/dev/stdin').read()",
        "import getpass\ngetpass.getpass()",
        control=never_ends("input()"),
    ),
)
