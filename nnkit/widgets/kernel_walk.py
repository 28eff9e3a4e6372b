"""A kernel that walks over an image: led by hand, with weights and pixels of the reader's own, beside his function.

The page computes what the kernel finds. Only what a reader's own function makes of the same image is asked of Python;
it is shown as it is, right or wrong, beside the sum of products.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from nnkit.draw import kernels, style
from nnkit.widgets import base
from nnkit.widgets.fields import Field, Numbers, Switch, Whole
from nnkit.widgets.limits import TooLong, bounded, said

SEVEN = (
    (0, 0, 0, 0, 0, 0),
    (0, 2, 2, 2, 0, 0),
    (0, 0, 1, 2, 0, 0),
    (0, 0, 2, 1, 0, 0),
    (0, 0, 2, 0, 0, 0),
    (0, 0, 0, 0, 0, 0),
)
"""A small seven: ink is 2, half covered 1."""

LARGEST_KERNEL = 5
BOUND = 99.0
"""How large a pixel or a weight may be, so that it can be read in its cell."""

Function = Callable[..., Any]


@dataclass(frozen=True)
class Table(Field):
    """A table of numbers whose size may change.

    Parameters
    ----------
    most : int
        Rows and columns at most.
    bound : float
        How far from 0 each number may be.
    """

    most: int
    bound: float
    kind: ClassVar[str] = "table"

    def read(self, value: Any) -> list[list[float]]:
        """Return the rows as lists of floats."""
        try:
            array = np.array(value, dtype=float)
        except (TypeError, ValueError):
            array = np.array(np.nan)
        if (
            array.ndim != 2
            or not 1 <= min(array.shape) <= max(array.shape) <= self.most
            or not np.all(np.abs(array) <= self.bound)
        ):
            raise ValueError(
                f"{self.name} is a table of 1 to {self.most} rows and columns, with numbers from {-self.bound:g} to "
                f"{self.bound:g}; got {value!r}."
            )
        rows: list[list[float]] = array.tolist()
        return rows


class KernelWalk(base.Moving):
    """An image, a kernel on it, and the results so far.

    Parameters
    ----------
    settings : mapping, optional
        ``image`` (H, W), at most 12 rows and columns with its padding; ``kernel`` (KH, KW), at most 5; ``row`` and
        ``column``, the entry of the result that is shown first; ``stride``; ``pad``; ``all``, whether every result
        stands there from the start; ``draw``, whether a click changes a pixel.
    yours : callable or str, optional
        A function of the reader's, or the name that it has in the notebook; a name is looked up at each question, so
        that a mended function is seen at once. It takes an image and a kernel, or as a layer x, w, b, stride and pad.
    **changes : Any
        Single settings; they win.

    Raises
    ------
    ValueError
        If shapes do not fit, numbers could not be read in their cells, or there is no such place.

    Examples
    --------
    >>> KernelWalk(image=[[1, 2], [3, 4]], kernel=[[1, -1]], row=1).state["kernel"]
    [[1.0, -1.0]]
    """

    front = "kernel_walk"
    title = "A kernel walks over an image"
    call = "widgets.kernel_walk"

    def __init__(
        self, settings: Mapping[str, Any] | None = None, /, *, yours: Function | str | None = None, **changes: Any
    ) -> None:
        self._yours = yours
        given = {**(settings or {}), **changes}
        # The size of the image stays as it is given; which images there are to choose from follows from it.
        image = Table("image", "", SEVEN, kernels.MOST, BOUND).read(given.get("image", SEVEN))
        self._shape = (len(image), len(image[0]))
        super().__init__(given)

    @property
    def fields(self) -> Sequence[Field]:
        """The picture sets the image, the kernel and the place; the rest have controls."""
        high, wide = self._shape
        padding = min(2, (kernels.MOST - max(high, wide)) // 2)
        return [
            Numbers("image", "", SEVEN, self._shape, -BOUND, BOUND),
            Table("kernel", "", [[1.0, -1.0], [1.0, -1.0]], LARGEST_KERNEL, BOUND),
            Whole("row", "", 0, 0, kernels.MOST),
            Whole("column", "", 0, 0, kernels.MOST),
            Whole("stride", "stride", 1, 1, 4),
            Whole("pad", "pad", 0, 0, padding),
            Switch("all", "all results", False),
            Switch("draw", "draw pixels", False),
        ]

    def read(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return a whole state; refuse a kernel that does not fit, and a place that is not there."""
        state = super().read(given)
        self._step(state)
        return state

    def _step(self, state: Mapping[str, Any]) -> Any:
        return kernels.step(
            state["image"], state["kernel"], state["row"], state["column"], stride=state["stride"], pad=state["pad"]
        )

    def material(self) -> dict[str, Any]:
        """The images to choose from, what the reader's function is called, and whether it was given by its name."""
        high, wide = self._shape
        rows, columns = np.indices(self._shape)
        images = {
            "as it was": np.array(self.state["image"]),
            "an edge": np.where(columns < wide / 2, 2.0, 0.0),
            "a diagonal": np.where(rows * wide == columns * high, 2.0, 0.0)
            if high == wide
            else np.where(np.abs(rows / high - columns / wide) < 0.5 / min(high, wide), 2.0, 0.0),
            "a corner": np.where((rows >= high // 2) & (columns >= wide // 2), 2.0, 0.0),
            "white paper": np.zeros(self._shape),
        }
        return {
            "images": {name: image.tolist() for name, image in images.items()},
            "most": LARGEST_KERNEL,
            "bound": BOUND,
            "yours": None if self._yours is None else name_of(self._yours),
            "looked_up": isinstance(self._yours, str),
        }

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """Return what the reader's function makes of an image.

        Parameters
        ----------
        question : dict
            Image, kernel, stride and pad.

        Returns
        -------
        dict
            ``values``, a table; or ``said``, a sentence that tells why there is none.
        """
        if self._yours is None:
            raise ValueError("No function was given to compare with.")
        image, kernel = (np.array(question[name], dtype=float) for name in ("image", "kernel"))
        return asked(self._yours, image, kernel, int(question["stride"]), int(question["pad"]))

    def twin(self) -> Any:
        """The kernel at its place; beneath it how the reader's function compares."""
        state = self.state
        lines = [f"Drawn for row {state['row']}, column {state['column']} of the result."]
        if self._yours is not None:
            lines.append(self._compared())
        said = " ".join(lines)
        return base.Twin(self._step(state), said, base.paragraph(said))

    def _compared(self) -> str:
        """Say how the reader's function compares with the sums of products."""
        state = self.state
        answer = self.answer(state)
        if "said" in answer:
            return str(answer["said"])
        found = kernels.walk(state["image"], state["kernel"], stride=state["stride"], pad=state["pad"])
        mine = np.array(answer["values"], dtype=float)
        name = name_of(self._yours)
        if mine.shape != found.shape:
            return f"Your {name} makes a table of {_size(mine.shape)} here, and there are {_size(found.shape)} places."
        apart = ~np.isclose(mine, found, rtol=1e-4, atol=1e-4)
        if not apart.any():
            return f"Your {name} finds the sum of products at all {found.size} places."
        i, j = np.argwhere(apart)[0]
        return (
            f"Your {name} finds something else at {apart.sum()} of {found.size} places, first at row {i}, column {j}: "
            f"yours {style.number(mine[i, j])}, sum of products {style.number(found[i, j])}."
        )


def kernel_walk(
    settings: Mapping[str, Any] | None = None, /, *, yours: Function | str | None = None, **changes: Any
) -> None:
    """Show a kernel on an image: it follows the mouse, the arrow keys and *Play*, and its weights can be typed.

    Parameters
    ----------
    settings : mapping, optional
        What the picture prints of itself: image, kernel, row, column, stride, pad, all, draw.
    yours : callable or str, optional
        A function of the reader's, or its name, whose result is compared place by place.
    **changes : Any
        Single settings; they win.

    Raises
    ------
    ValueError
        If shapes do not fit, the image is too large to be read, or there is no such place.

    Examples
    --------
    >>> from unittest import mock
    >>> with mock.patch.dict("os.environ", NNKIT_STATIC="1"):
    ...     kernel_walk(image=[[1, 2], [3, 4]], kernel=[[1, -1]])
    An image of 2 × 2 and a kernel of 1 × 2 on rows 0 to 0, columns 0 to 1. The sum of products there is \
1·1 + 2·(−1) = −1. 1 of 2 results are there, of a result of 2 × 1.
    Drawn for row 0, column 0 of the result.
    """
    KernelWalk(settings, yours=yours, **changes).show()


def name_of(function: Function | str | None) -> str:
    """Return what a function is called.

    Parameters
    ----------
    function : callable or str

    Returns
    -------
    str

    Examples
    --------
    >>> name_of(sorted), name_of("convolve_image")
    ('sorted', 'convolve_image')
    """
    return function if isinstance(function, str) else getattr(function, "__name__", "function")


def asked(function: Function | str, image: np.ndarray, kernel: np.ndarray, stride: int, pad: int) -> dict[str, Any]:
    """Ask a reader's function what it makes of an image, whatever it does.

    Parameters
    ----------
    function : callable or str
        Of (image, kernel), where needed with stride and pad; or of x, w, b, stride and pad. One that knows no stride
        and no padding gets the padded image, and of what it makes every so many rows and columns are taken.
    image, kernel : (H, W) and (KH, KW) numpy.ndarray
    stride, pad : int

    Returns
    -------
    dict
        ``values``, lists of lists of floats; or ``said``, a sentence that tells why there are none.

    Examples
    --------
    >>> asked(lambda image, kernel: image * kernel[0, 0], np.ones((1, 2)), np.array([[3.0]]), 1, 0)
    {'values': [[3.0, 3.0]]}
    >>> asked("blur", np.ones((1, 2)), np.ones((1, 1)), 1, 0)
    {'said': 'There is no blur yet: run the cell that defines it, then come back.'}
    """
    name = name_of(function)
    found = _looked_up(function) if isinstance(function, str) else function
    if not callable(found):
        return {"said": f"There is no {name} yet: run the cell that defines it, then come back."}
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")  # numbers that are none are seen in the picture
            made = bounded(_called, found, image.copy(), kernel.copy(), stride, pad)
    except (Exception, TooLong) as error:
        return {"said": f"Your {name} {said(error)}."}
    if made is None:
        return {"said": f"Your {name} returned None. Does it end with return?"}
    try:
        table = np.asarray(made, dtype=float)
    except (TypeError, ValueError):
        table = np.array(np.nan)
    if table.ndim != 2:
        came = f"an array of shape {np.shape(made)}" if isinstance(made, np.ndarray) else f"a {type(made).__name__}"
        return {"said": f"Your {name} returned {came}; a result is a table of numbers, with rows and columns."}
    return {"values": table.tolist()}


def _called(function: Function, image: np.ndarray, kernel: np.ndarray, stride: int, pad: int) -> Any:
    try:
        names = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        names = []
    if len(names) >= 3 and names[2] not in ("stride", "pad"):  # a layer: x, w, b, stride, pad
        made = function(image[None, None], kernel[None, None], np.zeros(1), stride, pad)
        return made[0, 0] if isinstance(made, np.ndarray) and made.ndim == 4 else made
    if "stride" in names and "pad" in names:
        return function(image, kernel, stride=stride, pad=pad)
    made = function(np.pad(image, pad), kernel)
    if stride == 1 or made is None:
        return made
    return np.asarray(made)[::stride, ::stride]


def _looked_up(name: str) -> Any:
    """Return what a name means in the notebook; None where it means nothing, or there is none."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    return None if shell is None else shell.user_ns.get(name)


def _size(shape: Sequence[int]) -> str:
    return " × ".join(map(str, shape))
