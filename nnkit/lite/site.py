"""The site: JupyterLite with the course's notebooks, its Python and its packages, in a folder for any server.

Everything that a page asks for lies in the folder; nothing is fetched from anywhere else. It is built beside its place
and renamed when it is whole.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from nnkit.exercises.outline import packaged_notebooks, places
from nnkit.lite import pyodide
from nnkit.lite.pyodide import SiteError
from nnkit.lite.wheels import PYTHON, gathered

# The parts of JupyterLab that are shipped as extensions: the kernel, and what widgets need on the page.
EXTENSIONS = ("@jupyterlite/pyodide-kernel-extension", "@jupyter-widgets/jupyterlab-manager", "anywidget")
PAGE = Path(__file__).parent / "page"  # nnkit's own extension
APPS = ("lab", "notebooks", "tree")  # JupyterLab, and the plainer pages of Notebook 7
MODULES = {
    "jupyterlite_core": "jupyterlite-core",
    "jupyterlite_pyodide_kernel": "jupyterlite-pyodide-kernel",
    "jupyter_server": "jupyter-server",
    "jupyterlab_widgets": "jupyterlab_widgets",
    "anywidget": "anywidget",
}
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
START = f"/lib/python{PYTHON}/site-packages/nnkit/lite/start.py"  # where Pyodide puts that file of nnkit's
MARK = "jupyter-lite.json"  # a folder that holds it is a site, and may be replaced by a new one
SECONDS = 1800.0  # for JupyterLite's own part
# JupyterLite can download the open notebook, but has no menu for it; the one that it has for exporting is empty.
MENU = {
    "id": "jp-mainmenu-file",
    "items": [
        {"command": "docmanager:download", "rank": 6.5},
        {"type": "submenu", "submenu": {"id": "jp-mainmenu-file-notebookexport"}, "disabled": True},
    ],
}

# The pages of JupyterLite read the settings that stand in the page above them, even where there are none. JupyterLab
# has no room on a phone, so this page looks how wide the window is. `?path=` names another notebook than the first.
_FRONT_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>nnkit</title>
<link rel="icon" href="lab/favicon.ico">
<script id="jupyter-config-data" type="application/json" data-jupyter-lite-root=".">{{}}</script>
<script>
const path = new URLSearchParams(location.search).get("path") || "{notebook}";
const page = matchMedia("(max-width: {narrow}px)").matches ? "notebooks" : "lab";
location.replace(`${{page}}/index.html?${{new URLSearchParams({{ path }})}}`);
</script>
</head>
<body><p><a href="notebooks/index.html?path={notebook}">Open the course</a></p></body>
</html>
"""
NARROW = 760  # pixels; below this, the list of files would leave no room for the notebook beside it


@dataclass(frozen=True)
class Site:
    """A site that was built.

    Parameters
    ----------
    folder : Path
        Where it is.
    files : int
        How many it holds.
    size : int
        What they take, in bytes.
    """

    folder: Path
    files: int
    size: int

    def __str__(self) -> str:
        return f"The course is in {self.folder}: {self.files} files, {self.size / 1e6:.0f} MB."


def build(out: Path, pyodide_folder: Path | None = None, wheels: Path | None = None) -> Site:
    """Build the course as a static site.

    Parameters
    ----------
    out : Path
        The folder of the site; an older site there is replaced, anything else is left alone.
    pyodide_folder : Path or None
        Where Pyodide's files are; see `nnkit.lite.pyodide.fetched`.
    wheels : Path or None
        Where the wheels are; see `nnkit.lite.wheels.gathered`.

    Returns
    -------
    Site

    Raises
    ------
    ImportError
        What builds the site is not installed.
    SiteError
        Anything else that is missing or does not work.
    """
    for module, name in MODULES.items():
        if importlib.util.find_spec(module) is None:
            raise ImportError(f"{name} is not installed.", name=name)
    extensions = _extensions()
    out = out.resolve()
    _refuse_what_is_no_site(out)
    try:
        notebooks = packaged_notebooks()
    except FileNotFoundError as problem:
        raise SiteError(str(problem)) from None
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent, ignore_cleanup_errors=True) as folder:
        work = Path(folder)
        own = _furnish(work, notebooks, pyodide_folder, wheels)
        _configure(work, extensions, own)
        _run_jupyterlite(work)
        made = work / "site"
        _finish_pages(made, _first_notebook(notebooks))
        _take_the_place(made, out, work / "old")
    files = [path for path in out.rglob("*") if path.is_file()]
    return Site(out, len(files), sum(path.stat().st_size for path in files))


def _first_notebook(notebooks: Path) -> str:
    """The notebook that the course begins with."""
    first = next(iter(places()), None)
    if first is not None:
        return f"{first.assignment}/{first.notebook}.ipynb"
    return min(notebooks.glob("*/*.ipynb")).relative_to(notebooks).as_posix()


def _extensions() -> list[Path]:
    """The folders of the extensions, wherever Jupyter finds them."""
    from jupyter_core.paths import jupyter_path

    found = []
    for name in EXTENSIONS:
        places_ = [Path(folder) / name for folder in jupyter_path("labextensions")]
        folder = next((place for place in places_ if (place / "package.json").is_file()), None)
        if folder is None:
            raise SiteError(
                f"JupyterLab's extension {name} is not where Jupyter looks for extensions "
                f"({', '.join(str(place) for place in jupyter_path('labextensions'))}). Install nnkit with what the "
                "site needs into a fresh environment."
            )
        found.append(folder)
    return found


def _refuse_what_is_no_site(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise SiteError(f"{out} should become the folder of the site, but it is a file. Name another folder.")
    if out.exists() and any(out.iterdir()) and not (out / MARK).is_file():
        raise SiteError(
            f"{out} should become the folder of the site, but it holds something else, which is left alone. Name a "
            "folder that is new, empty, or an older site."
        )


def _furnish(work: Path, notebooks: Path, pyodide_folder: Path | None, wheels: Path | None) -> str:
    """Lay out what JupyterLite builds from: notebooks, Pyodide, wheels. Returns the name of nnkit's own package."""
    ignored = shutil.ignore_patterns(".*", "__pycache__")
    shutil.copytree(notebooks, work / "contents", ignore=ignored)
    distribution, fetched = work / "lite" / "static" / "pyodide", work / "wheels"
    distribution.mkdir(parents=True)
    fetched.mkdir()
    lock = pyodide.fetched(distribution, pyodide_folder)
    found = gathered(fetched, wheels)
    for wheel in found:
        shutil.copyfile(wheel.path, distribution / wheel.path.name)
        replaced = lock["packages"].get(wheel.name)
        if replaced is not None:
            (distribution / replaced["file_name"]).unlink(missing_ok=True)
        lock["packages"][wheel.name] = wheel.entry()
    (distribution / pyodide.LOCK).write_text(json.dumps(lock), encoding="utf-8")
    return found[0].name


def _configure(work: Path, extensions: list[Path], own: str) -> None:
    """Write the settings: what JupyterLite builds, and what the page does with nnkit's own package."""
    page = {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "nnkit",
            "exposeAppInBrowser": True,
            "settingsOverrides": {"@jupyterlab/mainmenu-extension:plugin": {"menus": [MENU]}},
            "litePluginSettings": {
                # All that the notebooks import is loaded while the kernel starts, and nothing comes from elsewhere.
                KERNEL: {
                    "disablePyPIFallback": True,
                    "loadPyodideOptions": {"packages": [own], "env": {"PYTHONSTARTUP": START}},
                }
            },
        },
    }
    built = {
        "LiteBuildConfig": {
            "contents": [str(work / "contents")],
            "output_dir": str(work / "site"),
            "cache_dir": str(work / "cache"),
            "apps": [*APPS],
            "ignore_sys_prefix": ["federated_extensions"],
            "federated_extensions": [str(folder) for folder in (*extensions, PAGE)],
            "no_sourcemaps": True,
            "no_unused_shared_packages": True,
        }
    }
    (work / "lite" / MARK).write_text(json.dumps(page), encoding="utf-8")
    (work / "lite" / "jupyter_lite_config.json").write_text(json.dumps(built), encoding="utf-8")


def _run_jupyterlite(work: Path) -> None:
    """Have JupyterLite build, without settings of the user's own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTERLITE_")}
    log = work / "jupyterlite.log"
    with open(log, "wb") as written:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "jupyterlite_core", "build"],
                cwd=work / "lite",
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=subprocess.STDOUT,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise SiteError(f"JupyterLite did not end within {SECONDS:g} s.") from None
    if done.returncode or not (work / "site" / "lab" / "index.html").is_file():
        said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        raise SiteError("\n".join(["JupyterLite could not build the site. Its last words:", *said[-15:]]))


def _finish_pages(made: Path, notebook: str) -> None:
    """Have the site open on a notebook, and every page name its icon: a browser would ask the server's root for one."""
    (made / "index.html").write_text(_FRONT_PAGE.format(notebook=notebook, narrow=NARROW), encoding="utf-8")
    for app in APPS:
        page = made / app / "index.html"
        text = page.read_text(encoding="utf-8")
        page.write_text(
            text.replace("<head>", '<head>\n<link rel="icon" href="../lab/favicon.ico">', 1), encoding="utf-8"
        )


def _take_the_place(made: Path, out: Path, old: Path) -> None:
    """Rename the new site to its place; what was there is put back if that fails."""
    if out.exists():
        os.replace(out, old)
    try:
        os.replace(made, out)
    except OSError:
        if old.exists():
            os.replace(old, out)
        raise
