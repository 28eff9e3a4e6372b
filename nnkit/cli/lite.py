"""`nnkit lite`: the course as a static site that runs in the browser, with nothing to install."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from nnkit.installation import install_command


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own arguments."""
    parser.add_argument("folder", metavar="DIR", help="the folder of the site; an older site there is replaced")
    parser.add_argument(
        "--pyodide", metavar="FOLDER", help="take the files of Pyodide, the Python for browsers, from here"
    )
    parser.add_argument("--wheels", metavar="FOLDER", help="take the packages that widgets need from here")


def run(arguments: argparse.Namespace) -> int:
    """Build the site.

    Parameters
    ----------
    arguments : argparse.Namespace
        As `add_arguments` declares them.

    Returns
    -------
    int
        The exit code: 1 when it could not be built.
    """
    from nnkit.lite.pyodide import SiteError

    given: dict[str, Path | None] = {"pyodide": None, "wheels": None}
    for option in given:
        named = getattr(arguments, option)
        if named is not None:
            given[option] = folder = Path(named).expanduser().resolve()
            if not folder.is_dir():
                print(f"--{option} should name a folder, but {named} is none.", file=sys.stderr)
                return 1
    try:
        from nnkit.lite import build

        site = build(Path(arguments.folder).expanduser(), given["pyodide"], given["wheels"])
    except ImportError as problem:
        print(
            f"Building the site needs the package {problem.name or problem}, which is not installed. Install what it "
            f"needs with\n  {install_command('course,lite')}",
            file=sys.stderr,
        )
        return 1
    except (SiteError, OSError) as problem:
        print(problem, file=sys.stderr)
        return 1
    print(site)
    print(
        "Put it on any web server, as it is. To try it here:\n"
        f'  "{sys.executable}" -m http.server --bind 127.0.0.1 --directory "{site.folder}" 8000\n'
        "and open http://127.0.0.1:8000."
    )
    return 0
