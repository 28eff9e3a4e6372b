"""The page on the checks alone: its files are written and its commands typed, with pytest and with Otter."""

from __future__ import annotations

import doctest
import json
import os
import shutil
import venv
from pathlib import Path

import pytest

from tests.package.served import run
from tests.pages.followed import PAGES, block, blocks, follow

PAGE = "only_the_checks.md"
posix = pytest.mark.skipif(shutil.which("bash") is None or os.name != "posix", reason="the commands need a shell")


def write_files(folder: Path) -> list[str]:
    """Write every file that the page shows."""
    shown = [one for one in blocks(PAGE) if one.file]
    for one in shown:
        (folder / one.file).parent.mkdir(exist_ok=True)
        (folder / one.file).write_text(one.text, encoding="utf-8")
    return [one.file for one in shown]


def test_what_the_page_shows_of_python_is_what_python_says() -> None:
    failed, tried = doctest.testfile(str(PAGES / PAGE), module_relative=False, encoding="utf-8")
    assert (failed, tried) == (0, 7)


def test_every_block_of_the_page_is_tried_here(tmp_path: Path) -> None:
    assert write_files(tmp_path) == ["answers.py", "test_answers.py", "tests/double.py", "requirements.txt"]
    untried = [one for one in blocks(PAGE) if not one.file and ">>>" not in one.text]
    assert [one.text.split()[0] for one in untried] == ["python", "otter"]


@posix
def test_pytest_tells_what_a_notebook_would(tmp_path: Path) -> None:
    write_files(tmp_path)
    repository = str(PAGES.parents[1])
    done = follow(block(PAGE, "sh", "pytest").text, tmp_path, PYTHONPATH=repository)
    assert done.returncode == 1
    assert "1 failed, 1 passed" in done.stdout, done.stdout + done.stderr
    assert "neuron: not yet." in done.stdout
    assert "Traceback" not in done.stdout
    answers = tmp_path / "answers.py"
    answers.write_text(answers.read_text().replace("np.tanh(x @ w + b)", "1 / (1 + np.exp(-(x @ w + b)))"))
    done = follow(block(PAGE, "sh", "pytest").text, tmp_path, PYTHONPATH=repository)
    assert "2 passed" in done.stdout, done.stdout + done.stderr


@pytest.fixture(scope="module")
def otter(wheel: Path, repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment with Otter and the wheel in it, without what the notebooks need."""
    folder = tmp_path_factory.mktemp("otter")
    venv.create(folder, with_pip=True)
    command = [
        folder / "bin" / "pip",
        "install",
        "-q",
        "-c",
        repository / "constraints.txt",
        "otter-grader",
        "ipykernel",
        wheel,
    ]
    if run(command, folder).returncode:
        pytest.skip("pip could not install otter-grader")
    return folder / "bin"


@posix
@pytest.mark.slow
def test_otter_asks_the_checks(otter: Path, tmp_path: Path) -> None:
    write_files(tmp_path)
    done = follow(block(PAGE, "sh", "otter").text, tmp_path, otter)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "All tests passed!" in done.stdout
    results = json.loads((tmp_path / "results" / "results.json").read_text(encoding="utf-8"))
    assert {"name": "double", "score": 2.0, "max_score": 2.0}.items() <= results["tests"][-1].items()
    (tmp_path / "answers.py").write_text("def double(x):\n    return x * x\n")
    done = follow(block(PAGE, "sh", "otter").text.splitlines()[0], tmp_path, otter)
    assert "double: not yet." in done.stdout
    assert "Yours is x times itself." in done.stdout


@posix
@pytest.mark.slow
def test_otter_asks_them_of_a_notebook_too(otter: Path, repository: Path, tmp_path: Path) -> None:
    write_files(tmp_path)
    code = {"cell_type": "code", "execution_count": None, "id": "a", "metadata": {}, "outputs": []}
    notebook = {"cells": [code | {"source": "def double(x):\n    return 2 * x"}], "metadata": {}}
    (tmp_path / "own.ipynb").write_text(json.dumps(notebook | {"nbformat": 4, "nbformat_minor": 5}))
    done = follow("otter check own.ipynb --tests-path tests --question double", tmp_path, otter)
    assert "All tests passed!" in done.stdout, done.stdout + done.stderr
