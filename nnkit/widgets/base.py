"""What all widgets share: choosing between the live widget and its static twin, and showing errors as a sentence.

A static twin is an ordinary output (HTML and text), so a stored notebook never needs widget state to be read. A live
widget is displayed beneath its twin and hides it for as long as it lives: where no widget can run, on GitHub, in an
export, or in a notebook that is opened again, the twin is what is seen.

A widget that moves is a `Moving`: a state (a plain dictionary that decides the picture), a description of its fields,
from which the page makes the controls, and a file in ``front/`` that draws on the page. Where the page can compute, it
does; where only Python can, the page asks, and waits for the answer before it asks again. So nothing queues up, and a
training that plays is a row of short questions: it never blocks the kernel, and it ends when its picture is gone.
"""

from __future__ import annotations

import contextlib
import html
import importlib.util
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nnkit.bar import must_repeat
from nnkit.draw import style
from nnkit.draw.output import Output
from nnkit.widgets.arrays import packed
from nnkit.widgets.fields import Field, read_state
from nnkit.widgets.front_end import front_class, look, module


def is_static() -> bool:
    """Say whether pictures are to stand still: ``NNKIT_STATIC`` is set (and not 0), or what widgets need is missing.

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
    return not all(importlib.util.find_spec(name) for name in ("ipywidgets", "anywidget"))


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
        Makes the widget of anywidget; called only if it is to be shown.

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
    widget = _instead_of_the_last(live())
    bundle = dict(twin._repr_mimebundle_()) if hasattr(twin, "_repr_mimebundle_") else {"text/plain": repr(twin)}
    mark = f"nnkit-twin-{widget.model_id}"
    widget.setup = {**widget.setup, "twin": mark}
    bundle["text/html"] = f'<div class="nnkit-twin" id="{mark}">{bundle["text/html"]}</div><style>{_NO_WIDGET}</style>'
    display(bundle, raw=True)
    display({VIEW: widget._repr_mimebundle_()[0][VIEW], "text/plain": ""}, raw=True)


# Beneath a twin that is seen, an output without a widget is JupyterLab's complaint that there is none any more.
_NO_WIDGET = (
    ".jp-OutputArea-child:has(.nnkit-twin:not([hidden])) + .jp-OutputArea-child:has(.jupyter-widgets)"
    ":not(:has(.nnkit-widget)){display:none}"
)


VIEW = "application/vnd.jupyter.widget-view+json"


_shown: dict[str, tuple[str, list[Any]]] = {}
"""By cell: the run that showed widgets, and which."""


def _instead_of_the_last(widget: Any) -> Any:
    """Close what an earlier run of the same cell has shown: its picture is gone, and so is who would ask it."""
    cell, run = _cell_and_run()
    if cell:
        before, widgets = _shown.get(cell, ("", []))
        if before != run:
            for old in widgets:
                _close(old)
            widgets = []
        _shown[cell] = (run, [*widgets, widget])
    return widget


def _close(widget: Any) -> None:
    """Close a widget and its layout, which it does not close of itself."""
    widget.layout.close()
    widget.close()


def _cell_and_run() -> tuple[str, str]:
    """Return the id of the cell that runs and that of its request; "" where the front end tells none."""
    from IPython.core.getipython import get_ipython

    try:
        shell = get_ipython()
        request = shell.get_parent() if hasattr(shell, "get_parent") else shell.kernel.get_parent()  # in JupyterLite
        return str(request["metadata"].get("cellId", "")), str(request["header"]["msg_id"])
    except (AttributeError, KeyError, TypeError):
        return "", ""


class Moving:
    """A widget that moves: whoever inherits says what it is made of, and `show` puts it into the notebook.

    Parameters
    ----------
    settings : mapping, optional
        A state, or a part of one; what is left out has the start of its field.
    **changes : Any
        Single settings; they win.

    Attributes
    ----------
    state : dict
        What decides the picture. It follows the page, half a second after the last change.

    Raises
    ------
    ValueError
        If a setting is not known or out of bounds.
    """

    front: str
    """The name of its file in ``front/``, without ``.js``."""
    title: str
    """What it is called, for whoever does not see it."""
    call: str
    """What makes it in a notebook: ``widgets.descent``; with "…" for the settings where it takes more than them."""

    def __init__(self, settings: Mapping[str, Any] | None = None, /, **changes: Any) -> None:
        self.state = self.read({**(settings or {}), **changes})

    @property
    def fields(self) -> Sequence[Field]:
        """What its state is made of."""
        raise NotImplementedError(f"{type(self).__name__} does not say what its state is made of: give it fields.")

    def read(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return a whole state, and refuse what makes none.

        Parameters
        ----------
        given : mapping

        Returns
        -------
        dict
        """
        return read_state(self.fields, given, self.call if "…" in self.call else f"{self.call}(…)")

    def material(self) -> dict[str, Any]:
        """Return what the page needs besides the state: numbers, strings, lists and dictionaries of them."""
        return {}

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """Return what the page asks for; arrays in it travel as bytes.

        Parameters
        ----------
        question : dict
            Made by the page's ``kit.ask``.

        Returns
        -------
        dict
        """
        raise NotImplementedError(f"{type(self).__name__} answers no questions.")

    def twin(self) -> Any:
        """Return the static picture of the state: an Output."""
        raise NotImplementedError(f"{type(self).__name__} has no static picture: give it a twin.")

    def reply(self, question: dict[str, Any]) -> dict[str, Any]:
        """Answer a question, or say in a sentence why that cannot be done.

        Parameters
        ----------
        question : dict

        Returns
        -------
        dict
            The answer, or ``{"problem": sentence}``.
        """
        try:
            return self.answer(question)
        except Exception as error:  # whatever a reader's own function raises is a sentence beneath the picture
            return {"problem": f"{str(error).strip() or 'No reason given'} ({type(error).__name__})."}

    @property
    def setup(self) -> dict[str, Any]:
        """What the page gets when it begins."""
        return {
            "title": self.title,
            "call": self.call,
            "fields": [field.described() for field in self.fields],
            "material": self.material(),
        }

    def live(self) -> Any:
        """Return the widget of anywidget that shows it on a page."""
        widget = front_class(self.front)(state=self.state, setup=self.setup)

        def hear(_: Any, message: Any, buffers: Any) -> None:
            answer, arrays, sent = packed(self.reply(message["question"]))
            widget.send({"number": message["number"], "answer": answer, "arrays": arrays}, buffers=sent)

        def follow(change: Any) -> None:
            with contextlib.suppress(ValueError):  # of a page of another version; what was last read stays
                self.state = self.read(change["new"])

        widget.on_msg(hear)
        widget.observe(follow, names="state")
        return widget

    def show(self) -> None:
        """Display it, or its static picture where nothing can move."""
        show(self.twin, self.live)

    def page(self) -> str:
        """Return a page of its own that needs neither a kernel nor anything else; nothing in it is asked of Python.

        Returns
        -------
        str
            HTML.
        """
        given = json.dumps({"setup": self.setup, "state": self.state}, ensure_ascii=False).replace("</", "<\\/")
        script = module(self.front).replace("export default", "const front =").replace("</script", "<\\/script")
        return (
            f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{html.escape(self.title)}</title>\n'
            f"<style>{look(self.front)}</style></head>\n"
            f'<body><main id="widget"></main>\n<script type="module">\n{script}\nconst kept = {given};\n'
            "const model = { get: (name) => kept[name], set: (name, value) => { kept[name] = value; }, "
            "save_changes() {}, send() {}, on() {}, off() {} };\n"
            'front.render({ model, el: document.getElementById("widget") });\n</script></body></html>\n'
        )
