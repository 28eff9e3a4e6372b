"""The look of the whole course: role colours, how numbers are written, matplotlib's settings, alt text for figures.

Everything that decides how a picture looks stands here once, for a white page and for a dark one. No colour reads well
on both, so each role has two: `COLOURS` on white, and what `dark` makes of them on a dark page. Drawn graphs take the
text colour of the page and choose with `colour` by the page's theme; a matplotlib figure is dark on opaque white, and
a dark page turns its lightness round with the same arithmetic, so that one role looks alike in all kinds of pictures.
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
    "ink": "#222222",
    "page": "#FFFFFF",
    "input": "#0072B2",
    "weight": "#6D4B00",
    "weight-area": "#E69F00",
    "gradient": "#B65000",
    "target": "#007E5C",
    "right": "#007E5C",
    "second": "#B64584",
    "axis": "#666666",
}
"""One colour per role on a white page, the same in text and pictures.

All but the page and the weights' area have a contrast of 5 : 1 and more on white, so that they can be read as text
even on the pale grey of a panel. The weights' bright orange has 2.2 : 1: it fills areas that ink or "weight" borders,
and is never a text or a line; as such they are brown, and darker than the gradients, from which a colour-blind reader
could not tell them otherwise. Colours that all read well are alike in lightness: never let one say alone what no dash,
shape or word says with it.
"""

SERIES_ROLES: tuple[str, ...] = ("input", "second", "target", "gradient")
"""The order of roles where several things of one kind are told apart."""

SERIES: tuple[str, ...] = tuple(COLOURS[role] for role in SERIES_ROLES)
"""Their colours on a white page, for matplotlib."""

DASHES: tuple[str, ...] = ("-", "--", "-.", ":")
"""The dash patterns that go with them, so that two lines differ by more than colour."""

DARKENED = "invert(.9333) hue-rotate(180deg)"
"""CSS filter that makes of a picture on white one on a dark page: white becomes #111111, and hues stay."""

_INVERTED = 0.9333
# The matrix of hue-rotate(180deg) in the specification of CSS filters, for red, green and blue.
_HALF_TURN = ((-0.574, 1.430, 0.144), (0.426, 0.430, 0.144), (0.426, 1.430, -0.856))

_DARK_PAGES = '[data-jp-theme-light="false"],.vscode-dark,html[theme="dark"],html[data-theme="dark"]'
"""How a page says that it is dark: JupyterLab, Notebook and nbconvert; VS Code; Colab; Sphinx's themes."""

INK = "var(--jp-content-font-color1, currentColor)"
"""CSS colour of lines and text in an inline picture: the notebook theme's, else that of the surrounding text."""

PAGE = f"var(--jp-layout-color0, var(--nnkit-page, {COLOURS['page']}))"
"""CSS colour of the page under an inline picture, for what covers something else."""

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


def dark(colour: str) -> str:
    """Return what becomes of a colour on a dark page: that which the filter `DARKENED` makes of it.

    Parameters
    ----------
    colour : str
        A colour for a white page, written ``#rrggbb``.

    Returns
    -------
    str

    Examples
    --------
    >>> dark("#FFFFFF"), dark("#222222"), dark("#0072B2")
    ('#111111', '#D1D1D1', '#4BADE5')
    """
    turned = [_INVERTED + (1 - 2 * _INVERTED) * int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    channels = (sum(factor * part for factor, part in zip(row, turned, strict=True)) for row in _HALF_TURN)
    return "#" + "".join(f"{round(255 * min(max(channel, 0.0), 1.0)):02X}" for channel in channels)


def colour(role: str) -> str:
    """Return the CSS colour of a role, which follows the page's theme where `css` stands, and is that on white else.

    Parameters
    ----------
    role : str
        One of `COLOURS`.

    Returns
    -------
    str

    Examples
    --------
    >>> colour("input")
    'var(--nnkit-input, #0072B2)'
    """
    return f"var(--nnkit-{'target' if role == 'right' else role}, {COLOURS[role]})"


@functools.cache
def css() -> str:
    """Return the rules that give the roles their colours on a white page and on a dark one.

    They are short because they stand in every output: whichever is shown alone, or exported, has them with it.

    Returns
    -------
    str

    Examples
    --------
    >>> "--nnkit-input:#0072B2" in css(), "--nnkit-input:#4BADE5" in css()
    (True, True)
    """
    roles = {role: value for role, value in COLOURS.items() if role != "right"}
    light = ";".join(f"--nnkit-{role}:{value}" for role, value in roles.items())
    other = ";".join(f"--nnkit-{role}:{dark(value)}" for role, value in roles.items())
    plots = ".nnkit-plot{filter:var(--nnkit-filter,none)}"
    return f":root{{{light}}}{_DARK_PAGES}{{{other};--nnkit-filter:{DARKENED}}}{plots}"


def sheet() -> str:
    """Return the rules of `css` as an element of HTML, as it stands at the head of a picture.

    Returns
    -------
    str

    Examples
    --------
    >>> sheet()[:13]
    '<style>:root{'
    """
    return f"<style>{css()}</style>"


def settings() -> dict[str, Any]:
    """Return matplotlib's settings for the course, as `use` sets them.

    Figures become 7 × 3.6 inches on opaque white, with dark text, grey axes, and the role colours as the order of
    lines. Each line also has its own dash pattern, so that two lines differ by more than colour.

    Returns
    -------
    dict from name to value

    Examples
    --------
    >>> settings()["axes.facecolor"]
    '#FFFFFF'
    """
    from cycler import cycler

    ink, page, grey = COLOURS["ink"], COLOURS["page"], COLOURS["axis"]
    return {
        "figure.figsize": (7.0, 3.6),
        "figure.dpi": 96,
        "savefig.dpi": 144,
        "figure.facecolor": page,
        "axes.facecolor": page,
        "savefig.facecolor": page,
        "savefig.transparent": False,
        "figure.constrained_layout.use": True,
        "font.family": "sans-serif",
        "font.size": 11,
        "axes.titlesize": 12,
        "axes.labelsize": 11,
        "text.color": ink,
        "axes.edgecolor": grey,
        "axes.labelcolor": ink,
        "axes.titlecolor": ink,
        "xtick.color": grey,
        "ytick.color": grey,
        "xtick.labelcolor": ink,
        "ytick.labelcolor": ink,
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
    return _shown_figure()(figsize=(width, height), layout="constrained", dpi=96, facecolor=COLOURS["page"])


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
        The image, dark on white.
    width : float
        Width on the page, in CSS pixels.
    alt : str
        What a reader who cannot see the picture is told.
    caption : str
        One sentence under the picture: what to see in it.
    darkens : bool
        Whether a dark page may turn its lightness round; else it stands there as a white card.
    """

    def __init__(self, png: bytes, width: float, alt: str, caption: str = "", darkens: bool = False) -> None:
        self.png = png
        self.width = width
        self.alt = alt
        self.caption = caption
        self.darkens = darkens

    @property
    def html(self) -> str:
        """The figure as HTML: an ``<img>`` with alt text, and the caption beneath."""
        source = base64.b64encode(self.png).decode("ascii")
        # Where the rules are dropped, as in a notebook that is not trusted, the picture is a white card and readable.
        kind, look = "nnkit-plot", f"width:{self.width:.0f}px"
        if not self.darkens:
            kind = "nnkit-card"
            look = f"width:{self.width + 2 * CARD_EDGE:.0f}px; box-sizing:border-box; padding:{CARD_EDGE}px"
        image = (
            f'<img class="{kind}" src="data:image/png;base64,{source}" alt="{html.escape(self.alt)}" '
            f'style="{look}; max-width:100%; height:auto; background:{COLOURS["page"]}; border-radius:{CARD_EDGE}px">'
        )
        return (sheet() if self.darkens else "") + figure_html(image, self.caption)

    def __repr__(self) -> str:
        return self.alt + (f"\n{self.caption}" if self.caption else "")


CARD_EDGE = 6
"""Room around a picture that stays white on a dark page, in CSS pixels."""

_IN_ROLE_COLOURS = "nnkit-role-colours"


def in_role_colours(*artists: Any) -> None:
    """Note of areas that they are filled in role colours, and so keep their meaning when a dark page turns lightness.

    Parameters
    ----------
    *artists : matplotlib.artist.Artist
        What `caption` would else take for an image or a map of numbers.

    Examples
    --------
    >>> figure_ = figure()
    >>> image = figure_.add_subplot().imshow([[0, 1]])
    >>> holds_imagery(figure_), in_role_colours(image), holds_imagery(figure_)
    (True, None, False)
    """
    for artist in artists:
        artist.set_gid(_IN_ROLE_COLOURS)


def holds_imagery(figure: Any) -> bool:
    """Say whether a figure holds images or colours that stand for numbers: then light and dark in it mean something.

    Parameters
    ----------
    figure : matplotlib.figure.Figure

    Returns
    -------
    bool

    Examples
    --------
    >>> plain = figure()
    >>> plain.add_subplot().plot([1, 2])  # doctest: +ELLIPSIS
    [...]
    >>> holds_imagery(plain)
    False
    """
    from matplotlib.contour import ContourSet

    def is_imagery(artist: Any) -> bool:
        if not hasattr(artist, "get_array") or artist.get_array() is None or artist.get_gid() == _IN_ROLE_COLOURS:
            return False
        # Contour lines are lines, and areas between them may have colours that were chosen one by one.
        return not isinstance(artist, ContourSet) or (artist.filled and artist.colors is None)

    return bool(figure.findobj(is_imagery))


def caption(figure: Any, alt: str = "", caption: str = "", darkens: bool | None = None) -> Figure:
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
    darkens : bool, optional
        Whether a dark page may turn the figure's lightness round, as is right for lines and text; else it stands there
        as a white card. Left out, it does unless `holds_imagery` finds something that would change its meaning.

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
    if darkens is None:
        darkens = not holds_imagery(figure)
    buffer = io.BytesIO()
    # Without the software's name and version the same figure gives the same file. The ground is opaque whatever the
    # figure's own is: dark text on a page of any colour can then be read.
    figure.savefig(
        buffer, format="png", dpi=settings()["savefig.dpi"], metadata={"Software": None}, facecolor=COLOURS["page"],
        transparent=False,
    )  # fmt: skip
    width = float(figure.get_size_inches()[0]) * 96
    import matplotlib.pyplot

    matplotlib.pyplot.close(figure)
    return Figure(buffer.getvalue(), width, alt, caption, darkens)


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
