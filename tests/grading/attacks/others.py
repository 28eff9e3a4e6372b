"""What is not the student's: the gradebook, the solutions, others' work, the machine, and whoever comes next.

Each of these knows where everything lies, which no student does; behind walls it is of no use to know.
"""

from __future__ import annotations

import contextlib
import os
import signal
import site
import socket
import sqlite3
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest

import nnkit
from tests.grading.attacks.attack import Attack
from tests.grading.attacks.course import SMALL
from tests.grading.attacks.making import (
    FILE,
    RIGHT_ANSWER,
    WRONG,
    WRONG_ANSWER,
    by_cells,
    graded_notebook,
    in_a_folder,
    shown_by,
    without_walls,
)
from tests.grading.small_course import source_notebook

KIND = "others"
MARK = "stolen_by_a_student"


def shows_nothing_of(student: str, *words: Callable[[Path], str]) -> Callable[[Path], None]:
    """What the cells of a graded notebook show holds none of these words."""

    def untouched(course: Path) -> None:
        shown = shown_by(graded_notebook(course, student))
        for word in words:
            assert word(course) not in shown

    return untouched


def secret(course: Path) -> str:
    """What the hidden seeds are derived from."""
    return (course / ".nnkit-secret").read_text(encoding="utf-8").strip()


# -- the gradebook ----------------------------------------------------------------------------------------------------


def raises_marks(gradebook: Path) -> str:
    return (
        f"import sqlite3\nfile = sqlite3.connect({str(gradebook)!r})\n"
        f"file.execute('create table {MARK} (x)')\n"
        "file.execute('update grade set auto_score = 100, manual_score = 100')\nfile.commit()"
    )


def no_table_was_made(course: Path) -> None:
    with contextlib.closing(sqlite3.connect(course / "gradebook.db")) as file:
        assert not file.execute("select name from sqlite_master where name = ?", (MARK,)).fetchall()
        assert not file.execute("select * from grade where manual_score = 100 or auto_score = 100").fetchall()


def a_gradebook(folder: Path) -> Path:
    """A file that is like one, for controls."""
    path = folder / "gradebook.db"
    with contextlib.closing(sqlite3.connect(path)) as file:
        file.execute("create table grade (auto_score, manual_score)")
        file.execute("insert into grade values (0, 0)")
        file.commit()
    return path


@in_a_folder
def without_walls_marks_are_raised(folder: Path) -> None:
    path = a_gradebook(folder)
    without_walls(raises_marks(path))
    with contextlib.closing(sqlite3.connect(path)) as file:
        assert file.execute("select manual_score from grade").fetchall() == [(100,)]


def locks(gradebook: Path, seconds: float = 60) -> str:
    program = (
        f"import sqlite3, time; file = sqlite3.connect({str(gradebook)!r}, isolation_level=None); "
        f"file.execute('begin exclusive'); time.sleep({seconds})"
    )
    return (
        "import sqlite3, subprocess, sys, time\n"
        f"subprocess.Popen([sys.executable, '-c', {program!r}], start_new_session=True)\n"
        "for _ in range(100):\n    try:\n"
        f"        mine = sqlite3.connect({str(gradebook)!r}, timeout=0, isolation_level=None)\n"
        "        mine.execute('begin exclusive')\n        mine.close()\n        time.sleep(0.1)\n"
        "    except sqlite3.Error:\n        break"
    )


@in_a_folder
def without_walls_it_is_locked(folder: Path) -> None:
    path = a_gradebook(folder)
    without_walls(locks(path, 10))
    locked = pytest.raises(sqlite3.OperationalError, match="locked")
    with contextlib.closing(sqlite3.connect(path, timeout=0)) as file, locked:
        file.execute("update grade set auto_score = 1")


# -- files ------------------------------------------------------------------------------------------------------------


def prints(*paths: Path) -> str:
    return (
        f"for path in {[str(path) for path in paths]!r}:\n    try:\n        print(open(path).read())\n"
        "    except OSError as problem:\n        print('out of reach:', type(problem).__name__)"
    )


@in_a_folder
def without_walls_files_are_read(folder: Path) -> None:
    (folder / "secret").write_text("a secret of the instructor")
    assert "a secret of the instructor" in without_walls(prints(folder / "secret"))[1]


def answers_with(path: Path) -> str:
    """An answer that is read from a notebook elsewhere."""
    return (
        f"import json\ntry:\n    found = json.load(open({str(path)!r}))\n    for one in found['cells']:\n"
        "        source = ''.join(one['source'])\n        if 'def double' in source:\n            exec(source)\n"
        f"except OSError:\n    {WRONG_ANSWER.splitlines()[0]} return x + 2"
    )


@in_a_folder
def without_walls_the_solution_answers(folder: Path) -> None:
    nbformat.write(source_notebook(), folder / "solution.ipynb")
    assert without_walls(answers_with(folder / "solution.ipynb"))[0] == "passed"


def writes(*paths: Path, text: str = MARK) -> str:
    return (
        f"for path in {[str(path) for path in paths]!r}:\n    try:\n"
        "        import os\n        os.makedirs(os.path.dirname(path), exist_ok=True)\n"
        f"        with open(path, 'a') as file:\n            file.write({text!r})\n    except OSError as problem:\n"
        "        print('out of reach:', type(problem).__name__)"
    )


@in_a_folder
def without_walls_files_are_written(folder: Path) -> None:
    (folder / "there.txt").write_text("as it was")
    without_walls(writes(folder / "there.txt", folder / "new" / "one.txt"))
    assert MARK in (folder / "there.txt").read_text()
    assert (folder / "new" / "one.txt").read_text() == MARK


def is_nowhere_in(*paths: Callable[[Path], Path]) -> Callable[[Path], None]:
    """The mark was written into none of these files, and none was made."""

    def untouched(course: Path) -> None:
        for path in paths:
            place = path(course)
            assert not place.exists() or MARK not in place.read_text(encoding="utf-8", errors="replace"), place

    return untouched


def released(course: Path) -> Path:
    return course / "course" / SMALL / FILE


def solution(course: Path) -> Path:
    return course / "solutions" / SMALL / FILE


def settings(course: Path) -> Path:
    return course / "nbgrader_config.py"


def package(course: Path) -> Path:
    return Path(nnkit.__file__).resolve()


def judge(course: Path) -> Path:
    return package(course).parent / "exercises" / "judge" / "ladder.py"


def site_packages(course: Path) -> Path:
    return Path(sysconfig.get_path("purelib")) / f"{MARK}.pth"


def own_site_packages(course: Path) -> Path:
    return Path(site.getusersitepackages()) / f"{MARK}.pth"


def at_start(course: Path) -> Path:
    return course.parent / "home" / ".ipython" / "profile_default" / "startup" / f"{MARK}.py"


def profile(course: Path) -> Path:
    return course.parent / "home" / ".profile"


@in_a_folder
def without_walls_a_pth_is_run(folder: Path) -> None:
    without_walls(writes(folder / f"{MARK}.pth", text="import sys; sys.taken = True\n"))
    program = f"import site, sys; site.addsitedir({str(folder)!r}); print(hasattr(sys, 'taken'))"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout.strip() == b"True"


LEAVES_A_START = (
    "import pathlib\n"
    "for name in ('.ipython/profile_default/startup/00.py', 'sitecustomize.py', 'usercustomize.py', 'numpy.py',\n"
    "             '.config/matplotlib/matplotlibrc', '.bashrc', '.profile'):\n"
    "    path = pathlib.Path.home() / name\n    path.parent.mkdir(parents=True, exist_ok=True)\n"
    "    path.write_text('raise SystemExit(\"met by the next student\")')"
)

# -- the environment, the network, processes --------------------------------------------------------------------------

ENVIRONMENT = (
    "import os, pathlib\nprint(dict(os.environ))\nfor path in pathlib.Path('/proc').glob('[0-9]*/environ'):\n"
    "    try:\n        print(path, path.read_bytes())\n"
    "    except OSError as problem:\n        print('out of reach:', path)"
)
IN_THE_ENVIRONMENT = "NNKIT_TEST_OF_THE_ENVIRONMENT"


@in_a_folder
def without_walls_processes_tell(folder: Path) -> None:
    """The environment is made anew in any case; that of other processes is kept away by the walls."""
    with a_victim({IN_THE_ENVIRONMENT: "told"}) as victim:
        shown = without_walls(f"print(open('/proc/{victim.pid}/environ').read())")[1]
    assert IN_THE_ENVIRONMENT in shown


@contextlib.contextmanager
def a_victim(environment: dict[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the user's that a control may end."""
    victim = subprocess.Popen(["sleep", "60"], env=os.environ | (environment or {}))
    try:
        time.sleep(0.1)
        yield victim
    finally:
        with contextlib.suppress(OSError):
            victim.kill()
        victim.wait()


LISTENING: list[socket.socket] = []


def listen(course: Path) -> None:
    """A server on this machine, as formgrader or a database is one; nobody has to call it."""
    server = socket.create_server(("127.0.0.1", 0))
    server.setblocking(False)
    LISTENING.append(server)


def calls(port: int) -> str:
    return (
        "import socket, urllib.request\n"
        f"for family, address in ((socket.AF_INET, ('127.0.0.1', {port})), (socket.AF_INET, ('192.0.2.1', 80))):\n"
        "    try:\n        line = socket.socket(family)\n        line.settimeout(1)\n        line.connect(address)\n"
        "        line.sendall(b'the answer, please')\n    except OSError as problem:\n"
        "        print('out of reach:', problem)"
    )


def nobody_has_called(course: Path) -> None:
    assert LISTENING
    for server in LISTENING:
        try:
            server.accept()
        except BlockingIOError:
            continue
        raise AssertionError("A student's code has reached a server outside.")


@in_a_folder
def without_walls_it_calls(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        without_walls(calls(server.getsockname()[1]))
        server.accept()[0].close()


def ends_processes(*processes: int) -> str:
    # Should the walls have a hole, only the test is killed, and not everything that its user runs.
    return (
        "import os, pathlib, signal\n"
        "others = [int(path.name) for path in pathlib.Path('/proc').glob('[0-9]*')]\n"
        f"for process in [*{processes!r}, *(others if len(others) < 10 else ())]:\n"
        "    if process not in (os.getpid(), 1) and process > 1:\n        try:\n"
        "            os.kill(process, signal.SIGKILL)\n        except OSError:\n            pass"
    )


def ends_one(process: int) -> str:
    return f"import os, signal\nos.kill({process}, signal.SIGKILL)"


@in_a_folder
def without_walls_others_are_ended(folder: Path) -> None:
    with a_victim() as victim:
        without_walls(ends_one(victim.pid))
        assert victim.wait(10) == -signal.SIGKILL


READS_MEMORY = """
import ctypes, os, re
def read(process, most=1 << 24):
    for line in open(f'/proc/{process}/maps'):
        if 'rw-p' in line and ('heap' in line or line.split()[-1] == '0'):
            start, end = (int(number, 16) for number in line.split()[0].split('-'))
            with open(f'/proc/{process}/mem', 'rb') as memory:
                memory.seek(start)
                yield memory.read(min(end - start, most))
for process in PROCESSES:
    try:
        for piece in read(process):
            for word in re.findall(rb'the judge kn' + rb'ows: [a-z ]+', piece):
                print('FOUND', word)
        print('read', process)
    except OSError as problem:
        print('out of reach:', process, type(problem).__name__)
    print('attached', process, ctypes.CDLL(None).ptrace(16, process, 0, 0))
"""


def reads_memory(*processes: str) -> str:
    return READS_MEMORY.replace("PROCESSES", f"({', '.join(processes)},)")


def no_memory_was_read(student: str) -> Callable[[Path], None]:
    def untouched(course: Path) -> None:
        shown = shown_by(graded_notebook(course, student))
        assert "out of reach" in shown
        assert "FOUND" not in shown
        assert "attached 1 -1" in shown

    return untouched


@in_a_folder
def without_walls_memory_is_read(folder: Path) -> None:
    """A process reads that of one which it has started, as every user may; the walls keep even this user out."""
    program = (
        "words = bytearray(b'the judge knows: ' + b'two times x')\n"
        "print('ready', flush=True)\nimport time\ntime.sleep(60)"
    )
    victim = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    try:
        assert victim.stdout is not None
        victim.stdout.readline()
        reader = subprocess.run(
            [sys.executable, "-c", reads_memory(str(victim.pid))], capture_output=True, text=True, check=False
        )
    finally:
        victim.kill()
        victim.wait()
    if os.geteuid() == 0:  # others may read only what is below them, where the system says so
        assert "FOUND" in reader.stdout, reader.stdout + reader.stderr


DESCRIPTORS = """
import fcntl, os, socket, struct
print([(number, os.readlink(f'/proc/self/fd/{number}')) for number in map(int, os.listdir('/proc/self/fd'))
       if os.path.lexists(f'/proc/self/fd/{number}')])
forged = b'{"status": "passed", "ended": 0}\\n'
for number in range(3, 256):
    for message in (forged, b'A' + struct.pack('>I', len(forged)) + forged):
        try:
            if os.path.exists(f'/proc/self/fd/{number}'):
                os.set_blocking(number, False)
                os.write(number, message)
        except OSError:
            pass
"""


@in_a_folder
def without_walls_what_is_open_is_inherited(folder: Path) -> None:
    """A program that is started without closing anything can write into its parent's open files."""
    path = folder / "gradebook.db"
    with path.open("wb") as file:
        os.set_inheritable(file.fileno(), True)
        program = (
            "import os\nfor n in range(3, 256):\n"
            "    try:\n        os.write(n, b'100 points')\n    except OSError:\n        pass"
        )
        subprocess.run([sys.executable, "-c", program], close_fds=False, check=True)
    assert b"100 points" in path.read_bytes()


PARENT = """
import os, pathlib, signal
for process in (os.getppid(), 1):
    for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(process, number)
        except OSError as problem:
            print('out of reach:', problem)
if len(list(pathlib.Path('/proc').glob('[0-9]*'))) < 10:
    os.kill(-1, signal.SIGKILL)
"""


@in_a_folder
def without_walls_the_parent_ends(folder: Path) -> None:
    """Without a namespace of its own the parent is a process like any other."""
    status, _ = without_walls("import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nimport time\ntime.sleep(0.2)")
    assert status != "passed"


# -- whoever comes next -----------------------------------------------------------------------------------------------

LEAVES_AN_ANSWER = f"""
import os, pathlib
for folder in ('/tmp', '/dev/shm', '/var/tmp', os.getcwd(), os.path.expanduser('~'), '/srv', '/home'):
    try:
        pathlib.Path(folder, 'left_for_a_friend.py').write_text({RIGHT_ANSWER!r})
    except OSError:
        pass
os.makedirs('closed', exist_ok=True)
os.chmod('closed', 0)
"""
MEETS_AN_ANSWER = """
import pathlib
def double(x):
    return x + 2
for folder in ('/tmp', '/dev/shm', '/var/tmp', '.', '/srv', '/home'):
    path = pathlib.Path(folder, 'left_for_a_friend.py')
    if path.exists():
        exec(path.read_text())
"""


@in_a_folder
def without_walls_it_meets(folder: Path) -> None:
    left = Path("/tmp/left_for_a_friend.py")
    try:
        without_walls(LEAVES_AN_ANSWER.replace("'/dev/shm', '/var/tmp', ", "").replace(", '/srv', '/home'", ""))
        assert without_walls(MEETS_AN_ANSWER)[0] == "passed"
    finally:
        left.unlink(missing_ok=True)


LEAVES_A_PROCESS = """
import os, subprocess, sys
program = '''
import os, pathlib, signal, socket, time
line = socket.socket(socket.AF_UNIX)
line.bind(chr(0) + "left_for_a_friend")
line.listen()
line.settimeout(20)
for _ in range(3):
    there, _ = line.accept()
    there.sendall(b"def double(x): return 2 * x")
    there.close()
'''
for _ in range(2):
    subprocess.Popen([sys.executable, '-c', program], start_new_session=True, stdin=subprocess.DEVNULL)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        import time
        time.sleep(15)
    os._exit(0)
import time
for _ in range(100):
    if 'left_for_a_friend' in open('/proc/net/unix').read():
        break
    time.sleep(0.1)
"""
MEETS_A_PROCESS = """
import socket
def double(x):
    return x + 2
try:
    line = socket.socket(socket.AF_UNIX)
    line.connect(chr(0) + 'left_for_a_friend')
    exec(line.recv(1000).decode())
except OSError as problem:
    print('out of reach:', problem)
"""


@in_a_folder
def without_walls_it_waits(folder: Path) -> None:
    without_walls(LEAVES_A_PROCESS)
    assert without_walls(MEETS_A_PROCESS)[0] == "passed"


ATTACKS: tuple[Attack, ...] = (
    by_cells(
        KIND,
        "others-gradebook",
        "Full marks are written into the gradebook.",
        lambda course: raises_marks(course / "gradebook.db"),
        answer=WRONG_ANSWER,
        outcomes=WRONG,
        untouched=no_table_was_made,
        control=without_walls_marks_are_raised,
    ),
    by_cells(
        KIND,
        "others-gradebook-locked",
        "A process left behind locks the gradebook, so that nobody's marks can be saved.",
        lambda course: locks(course / "gradebook.db"),
        control=without_walls_it_is_locked,
    ),
    by_cells(
        KIND,
        "others-secret",
        "The secret of the hidden cases and others' marks are printed.",
        lambda course: prints(course / ".nnkit-secret", course / "gradebook.db", course / "nbgrader_config.py"),
        untouched=shows_nothing_of("others-secret", secret, lambda course: "SubmissionExporter"),
        control=without_walls_files_are_read,
    ),
    by_cells(
        KIND,
        "others-solution",
        "The answer is read from the instructors' notebook.",
        answer=lambda course: answers_with(solution(course)),
        outcomes=WRONG,
        control=without_walls_the_solution_answers,
    ),
    by_cells(
        KIND,
        "others-submission",
        "The answer is read from another student's submission, or from one that was graded already.",
        lambda course: answers_with(course / "autograded" / "others-gradebook-locked" / SMALL / FILE),
        answer=lambda course: answers_with(course / "submitted" / "others-gradebook-locked" / SMALL / FILE),
        outcomes=WRONG,
        control=without_walls_the_solution_answers,
    ),
    by_cells(
        KIND,
        "others-course",
        "The released notebook, the solutions and the settings are overwritten.",
        lambda course: writes(released(course), solution(course), settings(course), course / "course" / f"{MARK}.txt"),
        untouched=is_nowhere_in(released, solution, settings, lambda course: course / "course" / f"{MARK}.txt"),
        control=without_walls_files_are_written,
    ),
    by_cells(
        KIND,
        "others-package",
        "The judge is changed where the package lies, outside and in the sandbox.",
        lambda course: writes(package(course), judge(course)),
        "import nnkit, nnkit.exercises, inside.conversation as own\n"
        "for module in (nnkit, nnkit.exercises, own):\n"
        f"    try:\n        open(module.__file__, 'a').write('# {MARK}')\n"
        "    except OSError as problem:\n        print('out of reach:', problem)",
        untouched=is_nowhere_in(package, judge),
        control=without_walls_files_are_written,
    ),
    by_cells(
        KIND,
        "others-site-packages",
        "A .pth file, which every Python runs when it starts, is put among the installed packages.",
        lambda course: writes(site_packages(course), own_site_packages(course)),
        "import numpy, pathlib\n"
        "try:\n    (pathlib.Path(numpy.__file__).parents[1] / 'mine.pth').write_text('import os')\n"
        "except OSError as problem:\n    print('out of reach:', problem)",
        untouched=is_nowhere_in(site_packages, own_site_packages),
        control=without_walls_a_pth_is_run,
    ),
    by_cells(
        KIND,
        "others-start-up",
        "Files that run when the next Python, IPython or shell starts are put into the home folders.",
        lambda course: writes(at_start(course), profile(course)),
        LEAVES_A_START,
        untouched=is_nowhere_in(at_start, profile),
        control=without_walls_files_are_written,
    ),
    by_cells(
        KIND,
        "others-environment",
        "The environment is printed, and that of every process that can be seen.",
        ENVIRONMENT,
        untouched=shows_nothing_of(
            "others-environment", secret, lambda course: str(course), lambda course: str(Path(sys.prefix))
        ),
        control=without_walls_processes_tell,
    ),
    by_cells(
        KIND,
        "others-network",
        "Another server on this machine is called, and one outside.",
        lambda course: calls(LISTENING[-1].getsockname()[1]),
        before=listen,
        untouched=nobody_has_called,
        control=without_walls_it_calls,
    ),
    by_cells(
        KIND,
        "others-processes",
        "Every process is killed, first of all the one that grades.",
        lambda course: ends_processes(os.getpid()),
        control=without_walls_others_are_ended,
    ),
    by_cells(
        KIND,
        "others-memory",
        "What the judge knows is looked for in the memory of the processes above.",
        lambda course: reads_memory("1", "os.getppid()", str(os.getpid())),
        untouched=no_memory_was_read("others-memory"),
        control=without_walls_memory_is_read,
    ),
    by_cells(
        KIND,
        "others-descriptors",
        "A verdict is written into everything that is open.",
        DESCRIPTORS,
        answer=WRONG_ANSWER,
        outcomes=WRONG,
        control=without_walls_what_is_open_is_inherited,
    ),
    by_cells(
        KIND,
        "others-parent",
        "The parent is stopped and killed, then every process at once.",
        PARENT,
        control=without_walls_the_parent_ends,
    ),
    by_cells(
        KIND,
        "others-leaves-files",
        "A right answer is left where the next student may find it, and a folder that nobody may open.",
        LEAVES_AN_ANSWER,
        control=without_walls_it_meets,
    ),
    by_cells(
        KIND,
        "others-meets-files",
        "The answer is taken from what an earlier student has left.",
        answer=MEETS_AN_ANSWER,
        outcomes=WRONG,
        control=without_walls_it_meets,
    ),
    by_cells(
        KIND,
        "others-leaves-processes",
        "Processes are left behind that would tell the next student the answer.",
        LEAVES_A_PROCESS,
        control=without_walls_it_waits,
    ),
    by_cells(
        KIND,
        "others-meets-processes",
        "The answer is asked of a process that an earlier student has left.",
        answer=MEETS_A_PROCESS,
        outcomes=WRONG,
        control=without_walls_it_waits,
    ),
)
