"""The entrance: everything that Sphinx reads, in one folder, and everything that it copies as it is, in another."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

from nnkit_site.course_map import write_map
from nnkit_site.differences import write_differences
from nnkit_site.live import write_live
from nnkit_site.look import style_sheet
from nnkit_site.notebooks import write_notebooks
from nnkit_site.pages import write_pages
from nnkit_site.reference import write_reference

EXTRA = "extra"
"""In the folder that Sphinx reads, what it copies into the site as it is."""

_MATHJAX = ("tex-chtml.js", "output/chtml/fonts")


def write_sources(checkout: Path, source: Path) -> None:
    """Write everything that Sphinx reads into an empty folder.

    Parameters
    ----------
    checkout : Path
        The repository.
    source : Path
        An empty folder.

    Raises
    ------
    ValueError
        If something that a page needs is not there.
    """
    folder = checkout / ".github" / "site"
    shutil.copytree(folder, source, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.md", "__pycache__"))
    extra = source / EXTRA
    extra.mkdir()
    lessons = write_notebooks(checkout, source, extra)
    write_pages(checkout, folder, source)
    write_map(checkout, source, lessons)
    write_reference(source)
    write_differences(checkout, source)
    write_live(extra)
    (source / "_static" / "colours.css").write_text(style_sheet(), encoding="utf-8")
    shutil.copy2(checkout / ".github" / "backward.svg", source / "_static" / "backward.svg")
    _copy_mathjax(source / "_static" / "mathjax")


def _copy_mathjax(target: Path) -> None:
    """Copy of MathJax what formulas need, from the package that carries it."""
    spec = importlib.util.find_spec("sphinx-mathjax-offline")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("No module named 'sphinx-mathjax-offline'", name="sphinx-mathjax-offline")
    carried = Path(spec.origin).parent / "static" / "mathjax"
    for name in _MATHJAX:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        if (carried / name).is_dir():
            shutil.copytree(carried / name, target / name)
        else:
            shutil.copy2(carried / name, target / name)
