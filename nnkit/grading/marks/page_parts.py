"""What the pages for instructors are made of: the style, a page around its sections, tables, and words by whomever.

A page has no script, asks for nothing from outside, and says so to the browser. It is read on light, on dark and on
paper. Everything that comes from a student is escaped. There is no time in it: the same class gives the same bytes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from pathlib import Path

from nnkit.exercises.judge.report import inline
from nnkit.grading.marks.bars import COLOURS, style_sheet
from nnkit.saving import whole_file

LONGEST_SENTENCE = 600
# What makes a text look like another one or is no part of HTML: control signs, turns of direction, halves of letters.
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)

STYLE = """
:root { color-scheme: light dark; --page: #ffffff; --ink: #1b1d21; --soft: #5a5f69; --line: #d5d8de; --box: #f4f5f7;
  --link: #0b5cad; --wrong: WRONG_ON_LIGHT; }
@media (prefers-color-scheme: dark) { :root { --page: #16181c; --ink: #e8e9ec; --soft: #a5abb6; --line: #3a3f48;
  --box: #20242a; --link: #7cc0ff; --wrong: WRONG_ON_DARK; } }
body { background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif;
  margin: 0 auto; max-width: 62rem; padding: 1rem 1.2rem 4rem; overflow-wrap: break-word; }
h1, h2, h3, h4 { line-height: 1.25; }
h2 { border-top: 2px solid var(--line); padding-top: 1.2rem; margin-top: 2.6rem; }
h3 { margin: 2.4rem 0 0.3rem; }
h3 code { font-size: 1.25rem; }
h4 { margin: 1.3rem 0 0.2rem; }
article p, blockquote p { margin: 0.3rem 0; }
a { color: var(--link); }
.soft { color: var(--soft); }
.tag { border: 1px solid var(--line); border-radius: 0.3rem; color: var(--soft); font-size: 0.8rem; font-weight: normal;
  padding: 0.05rem 0.4rem; vertical-align: middle; }
code, pre { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 0.9rem; }
pre { background: var(--box); border-left: 4px solid var(--wrong); margin: 0.3rem 0; padding: 0.5rem 0.8rem;
  white-space: pre-wrap; }
blockquote { border-left: 4px solid var(--line); margin: 0.3rem 0; padding: 0.1rem 0.8rem; }
.scroll { margin: 0 0 1.4rem; overflow-x: auto; position: relative; }
table { border-collapse: collapse; }
th, td { border-bottom: 1px solid var(--line); padding: 0.25rem 0.7rem; text-align: left; vertical-align: top; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
thead th { border-bottom-width: 2px; }
tbody th { font-weight: normal; max-width: 16rem; min-width: 6rem; overflow-wrap: anywhere; }
td { min-width: 2rem; }
td code { overflow-wrap: anywhere; }
td:has(> code) { min-width: 8rem; }
.people td { min-width: 10rem; }
.class th.number { font-size: 0.85rem; font-weight: 600; white-space: normal; }
.not-passed { background: var(--box); }
.unseen { clip-path: inset(50%); height: 1px; overflow: hidden; position: absolute; white-space: nowrap; width: 1px; }
summary { cursor: pointer; }
caption { caption-side: top; color: var(--soft); padding: 0.2rem 0.7rem 0.5rem; text-align: left; }
tfoot th, tfoot td { border-bottom: 0; border-top: 2px solid var(--line); font-weight: 600; }
.late { color: var(--soft); font-size: 0.85rem; }
@media print {
  :root { color-scheme: light; --page: #ffffff; --ink: #000000; --soft: #444444; --line: #999999; --box: #f4f5f7;
    --link: #000000; --wrong: WRONG_ON_LIGHT; }
  @page { margin: 1.5cm; }
  html { font-size: 11px; }
  body { font-size: 1rem; max-width: none; padding: 0; }
  nav, summary { display: none; }
  details::details-content { content-visibility: visible; }
  .scroll { overflow: visible; }
  th, td { padding: 0.15rem 0.35rem; }
  tbody th, td, td:has(> code), .people td { min-width: 0; }
  th.number, .class th.number { font-size: 0.75rem; overflow-wrap: anywhere; white-space: normal; }
  thead { display: table-header-group; }
  tr, article, svg { break-inside: avoid; }
  h2, h3, h4, caption { break-after: avoid; }
}
""".replace("WRONG_ON_LIGHT", COLOURS["mistake"][0]).replace("WRONG_ON_DARK", COLOURS["mistake"][1])


def write_page(path: str | Path, content: str) -> None:
    """Write a page as one file, at once or not at all; as it may name students, only its owner can read it.

    Parameters
    ----------
    path : str or Path
        Where it is to be; an older one is replaced.
    content : str
        The page.
    """
    with whole_file(path, private=True) as file:
        file.write(content.encode("utf-8"))


def document(title: str, lead: str, links: Sequence[tuple[str, str]], content: str) -> str:
    """A page.

    Parameters
    ----------
    title : str
        Its heading; a text by whomever.
    lead : str
        HTML of the sentence below it.
    links : Sequence[tuple[str, str]]
        The ids of its sections, and how each is called.
    content : str
        HTML of the sections.
    """
    items = "".join(f'<li><a href="#{place}">{words}</a></li>' for place, words in links)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{text(title)}</title>
<style>{STYLE}{style_sheet()}</style>
</head>
<body>
<header>
<h1>{text(title)}</h1>
<p>{lead}</p>
<nav aria-label="Sections"><ul>{items}</ul></nav>
</header>
<main>
{content}
</main>
</body>
</html>
"""


def scrolling(label: str, content: str) -> str:
    """A box that scrolls where a page is narrow; it has to be reached by the keyboard, too.

    Parameters
    ----------
    label : str
        What is in it; a text by whomever.
    content : str
        HTML.
    """
    return f'<div class="scroll" role="region" tabindex="0" aria-label="{text(label)}">{content}</div>'


def table(
    caption: str,
    heads: Sequence[str],
    rows: Sequence[str],
    numbers: Sequence[str] = (),
    look: str = "",
    foot: str = "",
) -> str:
    """A table with a caption, in a box that scrolls where a page is narrow.

    Parameters
    ----------
    caption : str
        What it shows; a text by whomever.
    heads : Sequence[str]
        The heads of the first columns.
    rows : Sequence[str]
        HTML of each row.
    numbers : Sequence[str]
        The heads of the columns of numbers, which come then.
    look : str
        A class of the style.
    foot : str
        HTML of a last row that sums up.

    Examples
    --------
    >>> "<caption>Points</caption>" in table("Points", ["Student"], [])
    True
    """
    head = "".join(f'<th scope="col">{text(word)}</th>' for word in heads)
    # A long name may be broken behind its underlines, and nowhere else.
    narrow = (text(word).replace("_", "_<wbr>") for word in numbers)
    head += "".join(f'<th scope="col" class="number">{word}</th>' for word in narrow)
    kind = f' class="{look}"' if look else ""
    body = "\n".join(rows)
    last = f"\n<tfoot>{foot}</tfoot>" if foot else ""
    return scrolling(
        caption,
        f"<table{kind}><caption>{text(caption)}</caption><thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>{last}"
        "</table>",
    )


def tag(words: str) -> str:
    """A small remark beside a heading.

    Parameters
    ----------
    words : str
        It.
    """
    return f'<span class="tag">{words}</span>'


def percent(number: int, whole: int) -> str:
    """A share in words.

    Parameters
    ----------
    number, whole : int
        Of how many how many there are.

    Examples
    --------
    >>> percent(1, 3), percent(0, 0)
    ('33 %', '0 %')
    """
    return f"{100 * number / whole:.0f} %" if whole else "0 %"


def plural(number: int, word: str) -> str:
    """A number of things.

    Parameters
    ----------
    number : int
        How many.
    word : str
        What one of them is called.

    Examples
    --------
    >>> plural(1, "student"), plural(2, "student")
    ('1 student', '2 students')
    """
    return f"{number} {word}{'' if number == 1 else 's'}"


def clean(text: str) -> str:
    """A text without what is no part of a page.

    Parameters
    ----------
    text : str
        By whomever.
    """
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", str(text))


def text(text: str, longest: int = LONGEST_SENTENCE) -> str:
    """HTML of a text by whomever.

    Parameters
    ----------
    text : str
        It.
    longest : int
        How many letters of it are shown.

    Examples
    --------
    >>> text("<b>")
    '&lt;b&gt;'
    """
    text = clean(text)
    return html.escape(text if len(text) <= longest else f"{text[: longest - 1]}…")


def sentence(text: str) -> str:
    """HTML of what a check has told; what stands between backticks is code.

    Parameters
    ----------
    text : str
        It.
    """
    text = clean(text)
    return inline(text if len(text) <= LONGEST_SENTENCE else f"{text[: LONGEST_SENTENCE - 1]}…")
