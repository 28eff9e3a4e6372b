"""What Binder makes of the repository, and what whoever follows its badge meets first.

Binder's own image is not at hand. repo2docker is asked what it would do, and a slow test does the same things in a copy
of the repository: a new environment, the steps of `binder/`, a server started as Binder starts it, and a browser.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sysconfig
import urllib.request
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.browser.lab import BROWSER_FLAGS, CHROMIUM, PATIENCE, Notebook, free_port
from tests.package.served import ANSWER, COMMAND, clean, run, serving

FIRST = "00_welcome/welcome.ipynb"


def test_binder_removes_what_holds_answers(repository: Path) -> None:
    script = (repository / "binder" / "postBuild").read_text(encoding="utf-8")
    removed = re.search(r"^rm -rf (.*)$", script, re.MULTILINE)
    assert removed is not None
    assert {"solutions", "tests", ".git"} <= set(removed.group(1).split())
    assert "course" not in removed.group(1).split()
    assert "constraints.txt" in (repository / "binder" / "requirements.txt").read_text(encoding="utf-8")
    for name in ("postBuild", "start"):
        content = (repository / "binder" / name).read_bytes()
        assert content.startswith(b"#!/bin/bash\n")
        assert b"\r" not in content
        if os.name == "posix":
            assert os.access(repository / "binder" / name, os.X_OK)


@pytest.mark.skipif(os.name != "posix", reason="a shell script for Binder's Linux image")
def test_binder_starts_in_the_course_folder(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "course").mkdir()
    done = subprocess.run(
        [repository / "binder" / "start", "pwd"],
        env=os.environ | {"REPO_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=COMMAND,
    )
    assert Path(done.stdout.strip()).resolve() == (tmp_path / "course").resolve()


@pytest.mark.skipif(
    shutil.which("jupyter-repo2docker", path=sysconfig.get_path("scripts")) is None,
    reason="jupyter-repo2docker is not installed",
)
def test_repo2docker_accepts_binder(repository: Path) -> None:
    program = shutil.which("jupyter-repo2docker", path=sysconfig.get_path("scripts"))
    command = [program, "--no-build", "--debug", "--user-name", "jovyan", "--user-id", "1000", "."]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, timeout=COMMAND)
    assert done.returncode == 0, done.stderr[-3000:]
    built = done.stdout + done.stderr
    assert "binder/requirements.txt" in built
    assert "binder/postBuild" in built
    assert "binder/start" in built


def copy_of(repository: Path, home: Path) -> Path:
    """The repository as Binder clones it: into the home itself, with everything that belongs to it and nothing else."""
    listed = run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], repository)
    if listed.returncode:
        pytest.skip("what belongs to the repository is known only in a checkout with git")
    for name in filter(None, listed.stdout.split("\0")):
        if (repository / name).is_file():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(repository / name, home / name)
    (home / ".git").mkdir()
    return home


def post_build(home: Path, programs: str) -> dict[str, str]:
    """Run `binder/postBuild` in a home of its own; the environment that it and everything after it has."""
    assert Path.cwd() != home
    environment = clean(HOME=str(home), REPO_DIR=str(home), PATH=os.pathsep.join([programs, os.environ["PATH"]]))
    done = run([home / "binder" / "postBuild"], home, environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return environment


@dataclass
class Binder:
    """A server as Binder starts it."""

    address: str
    token: str
    home: Path

    def opens_on(self, app: str) -> str:
        with urllib.request.urlopen(f"{self.address}/{app}?token={self.token}", timeout=ANSWER) as page:
            assert page.status == 200
            return str(page.geturl()).split("?")[0].removeprefix(self.address)


def started(home: Path, environment: dict[str, str], program: str) -> Iterator[Binder]:
    port = free_port()
    further = ["--ServerApp.allow_root=True"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    command = [home / "binder" / "start", program, "--ip=127.0.0.1", f"--port={port}", "--no-browser", *further]
    with serving([*command, "--ServerApp.trust_xheaders=True"], home, environment) as address:
        base, token = re.fullmatch(r"(http://[^/]+)/.*token=(\w+)", address).groups()  # type: ignore[union-attr]
        yield Binder(base, token, home)


@pytest.fixture
def prepared(repository: Path, tmp_path: Path, installed: Path) -> tuple[Path, dict[str, str]]:
    """After `postBuild`, on top of the packages of the tests."""
    if os.name != "posix":
        pytest.skip("shell scripts for Binder's Linux image")
    home = copy_of(repository, tmp_path / "jovyan")
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, module in {"python": "", "nnkit": "-m nnkit", "lab": "-m jupyterlab", "notebook": "-m notebook"}.items():
        (programs / name).write_text(f'#!/bin/sh\nexec "{installed}" {module} "$@"\n')
        (programs / name).chmod(0o755)
    return home, post_build(home, str(programs))


def test_post_build_leaves_the_course_and_no_answers(prepared: tuple[Path, dict[str, str]]) -> None:
    home, _ = prepared
    assert {path.name for path in home.iterdir()} >= {"course", "binder", "constraints.txt"}
    assert not {path.name for path in home.iterdir()} & {"solutions", "tests", ".git", "nnkit"}
    for path in home.rglob("*"):
        if path.is_file():
            assert b"BEGIN SOLUTION" not in path.read_bytes(), path


def test_post_build_makes_the_welcome_notebook_the_first_page(prepared: tuple[Path, dict[str, str]]) -> None:
    home, _ = prepared
    settings = home / ".jupyter"
    lab, notebook = (json.loads((settings / f"jupyter_{name}_config.json").read_text()) for name in ("lab", "notebook"))
    assert lab == {"LabApp": {"default_url": f"/lab/tree/{FIRST}"}}
    assert notebook == {"JupyterNotebookApp": {"default_url": f"/notebooks/{FIRST}"}}
    assert (home / "course" / FIRST).is_file()
    assert (settings / "labconfig" / "page_config.json").is_file()


@pytest.mark.parametrize(("program", "page"), [("lab", "lab/tree"), ("notebook", "notebooks")])
def test_without_a_path_the_server_opens_on_it(program: str, page: str, prepared: tuple[Path, dict[str, str]]) -> None:
    for binder in started(*prepared, program):
        assert binder.opens_on("") == f"/{page}/{FIRST}"


@pytest.fixture(scope="module")
def built(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """What Binder builds: `pip install -r binder/requirements.txt` in a new environment, then `postBuild`."""
    folder = tmp_path_factory.mktemp("binder")
    home = copy_of(repository, folder / "jovyan")
    venv.create(folder / "kernel", with_pip=True)
    programs = folder / "kernel" / "bin"
    if run([programs / "pip", "download", "--no-deps", "-q", "-d", folder / "seen", "six"], folder).returncode:
        pytest.skip("pip reaches no index of packages")
    done = run([programs / "pip", "install", "-q", "--no-cache-dir", "-r", "binder/requirements.txt"], home)
    assert done.returncode == 0, done.stderr[-3000:]
    return home, post_build(home, str(programs))


@pytest.mark.slow
def test_whoever_follows_the_badge_answers_the_first_exercise(built: tuple[Path, dict[str, str]]) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason='this needs pip install -e ".[browser]"')
    if CHROMIUM is None:
        pytest.skip("this needs a Chromium, and none was found")
    home, environment = built
    # So that the test finds cells by their ids.
    (home / ".jupyter" / "jupyter_config.json").write_text(json.dumps({"LabApp": {"expose_app_in_browser": True}}))
    for binder in started(home, environment, "jupyter-lab"):
        assert binder.opens_on("") == f"/lab/tree/{FIRST}"
        with playwright.sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=BROWSER_FLAGS, timeout=1000 * PATIENCE)
            page = browser.new_page(viewport={"width": 1280, "height": 1000})
            page.set_default_timeout(1000 * PATIENCE)
            page.goto(f"{binder.address}/?token={binder.token}")
            page.wait_for_selector(".jp-Notebook .jp-Cell")
            assert page.locator(".jp-Notebook h1").first.inner_text().startswith("00 · Welcome")
            opened = Notebook(page, binder.address, FIRST)
            opened.run("imports")
            assert "not started" in opened.run("test_double")
            opened.write("double", "def double(x):\n    return 2 * x")
            opened.run("double")
            assert "double: right." in opened.run("test_double")
            browser.close()
