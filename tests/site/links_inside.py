"""Links of a built site: which lead nowhere, which lead out, and what a page loads from elsewhere.

Pages are read with Python's own parser. Nothing is fetched: a link out of the site is listed, not followed.
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}
"""What a browser asks for by itself, without a click."""


@dataclass
class Page:
    """What one page holds.

    Parameters
    ----------
    ids : set of str
        Its anchors.
    links, loaded : list of str
        Where its links lead, and what it loads.
    text : str
        What is to be read on it.
    """

    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    text: str = ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page, self.pieces, self.silent = Page(), [], 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        known = dict(attributes)
        self.page.ids.update(value for name in ("id", "name") if (value := known.get(name)))
        if tag == "a" and known.get("href"):
            self.page.links.append(known["href"] or "")
        wanted = LOADED.get(tag)
        if wanted and known.get(wanted) and known.get("rel") not in ("canonical", "next", "prev", "index", "search"):
            self.page.loaded.append(known[wanted] or "")
        self.silent += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.pieces.append(data)


def read(file: Path) -> Page:
    """Read one page.

    Parameters
    ----------
    file : Path
    """
    reader = _Reader()
    reader.feed(file.read_text(encoding="utf-8"))
    reader.page.text = "".join(reader.pieces)
    return reader.page


@dataclass
class Site:
    """All pages of a folder.

    Parameters
    ----------
    folder : Path
    without : tuple of str
        How addresses begin that are put beside the pages later.
    """

    folder: Path
    without: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        # The theme has a template among its files, which is no page.
        files = [file for file in sorted(self.folder.rglob("*.html")) if "_static" not in file.parts]
        self.pages = {file.relative_to(self.folder).as_posix(): read(file) for file in files}

    def outside(self) -> dict[str, set[str]]:
        """Links that lead out of the site, each with the pages that have it."""
        found: dict[str, set[str]] = defaultdict(set)
        for name, page in self.pages.items():
            for link in page.links:
                if urlsplit(link).scheme:
                    found[link].add(name)
        return dict(found)

    def loaded_from_outside(self) -> list[str]:
        """What some page would ask another server for, without a click."""
        return [
            f"{name}: {address}"
            for name, page in self.pages.items()
            for address in page.loaded
            if address.startswith("//") or urlsplit(address).scheme not in ("", "data")
        ]

    def broken(self) -> list[str]:
        """Links inside the site that lead to no file, or to no anchor of one."""
        return [
            f"{name} → {link}"
            for name, page in self.pages.items()
            for link in (*page.links, *page.loaded)
            if not self._leads_somewhere(name, link)
        ]

    def _leads_somewhere(self, name: str, link: str) -> bool:
        parts = urlsplit(link)
        if parts.scheme or link.startswith("//"):
            return True
        path = unquote(parts.path)
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
        if target.startswith(self.without or ("\0",)):
            return True
        if not (self.folder / target).is_file():
            return False
        anchor = unquote(parts.fragment)
        return not anchor or target not in self.pages or anchor in self.pages[target].ids
