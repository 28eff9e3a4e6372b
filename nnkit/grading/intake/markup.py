"""HTML and TeX that a student's cell shows: what remains is text with a little form, and nothing that acts.

The HTML is not searched for what is dangerous: it is read, and written again from a short list of elements, attributes
and addresses. Whatever is not on the list does not come through, whether anybody has thought of it or not.
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

from nnkit.draw.style import sheet
from nnkit.grading.intake.drawings import DrawingWriter, clean_address, picture_attributes
from nnkit.grading.intake.loose_ends import without_loose_ends

# Elements that only give form to text, with the attributes they may keep besides those that every element may.
_ELEMENTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("b", "i", "em", "strong", "u", "s", "del", "ins", "small", "mark", "sub", "sup", "kbd", "var"), ()
    ),
    **dict.fromkeys(("code", "samp", "pre", "p", "div", "span", "blockquote", "br", "hr", "figure", "figcaption"), ()),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "details", "summary"), ()),
    **dict.fromkeys(("table", "caption", "thead", "tbody", "tfoot", "tr"), ()),
    "td": ("colspan", "rowspan"),
    "th": ("colspan", "rowspan", "scope"),
    "a": ("href",),
    "img": ("src", "alt", "width", "height"),
}
_WITHOUT_END = frozenset({"br", "hr", "img"})
# What stands inside these is no text for a reader; of every other unknown element the text stays.
_WITHOUT_TEXT = frozenset({"script", "style", "template", "iframe", "object", "embed", "noscript", "math", "title"})
_STYLES = frozenset(
    {"color", "background-color", "font-weight", "font-style", "text-align", "text-decoration", "white-space"}
)
_STYLE_VALUE = re.compile(r"[\w #%.,-]{1,40}|(rgb|hsl)a?\([\d.,% ]{1,40}\)")
_PICTURE_ADDRESS = re.compile(r"data:image/(png|jpeg);base64,[A-Za-z0-9+/=\s]*")
_SCHEMES = frozenset({"http", "https", "mailto"})
_NOT_IN_ADDRESS = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\u2060\ufeff]")
# What a server sends as a page acts with the rights of whoever looks; these it sends as what they are.
_NEIGHBOUR = re.compile(
    r"(?:[\w .()-]|%20)+(?:/(?:[\w .()-]|%20)+)*\.(png|jpe?g|gif|txt|csv|py|ipynb|md|pdf)", re.IGNORECASE
)
_NUMBER = re.compile(r"[1-9]\d{0,3}")
DEEPEST = 60

# TeX that reaches out of a formula, or that lets a formula define what it repeats: MathJax has no other way to grow.
_TEX = re.compile(
    r"(?<!\\)\\++(?=(?:href|require|def|gdef|edef|xdef|let|futurelet|newcommand|renewcommand|providecommand|newenvironment"
    r"|renewenvironment|DeclareMathOperator|style|class|cssId|unicode|bbox|mmlToken|texttip|toggle|mathtip|action"
    r"|includegraphics|data|html\w*|url|csname|input|write|openin|catcode|special|loop|setoptions|definemacro)"
    r"(?![A-Za-z]))"
)
_NOT_TEX = "\uff3c"  # looks like a backslash, and is none


def harmless_tex(text: str) -> str:
    r"""The text with those TeX commands made visible that link, load, style, define or repeat.

    Parameters
    ----------
    text : str
        With or without formulas.

    Examples
    --------
    >>> harmless_tex(r"$\frac{1}{2} + \href{javascript:alert(1)}{x}$")
    '$\\frac{1}{2} + ＼href{javascript:alert(1)}{x}$'
    """
    return _TEX.sub(_NOT_TEX, text)


def harmless_address(address: str) -> bool:
    """Whether a link leads to a page elsewhere, a letter, a place on the same page, or a file that is no page.

    Parameters
    ----------
    address : str
        As a browser gets it, its entities read.

    Examples
    --------
    >>> harmless_address("https://docs.python.org"), harmless_address("#top"), harmless_address("data.csv")
    (True, True, True)
    >>> harmless_address("java\\tscript:x()"), harmless_address("my_page.html")
    (False, False)
    """
    plain = _NOT_IN_ADDRESS.sub("", address).replace("\\", "/")
    beginning = re.split(r"[/?#]", plain, maxsplit=1)[0]
    if ":" in beginning:
        return beginning.split(":", 1)[0].lower() in _SCHEMES
    if "&" in beginning:  # an entity that nobody has read yet
        return False
    # Anything else on the server is answered with the rights of whoever looks: a page that was handed in, too.
    return not (path := re.split(r"[?#]", address.strip(), maxsplit=1)[0]) or _NEIGHBOUR.fullmatch(path) is not None


class _Writer(HTMLParser):
    """Reads HTML and writes it again from what is allowed; `left_out` names the rest."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.open: list[str] = []
        self.left_out: set[str] = set()
        self._silent: list[str] = []
        self._drawing: DrawingWriter | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._is_drawn(tag):
            self._draw(tag, attrs, closed=False)
            return
        if tag in _WITHOUT_TEXT:
            self.left_out.add(f"<{tag}>")
            if tag != "embed":
                self._silent.append(tag)
            return
        if self._silent:
            return
        if tag not in _ELEMENTS or len(self.open) >= DEEPEST:
            self.left_out.add(f"<{tag}>" if re.fullmatch(r"[a-z][a-z0-9-]{0,20}", tag) else "an unknown element")
            return
        kept = self._attributes(tag, attrs)
        if tag == "img" and not any(name == "src" for name, _ in kept):
            alternative = next((value for name, value in kept if name == "alt"), "")
            self.parts.append(html.escape(f"[picture: {alternative}]" if alternative else "[picture]"))
            return
        self.parts.append("<" + tag + "".join(f' {name}="{html.escape(value)}"' for name, value in kept) + ">")
        if tag not in _WITHOUT_END:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._is_drawn(tag):
            self._draw(tag, attrs, closed=True)
            return
        if tag in _WITHOUT_TEXT:
            self.left_out.add(f"<{tag}>")
            return
        self.handle_starttag(tag, attrs)
        if tag in _ELEMENTS and tag not in _WITHOUT_END:
            self.handle_endtag(tag)

    def _is_drawn(self, tag: str) -> bool:
        return not self._silent and (self._drawing is not None or tag == "svg")

    def _draw(self, tag: str, attrs: list[tuple[str, str | None]], closed: bool) -> None:
        if self._drawing is None:
            if closed:
                self.left_out.add("<svg>")
                return
            self._drawing = DrawingWriter()
        self._drawing.start(tag, attrs, closed)

    def _end_drawing(self) -> None:
        """Put the picture into the place of the drawing."""
        attributes = picture_attributes(self._drawing) if self._drawing is not None else {}
        self._drawing = None
        if not attributes:
            self.left_out.add("<svg>")
            return
        attributes["alt"] = harmless_tex(attributes["alt"])
        self.parts.append("<img" + "".join(f' {name}="{html.escape(one)}"' for name, one in attributes.items()) + ">")

    def handle_endtag(self, tag: str) -> None:
        if self._drawing is not None:
            self._drawing.end(tag)
            if self._drawing.over:
                self._end_drawing()
            return
        if self._silent:
            if tag in self._silent:
                del self._silent[self._silent.index(tag) :]
            return
        if tag not in self.open:
            return
        while True:
            closed = self.open.pop()
            self.parts.append(f"</{closed}>")
            if closed == tag:
                break

    def handle_data(self, data: str) -> None:
        if self._drawing is not None:
            self._drawing.text(data)
        elif not self._silent:
            self.parts.append(html.escape(harmless_tex(data), quote=False))

    def unknown_decl(self, data: str) -> None:
        self.left_out.add("a declaration")

    def _attributes(self, tag: str, attrs: list[tuple[str, str | None]]) -> list[tuple[str, str]]:
        kept: dict[str, str] = {}
        for name, given in attrs:
            value = given or ""
            if name in ("title", "alt") and (name == "title" or tag == "img"):
                kept[name] = harmless_tex(value[:1000])
            elif name == "style":
                if style := _style(value):
                    kept[name] = style
                if "(" in value:
                    self.left_out.add("a style that may load something")
            elif name not in _ELEMENTS[tag]:
                if name not in ("class", "id", "border", "scoped", "role", "aria-hidden", "aria-label"):
                    self.left_out.add(name if re.fullmatch(r"[a-z][a-z-]{0,20}", name) else "an unknown attribute")
            elif name == "href":
                if harmless_address(value):
                    kept[name] = value
                else:
                    self.left_out.add("a link that is none")
            elif name == "src":
                if _PICTURE_ADDRESS.fullmatch(value):
                    kept[name] = value
                elif (drawing := clean_address(value)) is not None:
                    kept[name] = drawing
                else:
                    self.left_out.add("a picture from elsewhere")
            elif name == "scope":
                if value in ("row", "col", "rowgroup", "colgroup"):
                    kept[name] = value
            elif _NUMBER.fullmatch(value):
                kept[name] = value
        if "href" in kept:
            kept["rel"] = "noopener noreferrer nofollow"
        return list(kept.items())

    def finish(self) -> str:
        if self._drawing is not None:
            self._end_drawing()
        while self.open:
            self.parts.append(f"</{self.open.pop()}>")
        return "".join(self.parts)


def _style(value: str) -> str:
    kept = []
    for declaration in value[:2000].split(";"):
        name, _, setting = (part.strip().lower() for part in declaration.partition(":"))
        if name in _STYLES and _STYLE_VALUE.fullmatch(setting):
            kept.append(f"{name}: {setting}")
    return "; ".join(kept)


def clean_html(text: str) -> tuple[str, list[str]]:
    """The same HTML, written again with nothing but harmless elements; every element that it opens it closes.

    Parameters
    ----------
    text : str
        What a cell shows as ``text/html``.

    Returns
    -------
    tuple of str and list of str
        The HTML, and what was left out.

    Examples
    --------
    >>> clean_html("<b onclick='steal()'>2 &lt; 3</b><script>steal()</script>")
    ('<b>2 &lt; 3</b>', ['<script>', 'onclick'])
    """
    writer = _Writer()
    writer.feed(without_loose_ends(text.replace(sheet(), "")))  # nnkit's own rules are nothing to tell about
    writer.close()
    return writer.finish(), sorted(writer.left_out)


class _Reader(HTMLParser):
    """Reads HTML that a converter made of harmless Markdown, and notes what should not be in it."""

    # What nbconvert's Markdown writes by itself: coloured code, links to headings, boxes of a list of tasks.
    own_classes = re.compile(
        r"(highlight|anchor-link|task-list-item(-checkbox)?|language-[\w+#.-]{1,30}|[a-z][a-z0-9]{0,2})"
    )

    def __init__(self, reserved: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.reserved = reserved
        self.fault: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _ELEMENTS and not (tag == "input" and dict(attrs).get("type") == "checkbox"):
            self.fault = f"<{tag}>"
        for name, given in attrs:
            value = given or ""
            if name == "href":
                fine = harmless_address(value)
            elif name == "src":
                fine = bool(_PICTURE_ADDRESS.fullmatch(value)) or is_neighbour(value)
            elif name == "id":
                fine = value not in self.reserved
            elif name == "class":
                fine = all(self.own_classes.fullmatch(one) for one in value.split())
            elif name == "style":
                fine = bool(re.fullmatch(r"text-align:\s?(left|right|center);?", value))
            else:
                fine = name in ("alt", "title", "type", "disabled", "checked", "start", "align")
            if not fine:
                self.fault = name

    def unknown_decl(self, data: str) -> None:
        self.fault = "a declaration"

    def handle_comment(self, data: str) -> None:
        self.fault = "a comment"

    def handle_decl(self, decl: str) -> None:
        self.fault = "a declaration"

    def handle_pi(self, data: str) -> None:
        self.fault = "an instruction"


def is_neighbour(address: str) -> bool:
    """Whether the address is that of a picture which lies beside the notebook.

    Parameters
    ----------
    address : str
        As it stands in the text.

    Examples
    --------
    >>> is_neighbour("plots/loss.png"), is_neighbour("../secret.png"), is_neighbour("//elsewhere/a.png")
    (True, False, False)
    """
    inside = re.fullmatch(r"(?:[\w-][\w .-]*/){0,3}[\w-][\w .%-]*\.(png|jpe?g|gif)", address, re.IGNORECASE)
    return inside is not None and ".." not in address and "%2" not in address.lower()


def find_fault(text: str, reserved: frozenset[str] = frozenset()) -> str | None:
    """What in this HTML does not belong into harmless text, None where everything does.

    Parameters
    ----------
    text : str
        HTML that was made of Markdown.
    reserved : frozenset[str]
        Names that the page around it needs for itself; no heading may be called so.

    Examples
    --------
    >>> find_fault('<p><a href="javascript:x()">a</a></p>')
    'href'
    >>> find_fault('<p><a href="https://numpy.org">a</a></p>') is None
    True
    """
    reader = _Reader(reserved)
    reader.feed(text)
    reader.close()
    return reader.fault
