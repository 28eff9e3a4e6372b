"""What all widgets share: choosing between the live widget and its static twin, and showing errors as a sentence.

A static twin is an ordinary output (HTML and text), so a stored notebook never needs widget state to be read. A live
widget is displayed together with its twin: where no widget can run, the twin is what remains.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

from nnkit.bar import must_repeat
from nnkit.draw import style
from nnkit.draw.output import Output


def is_static() -> bool:
    """Say whether pictures are to stand still: ``NNKIT_STATIC`` is set (and not 0), or ipywidgets is missing.

    Returns
    -------
    bool

    Examples
    --------
    >>> from unittest import mock
    >>> with mock.patch.dict("os.environ", NNKIT_STATIC="1"):
    ...     is_static()
    True
    """
    if must_repeat():
        return True
    try:
        import ipywidgets  # noqa: F401
    except ImportError:
        return True
    return False


class Note(Output):
    """A paragraph as a notebook output: HTML with a text twin.

    Parameters
    ----------
    text : str
        Plain text.
    label : str
        A bold word or two before it.
    """

    def __init__(self, text: str, label: str = "") -> None:
        self.text = text
        self.label = label

    @property
    def html(self) -> str:
        """The paragraph as HTML."""
        return paragraph(self.text, self.label)

    def __repr__(self) -> str:
        return f"{self.label} {self.text}".strip()


class Twin(Output):
    """A picture and what stands beneath it: all that is left of a widget where nothing can move.

    Parameters
    ----------
    picture : Picture or Figure
        As the controls stand at first.
    text : str
        What stands beneath, in plain text.
    markup : str
        The same as HTML.
    """

    def __init__(self, picture: Any, text: str, markup: str) -> None:
        self.picture = picture
        self.text = text
        self.markup = markup

    @property
    def html(self) -> str:
        """The picture and what stands beneath it."""
        return str(self.picture.html) + self.markup

    def __repr__(self) -> str:
        return f"{self.picture!r}\n{self.text}"


def paragraph(text: str, label: str = "") -> str:
    """Write plain text as an HTML paragraph, with an optional bold label.

    Parameters
    ----------
    text, label : str
        Plain text.

    Returns
    -------
    str

    Examples
    --------
    >>> paragraph("1 < 2", "True:")
    '<p style="margin:0.3em 0"><strong>True:</strong> 1 &lt; 2</p>'
    """
    bold = f"<strong>{html.escape(label)}</strong> " if label else ""
    return f'<p style="margin:0.3em 0">{bold}{html.escape(text)}</p>'


def announced(text: str = "", *, markup: str = "") -> str:
    """Write a reply as an HTML paragraph that a screen reader reads aloud as soon as it is there.

    Parameters
    ----------
    text : str
        Plain text.
    markup : str
        HTML, in the place of `text`.

    Returns
    -------
    str

    Examples
    --------
    >>> announced("Choose first.")
    '<p role="alert" style="margin:0.3em 0">Choose first.</p>'
    """
    # ipywidgets replaces the whole content of an HTML widget. Of a paragraph that is new together with its words only
    # an alert is announced; role="status" would have to be there before.
    return f'<p role="alert" style="margin:0.3em 0">{markup or html.escape(text)}</p>'


def with_visible_focus(widget: Any) -> Any:
    """Draw a ring around whatever in a widget has the keyboard; the themes only change the colour of a border.

    Parameters
    ----------
    widget : ipywidgets.Box
        Its first child is an `ipywidgets.HTML`, which takes the rule.

    Returns
    -------
    ipywidgets.Box
        The same widget.
    """
    # Twice the class: ipywidgets forbids its text boxes a ring, and means it. Around a box and a button it lies within
    # their edges, where their row does not cut it off.
    ring = ".nnkit-focus.nnkit-focus"
    rule = (
        f"{ring} :focus-visible {{outline: 2px solid currentColor !important; outline-offset: 1px}} "
        f"{ring} :is(button, .widget-input, [type=number]):focus-visible {{outline-offset: -2px !important}}"
    )
    widget.children[0].value += f"<style>{rule}</style>"
    widget.add_class("nnkit-focus")
    return widget


def picture_html(picture: Any) -> str:
    """Return the HTML of what a drawing function returned.

    Parameters
    ----------
    picture : Picture, Figure, or matplotlib figure
        Anything with an ``html`` attribute, or a matplotlib figure.

    Returns
    -------
    str

    Raises
    ------
    TypeError
        If it is neither.
    """
    return str(as_picture(picture).html)


def as_picture(picture: Any) -> Any:
    """Return something that shows itself in a notebook and has ``html``; matplotlib figures are turned into that.

    Parameters
    ----------
    picture : Picture, Figure, or matplotlib figure
        As for `picture_html`.

    Returns
    -------
    Output

    Raises
    ------
    TypeError
        If `picture` is neither a picture of nnkit nor a matplotlib figure.
    """
    if hasattr(picture, "html"):
        return picture
    if hasattr(picture, "savefig") or hasattr(getattr(picture, "figure", None), "savefig"):
        figure = getattr(picture, "figure", None) or picture
        said = [axes.get_title() for axes in figure.axes if axes.get_title()]
        return style.caption(picture, alt=f"Plot: {'; '.join(said)}." if said else "A plot.")
    raise TypeError(
        f"A drawing function returns a picture: nnkit.draw.graph(…) or a matplotlib figure; "
        f"this one returned a {type(picture).__name__}."
    )


def sentence(error: BaseException, doing: str) -> str:
    """Say in HTML that something could not be done, and why; never a traceback.

    Parameters
    ----------
    error : BaseException
    doing : str
        What was tried: "drawn at x = 0".

    Returns
    -------
    str

    Examples
    --------
    >>> sentence(ZeroDivisionError("division by zero"), "drawn at x = 0")
    '<p style="margin:0.3em 0"><strong>This cannot be drawn at x = 0:</strong> division by zero (ZeroDivisionError)</p>'
    """
    reason = str(error).strip() or "no reason given"
    return paragraph(f"{reason} ({type(error).__name__})", f"This cannot be {doing}:")


def show(static: Any, live: Callable[[], Any]) -> None:
    """Display a widget, or its static twin where nothing can move.

    Parameters
    ----------
    static : object
        The twin: a `Picture`, `Note`, or anything else that a notebook can display; or a function that makes it.
    live : callable
        Makes the ipywidgets widget; called only if it is to be shown.

    Examples
    --------
    >>> from unittest import mock
    >>> with mock.patch.dict("os.environ", NNKIT_STATIC="1"):
    ...     show(Note("Move the slider."), live=lambda: 1 / 0)
    Move the slider.
    """
    from IPython.display import display

    twin = static() if callable(static) else static
    if is_static():
        display(twin)
        return
    widget = live()
    bundle = dict(twin._repr_mimebundle_()) if hasattr(twin, "_repr_mimebundle_") else {"text/plain": repr(twin)}
    # The twin rides along: a page that cannot run the widget (an export, a preview) shows that instead.
    bundle["application/vnd.jupyter.widget-view+json"] = widget._repr_mimebundle_()[
        "application/vnd.jupyter.widget-view+json"
    ]
    display(bundle, raw=True)
