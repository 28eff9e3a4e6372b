"""A pad to draw a digit on, with the mouse, a finger or a pen, which a network then reads.

ipywidgets has no canvas. The pad is an SVG in an HTML widget whose own pointer events draw the line while it grows; a
finished stroke is written, as JSON, into a text box that nobody sees and that ipywidgets keeps in step with Python. So
nothing has to be installed. Where a page forbids such events, and for whoever draws with no pointer, there are stored
digits to choose, at several places of the pad.
"""

from __future__ import annotations

import itertools
import json
from typing import Any

import numpy as np

from nnkit.data import strokes as pen
from nnkit.draw import handwriting
from nnkit.widgets import base

SIDE = 280
"""The pad's side on the page, in pixels."""

PLACES: dict[str, dict[str, float]] = {
    "in the middle": {},
    "moved to the left": {"right": -0.22},
    "moved down": {"down": 0.14},
    "small, in the middle": {"size": 0.5},
    "small, in a corner": {"size": 0.45, "right": 0.25, "down": -0.25},
}
"""Where a stored digit is drawn: what `nnkit.data.strokes.placed` gets."""

OWN = "my own drawing"
POINTS = 20_000
"""At most so many points are taken from the page: several minutes of drawing."""

_numbers = itertools.count(1)

# What happens on the page. `this` is the SVG; its line grows with the pointer. The stroke is handed over at the end, so
# that Python has to answer once and not for every point.
_DOWN = (
    "if(event.button>0)return;event.preventDefault();this.setPointerCapture(event.pointerId);"
    "if(this.dataset.stored){this.dataset.stored='';this.dataset.strokes='[]';this.lastChild.replaceChildren()}"
    "var r=this.getBoundingClientRect();"
    "this.now=[[(event.clientX-r.left)/r.width,(event.clientY-r.top)/r.height]];"
    "this.line=document.createElementNS('http://www.w3.org/2000/svg','polyline');"
    "this.line.setAttribute('points',this.now[0].join(' '));this.lastChild.appendChild(this.line)"
)
_MOVE = (
    "if(!this.now)return;var r=this.getBoundingClientRect();"
    "this.now.push([(event.clientX-r.left)/r.width,(event.clientY-r.top)/r.height]);"
    "this.line.setAttribute('points',this.now.map(function(p){return p.join(' ')}).join(' '))"
)
_UP = (
    "if(!this.now)return;var box=document.querySelector('.NAME textarea');"
    "var all=JSON.parse(this.dataset.strokes);all.push(this.now);this.now=null;"
    "this.dataset.strokes=JSON.stringify(all);if(!box)return;"
    "box.value=JSON.stringify({pad:+this.dataset.number,strokes:all});"
    "box.dispatchEvent(new Event('input',{bubbles:true}));box.dispatchEvent(new Event('change',{bubbles:true}))"
)


def drawing_pad(read: Any, digit: int = 3, place: str = "in the middle", *, normalised: bool = True) -> None:
    """Show a pad to draw a digit on, and what a network takes it for.

    Parameters
    ----------
    read : Module or callable
        A network that takes images (N, 1, 28, 28) and returns ten logits for each, or a function that takes them as a
        float32 array and returns (N, 10) probabilities.
    digit : int
        The stored digit that is there at first.
    place : str
        Where it is drawn, one of `PLACES`.
    normalised : bool
        Whether the drawing is at first made an image as MNIST's makers did; otherwise the whole pad is made smaller.

    Raises
    ------
    ValueError
        If there is no such digit or place, or `read` does not return ten probabilities.

    Examples
    --------
    >>> from unittest import mock
    >>> with mock.patch.dict("os.environ", NNKIT_STATIC="1"):
    ...     drawing_pad(lambda images: np.eye(10)[[7]], digit=7)
    A drawing, the image of 28 × 28 pixels that is made of it, and the network's answer: 7, at 100 %.
    Left the pad, in the middle what the network gets, right its ten probabilities.
    Drawn for the stored digit 7, in the middle, normalised.
    """
    if place not in PLACES:
        raise ValueError(f"A digit is drawn {', '.join(PLACES)}; got {place!r}.")
    picture = _picture(pen.placed(pen.stored_digit(digit), **PLACES[place]), read, normalised)
    line = f"Drawn for the stored digit {digit}, {place}, {'normalised' if normalised else 'as it is'}."
    twin = base.Twin(picture, line, f'<p style="margin:0.2em 0;font-size:90%">{line}</p>')
    base.show(twin, live=lambda: _live(read, digit, place, normalised))


def as_image(strokes: Any, normalised: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """Return the ink of strokes, and the image that a network gets of it.

    Parameters
    ----------
    strokes : sequence of (n, 2) array_like
    normalised : bool
        As for `drawing_pad`.

    Returns
    -------
    ink : (140, 140) array
    image : (28, 28) array

    Examples
    --------
    >>> ink, image = as_image(pen.stored_digit(4))
    >>> ink.shape, image.shape
    ((140, 140), (28, 28))
    """
    ink = pen.rasterise(strokes)
    return ink, pen.normalise(ink) if normalised else pen.resample(ink, 28, 28)


def probabilities(read: Any, image: np.ndarray) -> np.ndarray:
    """Ask a network, or a function, how probable each digit is.

    Parameters
    ----------
    read : Module or callable
        As for `drawing_pad`.
    image : (28, 28) array

    Returns
    -------
    (10,) array

    Raises
    ------
    ValueError
        If something else than ten probabilities came back.

    Examples
    --------
    >>> probabilities(lambda images: np.full((len(images), 10), 0.1), np.zeros((28, 28)))
    array([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1])
    """
    import nnkit
    from nnkit import functional, nn

    images = np.asarray(image, np.float32)[None, None]
    if isinstance(read, nn.Module):
        before = read.training
        read.eval()
        try:
            kind = next((parameter.dtype for parameter in read.parameters()), nnkit.float32)
            with nnkit.no_grad():
                answer: Any = functional.softmax(read(nnkit.tensor(images, dtype=kind)), 1).numpy()
        finally:
            read.train(before)
    else:
        answer = read(images)
    shares = np.asarray(answer.detach() if hasattr(answer, "detach") else answer, float)
    if shares.size != 10 or not np.isfinite(shares).all() or shares.min() < 0 or abs(shares.sum() - 1) > 0.01:
        raise ValueError(
            f"Reading one image gives ten probabilities that add up to 1; what came has shape {shares.shape}"
            + (f" and the sum {shares.sum():g}." if shares.size == 10 else ".")
        )
    return shares.reshape(10)


def strokes_of(text: str) -> tuple[int, list[np.ndarray]]:
    """Read what the page sends: which pad was drawn on, and the strokes on it.

    Parameters
    ----------
    text : str
        JSON: ``pad``, a number, and ``strokes``, a list of lists of points [x, y] in sides of the pad.

    Returns
    -------
    pad : int
    strokes : list of (n, 2) arrays

    Raises
    ------
    ValueError
        If it is something else, or far too much.

    Examples
    --------
    >>> strokes_of('{"pad": 2, "strokes": [[[0.5, 0.25], [0.5, 0.75]]]}')
    (2, [array([[0.5 , 0.25],
           [0.5 , 0.75]])])
    """
    try:
        message = json.loads(text)
        number, lines = int(message["pad"]), [np.array(line, dtype=float) for line in message["strokes"]]
    except (KeyError, TypeError, ValueError):
        raise ValueError("The page sent something that is no list of strokes; clear the pad and draw again.") from None
    if any(line.ndim != 2 or line.shape[1] != 2 or not np.isfinite(line).all() for line in lines):
        raise ValueError("The page sent strokes that are no lists of points; clear the pad and draw again.")
    if sum(map(len, lines)) > POINTS:
        raise ValueError(f"There are more than {POINTS:,} points on the pad; clear it and draw again.")
    return number, lines


def _picture(strokes: Any, read: Any, normalised: bool) -> Any:
    ink, image = as_image(strokes, normalised)
    return handwriting.reading(ink, image, probabilities(read, image), boxed=normalised)


def _pad(strokes: list[np.ndarray], name: str, number: int) -> str:
    """Return the pad as HTML, with a stored digit's strokes on it, which the first own stroke takes away."""
    whole = [[[round(float(x), 4), round(float(y), 4)] for x, y in line] for line in strokes]
    lines = "".join(
        f'<polyline points="{" ".join(f"{x:g} {y:g}" for x, y in (line if len(line) > 1 else line * 2))}"/>'
        for line in whole
    )
    count = len(strokes)
    label = "A pad to draw a digit on. " + (f"{count} stroke{'s' * (count != 1)} on it." if count else "It is empty.")
    data = f'data-number="{number}" data-stored="{"yes" if count else ""}" data-strokes="[]"'
    events = f'onpointerdown="{_DOWN}" onpointermove="{_MOVE}"'
    for end in ("onpointerup", "onpointercancel"):
        events += f' {end}="{_UP.replace("NAME", name)}"'
    # Paper stays white on a dark page, as the images of MNIST do; a touch draws and does not scroll.
    return (
        f'<svg class="nnkit-pad" role="img" aria-label="{label}" viewBox="0 0 1 1" width="{SIDE}" height="{SIDE}" '
        f"{data} {events} "
        'style="touch-action:none;cursor:crosshair;background:#ffffff;border:1px solid #808080;max-width:100%">'
        '<g fill="none" stroke="#111111" stroke-width="0.06" stroke-linecap="round" stroke-linejoin="round">'
        f"{lines}</g></svg>"
    )


def _live(read: Any, digit: int, place: str, normalised: bool) -> Any:
    """Make the widget: pad, stored digits and their place, normalisation on or off, a button, the picture."""
    import ipywidgets

    wide = {"style": {"description_width": "7em"}, "layout": ipywidgets.Layout(width="19em")}
    choices = [(OWN, None), *((str(number), number) for number in range(10))]
    stored = ipywidgets.Dropdown(options=choices, value=digit, description="stored digit", **wide)
    where = ipywidgets.Dropdown(options=list(PLACES), value=place, description="drawn", **wide)
    normalise = ipywidgets.Checkbox(
        value=normalised, description="normalised as MNIST was", indent=False, layout=ipywidgets.Layout(width="19em")
    )
    clear = ipywidgets.Button(description="Clear", tooltip="Take everything off the pad")
    name = f"nnkit-pad-{next(_numbers)}"
    sent = ipywidgets.Textarea(continuous_update=True, layout=ipywidgets.Layout(display="none"))
    sent.add_class(name)
    pad, picture = ipywidgets.HTML(), ipywidgets.HTML()
    lines: list[np.ndarray] = []
    # Every pad has a number. So it is always a new text, which ipywidgets sends even if the last one was empty too (the
    # page has drawn on it since), and a stroke that was still on its way when the pad was cleared is known by it.
    number = 0

    def redraw(_: Any = None) -> None:
        try:
            if not lines:
                picture.value = base.paragraph("Draw a digit on it, or choose a stored one.", "The pad is empty.")
                return
            picture.value = base.picture_html(_picture(lines, read, bool(normalise.value)))
        except Exception as error:
            picture.value = base.sentence(error, "read")

    def take(new: list[np.ndarray]) -> None:
        nonlocal number
        lines[:], number = new, next(_numbers)
        pad.value = _pad(lines, name, number)
        redraw()

    def drawn(change: Any) -> None:
        """Take what the page sent; its pad shows it already."""
        try:
            drawn_on, new = strokes_of(change["new"])
        except ValueError as error:
            picture.value = base.sentence(error, "read")
            return
        if drawn_on != number:
            return
        lines[:] = new
        if stored.value is not None:
            stored.unobserve(choose, names="value")
            stored.value = None
            stored.observe(choose, names="value")
            where.disabled = True
        redraw()

    def choose(_: Any = None) -> None:
        where.disabled = stored.value is None
        take([] if stored.value is None else pen.placed(pen.stored_digit(stored.value), **PLACES[where.value]))

    def empty(_: Any = None) -> None:
        if stored.value is None:
            choose()
        else:
            stored.value = None

    sent.observe(drawn, names="value")
    stored.observe(choose, names="value")
    where.observe(choose, names="value")
    normalise.observe(redraw, names="value")
    clear.on_click(empty)
    choose()
    controls = ipywidgets.VBox([stored, where, normalise, clear])
    top = ipywidgets.Box([pad, controls], layout=ipywidgets.Layout(flex_flow="row wrap"))
    return ipywidgets.VBox([top, sent, picture])
