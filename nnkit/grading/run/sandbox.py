"""A sandbox: a warm Python behind bubblewrap, without network, that sees the system, the worker's package, and no more.

What is in it is listed here. The grading process keeps one end of a control line to it, and for every notebook one end
of a fresh pair of sockets; everything that comes through them is a student's word.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from nnkit.grading.run import inside
from nnkit.grading.run.inside import frames

HOME = "/home/student"
INSIDE = "/srv/worker"  # where these files lie in the sandbox
PACKAGE = "/srv/package"  # and where the stripped nnkit
UNPRIVILEGED = 65534
FILES_OF_THE_SYSTEM = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts", "/etc/localtime", "/etc/mime.types")
START_SECONDS = 120.0
LOOK_SECONDS = 0.1
MISSING = (
    "Students' code is run in a sandbox made by bubblewrap (the program `bwrap`), and that is not to be had here: "
    "{reason}. On Debian and Ubuntu `sudo apt install bubblewrap` installs it; `nnkit doctor` tells whether it works. "
    "To grade without any protection, on a machine that holds nothing of value, set "
    "`c.ExecuteSubmission.unsafe_no_sandbox = True` in nbgrader_config.py, or give `nnkit grade` the option "
    "`--unsafe-no-sandbox`."
)


NO_FORK = f"Submissions are graded on Linux or macOS; on {sys.platform} they cannot be run yet."


class NoSandbox(RuntimeError):  # noqa: N818 -- it says what is not there
    """Students' code cannot be shut in on this machine."""


class WorkerLost(Exception):  # noqa: N818 -- it says what happened
    """The process in which a notebook ran has ended, or was ended.

    Parameters
    ----------
    reason : str
        One of `REASONS`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


DIED, OUT_OF_TIME, OUT_OF_MEMORY, NONSENSE = "died", "out of time", "out of memory", "nonsense"
REASONS = (DIED, OUT_OF_TIME, OUT_OF_MEMORY, NONSENSE)


@dataclass(frozen=True)
class Limits:
    """What the process of one notebook may take.

    Parameters
    ----------
    memory : int
        Bytes beyond what a warm Python has: of one process, and of all together.
    processes : int
        How many there may be, threads counted.
    disk : int
        Bytes in each place that can be written.
    seconds : int
        Seconds of computing of one process.
    """

    memory: int = 3 << 30
    processes: int = 200
    disk: int = 256 << 20
    seconds: int = 1200

    def data(self) -> dict[str, int]:
        """As the warm Python reads them."""
        return {
            "memory": self.memory,
            "processes": self.processes,
            "file": self.disk,
            "disk": self.disk,
            "seconds": self.seconds,
        }


@dataclass
class Line:
    """One end of the line to the process of a notebook."""

    socket: socket.socket
    sandbox: Sandbox
    memory: int
    pieces: bytearray = field(default_factory=bytearray)
    looked: float = 0.0  # when the memory was last looked at

    def send(self, frame: bytes, deadline: float) -> None:
        """Send a frame; a process that does not read is given up at the deadline.

        Raises
        ------
        WorkerLost
            The process has ended, or the time is over.
        """
        rest = memoryview(frame)
        while rest:
            self._wait(deadline, writing=True)
            try:
                rest = rest[self.socket.send(rest[: 1 << 16]) :]
            except BlockingIOError:
                continue
            except OSError:
                raise WorkerLost(DIED) from None

    def receive(self, deadline: float, most: int) -> tuple[bytes, bytes]:
        """The next frame.

        Parameters
        ----------
        deadline : float
            On the clock of `time.monotonic`, for the whole frame.
        most : int
            Bytes that it may have.

        Raises
        ------
        WorkerLost
            There is none.
        """
        size = frames.HEADER.size
        while len(self.pieces) < size:
            self._read(deadline)
        kind, length = frames.HEADER.unpack(bytes(self.pieces[:size]))
        if kind not in frames.KINDS or length > most:
            raise WorkerLost(NONSENSE)
        while len(self.pieces) < size + length:
            self._read(deadline)
        content = bytes(self.pieces[size : size + length])
        del self.pieces[: size + length]
        return kind, content

    def _read(self, deadline: float) -> None:
        self._wait(deadline, writing=False)
        try:
            piece = self.socket.recv(1 << 18)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        if not piece:
            raise WorkerLost(DIED)
        self.pieces += piece

    def _wait(self, deadline: float, writing: bool) -> None:
        """Wait until something can be read or written; meanwhile look at the time and at the memory."""
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise WorkerLost(OUT_OF_TIME)
            lines = ([], [self.socket]) if writing else ([self.socket], [])
            there = any(select.select(*lines, [], min(left, LOOK_SECONDS)))
            # Also where there is always something to read: who sends without end must not hide what it takes.
            if time.monotonic() - self.looked > LOOK_SECONDS:
                self.looked = time.monotonic()
                if self.sandbox.memory_in_use() > self.memory:
                    raise WorkerLost(OUT_OF_MEMORY)
            if there:
                return


class Sandbox:
    """A warm Python that runs notebooks, one after the other, each in a process of its own.

    Parameters
    ----------
    package : Path
        The folder with the stripped nnkit that the notebooks may import.
    masked : Iterable[str]
        Top-level packages that are not there.
    shut_in : bool
        Whether it is behind bubblewrap. Without, nothing protects this machine from what students wrote.
    """

    def __init__(self, package: Path, masked: Iterable[str] = (), shut_in: bool = True) -> None:
        self.shut_in = shut_in
        if shut_in and (reason := why_no_sandbox()):
            raise NoSandbox(MISSING.format(reason=reason))
        if not hasattr(os, "fork"):
            raise NoSandbox(NO_FORK)
        self._package = package
        _let_everybody_read(package)
        self._masked = tuple(sorted(masked))
        self._scratch = tempfile.TemporaryDirectory(prefix="nnkit-worker-")
        self._process: subprocess.Popen[bytes] | None = None
        self._start()

    def _start(self) -> None:
        self._control, theirs = socket.socketpair()
        os.set_inheritable(theirs.fileno(), True)
        home = HOME if self.shut_in else str(Path(self._scratch.name) / "home")
        arguments = {"control": theirs.fileno(), "home": home, "shut_in": self.shut_in}
        inside_folder = INSIDE if self.shut_in else str(_files_inside(Path(self._scratch.name)))
        package = PACKAGE if self.shut_in else str(self._package)
        libraries = (
            [place for place, _ in _libraries()] if self.shut_in else [str(folder) for _, folder in _libraries()]
        )
        paths = [package, inside_folder, *libraries]
        program = (
            f"import sys; sys.path[:0] = {paths!r}; from inside.masked import mask; mask({self._masked!r}); "
            f"from inside.start import main; main({arguments!r})"
        )
        python = [os.path.realpath(sys.executable), "-I", "-S", "-c", program]
        if self.shut_in:
            command = bubblewrap_command(self._package, _files_inside(Path(self._scratch.name)), self._masked, python)
        else:
            Path(home).mkdir(exist_ok=True)
            command = python
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=(log := tempfile.TemporaryFile()),  # noqa: SIM115 -- it outlives this call
            env=ENVIRONMENT | ({"TMPDIR": "/tmp"} if self.shut_in else {}),
            cwd="/" if self.shut_in else home,
            pass_fds=(theirs.fileno(),),
            close_fds=True,
            start_new_session=True,
        )
        theirs.close()
        try:
            self._told(START_SECONDS)
        except WorkerLost:
            self.close()
            log.seek(0)
            said = log.read().decode("utf-8", "replace").strip().splitlines()
            raise NoSandbox(MISSING.format(reason=said[-1] if said else "it ended without a word")) from None
        self._empty = self._resident()

    def begin(self, limits: Limits | None = None) -> Line:
        """Make a process for a notebook.

        Parameters
        ----------
        limits : Limits or None
            What it may take.

        Returns
        -------
        Line
            The line to it. `end` gives it back.
        """
        limits = limits or Limits()
        if self._process is None or self._process.poll() is not None:
            self._start()
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        order: dict[str, Any] = {"limits": limits.data()}
        if not self.shut_in:
            order["home"] = tempfile.mkdtemp(prefix="home-", dir=self._scratch.name)
        try:
            socket.send_fds(self._control, [json.dumps(order).encode()], [theirs.fileno()])
        except OSError:
            theirs.close()
            ours.close()
            raise WorkerLost(DIED) from None
        theirs.close()
        return Line(ours, self, limits.memory)

    def end(self, line: Line) -> int | None:
        """Close the line to a notebook's process and wait for its end; what does not end is ended.

        Returns
        -------
        int or None
            How it ended, an exit status or 128 and a signal; None where the whole sandbox had to be ended.
        """
        line.socket.close()
        try:
            return int(self._told(2.0)["ended"])
        except (WorkerLost, KeyError, ValueError, TypeError):
            self.stop()
            return None

    def stop(self) -> None:
        """End the warm Python and everything in it; the next notebook gets a new one."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None
            self._control.close()

    def close(self) -> None:
        """End it for good."""
        self.stop()
        self._scratch.cleanup()

    def _told(self, seconds: float) -> dict[str, Any]:
        """The next message of the warm Python, which is one line."""
        deadline = time.monotonic() + seconds
        text = b""
        while not text.endswith(b"\n"):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._control], [], [], left)[0]:
                raise WorkerLost(OUT_OF_TIME)
            piece = self._control.recv(1)
            if not piece:
                raise WorkerLost(DIED)
            text += piece
        found: dict[str, Any] = json.loads(text)
        return found

    def memory_in_use(self) -> int:
        """Bytes that the processes in the sandbox have beyond those of the warm Python."""
        return self._resident() - self._empty

    def _resident(self) -> int:
        """Bytes of memory of all processes in the sandbox, each counted whole: an estimate from above."""
        if self._process is None:
            return 0
        total, waiting = 0, [self._process.pid]
        while waiting:
            process = waiting.pop()
            total += _own_memory(process)
            waiting += _children(process)
        return total


def _own_memory(process: int) -> int:
    with contextlib.suppress(OSError, ValueError, IndexError):
        pages = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()
        return (int(pages[1]) - int(pages[2])) * os.sysconf("SC_PAGE_SIZE")
    return 0


def _children(process: int) -> list[int]:
    found: list[int] = []
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += map(int, path.read_text(encoding="ascii").split())
    return found


# One thread: several notebooks run at once, and sums come out the same everywhere.
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "MPLCONFIGDIR": "/tmp/matplotlib",
    "NBGRADER_EXECUTION": "autograde",
    "NNKIT_STATIC": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}


# ---------------------------------------------------------------------------------------------------------------------
# The command
# ---------------------------------------------------------------------------------------------------------------------


def bubblewrap_command(package: Path, files: Path, masked: Iterable[str], program: list[str]) -> list[str]:
    """The command that starts a program in a sandbox.

    Parameters
    ----------
    package : Path
        The folder with the stripped nnkit.
    files : Path
        The folder with what runs inside, see `nnkit.grading.run.inside`.
    masked : Iterable[str]
        Top-level packages that are covered.
    program : list[str]
        What to start.
    """
    view = _view(package, files, masked)
    shut = [
        *(
            "--unshare-all",
            "--unshare-user",
            "--as-pid-1",
            "--die-with-parent",
            "--new-session",
            "--hostname",
            "student",
        ),
        *(("--disable-userns",) if "--disable-userns" in _help() else ()),
        *("--uid", str(UNPRIVILEGED), "--gid", str(UNPRIVILEGED), "--cap-drop", "ALL"),
        # The warm Python needs these to give every notebook places of its own, and gives them up in each.
        *("--cap-add", "CAP_SYS_ADMIN", "--cap-add", "CAP_SETPCAP"),
    ]
    places = [
        *("--dev", "/dev", "--proc", "/proc"),
        *("--size", str(64 << 20), "--perms", "1777", "--tmpfs", "/tmp"),
        *("--perms", "0700", "--size", str(1 << 20), "--tmpfs", HOME),
        *("--chdir", HOME),
    ]
    if os.geteuid() != 0:
        return ["bwrap", *shut, *view, *places, "--remount-ro", "/", "--", *program]
    # Who is root makes the view first, in which an ordinary user may read what it needs, and goes on as that user.
    outer = ["bwrap", "--die-with-parent", *view, "--bind", "/proc", "/proc", "--dev", "/dev"]
    outer += ["--perms", "1777", "--tmpfs", "/tmp", "--perms", "0755", "--dir", HOME, "--remount-ro", "/", "--"]
    user = [f"--reuid={UNPRIVILEGED}", f"--regid={UNPRIVILEGED}", "--clear-groups", "--no-new-privs"]
    return [*outer, "setpriv", *user, "bwrap", *shut, "--ro-bind", "/", "/", *places, "--", *program]


def _view(package: Path, files: Path, masked: Iterable[str]) -> list[str]:
    """The files that a sandbox shows, all of them to be read only."""
    view = ["--ro-bind", "/usr", "/usr"]
    for name in ("bin", "sbin", "lib", "lib32", "lib64"):
        path = Path("/", name)
        if path.is_symlink():
            view += ["--symlink", os.readlink(path), str(path)]
        elif path.is_dir():
            view += ["--ro-bind", str(path), str(path)]
    for path in map(Path, FILES_OF_THE_SYSTEM):
        view += ["--ro-bind-try", str(path), str(path)]
    base = Path(sys.base_prefix).resolve()
    if not base.is_relative_to("/usr"):
        for parent in reversed(base.parents[:-1]):
            view += ["--perms", "0755", "--dir", str(parent)]
        view += ["--ro-bind", str(base), str(base)]
    view += ["--perms", "0755", "--dir", "/srv"]
    for place, folder in _libraries():
        view += ["--ro-bind", str(folder), place]
    folders, single = _to_cover(base, masked)
    for covered in folders:
        view += ["--perms", "0555", "--size", "4096", "--tmpfs", covered, "--remount-ro", covered]
    for covered in single:
        view += ["--ro-bind", str(files / "etc" / "nothing"), covered]
    for source, target in ((package, PACKAGE), (files, INSIDE)):
        view += ["--ro-bind", str(source), target]
    view += ["--ro-bind", str(files / "etc" / "passwd"), "/etc/passwd"]
    return [*view, "--perms", "0755", "--dir", "/home"]


@cache
def _libraries() -> tuple[tuple[str, Path], ...]:
    """Where the sandbox has the folders from which this Python imports installed packages, and where they are."""
    import IPython
    import numpy

    wanted = {Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib")}
    wanted |= {Path(module.__file__ or "").resolve().parents[1] for module in (numpy, IPython)}
    found = dict.fromkeys(Path(path).resolve() for path in sys.path if path)
    folders = [folder for folder in found if folder in wanted and folder.is_dir()]
    return tuple((f"/srv/library{number}", folder) for number, folder in enumerate(folders))


def _to_cover(base: Path, masked: Iterable[str]) -> tuple[list[str], list[str]]:
    """The folders and the files that must not be seen, as the sandbox has them: of this package, and of what the
    notebook withholds, which may be a library of one file, such as Python's own `graphlib`.
    """
    seen = [(str(folder), folder) for folder in _import_folders(base)]
    seen += [(place, folder) for place, folder in _libraries()]
    folders, files = [], []
    for name in ("nnkit", *masked):
        for place, folder in seen:
            if (folder / name).is_dir():
                folders.append(f"{place}/{name}")
            for pattern in (f"{name}.py", f"{name}.*.so", f"__pycache__/{name}.*.pyc"):
                files += [f"{place}/{path.relative_to(folder).as_posix()}" for path in folder.glob(pattern)]
    return list(dict.fromkeys(folders)), list(dict.fromkeys(files))


@cache
def _import_folders(base: Path) -> tuple[Path, ...]:
    """The folders from which any Python that a sandbox shows imports: this one's, and those of others below /usr."""
    found = [*base.glob("lib/python3*"), *base.glob("lib/python3*/*-packages")]
    waiting = [Path("/usr")]
    while waiting:
        folder = waiting.pop()
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            inner = [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]
            found += [path for path in inner if path.match("python3*") or path.match("*-packages")]
            waiting += [path for path in inner if not path.match("*-packages")]
    return tuple(dict.fromkeys(path for path in found if path.is_dir()))


def _files_inside(scratch: Path) -> Path:
    """A folder with what runs inside, and the few files that programs expect of a system."""
    folder = scratch / "worker"
    if not folder.exists():
        source = Path(inside.__file__).parent
        shutil.copytree(source, folder / "inside", ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "etc").mkdir()
        entry = f"student:x:{UNPRIVILEGED}:{UNPRIVILEGED}:student:{HOME}:/bin/sh\n"
        (folder / "etc" / "passwd").write_text(entry, encoding="ascii", newline="\n")
        (folder / "etc" / "nothing").touch()
        _let_everybody_read(folder)
    return folder


def _let_everybody_read(folder: Path) -> None:
    """Whoever runs in the sandbox is another user than the one who has made the folder."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


@cache
def _help() -> str:
    found = subprocess.run(["bwrap", "--help"], capture_output=True, text=True, check=False, timeout=START_SECONDS)
    return found.stdout + found.stderr


@cache
def why_no_sandbox() -> str:
    """Why students' code cannot be shut in on this machine; "" where it can.

    Examples
    --------
    >>> isinstance(why_no_sandbox(), str)
    True
    """
    if sys.platform != "linux":
        return f"bubblewrap is for Linux, and this is {sys.platform}"
    if shutil.which("bwrap") is None:
        return "there is no program called bwrap"
    trial = ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "true"]
    try:
        found = subprocess.run(trial, capture_output=True, text=True, check=False, timeout=START_SECONDS)
    except (OSError, subprocess.SubprocessError) as problem:
        return str(problem)
    return "" if found.returncode == 0 else f"bwrap is there, but says: {found.stderr.strip()[:200]}"
