"""One process for each notebook, with a fresh view of everything that can be written, and limits.

The warm Python forks. In a sandbox the child takes namespaces of its own: files (``/tmp``, ``/dev/shm`` and the
student's home are empty and vanish with it), processes (the first one ends with the student's, and takes all others
along) and System V memory. Then every right over the machine is given up, and the student's process is forked.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Callable
from typing import Any

NEW_FILES, NEW_PROCESSES, NEW_MEMORY = 0x20000, 0x20000000, 0x08000000
NO_SUID, NO_DEVICES, RECURSIVE, PRIVATE = 2, 4, 0x4000, 0x40000
PARENT_DIES, NO_NEW_RIGHTS, DROP_RIGHT, NOT_DUMPABLE = 1, 38, 24, 4
HIGHEST_RIGHT = 63
CANNOT_BEGIN = 97  # the status with which a child ends that could not be shut in

# Other systems have none of these calls; there is no sandbox either, and nothing is promised.
IS_LINUX = sys.platform == "linux"
_libc: Any = ctypes.CDLL(None, use_errno=True) if IS_LINUX else None


def protect_this_process() -> None:
    """Keep other processes from reading the memory of this one."""
    if IS_LINUX:
        _libc.prctl(NOT_DUMPABLE, 0, 0, 0, 0)


def run_child(work: Callable[[], None], home: str, limits: dict[str, int], shut_in: bool) -> int:
    """Do some work in a process of its own and wait for its end.

    Parameters
    ----------
    work : Callable[[], None]
        What to do; its process ends with it.
    home : str
        The student's home folder, which exists.
    limits : dict[str, int]
        ``memory`` (bytes of a process beyond what it has now), ``processes``, ``file`` and ``disk`` (bytes),
        ``seconds`` of computing.
    shut_in : bool
        Whether namespaces are taken; without a sandbox there are none to take.

    Returns
    -------
    int
        How it ended: an exit status, or 128 and the number of a signal.
    """
    child = os.fork()
    if child == 0:
        status = CANNOT_BEGIN
        try:
            if shut_in:
                _checked(_libc.unshare(NEW_FILES | NEW_PROCESSES | NEW_MEMORY), "unshare")
            status = _first_process(work, home, limits, shut_in)
        finally:
            os._exit(status)
    return _status(os.waitpid(child, 0)[1])


def _first_process(work: Callable[[], None], home: str, limits: dict[str, int], shut_in: bool) -> int:
    """Fork the first process of the new namespace, and wait for it; it ends when this one does."""
    first = os.fork()
    if first == 0:
        status = CANNOT_BEGIN
        try:
            _end_with_parent()
            if shut_in:
                _fresh_places(home, limits["disk"])
                _give_up_rights()
            students = os.fork()
            if students == 0:
                _begin(work, home, limits, shut_in)
            status = _status(_wait_for(students))
        finally:
            os._exit(status)
    return _status(os.waitpid(first, 0)[1])


def _begin(work: Callable[[], None], home: str, limits: dict[str, int], shut_in: bool) -> None:
    status = CANNOT_BEGIN
    try:
        _end_with_parent()
        os.setsid()
        os.chdir(home)
        _limit(limits, shut_in)
        status = 1
        work()
        status = 0
    finally:
        os._exit(status)


def _end_with_parent() -> None:
    if IS_LINUX:
        _libc.prctl(PARENT_DIES, signal.SIGKILL, 0, 0, 0)


def _wait_for(child: int) -> int:
    """Wait for one process, and take leave of all others that have lost their parent."""
    while True:
        ended, status = os.wait()
        if ended == child:
            return status


def _fresh_places(home: str, disk: int) -> None:
    _checked(_libc.mount(b"none", b"/", None, RECURSIVE | PRIVATE, None), "mount /")
    for place, mode in (("/tmp", "1777"), ("/dev/shm", "1777"), (home, "0700")):
        options = f"size={disk},nr_inodes=20000,mode={mode}".encode()
        _checked(_libc.mount(b"tmpfs", place.encode(), b"tmpfs", NO_SUID | NO_DEVICES, options), f"mount {place}")


def _give_up_rights() -> None:
    """No capability, now or after starting any program."""
    for right in range(HIGHEST_RIGHT + 1):
        _libc.prctl(DROP_RIGHT, right, 0, 0, 0)
    _checked(_libc.prctl(NO_NEW_RIGHTS, 1, 0, 0, 0), "prctl")
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _checked(_libc.capset(header, nothing), "capset")


def _limit(limits: dict[str, int], shut_in: bool) -> None:
    bounds = {
        resource.RLIMIT_FSIZE: limits["file"],
        resource.RLIMIT_CPU: limits["seconds"],
        resource.RLIMIT_CORE: 0,
    }
    if IS_LINUX:
        bounds[resource.RLIMIT_AS] = _size_of_this_process() + limits["memory"]
    if shut_in:  # elsewhere it would count what the user has running besides
        bounds[resource.RLIMIT_NPROC] = limits["processes"]
    for kind, bound in bounds.items():
        hard = resource.getrlimit(kind)[1]
        bound = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(kind, (bound, bound))


def _size_of_this_process() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def _checked(result: int, what: str) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")


def _status(status: int) -> int:
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def describe() -> dict[str, Any]:
    """What this process is, for the other side to see that it is where it should be."""
    return {"pid": os.getpid(), "uid": os.getuid()}
