"""Make the README's animation: the backward pass of the class that a reader writes in notebook 02, as it was recorded.

``python -m tests.browser.make_animation`` writes ``.github/backward.svg``. It is one SVG file that needs no program:
each step is a group that is seen while its turn lasts, and a dot runs along the edge at work. Whoever wants no motion
sees the last step. The numbers are those that the class wrote; nothing is drawn by hand.
"""

from __future__ import annotations

import html
import json
import re
import textwrap
from pathlib import Path
from typing import Any

from nnkit.draw import style
from nnkit.draw.svg import Picture, text_width
from nnkit.widgets.backward_walk import walk_back
from nnkit.widgets.walks import Walk

REPOSITORY = Path(__file__).resolve().parents[2]
NOTEBOOK = REPOSITORY / "solutions" / "02_backprop_by_hand" / "automatic_differentiation.ipynb"
FILE = REPOSITORY / ".github" / "backward.svg"
SECONDS, ON_ITS_WAY = 2.4, 0.7
"""How long a step is seen, and how long its dot runs."""
CODE = ("u = a + b", "v = a * u", "f = u * v", "f.backward()")
MARGIN, TOP, LINE = 16, 44, 20


def walk() -> Walk:
    """Record the class of the notebook's step 2 on a diamond."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    (source,) = ("".join(cell["source"]) for cell in cells if cell["id"] == "Value_backward")
    names: dict[str, Any] = {}
    exec(source, names)

    def diamond(a: Any = 2.0, b: Any = 1.0) -> Any:
        u = a + b
        v = a * u
        f = u * v
        return f

    return walk_back(diamond, names["Value"])


def animation() -> Picture:
    """Put the steps of the walk one after the other."""
    steps = walk()
    whole = len(steps.pictures) * SECONDS
    wide = max(picture.width for picture in steps.pictures) + 2 * MARGIN
    high = max(picture.height for picture in steps.pictures)
    frames = []
    for number, (picture, sentence) in enumerate(zip(steps.pictures, steps.sentences, strict=True)):
        lines = _lines(sentence, wide - 2 * MARGIN)
        words = "".join(
            f'<text x="{MARGIN}" y="{TOP + high + 26 + LINE * place:g}" font-size="14" fill="currentColor">'
            f"{html.escape(line)}</text>"
            for place, line in enumerate(lines)
        )
        begin = number * SECONDS
        # A step begins as if it had been running for long: while it waits for its turn, its last one is over.
        frames.append(
            f'<g class="step" style="animation-delay:{begin - whole if number else 0:g}s">'
            f'<g transform="translate({MARGIN} {TOP})">{_with_dots(picture.body, begin, whole)}</g>{words}</g>'
        )
    share = 100 / len(frames)
    css = (
        f"@keyframes turn{{0%{{visibility:visible}}{share:.4f}%{{visibility:hidden}}}}"
        f".step{{visibility:hidden;animation:turn {whole:g}s step-end infinite}}"
        ".step:last-of-type{visibility:visible}"
        "@media(prefers-reduced-motion:reduce){.step{animation:none}}"
    )
    total = TOP + high + 26 + 2 * LINE
    card = (
        f'<rect width="{wide:g}" height="{total:g}" rx="10" fill="{style.COLOURS["page"]}" '
        f'stroke="{style.COLOURS["axis"]}" stroke-opacity="0.35"/>'
    )
    code = (
        f'<text x="{MARGIN}" y="28" font-size="14" fill="currentColor" '
        f"style=\"font-family:ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace\">{'   '.join(CODE)}</text>"
    ).replace("   ", "\N{NO-BREAK SPACE}" * 3)
    alt = (
        "The graph of u = a + b, v = a u, f = u v at a = 2, b = 1. A backward pass written by a reader walks through "
        f"it from right to left, one message after the other. {' '.join(steps.sentences[1:])}"
    )
    body = f"<style>{css}</style>{card}{code}{''.join(frames)}"
    return Picture(body, wide, total, alt, "Your own backward pass at work")


def _lines(sentence: str, room: float) -> list[str]:
    """Break a sentence so that each line fits."""
    letters = len(sentence)
    while letters > 20:
        lines = textwrap.wrap(sentence, letters)
        if all(text_width(line, 14) <= room * 1.12 for line in lines):  # the estimate is on the wide side
            return lines
        letters -= 1
    return textwrap.wrap(sentence, letters)


def _with_dots(body: str, begin: float, whole: float) -> str:
    """Let a dot run along each edge at work, from the end that sends to the end that receives."""
    dots = [
        f'<circle r="6" fill="{style.COLOURS["gradient"]}" stroke="{style.COLOURS["page"]}" stroke-width="1.5">'
        f'<animateMotion path="{path}" begin="{begin:g}s" dur="{whole:g}s" repeatCount="indefinite" '
        f'keyPoints="1;0;0" keyTimes="0;{ON_ITS_WAY / whole:.4f};1" calcMode="linear"/>'
        f'<animate attributeName="opacity" values="1;0" keyTimes="0;{ON_ITS_WAY / whole:.4f}" calcMode="discrete" '
        f'begin="{begin:g}s" dur="{whole:g}s" repeatCount="indefinite"/></circle>'
        for path in re.findall(r'<path class="edge" d="([^"]+)" fill="none" stroke="[^"]+" stroke-width="2.4"/>', body)
    ]
    return body.removesuffix("</g>") + "".join(dots) + "</g>"


def main() -> None:
    """Write the file."""
    animation().save(FILE)


if __name__ == "__main__":
    main()
