"""What is published holds what it should and nothing else: the wheel for learners, the sdist for everybody else."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from packaging.metadata import Metadata

import nnkit
from nnkit.installation import DISTRIBUTION
from tests.package.served import COMMAND, run

LEFT_BY_PROGRAMS = {"__pycache__", ".ipynb_checkpoints", ".mypy_cache", ".ruff_cache", ".pytest_cache"}


def in_the_wheel(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def in_the_sdist(path: Path) -> dict[str, bytes]:
    """By their names within the one folder that an sdist has."""
    with tarfile.open(path) as archive:
        files = [member for member in archive.getmembers() if member.isfile()]
        assert {member.name.split("/")[0] for member in files} == {path.name.removesuffix(".tar.gz")}
        return {member.name.partition("/")[2]: archive.extractfile(member).read() for member in files}  # type: ignore[union-attr]


def below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not LEFT_BY_PROGRAMS & set(path.parts) and path.suffix != ".pyc"
    }


def project(repository: Path) -> dict[str, object]:
    found: dict[str, object] = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return found


def metadata_of(wheel: Path) -> Metadata:
    files = in_the_wheel(wheel)
    return Metadata.from_email(next(files[name] for name in files if name.endswith(".dist-info/METADATA")))


def test_the_wheel_is_the_package_with_the_students_notebooks_and_nothing_else(wheel: Path, repository: Path) -> None:
    expected = {
        f"nnkit/{name}": content
        for name, content in below(repository / "nnkit").items()
        if not name.endswith((".po", ".pot"))  # what translators work on
    }
    expected |= {f"nnkit/course/{name}": content for name, content in below(repository / "course").items()}
    files = {name: content for name, content in in_the_wheel(wheel).items() if ".dist-info/" not in name}
    assert files.keys() == expected.keys()
    assert [name for name in files if files[name] != expected[name]] == []


def test_what_a_learner_needs_is_among_it(wheel: Path) -> None:
    """Of each kind at least one, by name, so that a kind cannot be lost on both sides of the comparison above."""
    names = in_the_wheel(wheel).keys()
    assert {
        "nnkit/py.typed",
        "nnkit/cli/upgrade/earlier_cells.txt",
        "nnkit/course/00_welcome/welcome.ipynb",
        "nnkit/data/files/mnist.npz",
        "nnkit/languages/de/LC_MESSAGES/nnkit.mo",
        "nnkit/widgets/front/kit.js",
        "nnkit/widgets/front/kit.css",
        "nnkit/cli/settings/labconfig/page_config.json",
        "nnkit/exercises/catalogue/welcome/double.py",
    } <= names


def test_the_wheel_holds_no_answers(wheel: Path, repository: Path) -> None:
    files = in_the_wheel(wheel)
    telling = re.compile(r"(^|/)(solutions|tests|instructor|answers)(/|$)|held_out")
    assert [name for name in files if telling.search(name) and not name.endswith(".py")] == []
    assert [name for name in files if name.split("/")[0] in ("solutions", "tests")] == []
    notebooks = [files[name] for name in files if name.startswith("nnkit/course/")]
    assert notebooks
    assert not [content for content in notebooks if b"BEGIN SOLUTION" in content]
    kept_back = [path.read_bytes() for path in (repository / "solutions").glob("*/instructor/*")]
    assert kept_back
    assert not {content for content in files.values() if content} & set(kept_back)


def test_a_wheel_made_of_the_sdist_is_the_same_wheel(wheel: Path, sdist: Path) -> None:
    assert in_the_wheel(next(sdist.parent.glob("*.whl"))) == in_the_wheel(wheel)


def test_the_sdist_is_the_whole_repository(sdist: Path, repository: Path) -> None:
    if not (repository / ".git").exists() or shutil.which("git") is None:
        pytest.skip("what belongs to the repository is known only in a checkout with git")
    # What is not committed yet would be released, too, and is ignored by neither.
    listed = run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], repository).stdout
    there = {name for name in listed.split("\0") if name and (repository / name).is_file()}
    files = in_the_sdist(sdist)
    assert files.keys() - there == {"PKG-INFO"}
    assert there - files.keys() == set()


def test_the_metadata_are_valid_and_those_of_the_project(wheel: Path, sdist: Path, repository: Path) -> None:
    for source in (metadata_of(wheel), Metadata.from_email(in_the_sdist(sdist)["PKG-INFO"])):
        declared = project(repository)
        assert (source.name, str(source.version)) == (DISTRIBUTION, nnkit.__version__)
        assert source.license_expression == declared["license"] == "BSD-3-Clause"
        assert source.license_files == ["LICENSE"]
        assert str(source.requires_python) == declared["requires-python"]
        assert source.project_urls == declared["urls"]
        assert source.description_content_type == "text/markdown"
        assert {"course", "cluster", "test", "oracle", "browser"} <= set(source.provides_extra or ())
    files = in_the_wheel(wheel)
    assert wheel.name == f"nnkit_course-{nnkit.__version__}-py3-none-any.whl"
    assert b"nnkit = nnkit.cli:main" in next(files[name] for name in files if name.endswith("entry_points.txt"))


def test_the_page_of_the_index_has_the_readme_with_links_that_hold_there(wheel: Path, repository: Path) -> None:
    page = metadata_of(wheel).description or ""
    readme = (repository / "README.md").read_text(encoding="utf-8")
    pattern = re.compile(r'\]\(([^)]+)\)|(?:src|href)="([^"]+)"')
    here = [one or other for one, other in pattern.findall(readme)]
    there = [one or other for one, other in pattern.findall(page)]
    assert len(there) == len(here) > 0
    for written, shown in zip(here, there, strict=True):
        if written.startswith(("http", "#")):
            assert shown == written
        else:
            assert shown.startswith("https://")
            assert shown.endswith(f"/main/{written}")


def test_twine_finds_nothing_to_say(wheel: Path, sdist: Path) -> None:
    pytest.importorskip("twine", reason="twine is not installed; the workflow of a release runs it")
    done = subprocess.run(
        [sys.executable, "-m", "twine", "check", "--strict", str(wheel), str(sdist)],
        capture_output=True,
        text=True,
        timeout=COMMAND,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_commands_of_the_wheel_answer(installed: Path, tmp_path: Path) -> None:
    told = run([installed, "-m", "nnkit", "--help"], tmp_path)
    assert told.returncode == 0, told.stderr
    assert {"lab", "doctor", "grade"} <= set(re.findall(r"^  +(\w+) ", told.stdout, re.MULTILINE))
    assert run([installed, "-m", "nnkit", "--version"], tmp_path).stdout == f"nnkit {nnkit.__version__}\n"
    examined = run([installed, "-m", "nnkit", "doctor"], tmp_path)
    assert examined.returncode == 0, examined.stdout + examined.stderr
    assert "Everything that the course needs is there" in examined.stdout


def test_a_check_answers_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    program = """
from nnkit.exercises import evaluate
def double(x):
    return {}
print(evaluate("double", globals()))
"""
    told: Mapping[str, str] = {
        answer: run([installed, "-c", program.format(answer)], tmp_path).stdout for answer in ("2 * x", "x * x")
    }
    assert "double: right." in told["2 * x"]
    assert "double: not yet." in told["x * x"]
