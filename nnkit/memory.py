"""Freed memory is kept for the next array, instead of going back to the system.

A training step makes and frees the same large arrays again and again. The C library of Linux returns a large array's
memory to the system at once, and the next array gets fresh pages, which the system has to find and clear: that costs
several times what the arithmetic on them does. Here it is asked to keep up to 256 MB instead. Elsewhere this does
nothing.
"""

from __future__ import annotations

import ctypes
import sys

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # the names in malloc.h
MEGABYTE = 2**20


def keep_freed_memory() -> bool:
    """Ask the C library to keep freed memory; say whether it could be asked.

    Examples
    --------
    >>> keep_freed_memory() in (True, False)
    True
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library, such as musl
        return False
    large = mallopt(M_MMAP_THRESHOLD, 32 * MEGABYTE)  # the largest size it accepts
    return bool(large and mallopt(M_TRIM_THRESHOLD, 256 * MEGABYTE))
