"""`nnkit site`: make the course's site from a checkout, notebooks, guides and reference, as a folder of plain files.

What Sphinx reads is put together by `.github/site/nnkit_site/` in a temporary folder; so is what it makes. Only a site
that was made without a single warning takes the place of the folder that was asked for.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import shutil
import sys
import tempfile
from pathlib import Path

from nnkit.installation import checkout, install_command

MARK = ".nnkit-site"
"""The file by which the command knows a folder that it has made, and may make anew."""

NEEDS = ("sphinx", "myst_nb", "numpydoc", "pydata_sphinx_theme", "sphinx_copybutton", "sphinx-mathjax-offline")
"""The packages of the extra `site`, as Python calls them."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own arguments."""
    parser.add_argument(
        "out", metavar="OUT", type=Path, help="the folder to make; one that this command made is replaced"
    )
    parser.add_argument("--quiet", action="store_true", help="print nothing but what is wrong")


def run(arguments: argparse.Namespace) -> int:
    """Run the command.

    Parameters
    ----------
    arguments : argparse.Namespace
        As `add_arguments` declares them.

    Returns
    -------
    int
        The exit code: 1 when there is no checkout, a package is missing, or the site could not be made.
    """
    out: Path = arguments.out.absolute()
    problem = what_hinders(out)
    if problem:
        print(problem, file=sys.stderr)
        return 1
    checkout = _checkout()
    assert checkout is not None
    out.parent.mkdir(parents=True, exist_ok=True)
    # Beside its place, so that a finished site gets there by a change of name.
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as scratch:
        source, made = Path(scratch, "source"), Path(scratch, "site")
        source.mkdir()
        if not _built(checkout, source, made, arguments.quiet):
            print(f"The site was not made; {out} is as it was.", file=sys.stderr)
            return 1
        (made / MARK).touch()
        if out.exists():
            os.replace(out, Path(scratch, "old"))
        os.replace(made, out)
    if not arguments.quiet:
        print(f"The site is in {out}. Open {out / 'index.html'}, or put the folder where a web server finds it.")
    return 0


def what_hinders(out: Path) -> str:
    """Say in a sentence why the site cannot be made into a folder; "" if nothing is in the way.

    Parameters
    ----------
    out : Path
        The folder.
    """
    checkout = _checkout()
    if checkout is None:
        return (
            "The site is made from the repository: its notebooks, guides and tests. The installed package does not "
            'carry them. Get the repository with `git clone`, install it with `pip install -e ".[site]"` and run the '
            "command again."
        )
    missing = [name for name in NEEDS if importlib.util.find_spec(name) is None]
    if missing:
        return (
            f"The site needs {', '.join(missing)}, which {'is' if len(missing) == 1 else 'are'} not installed. Install "
            f"what it needs with\n  {install_command('site')}"
        )
    if out.exists() and not (out / MARK).is_file() and not (out.is_dir() and not any(out.iterdir())):
        return f"{out} is there already and was not made by this command. Name another folder, or remove it yourself."
    if out == checkout or out in checkout.parents:
        return f"{out} holds the repository; name a folder for the site alone."
    return ""


def _checkout() -> Path | None:
    """The repository, if it has what the site is made from."""
    folder = checkout()
    return folder if folder and (folder / ".github" / "site" / "conf.py").is_file() else None


def _built(checkout: Path, source: Path, made: Path, quiet: bool) -> bool:
    """Put together what Sphinx reads and let it make the site; whether it went without a warning."""
    sys.path.insert(0, str(checkout / ".github" / "site"))
    try:
        sources = importlib.import_module("nnkit_site.sources")
        build = importlib.import_module("sphinx.cmd.build")
        try:
            sources.write_sources(checkout, source)
        except (ValueError, ModuleNotFoundError) as problem:
            print(problem, file=sys.stderr)
            return False
        options = ["-b", "html", "-W", "--keep-going", "-j", "auto", "-d", str(source.parent / "doctrees")]
        code = build.main([*options, *(["-q"] if quiet else []), str(source), str(made)])
        shutil.rmtree(made / "_sources", ignore_errors=True)
        return not code
    finally:
        sys.path.remove(str(checkout / ".github" / "site"))
