"""What a kernel in the browser does before the first cell, so that what is right elsewhere is right there.

Every session begins without files that programs have kept: Matplotlib looks through its fonts again, and would say so,
in red, in a reader's first cell.

Python is a 32-bit one there, and some of NumPy's functions refuse to count or choose by whole numbers of 64 bits, which
labels are: ``np.bincount(labels)`` would be a TypeError. They take them where none is too large.

It runs in the reader's own namespace (it is Python's start-up file), and leaves no name there.
"""


def _begin() -> None:
    import functools
    import logging
    from collections.abc import Callable
    from typing import Any

    import numpy

    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    own = numpy.dtype(numpy.intp)
    # Function → the place and the name of what it counts or chooses by. Methods of arrays cannot be mended.
    by = {"bincount": (0, "x"), "choose": (0, "a"), "put": (1, "ind"), "repeat": (1, "repeats"), "take": (1, "indices")}

    def narrowed(numbers: Any) -> Any:
        found = numpy.asarray(numbers)
        if found.dtype.kind not in "iu" or found.dtype.itemsize <= own.itemsize:
            return numbers
        narrow = found.astype(own)
        return narrow if (narrow == found).all() else numbers

    def taking_all(function: Callable[..., Any], place: int, name: str) -> Callable[..., Any]:
        @functools.wraps(function)
        def taking(*arguments: Any, **named: Any) -> Any:
            if len(arguments) > place:
                arguments = (*arguments[:place], narrowed(arguments[place]), *arguments[place + 1 :])
            elif name in named:
                named[name] = narrowed(named[name])
            return function(*arguments, **named)

        return taking

    if own.itemsize < 8:
        for known, (place, name) in by.items():
            setattr(numpy, known, taking_all(getattr(numpy, known), place, name))


_begin()
del _begin
