"""SVG that a student's cell shows becomes a picture: an ``<img>`` whose address holds the drawing itself.

A browser runs no script of a picture, follows no link in it and loads nothing for it. Besides, the drawing is written
again from a short list of elements, attributes and values, so that nothing acts either where somebody opens the picture
by itself. As a picture it does not get the ink of the page around it; a drawing of nnkit's has its own rules for light
and dark pages, any other gets a white ground.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from html.parser import HTMLParser

from nnkit.draw import style
from nnkit.draw.svg import colours_written_out
from nnkit.grading.intake.loose_ends import without_loose_ends

LONGEST_DRAWING = 400_000  # letters
MOST_ELEMENTS = 20_000
DEEPEST = 60
ADDRESS = "data:image/svg+xml;base64,"

# As SVG spells them; HTML's reader gives all in small letters.
_ELEMENTS = {
    name.lower(): name
    for name in (
        *("svg", "g", "defs", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"),
        *("use", "image", "marker", "clipPath", "linearGradient", "radialGradient", "stop", "title", "desc"),
    )
}
_SHOWN = frozenset({"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "use", "image"})
# What stands inside these is nothing to look at; of every other unknown element the content stays.
_WITHOUT_CONTENT = frozenset({"script", "style", "foreignobject", "metadata", "template", "iframe", "math", "pattern"})
_LOOKS = (
    *("fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "color"),
    *("stroke-dashoffset", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "opacity", "visibility"),
    *("font-family", "font-size", "font-style", "font-weight", "text-anchor", "dominant-baseline", "letter-spacing"),
    *("alignment-baseline", "paint-order", "vector-effect", "clip-path", "clip-rule", "stop-color", "stop-opacity"),
    *("marker-start", "marker-mid", "marker-end", "display", "white-space"),
)
_ATTRIBUTES = {
    name.lower(): name
    for name in (
        *("id", "d", "points", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "dx", "dy", "rotate"),
        *("width", "height", "viewBox", "preserveAspectRatio", "transform", "offset", "gradientUnits", "fx", "fy"),
        *("gradientTransform", "spreadMethod", "clipPathUnits", "markerWidth", "markerHeight", "markerUnits"),
        *("refX", "refY", "orient", "textLength", "lengthAdjust", "role", "aria-label", "style", *_LOOKS),
    )
}
_VALUE = re.compile(r"[\w\s.,:;#%()+*/'\"°−–-]*")
_CALL = re.compile(r"([\w-]*)\s*\(")
_CALLS = frozenset({"url", "rgb", "rgba", "hsl", "hsla", "translate", "scale", "rotate", "matrix", "skewx", "skewy"})
_OWN_PLACE = re.compile(r"url\(\s*['\"]?#[\w.-]+['\"]?\s*\)")
_NAME = re.compile(r"[\w.-]{1,100}")
_RASTER = re.compile(r"data:image/(png|jpeg);base64,[A-Za-z0-9+/=\s]*")
_SIZE = re.compile(r"(\d{1,4}(?:\.\d+)?)(px|pt)?")


class DrawingWriter:
    """Takes what a reader of HTML finds, from ``<svg>`` on, and writes the drawing again from what is allowed."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._open: list[tuple[str, str]] = []  # elements and their names
        self._silent: list[str] = []
        self._elements = 0
        self._targets: set[str] = set()
        self._holders: set[str] = set()  # names of what holds a `use`: they may not be used, or they could multiply
        self._described: dict[str, str] = {}
        self._size: dict[str, str] = {}
        self._shows = False
        self.over = False

    def start(self, tag: str, attributes: list[tuple[str, str | None]], closed: bool = False) -> None:
        """Take the beginning of an element.

        Parameters
        ----------
        tag : str
            Its name in small letters.
        attributes : list[tuple[str, str | None]]
            As they were read.
        closed : bool
            Whether it ends at once.
        """
        if self._silent or tag in _WITHOUT_CONTENT:
            if not closed:
                self._silent.append(tag)
            return
        if tag not in _ELEMENTS or len(self._open) >= DEEPEST:
            return
        self._elements += 1
        kept = dict(self._kept(tag, attributes))
        if tag == "use":
            if "href" not in kept:
                return
            self._targets.add(kept["href"][1:])
            self._holders.update(name for _, name in self._open if name)
        if tag == "image" and "href" not in kept:
            return
        if not self._open:
            self._size = {name: kept[name] for name in ("width", "height") if name in kept}
            self._described["aria-label"] = kept.get("aria-label", "")
            kept = {"xmlns": "http://www.w3.org/2000/svg", **kept}
        self._shows = self._shows or tag in _SHOWN
        written = "".join(f' {name}="{html.escape(value)}"' for name, value in kept.items())
        self._parts.append(f"<{_ELEMENTS[tag]}{written}{'/' if closed else ''}>")
        if not closed:
            self._open.append((tag, kept.get("id", "")))

    def end(self, tag: str) -> None:
        """Take the end of an element; what is open inside it ends, too."""
        if self._silent:
            if tag in self._silent:
                del self._silent[self._silent.index(tag) :]
            return
        if tag not in (one for one, _ in self._open):
            return
        while True:
            closed, _ = self._open.pop()
            self._parts.append(f"</{_ELEMENTS[closed]}>")
            if closed == tag:
                break
        self.over = not self._open

    def text(self, data: str) -> None:
        """Take text."""
        inside = self._open[-1][0] if self._open else ""
        if self._silent or inside not in ("text", "tspan", "title", "desc"):
            return
        if inside in ("title", "desc") and len(self._open) == 2:
            self._described[inside] = self._described.get(inside, "") + data
        self._parts.append(html.escape(data, quote=False))

    def finish(self) -> str | None:
        """The drawing; None where nothing of it would be seen, or where it is too much for a page."""
        while self._open:
            self._parts.append(f"</{_ELEMENTS[self._open.pop()[0]]}>")
        drawn = "".join(self._parts)
        too_much = self._elements > MOST_ELEMENTS or len(drawn) > LONGEST_DRAWING
        if not self._shows or too_much or self._targets & self._holders:
            return None
        return drawn

    @property
    def description(self) -> str:
        """What the drawing says of itself."""
        found = (self._described.get(name, "").strip() for name in ("aria-label", "desc", "title"))
        return next((one for one in found if one), "")

    @property
    def size(self) -> dict[str, str]:
        """Its width and height in whole pixels, where it has them."""
        found: dict[str, str] = {}
        for name, value in self._size.items():
            if read := _SIZE.fullmatch(value):
                pixels = round(float(read[1]) * (4 / 3 if read[2] == "pt" else 1))
                found |= {name: str(pixels)} if 0 < pixels <= 4000 else {}
        return found

    def _kept(self, tag: str, attributes: list[tuple[str, str | None]]) -> list[tuple[str, str]]:
        kept = []
        for name, given in attributes:
            value = given or ""
            if name in ("href", "xlink:href"):
                fine = value[:1] == "#" and _NAME.fullmatch(value[1:]) if tag == "use" else _RASTER.fullmatch(value)
                if fine and tag in ("use", "image"):
                    kept.append(("href", value))
            elif name == "id":
                kept += [(name, value)] if _NAME.fullmatch(value) else []
            elif name == "aria-label":
                kept.append((name, value[:1000]))
            elif name == "style":
                kept += [(name, looks)] if (looks := _style(value)) else []
            elif name in _ATTRIBUTES and _harmless(value):
                kept.append((_ATTRIBUTES[name], colours_written_out(value)[0]))
        return kept


def _harmless(value: str) -> bool:
    """Whether the value of an attribute is numbers, words, colours and places of the drawing itself."""
    plain = _OWN_PLACE.sub("", colours_written_out(value)[0])
    return bool(_VALUE.fullmatch(plain)) and all(
        call.lower() in _CALLS - {"url"} for call in _CALL.findall(plain) if call
    )


def _style(value: str) -> str:
    kept = []
    for declaration in value[:5000].split(";"):
        name, _, setting = (part.strip() for part in declaration.partition(":"))
        if name.lower() in _LOOKS and _harmless(setting):
            kept.append(f"{name.lower()}: {colours_written_out(setting)[0]}")
    return "; ".join(kept)


class _Reader(HTMLParser):
    def __init__(self, writer: DrawingWriter) -> None:
        super().__init__(convert_charrefs=True)
        self.writer = writer
        self.begun = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs, False)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs, True)

    def _start(self, tag: str, attrs: list[tuple[str, str | None]], closed: bool) -> None:
        self.begun = self.begun or tag == "svg"
        if self.begun and not self.writer.over:
            self.writer.start(tag, attrs, closed)

    def handle_endtag(self, tag: str) -> None:
        if self.begun and not self.writer.over:
            self.writer.end(tag)

    def handle_data(self, data: str) -> None:
        if self.begun and not self.writer.over:
            self.writer.text(data)


def picture_attributes(writer: DrawingWriter) -> dict[str, str]:
    """The attributes of an ``<img>`` with what a writer has written; none where there is nothing to see.

    Parameters
    ----------
    writer : DrawingWriter
        At the end of a drawing.
    """
    drawn = writer.finish()
    if drawn is None:
        return {}
    return {"src": address_of(drawn), "alt": writer.description or "a drawing", **writer.size}


def read_drawing(text: str) -> DrawingWriter:
    """A writer that has read the text of a drawing.

    Parameters
    ----------
    text : str
        The content of an SVG file, or an element ``<svg>``.
    """
    writer = DrawingWriter()
    if len(text) <= LONGEST_DRAWING and text.count("<") <= 2 * MOST_ELEMENTS:
        reader = _Reader(writer)
        reader.feed(without_loose_ends(text))
        reader.close()
    return writer


def address_of(drawn: str) -> str:
    """The address that holds a drawing, with rules for its colours.

    Parameters
    ----------
    drawn : str
        What a `DrawingWriter` has written.
    """
    own = "svg{background:#fff}"
    if "currentColor" in drawn:
        own = f"svg{{font-family:{style.FONT}}}{colours_written_out(drawn)[1]}"
    head, end, rest = drawn.partition(">")
    written = f"{head}{end}<style>{own}</style>{rest}"
    return ADDRESS + base64.b64encode(written.encode()).decode()


def clean_address(address: str) -> str | None:
    """The address of a drawing that somebody has put into an ``<img>``, written again; None for what is none.

    Parameters
    ----------
    address : str
        As it stands in ``src``. Written again it stays as it is.

    Examples
    --------
    >>> once = clean_address(ADDRESS + base64.b64encode(b"<svg onload='x()'><circle r='3'/></svg>").decode())
    >>> base64.b64decode(once.removeprefix(ADDRESS)).decode()
    '<svg xmlns="http://www.w3.org/2000/svg"><style>svg{background:#fff}</style><circle r="3"/></svg>'
    >>> clean_address(once) == once
    True
    """
    if not address.startswith(ADDRESS) or len(address) > 2 * LONGEST_DRAWING:
        return None
    try:
        text = base64.b64decode(address.removeprefix(ADDRESS), validate=True).decode()
    except (ValueError, binascii.Error):
        return None
    drawn = read_drawing(text).finish()
    return None if drawn is None else address_of(drawn)


def as_picture(text: str) -> str | None:
    """The element ``<img>`` for a drawing; None where nothing of it would be seen.

    Parameters
    ----------
    text : str
        The content of an SVG file.

    Examples
    --------
    >>> as_picture("<svg><script>steal()</script></svg>") is None
    True
    """
    attributes = picture_attributes(read_drawing(text))
    written = "".join(f' {name}="{html.escape(value)}"' for name, value in attributes.items())
    return f"<img{written}>" if attributes else None
