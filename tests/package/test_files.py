"""Files that other tools read: constraints, CI, the README's commands. Binder's are in `test_binder.py`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LONGEST = 1200  # seconds after which a command is given up: a slow machine may take many times as long as a fast one
PIN = re.compile(r"([a-z0-9-]+)==([0-9][0-9A-Za-z.]*)")


@pytest.fixture(scope="module")
def pins(repository: Path) -> dict[str, str]:
    lines = (repository / "constraints.txt").read_text(encoding="utf-8").splitlines()
    found = [PIN.fullmatch(line) for line in lines if not line.startswith("#")]
    assert all(found), "constraints.txt holds names and versions only"
    names = [match.group(1) for match in found if match]
    assert len(names) == len(set(names))
    return {match.group(1): match.group(2) for match in found if match}


def declared(repository: Path) -> list[Requirement]:
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    texts = [
        *project["dependencies"],
        *project["optional-dependencies"]["course"],
        *project["optional-dependencies"]["test"],
    ]
    return [Requirement(text) for text in texts if not text.startswith("nnkit-course")]


def test_the_constraints_lie_in_the_ranges_of_pyproject(pins: dict[str, str], repository: Path) -> None:
    for requirement in declared(repository):
        name = canonicalize_name(requirement.name)
        assert name in pins, f"{name} is not in constraints.txt"
        assert requirement.specifier.contains(pins[name]), f"{name} {pins[name]} is outside {requirement.specifier}"


def test_the_constraints_cover_everything_that_is_needed_here(pins: dict[str, str], repository: Path) -> None:
    """However far down: what is not constrained changes under the tests."""
    waiting = [requirement.name for requirement in declared(repository)]
    seen: set[str] = set()
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name in seen:
            continue
        seen.add(name)
        try:
            needs = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue
        assert name in pins, f"{name} is not in constraints.txt"
        for requirement in map(Requirement, needs):
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(requirement.name)


def test_the_readme_and_the_commands_agree(repository: Path) -> None:
    """Every nnkit command that the README shows exists, and both of its install commands name an extra that exists."""
    text = (repository / "README.md").read_text(encoding="utf-8")
    extras = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]
    assert 'pip install -e ".[course]" && nnkit lab' in text
    assert 'pip install -e ".[test]" && pytest -n auto' in text
    assert {"course", "test"} <= set(extras)
    from nnkit.cli import COMMANDS

    assert set(re.findall(r"`?nnkit (lab|doctor|demo|release|execute|grade)\b", text)) <= set(COMMANDS)
    for path in re.findall(r"\]\(((?!http)[^)#]+)\)", text) + re.findall(r'src="((?!http)[^"]+)"', text):
        assert (repository / path).exists(), f"The README shows {path}, which is not there."


def test_python_dash_m_is_the_command(repository: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nnkit", "--version"], cwd=repository, capture_output=True, text=True, timeout=LONGEST
    )
    assert done.returncode == 0
    assert done.stdout.startswith("nnkit ")


@pytest.mark.skipif(os.name != "posix", reason="file modes")
def test_the_ci_script_can_be_run(repository: Path) -> None:
    assert os.access(repository / ".ci" / "run", os.X_OK)
