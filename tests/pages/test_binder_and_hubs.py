"""The page about Binder, containers and hubs: its links lead where they say, its commands do what they say."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tomllib
import urllib.request
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from nnkit.cli.upgrade.placing import place_notebooks
from tests.browser.lab import free_port
from tests.package.served import ANSWER, COMMAND, clean, run, serving
from tests.package.test_binder import copy_of
from tests.pages.followed import PAGES, block, blocks, follow

PAGE = "binder_and_hubs.md"
pytestmark = pytest.mark.skipif(
    os.name != "posix" or shutil.which("git") is None, reason="a hub is a Linux machine, with git"
)


def container(repository: Path) -> dict[str, Any]:
    """The dev container's settings, which are JSON with comments."""
    text = (repository / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE))
    return found


def test_badge_and_links_lead_to_the_repository_and_to_notebooks(repository: Path) -> None:
    source = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]["Source"]
    ours = "https://mybinder.org/v2/gh/" + source.removeprefix("https://github.com/") + "/main"
    text = (PAGES / PAGE).read_text(encoding="utf-8")
    links = re.findall(r"https://mybinder\.org/v2/[^\s)]+", text)
    assert [link.split("?")[0] for link in links] == [ours, ours]
    (path,) = parse_qs(urlsplit(links[1]).query)["urlpath"]
    assert (repository / "course" / path.removeprefix("lab/tree/")).is_file()


def test_the_container_has_binders_python_and_the_tested_versions(repository: Path) -> None:
    settings = container(repository)
    python = (repository / "binder" / "runtime.txt").read_text().strip().removeprefix("python-")
    assert settings["image"].endswith(f"/python:{python}")
    assert settings["postCreateCommand"].startswith("pip install -c constraints.txt -e ")
    port = int(settings["postAttachCommand"].split("--port ")[1])
    assert settings["forwardPorts"] == [port]
    assert str(port) in settings["portsAttributes"]
    assert settings["postAttachCommand"].startswith("nnkit lab --no-browser ")


@pytest.mark.slow
def test_the_containers_commands_lead_to_the_first_notebook(repository: Path, tmp_path: Path) -> None:
    settings = container(repository)
    home = copy_of(repository, tmp_path / "workspace")
    venv.create(tmp_path / "python", with_pip=True)
    programs = tmp_path / "python" / "bin"
    if run([programs / "pip", "download", "--no-deps", "-q", "-d", tmp_path / "seen", "six"], tmp_path).returncode:
        pytest.skip("pip reaches no index of packages")
    environment = clean(HOME=str(tmp_path), PATH=os.pathsep.join([str(programs), os.environ["PATH"]]))
    done = run(["sh", "-c", settings["postCreateCommand"]], home, environment)
    assert done.returncode == 0, done.stderr[-3000:]
    attach = settings["postAttachCommand"].replace("8888", str(free_port()))
    with serving(["sh", "-c", f"exec {attach}"], home, environment) as address:
        with urllib.request.urlopen(address, timeout=ANSWER) as page:
            assert page.geturl().split("?")[0].endswith("/lab/tree/00_welcome/welcome.ipynb")
        ignored = subprocess.run(["git", "check-ignore", "-q", "nnkit-course/"], cwd=repository, timeout=COMMAND)
        assert ignored.returncode == 0


def handed_out(repository: Path, folder: Path) -> Path:
    """The repository to hand out, made by the page's commands."""
    (folder / "nnkit").mkdir()
    shutil.copytree(repository / "course", folder / "nnkit" / "course")
    done = follow(block(PAGE, "sh", "git init").text, folder / "nnkit")
    assert done.returncode == 0, done.stderr
    return folder / "course-handout"


def test_the_repository_to_hand_out_is_the_students_notebooks(repository: Path, tmp_path: Path) -> None:
    made = handed_out(repository, tmp_path)
    listed = follow("git ls-files", made).stdout.splitlines()
    there = [path.relative_to(repository / "course").as_posix() for path in (repository / "course").rglob("*.*")]
    assert sorted(listed) == sorted(name for name in there if ".ipynb_checkpoints" not in name)


def test_an_update_is_the_same_without_the_first_line(repository: Path, tmp_path: Path) -> None:
    made = handed_out(repository, tmp_path)
    notebook = tmp_path / "nnkit" / "course" / "00_welcome" / "welcome.ipynb"
    change(notebook, lambda cells: cells["title"].update(source="# Welcome, all\n"))
    again = block(PAGE, "sh", "git init").text.partition("\n")[2]
    done = follow(again, tmp_path / "nnkit")
    assert done.returncode == 0, done.stderr
    assert "Welcome, all" in follow("git show HEAD:00_welcome/welcome.ipynb", made).stdout


def test_the_link_opens_a_notebook_of_the_repository(repository: Path) -> None:
    link = urlsplit(block(PAGE, "text", "git-pull").text.strip())
    asked = parse_qs(link.query)
    assert link.path == "/hub/user-redirect/git-pull"
    assert asked["branch"] == ["main"]
    name = asked["repo"][0].rpartition("/")[2]
    opened = asked["urlpath"][0].removeprefix(f"lab/tree/{name}/").removesuffix("?autodecode")
    assert (repository / "course" / opened).is_file()


def change(path: Path, what: Callable[[dict[str, Any]], object]) -> None:
    """Change a notebook's cells, by their ids, and write it as Jupyter does."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    what({cell["id"]: cell for cell in notebook["cells"]})
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


@dataclass
class Class:
    """A repository that is handed out, and a student's home into which nbgitpuller brings it."""

    programs: Path
    handout: Path
    home: Path

    @property
    def notebook(self) -> Path:
        return self.home / "course-handout" / "01_computation_graphs" / "neurons.ipynb"

    @property
    def source(self) -> Path:
        return self.handout / "01_computation_graphs" / "neurons.ipynb"

    def commit(self) -> None:
        done = follow("git add --all . && git commit --message 'Next'", self.handout)
        assert done.returncode == 0, done.stderr

    def pull(self) -> None:
        command = [self.programs / "gitpuller", self.handout.as_uri(), "main", "course-handout"]
        done = run(command, self.home, clean(HOME=str(self.home), GIT_CONFIG_GLOBAL=os.devnull))
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def puller(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """The programs of an environment with nbgitpuller."""
    folder = tmp_path_factory.mktemp("nbgitpuller")
    venv.create(folder, with_pip=True)
    done = run([folder / "bin" / "pip", "install", "-q", "-c", repository / "constraints.txt", "nbgitpuller"], folder)
    if done.returncode:
        pytest.skip("pip could not install nbgitpuller")
    return folder / "bin"


@pytest.fixture
def students(puller: Path, repository: Path, tmp_path: Path) -> Class:
    (tmp_path / "home").mkdir()
    found = Class(puller, handed_out(repository, tmp_path), tmp_path / "home")
    found.pull()
    return found


def answered(cells: dict[str, Any]) -> None:
    cells["neuron"]["source"] = "def neuron(x, w, b):\n    return 42  # mine\n".splitlines(keepends=True)
    for number, cell in enumerate(cell for cell in cells.values() if cell["cell_type"] == "code"):
        cell["execution_count"] = number
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["shown\n"]}]


@pytest.mark.slow
def test_an_untouched_notebook_becomes_the_new_one(students: Class) -> None:
    change(students.source, lambda cells: cells["digits_question"].update(source="New.\n"))
    students.commit()
    students.pull()
    assert students.notebook.read_bytes() == students.source.read_bytes()


@pytest.mark.slow
def test_text_elsewhere_comes_to_an_answer(students: Class) -> None:
    change(students.notebook, answered)
    change(students.source, lambda cells: cells["digits_question"].update(source=["New.\n"]))
    students.commit()
    students.pull()
    merged = {cell["id"]: cell for cell in json.loads(students.notebook.read_text(encoding="utf-8"))["cells"]}
    assert "mine" in "".join(merged["neuron"]["source"])
    assert "".join(merged["digits_question"]["source"]) == "New.\n"


@pytest.mark.slow
def test_of_the_same_lines_the_students_stay(students: Class) -> None:
    change(students.notebook, answered)

    def another_stub(cells: dict[str, Any]) -> None:
        cells["neuron"]["source"] = [line.replace("def neuron", "def neuron2") for line in cells["neuron"]["source"]]

    change(students.source, another_stub)
    students.commit()
    students.pull()
    (cell,) = (
        cell for cell in json.loads(students.notebook.read_text(encoding="utf-8"))["cells"] if cell["id"] == "neuron"
    )
    assert "".join(cell["source"]) == "def neuron(x, w, b):\n    return 42  # mine\n"


@pytest.mark.slow
def test_a_line_above_theirs_is_mixed_into_their_cell(students: Class) -> None:
    change(students.notebook, lambda cells: cells["neuron"]["source"].append("\n    # mine\n"))
    change(students.source, lambda cells: cells["neuron"]["source"].insert(0, "# yours\n"))
    students.commit()
    students.pull()
    (cell,) = (
        cell for cell in json.loads(students.notebook.read_text(encoding="utf-8"))["cells"] if cell["id"] == "neuron"
    )
    assert cell["source"][0] == "# yours\n"
    assert "# mine" in "".join(cell["source"])


@pytest.mark.slow
def test_deleted_own_and_removed_files(students: Class) -> None:
    students.notebook.unlink()
    students.pull()
    assert students.notebook.read_bytes() == students.source.read_bytes()
    own = students.notebook.with_name("extra.ipynb")
    own.write_text("mine")
    students.source.with_name("extra.ipynb").write_text("yours")
    students.commit()
    students.pull()
    assert own.read_text() == "yours"
    (renamed,) = own.parent.glob("extra__*.ipynb")
    assert renamed.read_text() == "mine"
    change(students.notebook, answered)
    students.source.unlink()
    students.commit()
    students.pull()
    assert "mine" in students.notebook.read_text(encoding="utf-8")
    log = follow("git log --format=%s", students.home / "course-handout").stdout
    assert "Automatic commit by nbgitpuller" in log


@pytest.mark.slow
def test_a_server_with_nbgitpuller_follows_the_link(puller: Path, repository: Path, tmp_path: Path) -> None:
    """The page's link, with the address of a server and of a repository of this machine."""
    source = handed_out(repository, tmp_path)
    home = tmp_path / "home"
    home.mkdir()
    query = block(PAGE, "text", "git-pull").text.strip().partition("?")[2]
    query = query.replace(quote("https://github.com/YOU/course-handout", safe=""), quote(source.as_uri(), safe=""))
    environment = clean(HOME=str(home), JUPYTER_RUNTIME_DIR=str(tmp_path / "runtime"))
    command = [puller / "jupyter-server", "--no-browser", "--ip=127.0.0.1", f"--port={free_port()}", "--allow-root"]
    with serving(command, home, environment) as address:
        base, token = re.fullmatch(r"(http://[^/]+)/.*token=(\w+)", address).groups()  # type: ignore[union-attr]
        with urllib.request.urlopen(f"{base}/git-pull?{query}&token={token}", timeout=ANSWER) as page:
            shown = page.read().decode()
        assert "lab/tree/course-handout/00_welcome/welcome.ipynb?autodecode" in shown
        request = f"{base}/git-pull/api?{query}&targetpath=course-handout&token={token}"
        with urllib.request.urlopen(request, timeout=ANSWER) as stream:
            told = stream.read().decode()
    assert '"phase": "finished"' in told
    assert (home / "course-handout" / "00_welcome" / "welcome.ipynb").is_file()


@pytest.fixture
def own(repository: Path, tmp_path: Path) -> Class:
    """The same class with `nnkit lab`, which places the folder of the package."""
    shutil.copytree(repository / "course", tmp_path / "course")
    found = Class(tmp_path, tmp_path / "course", tmp_path)
    place_notebooks(found.handout, found.home / "course-handout")
    return found


def cells_of(path: Path) -> dict[str, str]:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"]}


def test_nnkit_lab_brings_text_around_an_answer_and_nothing_into_it(own: Class) -> None:
    change(own.notebook, answered)
    before = cells_of(own.notebook)

    def newer(cells: dict[str, Any]) -> None:
        cells["digits_question"].update(source=["New.\n"])
        cells["neuron"]["source"].insert(0, "# yours\n")

    change(own.source, newer)
    (placed,) = (one for one in place_notebooks(own.handout, own.home / "course-handout") if one.action == "merged")
    merged = cells_of(own.notebook)
    assert merged["digits_question"] == "New.\n"
    assert merged["neuron"] == before["neuron"]
    assert [text for name, text in merged.items() if name not in before and "# yours" in text]
    assert cells_of(own.home / "course-handout" / placed.beside) == before


def test_nnkit_lab_and_deleted_own_and_removed_files(own: Class) -> None:
    folder = own.home / "course-handout"
    own.notebook.unlink()
    place_notebooks(own.handout, folder)
    assert own.notebook.read_bytes() == own.source.read_bytes()
    mine = own.notebook.with_name("extra.ipynb")
    mine.write_text("mine")
    own.source.with_name("extra.ipynb").write_bytes(own.source.read_bytes())
    placed = {one.name: one for one in place_notebooks(own.handout, folder)}
    assert mine.read_text() == "mine"
    beside = placed[mine.relative_to(folder).as_posix()].beside
    assert (folder / beside).read_bytes() == own.source.read_bytes()
    change(own.notebook, answered)
    own.source.unlink()
    place_notebooks(own.handout, folder)
    assert "mine" in cells_of(own.notebook)["neuron"]


def test_every_command_of_the_page_is_followed_here() -> None:
    assert [block.text.split()[0] for block in blocks(PAGE, "sh")] == ["pytest", "git"]
    assert Path(__file__).resolve().parents[1].joinpath("package", "test_binder.py").is_file()
