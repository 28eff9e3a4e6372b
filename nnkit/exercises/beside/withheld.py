"""What a function raises in whose place nothing stands: where a student's code is graded, it is not there.

In the package that grading puts beside a student's code, the functions that are an exercise's own answer have no body,
and libraries that have them are masked. Whoever calls one gets this error. A judge knows it by its type's name.
"""

from __future__ import annotations

WHY = "is, or holds, what an exercise of this notebook asks for, so it is not there while answers are graded"


class Withheld(Exception):  # noqa: N818 -- it names what the function is
    """A function was called that is withheld from the answers of this notebook.

    Parameters
    ----------
    name : str
        The function's full name.

    Examples
    --------
    >>> str(Withheld("nnkit.functional.conv2d")).partition(":")[0]
    'nnkit.functional.conv2d'
    """

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}: this {WHY}. Write it with plain Python and NumPy.")
        self.name = name
