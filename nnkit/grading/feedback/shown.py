"""What the cells of a graded notebook have shown, as HTML: cleaned again, and without what repeats a verdict."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from typing import Any

from nnkit.draw.style import sheet
from nnkit.exercises.terms import REPORT_TYPE
from nnkit.grading.feedback.mathematics import mathml
from nnkit.grading.feedback.texts import Texts, formula
from nnkit.grading.intake.written import clean_markup, is_picture
from nnkit.grading.marks.outcomes import ERRORS

_ESCAPE_CODES = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-?]*[ -/]*[@-~]|\x1b.")
_FORMULA = re.compile(r"\s*(\${1,2})(?P<body>.*?)\1\s*", re.DOTALL)


def report_panel(outputs: Iterable[Mapping[str, Any]], exercise: str) -> str | None:
    """The panel of the verdict on an exercise, as grading wrote it; None where there is none.

    Parameters
    ----------
    outputs : Iterable[Mapping[str, Any]]
        Of the cell with the check.
    exercise : str
        Its name.
    """
    found = None
    for output in outputs:
        data = output.get("data", {})
        report = data.get(REPORT_TYPE)
        if isinstance(report, Mapping) and report.get("exercise") == exercise:
            found = _joined(data.get("text/html")) or f"<pre>{_text(data.get('text/plain'))}</pre>"
    # The page has these rules once.
    return None if found is None else found.replace(sheet(), "")


def own_error(outputs: Iterable[Mapping[str, Any]]) -> str | None:
    """What grading itself says in a cell in which no check answered; None where it says nothing.

    Parameters
    ----------
    outputs : Iterable[Mapping[str, Any]]
        Of the cell.
    """
    said = [_text(one.get("evalue")) for one in outputs if one.get("ename") in ERRORS]
    return said[0] if said else None


def shown_html(outputs: Iterable[Mapping[str, Any]], texts: Texts, short_errors: bool = False) -> list[str]:
    """The outputs of a cell; those that only say what a panel says are left out.

    Parameters
    ----------
    outputs : Iterable[Mapping[str, Any]]
        As the notebook has them.
    texts : Texts
        The page's.
    short_errors : bool
        Whether an error is told by its last line alone: the lines above it may be those of a hidden test.
    """
    found = []
    for output in outputs:
        kind = output.get("output_type")
        if kind == "stream":
            found.append(_plain(output.get("text"), "stderr" if output.get("name") == "stderr" else "stdout"))
        elif kind == "error" and output.get("ename") not in ("CheckFailed", *ERRORS):
            found.append(_error(output, short_errors))
        elif kind in ("display_data", "execute_result") and REPORT_TYPE not in output.get("data", {}):
            found.append(_bundle(output, texts))
    return [one for one in found if one]


def _bundle(output: Mapping[str, Any], texts: Texts) -> str:
    data = output.get("data", {})
    if "text/html" in data:
        cleaned, _ = clean_markup(_joined(data["text/html"]))
        return _wide(cleaned) if "<img" in cleaned or re.sub(r"<[^>]*>", "", cleaned).strip() else ""
    if "text/markdown" in data:
        return f'<div class="output">{texts.markdown(_joined(data["text/markdown"]))}</div>'
    for kind in ("image/png", "image/jpeg"):
        picture = _joined(data.get(kind)).strip()
        if is_picture(kind, picture):
            about = output.get("metadata", {}).get(kind, {})
            alt = about.get("alt") if isinstance(about, Mapping) else None
            words = html.escape(alt if isinstance(alt, str) and alt else _plain_words(data) or "a picture")
            return _wide(f'<img src="data:{kind};base64,{picture}" alt="{words}">')
    if "text/latex" in data:
        read = _FORMULA.fullmatch(_joined(data["text/latex"]))
        if read:
            inline = read[1] == "$" and "\\displaystyle" not in read["body"]
            shown = mathml(read["body"]) if inline else formula(read["body"])
            return f'<div class="output">{shown}</div>'
        return f'<div class="output">{texts.markdown(_joined(data["text/latex"]))}</div>'
    return _plain(data.get("text/plain"), "stdout")


def _plain_words(data: Mapping[str, Any]) -> str:
    words = _joined(data.get("text/plain")).strip()
    return "" if words.startswith("<") else words[:300]


def _wide(content: str) -> str:
    return f'<div class="output wide" role="group" aria-label="Output" tabindex="0">{content}</div>'


def _plain(text: Any, look: str) -> str:
    words = _text(text)
    return f'<pre class="output {look}">{words}</pre>' if words.strip() else ""


def _error(output: Mapping[str, Any], short: bool) -> str:
    last = f"{_joined(output.get('ename'))}: {_joined(output.get('evalue'))}"
    lines = output.get("traceback")
    whole = "\n".join(map(_joined, lines)) if isinstance(lines, list) and not short else ""
    return f'<pre class="output error">{_text(whole if whole.strip() else last)}</pre>'


def _joined(text: Any) -> str:
    if isinstance(text, list):
        return "".join(one for one in text if isinstance(one, str))
    return text if isinstance(text, str) else ""


def _text(text: Any) -> str:
    return html.escape(_ESCAPE_CODES.sub("", _joined(text)), quote=False).strip("\n")
