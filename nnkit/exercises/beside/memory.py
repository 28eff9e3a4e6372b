"""A limit for the memory, where the system knows one: a variant of an answer may ask for arrays of any size."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

try:
    import resource
except ImportError:  # no such thing on this system
    resource = None  # type: ignore[assignment]


@contextlib.contextmanager
def memory_limited(extra: int) -> Iterator[None]:
    """For a while, refuse what goes beyond the memory now in use by more than so many bytes, with a MemoryError.

    Where the system cannot do this or does not say how much is in use, nothing is limited.

    Examples
    --------
    >>> with memory_limited(2**30):
    ...     len(bytearray(1000))
    1000
    """
    used = _address_space()
    if resource is None or used is None:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = used + extra
    if soft != resource.RLIM_INFINITY:
        wanted = min(wanted, soft)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
    except (ValueError, OSError):
        yield
        return
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _address_space() -> int | None:
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None
    return pages * (resource.getpagesize() if resource is not None else 4096)
