r"""Formulas as MathML, which browsers show by themselves: a page needs no program for it and asks nobody for one.

What comes out of the converter is written again from a short list of elements, because some formulas are students'.
A formula that cannot be converted is shown as it was typed.
"""

from __future__ import annotations

import functools
import html
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from nnkit.grading.intake.markup import harmless_tex

LONGEST_FORMULA = 4_000
DEEPEST_BRACES = 40
_SPACE = "{http://www.w3.org/1998/Math/MathML}"
_ELEMENTS = frozenset(
    (
        *("math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mstyle", "mphantom", "mpadded", "menclose"),
        *("mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts"),
        *("mprescripts", "none", "mtable", "mtr", "mtd"),
    )
)
_ATTRIBUTES = frozenset(
    (
        *("display", "displaystyle", "scriptlevel", "mathvariant", "stretchy", "fence", "separator", "form", "lspace"),
        *("rspace", "minsize", "maxsize", "movablelimits", "accent", "accentunder", "linethickness", "width", "height"),
        *("depth", "voffset", "columnalign", "rowspacing", "columnspacing", "columnlines", "rowlines", "symmetric"),
    )
)
_SIGNS = frozenset("+-−±∓")
# After one of these a sign belongs to what follows: x = −2, (−1, −2), 3 · −4.
_OPENING = frozenset("([{⟨⌊⌈|‖,;:=≈≠≤≥<>←→⇒⟶⋅·×/+-−")


@functools.lru_cache(maxsize=2000)
def mathml(tex: str, display: bool = False) -> str:
    r"""A formula as an element of HTML.

    Parameters
    ----------
    tex : str
        What stands between the dollars.
    display : bool
        Whether it has a line of its own.

    Examples
    --------
    >>> mathml(r"a_1")
    '<math display="inline"><mrow><msub><mi>a</mi><mn>1</mn></msub></mrow></math>'
    >>> mathml(r"\frac{1")
    '<code class="tex">\\frac{1</code>'
    """
    try:
        root = _converted(tex, display)
        _clean(root)
        _bind_signs(root)
        found = ElementTree.tostring(root, encoding="unicode")
    except Exception:  # whatever a formula does to the converter, the rest of the page is there
        return f'<code class="tex">{html.escape(tex.strip(), quote=False)}</code>'
    return found


def _converted(tex: str, display: bool) -> Element:
    from latex2mathml.converter import convert

    if len(tex) > LONGEST_FORMULA or not tex.strip():
        raise ValueError("a formula of another length")
    if harmless_tex(tex) != tex:
        raise ValueError("a formula that defines or links")
    depth = deepest = 0
    for letter in tex:
        depth += (letter == "{") - (letter == "}")
        deepest = max(depth, deepest)
    if depth or deepest > DEEPEST_BRACES:
        raise ValueError("braces that are not in pairs, or too deep")
    return ElementTree.fromstring(convert(tex, display="block" if display else "inline"))


def _clean(element: Element) -> None:
    element.tag = element.tag.removeprefix(_SPACE)
    if element.tag not in _ELEMENTS:
        raise ValueError(f"no element of a formula: {element.tag}")
    for name in [name for name in element.attrib if name not in _ATTRIBUTES]:
        del element.attrib[name]
    for child in element:
        _clean(child)


def _bind_signs(element: Element) -> None:
    """Say which signs stand before a number and not between two: browsers leave space around the others."""
    before: Element | None = None
    for child in element:
        opens = before is None or (before.tag == "mo" and (before.text or "").strip() in _OPENING)
        if child.tag == "mo" and (child.text or "").strip() in _SIGNS and opens and len(element) > 1:
            child.set("form", "prefix")
        if child.tag != "mspace":
            before = child
        _bind_signs(child)
