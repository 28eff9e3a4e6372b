"""Contrast as a browser shows it: of every text against what lies behind it, and of every line against its page.

`page_of` puts outputs on a page as JupyterLab's themes colour it; `measured` asks Chromium for the computed colour of
each text and line, with the opacity of all that it is in, and for what lies beneath it at its own place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

PAGES = {"true": ("#ffffff", "rgba(0, 0, 0, 0.87)"), "false": ("#111111", "rgba(255, 255, 255, 1)")}
"""Whether JupyterLab's theme is light, as it says itself → its page and its text."""


def page_of(outputs: dict[str, str], light: str) -> str:
    """Return a page with pieces of HTML, each in an element that has its name.

    Parameters
    ----------
    outputs : dict from name to HTML
    light : str
        A key of `PAGES`.
    """
    page, ink = PAGES[light]
    pieces = "".join(f'<div class="output" id="{name}">{markup}</div>' for name, markup in outputs.items())
    return (
        '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>outputs</title>'
        f"<style>body{{--jp-layout-color0:{page};--jp-content-font-color1:{ink};"
        f"background:{page};color:{ink};font:14px sans-serif;margin:12px}}.output{{margin:16px 0}}</style>"
        f'<body data-jp-theme-light="{light}">{pieces}'
    )


@dataclass(frozen=True)
class Mark:
    """A text or a line on the page.

    Parameters
    ----------
    kind : str
        "text" or "line".
    said : str
        The text, or what kind of line it is.
    contrast : float
    colours : str
        Its own and that of its ground, for a message.
    """

    kind: str
    said: str
    contrast: float
    colours: str


def measured(page: Any, name: str) -> list[Mark]:
    """Return all texts and lines of one output of a page made by `page_of`.

    Parameters
    ----------
    page : Page
        Of Playwright.
    name : str
        Of the output.
    """
    return [Mark(**one) for one in page.evaluate(_MEASURE, name)]


_MEASURE = r"""
name => {
  const output = document.getElementById(name);
  const channels = text => {
    const [red, green, blue, alpha = 1] = (text.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number);
    return [red, green, blue, alpha];
  };
  const over = (front, back) => [0, 1, 2].map(i => front[3] * front[i] + (1 - front[3]) * back[i]);
  const luminance = colour => {
    const [red, green, blue] = colour.map(part => part / 255)
      .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const opacity = element => {
    let whole = 1;
    for (; element; element = element.parentElement) whole *= Number(getComputedStyle(element).opacity);
    return whole;
  };
  const isDrawn = element => element instanceof SVGElement && element.tagName !== "svg";
  const paint = element => {
    const look = getComputedStyle(element);
    const text = element.tagName === "text" || element.tagName === "tspan";
    const colour = channels(isDrawn(element) ? (look.fill === "none" || text ? "" : look.fill) : look.backgroundColor);
    colour[3] *= (isDrawn(element) ? Number(look.fillOpacity) : 1) * opacity(element);
    return colour;
  };
  // What lies beneath an element at a place; of what is drawn over it nothing counts.
  const ground = (element, x, y) => {
    const stack = document.elementsFromPoint(x, y);
    const at = stack.findIndex(one => one === element || one.contains(element));
    const beneath = stack.slice(at < 0 ? 0 : at).filter(one => !(isDrawn(one) && one === element)).reverse();
    return beneath.reduce((colour, one) => over(paint(one), colour), [255, 255, 255]);
  };
  const marks = [];
  const add = (kind, said, ink, back) => {
    const shown = over(ink, back);
    const written = colour => "rgb(" + colour.map(Math.round).join(", ") + ")";
    marks.push({kind, said, contrast: contrast(shown, back), colours: written(shown) + " on " + written(back)});
  };
  const walker = document.createTreeWalker(output, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const element = node.parentElement;
    if (!node.data.trim() || element.closest("style, title, desc, script")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width < 1 || box.height < 1) continue;
      const look = getComputedStyle(element);
      const ink = channels(isDrawn(element) ? look.fill : look.color);
      ink[3] *= (isDrawn(element) ? Number(look.fillOpacity) : 1) * opacity(element);
      for (const share of [0.25, 0.5, 0.75]) {
        const back = ground(element, box.x + share * box.width, box.y + box.height / 2);
        add("text", node.data.trim().slice(0, 40), ink, back);
      }
    }
  }
  for (const element of output.querySelectorAll("*")) {
    const look = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (isDrawn(element)) {
      // The bright orange of the weights frames with an ink line in it, and a pole's trail fades on purpose.
      const bright = (element.getAttribute("stroke") || "").includes("weight-area") || element.closest(".trail");
      if (look.stroke === "none" || element.tagName === "text" || bright) continue;
      const ink = channels(look.stroke);
      ink[3] *= Number(look.strokeOpacity) * opacity(element);
      const svg = element.ownerSVGElement, frame = svg.getBoundingClientRect();
      add("line", "stroke " + element.tagName, ink, ground(svg, frame.x + 1, frame.y + 1));
    } else {
      for (const side of ["Left", "Right", "Top", "Bottom"]) {
        if (parseFloat(look[`border${side}Width`]) < 1.5 || look[`border${side}Style`] === "none") continue;
        const ink = channels(look[`border${side}Color`]);
        if (!ink[3]) continue;
        ink[3] *= opacity(element);
        add("line", "border " + side, ink, ground(element.parentElement, box.x + 1, box.y + 1));
      }
    }
  }
  return marks;
}
"""
