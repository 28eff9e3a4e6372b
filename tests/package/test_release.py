"""A release is called the same everywhere and is tried before it is published; nobody is told to install another one.

The workflow itself runs on GitHub only; what can be known of it before is read from its file.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from tests.package.served import COMMAND

WORKFLOW = Path(".github", "workflows", "release.yml")
# What follows a command that installs, and a command that runs a package: the other project's name must not be there.
INSTALLS = re.compile(r"(?:pip3?(?:\.exe)?|uv|conda|mamba)\s+(?:pip\s+)?(?:install|add|download)\s([^\n`&|;]*)")
RUNS = re.compile(
    r"(?:uvx|uv|pipx)\s[^\n`]*?(?:--from|--spec|--with|install|run)[ =]+[\"']?nnkit(?:\[[^\]]*\])?(?![\w/-])[^\n`]*"
)
READ_BY_PEOPLE = {".py", ".md", ".ipynb", ".toml", ".txt", ".yml", ".yaml", ".html", ".js", ".json", ".cff", ".sh", ""}


@pytest.fixture(scope="module")
def release(repository: Path) -> ModuleType:
    path = repository / ".ci" / "release.py"
    spec = importlib.util.spec_from_file_location("release_of_nnkit", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def root(repository: Path, tmp_path: Path) -> Path:
    """The files that name a version, to be changed."""
    (tmp_path / "nnkit").mkdir()
    for name in ("nnkit/__init__.py", "CHANGELOG.md", "CITATION.cff"):
        shutil.copyfile(repository / name, tmp_path / name)
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_version_changelog_and_citation_agree(release: ModuleType, repository: Path) -> None:
    assert release.problems(repository) == []
    done = subprocess.run(
        [sys.executable, repository / ".ci" / "release.py", "check"], capture_output=True, text=True, timeout=COMMAND
    )
    assert (done.returncode, done.stdout.startswith("Version, changelog and citation agree")) == (0, True)


def test_the_tag_is_the_version(release: ModuleType, root: Path) -> None:
    version = release.version(root)
    assert release.problems(root, f"v{version}") == []
    for tag in (version, f"v{version}.1", f"V{version}", "v99"):
        assert release.problems(root, tag) == [
            f"The tag should be v{version}, as nnkit/__init__.py says, but it is {tag}."
        ]


def test_every_kind_of_disagreement_is_told(release: ModuleType, root: Path) -> None:
    version, date, _ = release.newest(root)
    change(root / "nnkit" / "__init__.py", f'__version__ = "{version}"', '__version__ = "99.0"')
    assert any("newest section" in problem and "99.0" in problem for problem in release.problems(root))
    change(root / "CITATION.cff", f"date-released: {date}", "date-released: 2001-01-01")
    assert any("CITATION.cff names" in problem for problem in release.problems(root))


def test_a_forgotten_change_stops_a_release_and_nothing_before(release: ModuleType, root: Path) -> None:
    change(root / "CHANGELOG.md", "## [Unreleased]\n", "## [Unreleased]\n\n### Fixed\n\n- A slip.\n")
    assert release.problems(root) == []
    assert any("Unreleased" in problem for problem in release.problems(root, f"v{release.version(root)}"))


def test_the_notes_are_the_changelogs_newest_section(release: ModuleType, root: Path) -> None:
    version, _, notes = release.newest(root)
    assert version == release.version(root)
    assert notes
    assert "\n## " not in notes
    assert "]: http" not in notes
    change(root / "CHANGELOG.md", notes, "")
    assert any("says nothing" in problem for problem in release.problems(root))


def test_the_changelog_keeps_its_form(release: ModuleType, repository: Path) -> None:
    text = (repository / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert headings[0] == "[Unreleased]"
    assert len(headings) == 1 + len(release.HEADING.findall(text))
    kinds = set(re.findall(r"^### (.*)$", text, re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    for version in re.findall(r"^## \[([^\]]+)\]", text, re.MULTILINE):
        assert f"\n[{version}]: " in text, f"The changelog has no address for {version}."


def test_the_address_of_the_repository_is_the_same_everywhere(repository: Path) -> None:
    urls = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]
    home = urls["Source"]
    assert all(address.startswith(home) for address in urls.values())
    cited = yaml.safe_load((repository / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["repository-code"] == home
    text = (repository / "CHANGELOG.md").read_text(encoding="utf-8")
    assert set(re.findall(r"https://github\.com/[^/\s]+/[^/\s]+", text)) == {home}


def test_the_citation_has_what_its_format_asks_for(repository: Path) -> None:
    """The required fields of the Citation File Format 1.2.0, and the fields that other files know, too."""
    cited = yaml.safe_load((repository / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= cited.keys()
    assert cited["type"] == "software"
    assert all(author.keys() <= {"name", "family-names", "given-names", "orcid"} for author in cited["authors"])
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert cited["license"] == project["license"]
    assert [author["name"] for author in cited["authors"]] == [author["name"] for author in project["authors"]]
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(cited["date-released"]))
    assert all(isinstance(word, str) for word in cited["keywords"])


@pytest.mark.parametrize(
    ("schema", "name"), [("vendor.citation-file-format", "CITATION.cff"), ("vendor.github-workflows", str(WORKFLOW))]
)
def test_the_schemas_of_others_are_kept(schema: str, name: str, repository: Path) -> None:
    pytest.importorskip("check_jsonschema", reason="check-jsonschema is not installed")
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, name],
        cwd=repository,
        capture_output=True,
        text=True,
        timeout=COMMAND,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def workflow(repository: Path) -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.safe_load((repository / WORKFLOW).read_text(encoding="utf-8"))
    return found


def steps(job: dict[str, Any]) -> str:
    return "\n".join(str(step.get("run", "")) + str(step.get("uses", "")) for step in job["steps"])


def test_nothing_is_published_that_was_not_checked_and_tried(workflow: dict[Any, Any]) -> None:
    assert workflow[True] == {"push": {"tags": ["v*"]}}  # YAML 1.1 reads the word `on` as true
    jobs = workflow["jobs"]
    assert [jobs[name].get("needs") for name in ("build", "try", "publish", "announce")] == [
        None,
        "build",
        "try",
        "publish",
    ]
    built = steps(jobs["build"])
    assert built.index(".ci/release.py check") < built.index("python -m build") < built.index("upload-artifact")
    assert "pypa/gh-action-pypi-publish@" in steps(jobs["publish"])
    assert "python -m build" not in steps(jobs["publish"]) + steps(jobs["announce"])


def test_only_the_job_that_publishes_may_speak_for_the_project(workflow: dict[Any, Any], repository: Path) -> None:
    """Trusted publishing: a token that is made for this one job, and no password that could be lost."""
    assert workflow["permissions"] == {"contents": "read"}
    rights = {name: job.get("permissions") for name, job in workflow["jobs"].items()}
    assert rights == {
        "build": None,
        "try": None,
        "publish": {"id-token": "write"},
        "announce": {"contents": "write"},
    }
    assert workflow["jobs"]["publish"]["environment"]["name"] == "pypi"
    text = (repository / WORKFLOW).read_text(encoding="utf-8")
    assert "secrets." not in text
    assert "password" not in re.sub(r"#.*", "", text)


def test_what_the_workflow_runs_is_there(workflow: dict[Any, Any], repository: Path) -> None:
    tried = steps(workflow["jobs"]["try"])
    files = re.findall(r"tests/\S+\.py", tried)
    assert len(files) >= 3
    assert [name for name in files if not (repository / name).is_file()] == []
    assert "RELEASED_FILES" in str(workflow["jobs"]["try"])


@pytest.mark.parametrize(
    "command",
    [
        "pip install nnkit",
        'pip install "nnkit[course]"',
        "pip install -U nnkit==0.1.0",
        "pip install numpy nnkit",
        "uvx --from nnkit nnkit lab",
        "pipx run --spec 'nnkit[course]' nnkit lab",
        "pipx install nnkit",
    ],
)
def test_a_command_that_installs_the_other_project_is_recognised(command: str) -> None:
    assert installs_the_other_project(f"Type `{command}` and go on.") == [command]


@pytest.mark.parametrize(
    "command",
    [
        'pip install "nnkit-course[course]"',
        'pip install -e ".[course]" && nnkit lab',
        "uvx --from nnkit-course nnkit lab",
        "pip uninstall nnkit",
        "pip install /somewhere/nnkit",
    ],
)
def test_a_command_that_does_not_is_left_alone(command: str) -> None:
    assert installs_the_other_project(f"Type `{command}` and go on.") == []


def installs_the_other_project(text: str) -> list[str]:
    """The commands of a text that would install the project that is called nnkit on the package index."""
    found = [
        match[0]
        for match in INSTALLS.finditer(text)
        if any(re.fullmatch(r"nnkit(\[.*\])?([=<>~!@].*)?", word.strip("\"'\\(),.")) for word in match[1].split())
    ]
    return found + [match[0] for match in RUNS.finditer(text)]


def test_nobody_is_told_to_install_the_other_project(repository: Path) -> None:
    places = ["README.md", "GRADING.md", "CONTRIBUTING.md", "CHANGELOG.md", "pyproject.toml", "constraints.txt"]
    folders = ["nnkit", "course", "solutions", "binder", ".github", ".ci", ".devcontainer"]
    paths = [repository / name for name in places]
    paths += [path for name in folders for path in (repository / name).rglob("*") if path.suffix in READ_BY_PEOPLE]
    told = {
        path.relative_to(repository).as_posix(): found
        for path in paths
        if path.is_file() and "__pycache__" not in path.parts
        if (found := installs_the_other_project(path.read_text(encoding="utf-8")))
    }
    assert told == {}
