"""The look of the whole course: role colours, how numbers are written, matplotlib's settings, alt text for figures.

Everything that decides how a picture looks stands here once. Ink is never a fixed black: drawn graphs take the text
colour of the page, matplotlib figures have a transparent background and grey axes that read on white and on near-black.
Matplotlib is imported when a figure is made, not before.
"""

from __future__ import annotations

import base64
import functools
import html
import io
import math
import unicodedata
from typing import Any

import numpy as np

from nnkit.draw.output import Output

COLOURS: dict[str, str] = {
    "input": "#0072B2",
    "weight": "#E69F00",
    "gradient": "#D55E00",
    "target": "#009E73",
    "right": "#009E73",
    "second": "#CC79A7",
    "axis": "#808080",
}
"""One colour per role, the same in text and pictures; chosen to stay apart for colour-blind readers.

The weights' orange has a contrast of only 2.2 : 1 on white. It is therefore used for areas and for wide lines that an
ink outline accompanies, never for text or for a thin line that stands alone.
"""

SERIES: tuple[str, ...] = (COLOURS["input"], COLOURS["second"], COLOURS["target"], COLOURS["gradient"])
"""The order of colours where several things of one kind are told apart."""

DASHES: tuple[str, ...] = ("-", "--", "-.", ":")
"""The dash patterns that go with them, so that two lines differ by more than colour."""

INK = "var(--jp-content-font-color1, currentColor)"
"""CSS colour of lines and text in an inline picture: the notebook theme's, else that of the surrounding text."""

FONT = (
    "var(--jp-content-font-family, system-ui), -apple-system, 'Segoe UI', 'DejaVu Sans', Helvetica, Arial, sans-serif"
)
"""CSS font of an inline picture: that of the notebook's text."""

_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_GREEK = {
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "epsilon": "ε",
    "eta": "η",
    "theta": "θ",
    "lambda": "λ",
    "mu": "μ",
    "sigma": "σ",
    "phi": "φ",
    "omega": "ω",
}


def number(value: float) -> str:
    """Write a number for a picture: three significant digits and a real minus sign.

    Whole numbers below 10,000 are written out, so that 1024 does not become 1020.

    Parameters
    ----------
    value : float
        Any real number, infinities and nan included; ``True`` and ``False`` count as 1 and 0.

    Returns
    -------
    str

    Examples
    --------
    >>> number(-0.19661), number(24.0), number(1234567.0), number(0.000123)
    ('−0.197', '24', '1.23·10⁶', '1.23·10⁻⁴')
    """
    value = float(value)
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    size = abs(value)
    if size < 10_000 and value == round(value):
        text = str(round(value))
    elif 0.001 <= size < 9999.5:
        # %.3g would write 1230 as 1.23e+03; from 1000 on the whole part is written out instead.
        text = f"{value:.3g}" if size < 999.5 else str(round(value))
    else:
        digits, exponent = f"{value:.2e}".split("e")
        digits = digits.rstrip("0").rstrip(".")
        text = f"{digits}·10" + str(int(exponent)).translate(_SUPERSCRIPT)
        text = text.replace("-", "−")
    return text.replace("-", "−")


def value(array: Any, longest: int = 12) -> str:
    """Write a value for a picture: a number, a short vector, or the shape of anything larger.

    Parameters
    ----------
    array : array_like
        A number or an array of any shape.
    longest : int
        Vectors are written out if that takes at most this many characters.

    Returns
    -------
    str
        A number as `number` writes it; ``[1, −2]`` for a short vector; of a longer one the shape as NumPy writes it,
        ``(64,)``; of a matrix ``4×3``.

    Examples
    --------
    >>> value(0.5), value([1.0, -2.0]), value(np.zeros((4, 3))), value(np.zeros(64))
    ('0.5', '[1, −2]', '4×3', '(64,)')
    """
    array = np.asarray(array)
    if array.ndim == 0:
        return number(array.item())
    if array.ndim == 1:
        written = "[" + ", ".join(number(entry) for entry in array[:longest].tolist()) + "]"
        return written if 0 < array.size <= longest and len(written) <= longest else f"({array.size},)"
    return "×".join(str(length) for length in array.shape)


def name(identifier: str) -> str:
    """Write a Python name as mathematics: Greek letters by their sign, numbers at the end as an index, hats.

    Parameters
    ----------
    identifier : str
        A name such as ``"theta1"``.

    Returns
    -------
    str

    Examples
    --------
    >>> name("theta1"), name("W2"), name("y_hat"), name("loss")
    ('θ₁', 'W₂', 'ŷ', 'loss')
    """
    if identifier.endswith("hat") and len(identifier.removesuffix("hat").rstrip("_")) == 1:
        return unicodedata.normalize("NFC", identifier[0] + "\N{COMBINING CIRCUMFLEX ACCENT}")
    stem = identifier.rstrip("0123456789")
    index = identifier[len(stem) :]
    stem = stem.rstrip("_") or stem
    return _GREEK.get(stem, stem) + (index.translate(_SUBSCRIPT) if stem else index)


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours as the Web Content Accessibility Guidelines define it.

    Parameters
    ----------
    first, second : str
        Colours written ``#rrggbb``.

    Returns
    -------
    float
        From 1 (the same) to 21 (black on white).

    Examples
    --------
    >>> round(contrast("#000000", "#ffffff"), 1)
    21.0
    """

    def luminance(colour: str) -> float:
        channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    darker, lighter = sorted((luminance(first), luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def settings() -> dict[str, Any]:
    """Return matplotlib's settings for the course, as `use` sets them.

    Figures become 7 × 3.6 inches with a transparent background, mid-grey axes and text, and the role colours as the
    order of lines. Each line also has its own dash pattern, so that two lines differ by more than colour.

    Returns
    -------
    dict from name to value

    Examples
    --------
    >>> settings()["axes.facecolor"]
    'none'
    """
    from cycler import cycler

    grey = COLOURS["axis"]
    return {
        "figure.figsize": (7.0, 3.6),
        "figure.dpi": 96,
        "savefig.dpi": 144,
        "figure.facecolor": "none",
        "axes.facecolor": "none",
        "savefig.facecolor": "none",
        "savefig.transparent": True,
        "figure.constrained_layout.use": True,
        "font.family": "sans-serif",
        "font.size": 11,
        "axes.titlesize": 12,
        "axes.labelsize": 11,
        "text.color": grey,
        "axes.edgecolor": grey,
        "axes.labelcolor": grey,
        "axes.titlecolor": grey,
        "xtick.color": grey,
        "ytick.color": grey,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "grid.color": grey,
        "grid.alpha": 0.25,
        "axes.axisbelow": True,
        "legend.frameon": False,
        "lines.linewidth": 2.0,
        "lines.markersize": 7,
        "image.cmap": "viridis",
        "axes.prop_cycle": cycler(color=list(SERIES)) + cycler(linestyle=list(DASHES)),
    }


def use() -> None:
    """Give matplotlib the course's `settings`; a notebook calls it once, in its first cell.

    Examples
    --------
    >>> use()
    """
    import matplotlib

    matplotlib.rcParams.update(settings())


@functools.cache
def _shown_figure() -> Any:
    """Return the class of figures that a notebook shows once, with their alt text; made when matplotlib is there."""
    import matplotlib.figure

    class Shown(matplotlib.figure.Figure):
        """A figure that pyplot does not know of, so that a notebook does not show it a second time."""

        def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
            return caption(self)._repr_mimebundle_()

    return Shown


def figure(width: float = 7.0, height: float = 3.6) -> Any:
    """Return an empty matplotlib figure with the course's look, whether or not `use` was called.

    Parameters
    ----------
    width, height : float
        In inches.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure(5, 3).get_size_inches().tolist()
    [5.0, 3.0]
    """
    return _shown_figure()(figsize=(width, height), layout="constrained", dpi=96, facecolor="none")


def describe(axes: Any, text: str) -> None:
    """Note beside a figure's axes what they show: the alt text, where `caption` is given none.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    text : str
        One or two sentences.

    Examples
    --------
    >>> axes = figure().add_subplot()
    >>> describe(axes, "A falling line.")
    >>> caption(axes.figure)
    A falling line.
    """
    axes.nnkit_description = text


def power(exponent: float) -> str:
    """Write a power of something: ``(·)²``, ``(·)⁻¹``, ``(·)^0.5``.

    Parameters
    ----------
    exponent : float

    Returns
    -------
    str

    Examples
    --------
    >>> power(2.0), power(-1), power(0.5)
    ('(·)²', '(·)⁻¹', '(·)^0.5')
    """
    written = number(exponent)
    if all(sign in "0123456789−" for sign in written):
        return "(·)" + written.replace("−", "-").translate(_SUPERSCRIPT)
    return f"(·)^{written}"


class Figure(Output):
    """A finished matplotlib figure with alt text and a caption, ready to be shown in a notebook.

    Parameters
    ----------
    png : bytes
        The image.
    width : float
        Width on the page, in CSS pixels.
    alt : str
        What a reader who cannot see the picture is told.
    caption : str
        One sentence under the picture: what to see in it.
    """

    def __init__(self, png: bytes, width: float, alt: str, caption: str = "") -> None:
        self.png = png
        self.width = width
        self.alt = alt
        self.caption = caption

    @property
    def html(self) -> str:
        """The figure as HTML: an ``<img>`` with alt text, and the caption beneath."""
        source = base64.b64encode(self.png).decode("ascii")
        image = (
            f'<img src="data:image/png;base64,{source}" alt="{html.escape(self.alt)}" '
            f'style="width:{self.width:.0f}px; max-width:100%; height:auto; background:transparent">'
        )
        return figure_html(image, self.caption)

    def __repr__(self) -> str:
        return self.alt + (f"\n{self.caption}" if self.caption else "")


def caption(figure: Any, alt: str = "", caption: str = "") -> Figure:
    """Turn a matplotlib figure into one that carries alt text and a caption, and close it.

    Make it the last line of a cell: ``style.caption(fig, alt="…", caption="…")``. Because the figure is closed it is
    not shown a second time.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure; its axes if that is what you have at hand (their figure is taken).
    alt : str
        What a reader who cannot see the picture is told: what is drawn and what it shows. The pictures of `nnkit.draw`
        describe themselves if it is left out; their numbers are measured, and may differ in the last digit elsewhere.
    caption : str
        One sentence under the picture: what to see in it.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there is no alt text.

    Examples
    --------
    >>> from matplotlib.figure import Figure as Drawing
    >>> caption(Drawing(figsize=(2, 1)), alt="An empty figure.")
    An empty figure.
    """
    figure = getattr(figure, "figure", None) or figure
    alt = alt.strip() or " ".join(getattr(axes, "nnkit_description", "") for axes in figure.axes).strip()
    if not alt:
        raise ValueError("A picture needs alt text: one or two sentences that say what is drawn. Give alt=….")
    buffer = io.BytesIO()
    # Without the software's name and version the same figure gives the same file.
    figure.savefig(buffer, format="png", dpi=settings()["savefig.dpi"], metadata={"Software": None})
    width = float(figure.get_size_inches()[0]) * 96
    import matplotlib.pyplot

    matplotlib.pyplot.close(figure)
    return Figure(buffer.getvalue(), width, alt, caption)


def figure_html(content: str, caption: str = "") -> str:
    """Put a picture's HTML into a ``<figure>`` with a caption beneath.

    Parameters
    ----------
    content : str
        HTML of the picture.
    caption : str
        Plain text; empty for none.

    Returns
    -------
    str

    Examples
    --------
    >>> figure_html("<img>")
    '<figure style="margin:0.4em 0"><img></figure>'
    """
    below = (
        f'<figcaption style="font-size:90%; margin-top:0.3em">{html.escape(caption)}</figcaption>' if caption else ""
    )
    return f'<figure style="margin:0.4em 0">{content}{below}</figure>'
