"""The pages in Markdown: those of this folder, what they include of the repository, and links that fit the site.

A page is written to be read on GitHub, too. So it links to files of the repository as they lie there; here such a link
becomes one to the page that was made of the file, or to the file in the repository. What a page says in common with
another file is not copied but included, by a line that GitHub does not show:

    <!-- include: GRADING.md -->                      a whole file without its title
    <!-- include: README.md ## For instructors -->     a section without its heading

In a table of contents a line that begins with a question mark names a page that may be missing (a link to it is then
its words alone), and `? *` stands for all pages that no table names.
"""

from __future__ import annotations

import os
import posixpath
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

HOME = "https://github.com/nnkit-course/nnkit"
"""Where the repository is, unless `pyproject.toml` says it."""

PAGE_OF: Mapping[str, str] = {
    "README.md": "index",
    "README.md#for-instructors": "a_class",
    "GRADING.md": "grading",
    "CONTRIBUTING.md": "contributing",
    "tests/benchmarks": "speed",
    "tests/benchmarks/README.md": "speed",
    "nnkit/data/files/README.md": "attribution",
    "solutions": "course/index",
    "course": "course/index",
}
"""Files and folders of the repository (one with an anchor) that have a page."""

GENERATED = "generated"
"""The folder, beside the pages, of what commands have written; a page names the command."""

_INCLUDE = re.compile(r"<!-- include: (?P<file>\S+)(?: (?P<heading>#+ .+?))? -->")
_LINK = re.compile(r"(?P<text>\]\()(?P<target>[^)\s#]*)(?P<anchor>#[^)\s]*)?(?P<end>[^)]*\))")
_HEADING = re.compile(r"(#+) (.+)")


def write_pages(checkout: Path, folder: Path, source: Path) -> None:
    """Write all pages of a folder as Sphinx is to read them.

    Parameters
    ----------
    checkout : Path
        The repository.
    folder : Path
        In it, where the pages are.
    source : Path
        Where Sphinx reads; whatever is there already counts as a page.

    Raises
    ------
    ValueError
        If a page includes what is not there.
    """
    home = repository(checkout)
    texts = {path: included(path.read_text(encoding="utf-8"), path, checkout) for path in sorted(folder.glob("*.md"))}
    there = {path.stem for path in texts}
    named = {line for text in texts.values() for line in re.findall(r"^\??\s*(\w+)$", text, re.MULTILINE)}
    optional = {line for text in texts.values() for line in re.findall(r"^\? (\w+)$", text, re.MULTILINE)}
    rest = sorted(there - named - {"index", "course_map"})

    def fits(target: str, anchor: str) -> str | None:
        return _on_the_site(target, anchor, checkout, folder, home)

    for path, text in texts.items():
        lines = []
        for line in text.split("\n"):
            if line == "? *":
                lines += rest
            elif not line.startswith("? "):
                lines.append(line)
            elif line[2:] in there:
                lines.append(line[2:])
        text = _without_links("\n".join(lines), optional - there)
        (source / path.name).write_text(relinked(text, fits), encoding="utf-8")


def repository(checkout: Path) -> str:
    """The address of the repository, as `pyproject.toml` has it.

    Parameters
    ----------
    checkout : Path
    """
    project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    urls = {name.lower(): url for name, url in project.get("urls", {}).items()}
    return str(urls.get("repository") or urls.get("source") or HOME).rstrip("/").removesuffix(".git")


def included(text: str, path: Path, checkout: Path) -> str:
    """A page with everything that it includes, whose links are made to fit its own place.

    Parameters
    ----------
    text : str
        The page.
    path : Path
        Where it lies.
    checkout : Path

    Raises
    ------
    ValueError
        If a file or a section is not there.
    """

    def put_in(found: re.Match[str]) -> str:
        file = checkout / found["file"]
        if not file.is_file() and file.parent == path.parent / GENERATED:
            return "*This copy of the site was made before the command was run, and has no table.*"
        if not file.is_file():
            raise ValueError(f"{path.name} includes {found['file']}, but the repository has no such file.")
        part = section(file.read_text(encoding="utf-8"), found["heading"], f"{path.name}: {found['file']}")

        def moved(target: str, anchor: str) -> str | None:
            if not target:
                return None
            return os.path.relpath(file.parent / target, path.parent).replace(os.sep, "/") + anchor

        return relinked(part, moved)

    return _INCLUDE.sub(put_in, text)


def section(text: str, heading: str | None, name: str = "The file") -> str:
    """One section of a text without its heading; the whole without its title, where no heading is named.

    Parameters
    ----------
    text : str
        Markdown.
    heading : str or None
        As it is written, with its signs.
    name : str
        What to call the text where the section is not there.

    Raises
    ------
    ValueError
        If there is no such heading.

    Examples
    --------
    >>> section("# T\\n## A\\none\\n### B\\ntwo\\n## C\\nthree", "## A")
    'one\\n### B\\ntwo'
    """
    kept: list[str] = []
    level = 0
    for line, in_code in lines_of(text):
        found = None if in_code else _HEADING.fullmatch(line)
        if level and found and len(found[1]) <= level:
            break
        if level:
            kept.append(line)
        elif found and (line == heading or heading is None):
            level = len(found[1])
    if heading is None and not level:
        return text.strip("\n")
    if not level:
        raise ValueError(f"{name} has no heading {heading!r}.")
    return "\n".join(kept).strip("\n")


def lines_of(text: str) -> Iterator[tuple[str, bool]]:
    """The lines of a text in Markdown, each with whether it stands in a block of code.

    Parameters
    ----------
    text : str

    Examples
    --------
    >>> list(lines_of("a\\n```\\n# b\\n```"))
    [('a', False), ('```', True), ('# b', True), ('```', True)]
    """
    fence = ""
    for line in text.split("\n"):
        opened = re.match(r"\s*(`{3,}|~{3,}|:{3,})", line)
        if fence:
            yield line, True
            if opened and line.strip() == fence:
                fence = ""
        elif opened:
            fence = "" if opened[1].startswith(":") else opened[1]
            yield line, True
        else:
            yield line, False


def _without_links(text: str, pages: set[str]) -> str:
    """A text in which links to pages that may be missing, and are, are their words alone."""
    for page in pages:
        text = re.sub(rf"\[([^\]]+)\]\({page}\.md(?:#[^)]*)?\)", r"\1", text)
    return text


def relinked(text: str, fits: Callable[[str, str], str | None]) -> str:
    """A text whose links to files are replaced by what `fits` says; None leaves one as it is.

    Parameters
    ----------
    text : str
        Markdown.
    fits : callable
        Gets the target of a link and its anchor.
    """

    def other(found: re.Match[str]) -> str:
        target, anchor = found["target"], found["anchor"] or ""
        if re.match(r"\w+:", target):
            return found[0]
        written = fits(target, anchor)
        return found[0] if written is None else f"{found['text']}{written}{found['end']}"

    return "\n".join(line if in_code else _LINK.sub(other, line) for line, in_code in lines_of(text))


def _on_the_site(target: str, anchor: str, checkout: Path, folder: Path, home: str) -> str | None:
    """Where a link of a page in `folder` leads on the site."""
    if not target:
        return None
    inside = posixpath.normpath(posixpath.join(folder.relative_to(checkout).as_posix(), target))
    for name in (inside + anchor, inside):
        if name in PAGE_OF:
            return f"{PAGE_OF[name]}.md{'' if name.endswith(anchor) and anchor else anchor}"
    path = checkout / inside
    if path.parent == folder and path.suffix == ".md":
        return target + anchor
    if inside.startswith("course/") and path.suffix == ".ipynb":
        return inside + anchor
    if path.is_file():
        return f"{home}/blob/main/{inside}{anchor}"
    if inside == ".":
        return home
    if path.is_dir():
        return f"{home}/tree/main/{inside}"
    return None
