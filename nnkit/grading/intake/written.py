r"""What a student wrote in Markdown: it stays readable, lists, formulas, code and `a < b`, and nothing in it acts.

Markdown is cleaned as Markdown, because the notebook that is kept shows it again and again: in the formgrader, in the
feedback, in JupyterLab. Then it is converted as these do, and the result is looked at; where something is left that
does not belong there, the whole text is shown as it was typed, as code.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from nnkit.grading.intake.markup import clean_html, find_fault, harmless_address, harmless_tex, is_neighbour

LONGEST_TEXT = 20_000
LARGEST_PICTURE = 2_000_000  # bytes
MOST_PIXELS = 40_000_000
_PICTURE_TYPES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}

_PAIRED = "b|i|em|strong|u|s|del|small|mark|sub|sup|kbd|code|var"
_KEPT_ELEMENT = re.compile(rf"<(?P<pair>{_PAIRED})>(?P<text>[^<>\n]*)</(?P=pair)>|<br ?/?>")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^\s<>]*)>")
_OPENING = re.compile(r"<(?=[A-Za-z/!?])")
_LINK = re.compile(r"(?P<picture>!?)\[(?P<text>[^\[\]]*)\]\((?P<address>[^()\n]*(?:\([^()\n]*\)[^()\n]*)*)\)")
_REFERENCE = re.compile(r"^(?P<before>[ \t>*+-]{0,12}\[(?P<name>[^\]\n]+)\]):[ \t]*(?P<address>\S+)", re.MULTILINE)
_MERMAID = re.compile(r"^(?P<fence>[ \t>*+-]*(?:`{3,}|~{3,}))[ \t]*mermaid", re.MULTILINE | re.IGNORECASE)
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def clean_markdown(
    text: str, attachments: Mapping[str, Any] | None = None, reserved: frozenset[str] = frozenset()
) -> tuple[str, dict[str, dict[str, str]], list[str]]:
    r"""A Markdown text whose HTML, links, pictures and formulas do nothing but show.

    Parameters
    ----------
    text : str
        What was written.
    attachments : Mapping[str, Any] or None
        The pictures that were pasted into the cell, name → type → base64.
    reserved : frozenset[str]
        Names that the page around it needs for itself.

    Returns
    -------
    tuple of str, dict and list of str
        The text, its attachments, and what was changed.

    Examples
    --------
    >>> clean_markdown("**a < b** <script>steal()</script>")[0]
    '**a < b** < script>steal()< /script>'
    >>> clean_markdown("see [this](javascript:steal())")[0]
    'see this (a link that was taken out)'
    """
    notes: list[str] = []
    kept, dropped = _pictures(attachments)
    if dropped:
        notes.append("an attachment that is no picture")
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT].rstrip() + "\n\n*(The rest of this text is left out: it is too long to be shown.)*"
        notes.append("the end of a text that is too long")
    before = text
    # What one step leaves may be something for another to find; three rounds are enough for all but mischief.
    for _ in range(3):
        cleaned = _clean(text, kept)
        if cleaned == text:
            break
        text = cleaned
    if text != before:
        notes.append("HTML, links or TeX that act")
    if (fault := _fault(text, kept, reserved)) is not None:
        text = _as_typed(text)
        notes.append(f"what would have shown as {fault}: the text is shown as it was typed")
        if _fault(text, {}, reserved) is not None:
            text = "*(This text could not be shown safely; it is in the file that was handed in.)*"
    used = {name: picture for name, picture in kept.items() if name in text}
    return text, used, notes


def _clean(text: str, attachments: Mapping[str, Any]) -> str:
    text = _INVISIBLE.sub("", text)
    text = _MERMAID.sub(lambda found: found["fence"] + "text", text)
    text = _AUTOLINK.sub(lambda found: found[1] if harmless_address(found[1]) else "(a link that was taken out)", text)
    pieces, position = [], 0
    for found in _KEPT_ELEMENT.finditer(text):
        pieces += [_OPENING.sub("< ", text[position : found.start()]), found.group()]
        position = found.end()
    text = "".join(pieces) + _OPENING.sub("< ", text[position:])
    text = _LINK.sub(lambda found: _link(found, attachments), text)
    text = _REFERENCE.sub(_reference, text)
    return harmless_tex(text)


def _address(written: str) -> str:
    """The address in the brackets behind a link, without its title."""
    written = written.strip()
    return written[1:].split(">", 1)[0] if written.startswith("<") else written.split(maxsplit=1)[0] if written else ""


def _link(found: re.Match[str], attachments: Mapping[str, Any]) -> str:
    address = _address(found["address"])
    if not found["picture"]:
        fine = harmless_address(address) and "&" not in address.split("?")[0]
        return found.group() if fine else f"{found['text']} (a link that was taken out)"
    if address.startswith("attachment:"):
        fine = address.removeprefix("attachment:") in attachments
    else:
        fine = is_neighbour(address)
    return found.group() if fine else f"(picture: {found['text'] or 'without a description'}; it was taken out)"


def _reference(found: re.Match[str]) -> str:
    address = _address(found["address"])
    if harmless_address(address) and "&" not in address.split("?")[0]:
        return found.group()
    return f"{found['before']} (a link that was taken out)"


def _fault(text: str, attachments: Mapping[str, Any], reserved: frozenset[str]) -> str | None:
    """What nbconvert's own conversion shows that does not belong into a written answer."""
    try:
        renderer = IPythonRenderer(escape=False, attachments=dict(attachments))
        return find_fault(MarkdownWithMath(renderer=renderer).render(text), reserved)
    except Exception as problem:  # a converter that fails here would fail in the feedback
        return type(problem).__name__


def _as_typed(text: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def _pictures(attachments: Mapping[str, Any] | None) -> tuple[dict[str, dict[str, str]], bool]:
    kept: dict[str, dict[str, str]] = {}
    given = attachments if isinstance(attachments, Mapping) else {}
    for name, bundle in given.items():
        if not isinstance(bundle, Mapping) or not re.fullmatch(r"[\w .()-]{1,100}", name):
            continue
        fine = {kind: data for kind, data in bundle.items() if kind in _PICTURE_TYPES and is_picture(kind, data)}
        if fine:
            kept[name] = {kind: str(data) for kind, data in fine.items()}
    return kept, len(kept) != len(given) or any(len(kept[name]) != len(given[name]) for name in kept)


def is_picture(kind: str, data: Any) -> bool:
    """Whether this is the picture that it says it is, and no larger than a page can show.

    Parameters
    ----------
    kind : str
        "image/png" or "image/jpeg".
    data : Any
        Its bytes in base64.

    Examples
    --------
    >>> is_picture("image/png", "PHN2Zz4=")
    False
    """
    if not isinstance(data, str) or kind not in _PICTURE_TYPES or len(data) > LARGEST_PICTURE * 4 // 3:
        return False
    try:
        content = base64.b64decode(data, validate=False)
    except (ValueError, binascii.Error):
        return False
    if not content.startswith(_PICTURE_TYPES[kind]) or not re.fullmatch(r"[A-Za-z0-9+/=\s]*", data):
        return False
    if kind == "image/png":
        width, height = int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
        return 0 < width * height <= MOST_PIXELS
    return True


def clean_markup(text: str) -> tuple[str, list[str]]:
    """Cleaned HTML of an output, or a sentence where it is too long to be read.

    Parameters
    ----------
    text : str
        ``text/html`` that a cell shows.

    Examples
    --------
    >>> clean_markup("<i>x</i>")
    ('<i>x</i>', [])
    """
    if len(text) > 300_000 or text.count("<") > 20_000:
        return "<i>(left out: too much HTML to be shown)</i>", ["HTML that is too long"]
    return clean_html(text)
