"""What a student's code can reach and do where it is graded, and that nothing of it is a verdict.

Every attack is run in the sandbox; its control runs without walls, in a scratch process, and succeeds there.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from nnkit.grading.marks.outcomes import cell_outcome
from nnkit.grading.run.execution import close_sandboxes, sandbox_for
from nnkit.grading.run.notebook import Plan, grade_notebook
from nnkit.grading.run.sandbox import Limits, why_no_sandbox

pytestmark = pytest.mark.skipif(bool(why_no_sandbox()), reason=f"no sandbox here: {why_no_sandbox()}")

SEED = "5" * 64
IMPORTS = "import numpy as np\nfrom nnkit.exercises import check, hint, ready"
RIGHT = "def double(x):\n    return 2 * x"
WRONG = "def double(x):\n    return x + 2"


@pytest.fixture(scope="module", autouse=True)
def ended() -> Iterator[None]:
    yield
    close_sandboxes()


def cell_that_checks(name: str) -> NotebookNode:
    flags = {"grade": True, "grade_id": f"test_{name}", "locked": True, "solution": False, "points": 2}
    return new_code_cell(f'check("{name}")', metadata={"nbgrader": {"schema_version": 3, "task": False} | flags})


def graded(*sources: str, shut_in: bool = True, exercise: str = "double", **settings: Any) -> tuple[str, str]:
    """Grade a notebook of these cells and a check: how it ended, and what the cells have shown."""
    notebook = new_notebook(cells=[*map(new_code_cell, (IMPORTS, *sources)), cell_that_checks(exercise)])
    plan = Plan(SEED, **({"cell_seconds": 20, "limits": Limits(memory=1 << 30)} | settings))
    grade_notebook(notebook, sandbox_for("welcome", shut_in), plan)
    shown = []
    for cell in notebook.cells[:-1]:
        for output in cell.outputs:
            shown += [output.get("text", ""), output.get("evalue", ""), output.get("data", {}).get("text/plain", "")]
    return cell_outcome(notebook.cells[-1]).status, "\n".join(map(str, shown))


def test_a_right_answer_passes_and_a_wrong_one_does_not() -> None:
    assert graded(RIGHT)[0] == "passed"
    assert graded(WRONG)[0] == "wrong"
    assert graded()[0] == "not attempted"


FORGERIES = {
    "check rebound": "check = lambda name: True",
    "the door patched": "import nnkit.exercises as e\ne.check = e.evaluate = lambda *a, **k: True",
    "a report shown": "from IPython.display import display\ndisplay({'application/vnd.nnkit.report+json': "
    "{'exercise': 'double', 'status': 'passed'}, 'text/plain': 'right'}, raw=True)",
    "numpy patched": "np.allclose = np.array_equal = np.isclose = lambda *a, **k: True\n"
    "np.testing.assert_allclose = lambda *a, **k: None",
    "the request answered by hand": "import nnkit.exercises.beside.request as r\n"
    "import nnkit.exercises.beside.wire as w\n"
    "r.answer_request = lambda q, n: w.dumps(r.sitting_of('answered'))\n"
    "import inside.conversation as c\nc.answer_request = r.answer_request",
    "the line written to": "import os\nfor number in range(3, 64):\n    try: os.write(number, b'A\\0\\0\\0\\2{}')\n"
    "    except OSError: pass",
    "equal to everything": "class double(int):\n    def __new__(cls, x): return int.__new__(cls, 0)\n"
    "    def __eq__(self, other): return True\n    __hash__ = int.__hash__",
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
@pytest.mark.parametrize("answer", ["", WRONG], ids=["no answer", "wrong answer"])
def test_no_forgery_passes(forgery: str, answer: str) -> None:
    assert graded(answer, forgery)[0] != "passed"
    assert graded(RIGHT, forgery.replace("class double(int)", "class other(int)"))[0] in ("passed", "died", "crashed")


REACHED = {
    "what the judge knows": "import nnkit.exercises.judge",
    "the right answers": "import nnkit.exercises.catalogue.welcome.double",
    "the grading": "import nnkit.grading",
    "the network": "import socket\ns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\ns.connect(('192.0.2.1', 53))",
    "files of the user": f"open({str(Path(__file__).resolve())!r}).read()",
    "the machine's accounts": "open('/etc/shadow').read()",
    "the memory of the warm Python": "open('/proc/1/mem', 'rb')",
    "the system": "open('/usr/mine', 'w')",
    "the package": "import nnkit\nopen(nnkit.__file__, 'a')",
    "the libraries": "open(np.__file__, 'a')",
    "the parent": "import os, signal\nos.kill(os.getppid(), 0)\nos.kill(os.getppid(), signal.SIGSTOP)\n"
    "import time\ntime.sleep(0.2)\nraise OSError('it is the first process, which nobody can stop')",
}


@pytest.mark.parametrize("attempt", REACHED.values(), ids=REACHED)
def test_what_is_not_the_students_is_out_of_reach(attempt: str) -> None:
    status, shown = graded(
        RIGHT, f"reached = False\n{attempt}\nreached = True", "print('reached' if reached else 'no')"
    )
    assert (status, shown.strip().splitlines()[-1]) == ("passed", "no")


def test_without_walls_the_users_files_are_read() -> None:
    """The control: what keeps them out is the sandbox."""
    shown = graded(f"print(open({str(Path(__file__).resolve())!r}).read()[:40])", shut_in=False)[1]
    assert "What a student's code can reach" in shown


def test_there_is_no_seed_and_nothing_of_this_machine_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNKIT_GRADING_SECRET", "a secret of the instructor")
    shown = graded("import os\nprint(dict(os.environ))")[1]
    assert "HOME" in shown
    assert "SECRET" not in shown
    assert SEED not in shown


def test_nothing_is_left_for_the_next_student() -> None:
    leave = (
        "import os, subprocess\nopen('/tmp/left', 'w').write('x')\nopen('/dev/shm/left', 'w').write('x')\n"
        "open('left', 'w').write('x')\nos.mkdir('closed')\nos.chmod('closed', 0)\n"
        "subprocess.Popen(['sleep', '1000'], start_new_session=True)"
    )
    look = (
        "import os, pathlib\nprint(os.listdir('/tmp'), os.listdir('/dev/shm'), os.listdir('.'))\n"
        "print([p for p in pathlib.Path('/proc').glob('[0-9]*/cmdline') if b'sleep' in p.read_bytes()])"
    )
    assert graded(leave, look)[1].count("left") == 3
    assert graded(look)[1].split() == ["[]"] * 4


ENDS = {
    "os._exit": "import os\nos._exit(0)",
    "a crash in C": "import ctypes\nctypes.string_at(0)",
    "kill": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "all processes": "import os, signal\nos.kill(-1, signal.SIGKILL)\nos.kill(os.getpid(), signal.SIGKILL)",
    "recursion in C": "import sys\nsys.setrecursionlimit(10**9)\ndef f(): return [f() for _ in (1,)]\nf()",
}


@pytest.mark.parametrize("source", ENDS.values(), ids=ENDS)
def test_where_python_ends_the_rest_is_graded(source: str) -> None:
    assert graded(source, RIGHT)[0] == "passed"
    assert graded(RIGHT, source)[0] == "passed"


def test_an_answer_that_ends_python_has_an_outcome_of_its_own() -> None:
    assert graded("import os\ndef double(x):\n    os._exit(0)")[0] == "died"


def test_a_loop_that_swallows_its_interrupt_costs_its_cell_only() -> None:
    loop = "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
    assert graded(RIGHT, loop, cell_seconds=1)[0] == "passed"


def test_memory_is_limited_for_one_process_and_for_all_together() -> None:
    status, shown = graded(RIGHT, "x = np.ones(10**9)")
    assert status == "passed"
    assert "Unable to allocate" in shown
    many = (
        "import os, time\nfor _ in range(8):\n    if os.fork() == 0:\n        x = np.ones(6 * 10**7)\n"
        "        time.sleep(30)\ntime.sleep(30)"
    )
    status, shown = graded(RIGHT, many)
    assert status == "passed"
    assert "more memory than a notebook has" in shown


def test_disk_and_processes_are_limited() -> None:
    assert "written" not in graded("open('big', 'wb').write(bytes(300_000_000))\nprint('written')")[1]
    shown = graded(
        "import os, time\nn = 0\ntry:\n    while n < 2000:\n        if os.fork() == 0:\n            time.sleep(30)\n"
        "        n += 1\nexcept OSError: pass\nprint('forks', n)"
    )[1]
    assert "forks 2000" not in shown


def test_what_ipython_understands_is_understood() -> None:
    cells = (
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]);",
        "!echo from a shell",
        "%%bash\necho from bash",
        "import asyncio\nawait asyncio.sleep(0)\nprint('awaited')",
        "%%writefile helper.py\nfactor = 2",
        "from helper import factor\ndef double(x):\n    return factor * x",
        "6 * 7",
    )
    status, shown = graded(*cells)
    assert status == "passed"
    for word in ("Figure", "from a shell", "from bash", "awaited", "42"):
        assert word in shown


def test_a_file_beside_the_notebook_is_there() -> None:
    files = {"data/factor.txt": b"2"}
    status, _ = graded(
        "factor = int(open('data/factor.txt').read())\ndef double(x):\n    return factor * x", files=files
    )
    assert status == "passed"


def test_a_notebooks_own_check_is_told_the_verdict() -> None:
    shown = graded(WRONG, "try:\n    check('double')\nexcept Exception as problem:\n    print(problem.report.status)")[
        1
    ]
    assert "wrong" in shown
    assert "True" in graded(RIGHT, "print(ready('double'))")[1]
    assert "False" in graded(WRONG, "print(ready('double'))")[1]


def test_a_notebook_gets_so_much_time_and_no_more() -> None:
    start = time.monotonic()
    status, _ = graded(*["while True: pass"] * 20, RIGHT, cell_seconds=2, notebook_seconds=5)
    assert status == "timed out"
    assert time.monotonic() - start < 200


def test_the_sandbox_is_run_by_an_unprivileged_user_who_can_make_no_namespace() -> None:
    shown = graded(
        "import ctypes, os\nprint('user', os.getuid(), 'new', ctypes.CDLL(None).unshare(0x10000000))\n"
        "print([l.split()[1] for l in open('/proc/self/status') if l.startswith('Cap')])"
    )[1]
    assert f"user {os.getuid()} " not in shown
    assert "new 0" not in shown
    assert shown.count("0000000000000000") == 5
