"""Markdown and code as a page shows them: formulas, pictures and colours are in the page, and nothing in it acts.

All that Markdown becomes is cleaned as a student's HTML is (see `nnkit.grading.intake.markup`), whoever wrote it. What
is made here and would not come through, formulas, coloured code and headings, is put into its place afterwards.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Mapping
from typing import Any

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from nnkit.grading.feedback.mathematics import mathml
from nnkit.grading.intake.markup import clean_html, is_neighbour
from nnkit.grading.intake.written import LARGEST_PICTURE, is_picture

_MARK = re.compile("\ue000(\\d+)\ue001")
_PRIVATE = re.compile("[\ue000\ue001]")
_ABSOLUTE = re.compile(r"(https?|mailto):", re.IGNORECASE)
_KINDS = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg"}
LONGEST_COLOURED = 60_000  # letters of one cell


class Texts:
    """Turns the texts of one page into HTML; headings keep their order from the first to the last.

    Parameters
    ----------
    files : Mapping[tuple[str, ...], bytes] or None
        What lies beside the notebook, by the parts of its path: pictures are taken from there into the page.
    """

    def __init__(self, files: Mapping[tuple[str, ...], bytes] | None = None) -> None:
        self.files = files or {}
        self.level = 1

    def markdown(self, source: str, attachments: Mapping[str, Any] | None = None) -> str:
        """HTML of a Markdown text.

        Parameters
        ----------
        source : str
            The text.
        attachments : Mapping[str, Any] or None
            The pictures of its cell, name → type → base64.

        Examples
        --------
        >>> Texts().markdown("**a** <script>steal()</script> [b](javascript:c)")
        '<p><strong>a</strong>  b</p>\\n'
        """
        renderer = _Renderer(self, attachments or {})
        try:
            rendered = MarkdownWithMath(renderer=renderer).render(_PRIVATE.sub("", source))
        except Exception:  # what the converter cannot read is shown as it was typed
            return f"<pre>{html.escape(source, quote=False)}</pre>"
        cleaned, _ = clean_html(rendered)
        return renderer.completed(cleaned)

    def code(self, source: str, language: str = "ipython3") -> str:
        """HTML of a program, with its words in colours.

        Parameters
        ----------
        source : str
            The program.
        language : str
            As Pygments calls it.
        """
        formatter = HtmlFormatter(nowrap=True)
        if len(source) > LONGEST_COLOURED:
            coloured = html.escape(source, quote=False)
        else:
            try:
                lexer = get_lexer_by_name(language)
            except ClassNotFound:
                lexer = get_lexer_by_name("python" if language == "ipython3" else "text")
            coloured = highlight(source, lexer, formatter)
        return f'<pre class="code"><code>{coloured.rstrip()}</code></pre>'

    def heading(self, wanted: int) -> int:
        """The level that a heading gets: below that of the page, and none is left out before it.

        Parameters
        ----------
        wanted : int
            The level that it has in the notebook, whose title is the page's.

        Examples
        --------
        >>> texts = Texts()
        >>> [texts.heading(level) for level in (2, 4, 1, 2)]
        [2, 3, 2, 2]
        """
        self.level = max(2, min(wanted, self.level + 1, 6))
        return self.level


class _Renderer(IPythonRenderer):
    def __init__(self, texts: Texts, attachments: Mapping[str, Any]) -> None:
        super().__init__(escape=False, attachments=dict(attachments))
        self._texts = texts
        self._kept: list[str] = []

    def _keep(self, markup: str) -> str:
        """A mark that comes through the cleaning, and in whose place this is put afterwards."""
        self._kept.append(markup)
        return f"\ue000{len(self._kept) - 1}\ue001"

    def completed(self, text: str) -> str:
        """The text with everything in the places of its marks."""
        return _MARK.sub(lambda mark: self._kept[int(mark[1])] if int(mark[1]) < len(self._kept) else "", text)

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        plain = html.unescape(re.sub(r"<[^>]*>", "", _MARK.sub("", text))).strip()
        name = html.escape(("text-" + re.sub(r"\s+", "-", plain))[:120])
        level = self._texts.heading(level)
        opening, closing = self._keep(f'<h{level} id="{name}">'), self._keep(f"</h{level}>")
        return f"{opening}{text}{closing}\n"

    def block_code(self, code: str, info: str | None = None) -> str:
        language = (info or "").strip().split(maxsplit=1)[0] if (info or "").strip() else "text"
        return self._keep(self._texts.code(code.rstrip("\n"), language))

    def inline_math(self, body: str) -> str:
        return self._keep(mathml(body))

    def block_math(self, body: str) -> str:
        return self._keep(formula(body))

    def latex_environment(self, name: str, body: str) -> str:
        return self._keep(formula(f"\\begin{{{name}}}{body}\\end{{{name}}}"))

    def table(self, text: str) -> str:
        region = '<div class="wide" role="group" aria-label="Table" tabindex="0">'
        return f"{self._keep(region)}<table>\n{text}</table>{self._keep('</div>')}\n"

    def task_list_item(self, text: str, checked: bool = False) -> str:
        return f"<li>{'☑' if checked else '☐'} {text}</li>\n"

    def link(self, text: str, url: str, title: str | None = None) -> str:
        if url.startswith("#"):
            return f'<a href="{html.escape(f"#text-{url[1:]}"[:121])}">{text}</a>'
        # The page is read by itself: what lies beside the notebook is not beside the page.
        return f'<a href="{html.escape(url)}">{text}</a>' if _ABSOLUTE.match(url) else text

    def image(self, text: str, url: str, title: str | None = None) -> str:
        address = self._picture(url)
        words = html.escape(re.sub(r"<[^>]*>", "", text))
        if address is None:
            return f"[picture: {words}]" if words else "[picture]"
        return f'<img src="{address}" alt="{words or "a picture"}">'

    def _picture(self, url: str) -> str | None:
        if url.startswith("attachment:"):
            bundle = self.attachments.get(url.removeprefix("attachment:"), {})
            for kind in ("image/png", "image/jpeg"):
                if isinstance(bundle, Mapping) and is_picture(kind, bundle.get(kind)):
                    return f"data:{kind};base64,{bundle[kind]}"
            return None
        content = self._texts.files.get(tuple(url.replace("%20", " ").split("/"))) if is_neighbour(url) else None
        kind = _KINDS.get(url.rpartition(".")[2].lower(), "")
        if content is None or len(content) > LARGEST_PICTURE:
            return None
        data = base64.b64encode(content).decode()
        return f"data:{kind};base64,{data}" if is_picture(kind, data) else None


def formula(tex: str) -> str:
    """HTML of a formula with a line of its own, which scrolls where the page is narrower.

    Parameters
    ----------
    tex : str
        What stands between the dollars.
    """
    return f'<div class="wide formula" role="group" aria-label="Formula" tabindex="0">{mathml(tex, True)}</div>'
