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
import functools
import html
import importlib.util
import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nnkit.bar import must_repeat
from nnkit.draw import style
from nnkit.draw.output import Output
from nnkit.widgets.fields import Field, read_state


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
    widget = _instead_of_the_last(live())
    bundle = dict(twin._repr_mimebundle_()) if hasattr(twin, "_repr_mimebundle_") else {"text/plain": repr(twin)}
    view = _mimebundle(widget)[VIEW]
    if not hasattr(widget, "setup"):
        display({**bundle, VIEW: view}, raw=True)
        return
    mark = f"nnkit-twin-{widget.model_id}"
    widget.setup = {**widget.setup, "twin": mark}
    bundle["text/html"] = f'<div class="nnkit-twin" id="{mark}">{bundle["text/html"]}</div><style>{_NO_WIDGET}</style>'
    display(bundle, raw=True)
    display({VIEW: view, "text/plain": ""}, raw=True)


# Beneath a twin that is seen, an output without a widget is JupyterLab's complaint that there is none any more.
_NO_WIDGET = (
    ".jp-OutputArea-child:has(.nnkit-twin:not([hidden])) + .jp-OutputArea-child:has(.jupyter-widgets)"
    ":not(:has(.nnkit-widget)){display:none}"
)


VIEW = "application/vnd.jupyter.widget-view+json"


def _mimebundle(widget: Any) -> dict[str, Any]:
    """Return what shows a widget; of anywidget with the metadata beside it."""
    bundle = widget._repr_mimebundle_()
    return dict(bundle[0] if isinstance(bundle, tuple) else bundle)


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
    """Close a widget and all that belongs to it, which it does not do of itself."""
    for inner in getattr(widget, "children", ()):
        _close(inner)
    for beside in (getattr(widget, name, None) for name in ("layout", "style")):
        if beside is not None:
            beside.close()
    widget.close()


def _cell_and_run() -> tuple[str, str]:
    """Return the id of the cell that runs and that of its request; "" where the front end tells none."""
    from IPython.core.getipython import get_ipython

    try:
        request = get_ipython().get_parent()
        return str(request["metadata"].get("cellId", "")), str(request["header"]["msg_id"])
    except (AttributeError, KeyError, TypeError):
        return "", ""


FRONT = Path(__file__).with_name("front")


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
        widget = _front_class(self.front)(state=self.state, setup=self.setup)

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


def module(front: str) -> str:
    """Return the program of a widget on the page: what all share, what some share, then its own.

    Parameters
    ----------
    front : str
        The name of its file in ``front/``. Where that begins with a line such as ``// Uses plot.js and chance.js.``,
        these files come before it.

    Returns
    -------
    str

    Examples
    --------
    >>> "function view(kit)" in module("stepper")
    True
    """
    own = (FRONT / f"{front}.js").read_text(encoding="utf-8")
    first = own.partition("\n")[0]
    used = re.findall(r"(\w+)\.js", first) if first.startswith("// Uses ") else []
    return "\n".join([*((FRONT / f"{name}.js").read_text(encoding="utf-8") for name in ("kit", *used)), own])


def look(front: str) -> str:
    """Return the style sheet of a widget: the course's colours, what all share, then its own.

    Parameters
    ----------
    front : str
        The name of its file in ``front/``; one without a style sheet of its own needs none.

    Returns
    -------
    str

    Examples
    --------
    >>> "--nnkit-gradient" in look("stepper"), ".nnkit-field" in look("fill_in")
    (True, True)
    """
    own = FRONT / f"{front}.css"
    sheets = [FRONT / "kit.css", *([own] if own.exists() else [])]
    return style.css() + "".join(sheet.read_text(encoding="utf-8") for sheet in sheets)


@functools.cache
def _front_class(front: str) -> Any:
    """Return the class of anywidget for one file of ``front/``; anywidget is loaded only now."""
    import anywidget
    import traitlets

    return type(
        f"Front_{front}",
        (anywidget.AnyWidget,),
        {
            "_esm": module(front),
            "_css": look(front),
            "setup": traitlets.Dict().tag(sync=True),
            "state": traitlets.Dict().tag(sync=True),
        },
    )


_SENT = {"f": "float32", "i": "int32", "u": "uint8", "b": "uint8"}
"""The kind of an array → how it travels."""


def packed(answer: Any) -> tuple[Any, list[dict[str, Any]], list[bytes]]:
    """Take the arrays out of an answer: what is left is plain, the arrays follow as bytes.

    Parameters
    ----------
    answer : dict, list, array, number or str
        Arrays of floats travel as float32, of whole numbers as int32, of truth values as uint8.

    Returns
    -------
    plain : object
        With ``{"array": number}`` in the place of each array.
    arrays : list of dict
        Their dtypes and shapes.
    buffers : list of bytes

    Examples
    --------
    >>> packed({"loss": np.float64(0.5), "map": np.zeros((2, 3))})[:2]
    ({'loss': 0.5, 'map': {'array': 0}}, [{'dtype': 'float32', 'shape': [2, 3]}])
    """
    arrays: list[dict[str, Any]] = []
    buffers: list[bytes] = []

    def go(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {str(name): go(entry) for name, entry in value.items()}
        if isinstance(value, np.ndarray) and value.ndim:
            kind = _SENT[value.dtype.kind]
            arrays.append({"dtype": kind, "shape": list(value.shape)})
            buffers.append(np.ascontiguousarray(value, kind).tobytes())
            return {"array": len(arrays) - 1}
        if isinstance(value, np.ndarray | np.generic):
            return go(value.item())
        if isinstance(value, list | tuple):
            return [go(entry) for entry in value]
        if isinstance(value, float) and not np.isfinite(value):
            return None  # JSON knows no infinity
        return value

    return go(answer), arrays, buffers
