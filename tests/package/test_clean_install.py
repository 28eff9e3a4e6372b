"""The wheel as a student gets it: installed by pip into a new environment, with everything that it stands on.

Takes minutes and an index of packages, so it belongs to the slow tests; `test_lab.py` and `test_distribution.py` try
the same wheel on top of the packages of the tests.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import urllib.request
import venv
from pathlib import Path

import pytest

import nnkit
from tests.package.served import ANSWER, clean, run, serving

pytestmark = pytest.mark.slow

SOLUTION = "### BEGIN SOLUTION", "### END SOLUTION"


@pytest.fixture(scope="module")
def programs(wheel: Path, repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment into which pip has put the wheel, from the folder it lies in."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    python = programs / "python"
    if run([python, "-m", "pip", "download", "--no-deps", "--quiet", "-d", folder / "seen", "six"], folder).returncode:
        pytest.skip("pip reaches no index of packages")
    command = [python, "-m", "pip", "install", "--quiet", "--find-links", wheel.parent]
    command += ["-c", repository / "constraints.txt", f"nnkit-course[course]=={nnkit.__version__}"]
    done = run(command, folder)
    assert done.returncode == 0, done.stderr[-3000:]
    return programs


def test_the_command_is_there_and_the_doctor_is_content(programs: Path, tmp_path: Path) -> None:
    assert run([programs / "nnkit", "--version"], tmp_path).stdout == f"nnkit {nnkit.__version__}\n"
    assert run([programs / "nnkit", "--help"], tmp_path).returncode == 0
    examined = run([programs / "nnkit", "doctor"], tmp_path)
    assert examined.returncode == 0, examined.stdout + examined.stderr
    assert "Everything that the course needs is there and fits together." in examined.stdout


def test_nothing_of_the_repository_is_in_reach(programs: Path, tmp_path: Path) -> None:
    told = run([programs / "python", "-c", "import nnkit, sys; print(nnkit.__file__, *sys.path, sep='\\n')"], tmp_path)
    lines = [Path(line).resolve() for line in told.stdout.splitlines() if line]
    assert lines[0].is_relative_to(programs.parent.resolve())
    assert not [line for line in lines if line.is_relative_to(Path(nnkit.__file__).resolve().parents[1])]


def test_lab_serves_and_a_notebook_runs_with_its_check(programs: Path, repository: Path, tmp_path: Path) -> None:
    """What a student does first: start, find the notebooks, answer the first exercise, and be told that it is right."""
    environment = clean(HOME=str(tmp_path), JUPYTER_RUNTIME_DIR=str(tmp_path / "runtime"))
    with serving([programs / "nnkit", "lab", "--no-browser", "--port", "18890"], tmp_path, environment) as address:
        with urllib.request.urlopen(address, timeout=ANSWER) as page:
            assert page.status == 200
            assert page.geturl().split("?")[0].endswith("/lab/tree/00_welcome/welcome.ipynb")
        notebook = tmp_path / "nnkit-course" / "00_welcome" / "welcome.ipynb"
        assert notebook.read_bytes() == (repository / "course" / "00_welcome" / "welcome.ipynb").read_bytes()
    assert "double: not started" in shown(programs, notebook, environment)
    answer(notebook, repository / "solutions" / "00_welcome" / "welcome.ipynb", "double")
    assert "double: right." in shown(programs, notebook, environment)


def answer(notebook: Path, solved: Path, exercise: str) -> None:
    """Write the instructor's answer to one exercise into a student's notebook."""
    given, known = (json.loads(path.read_text(encoding="utf-8")) for path in (notebook, solved))
    (source,) = (cell["source"] for cell in known["cells"] if name(cell) == exercise)
    (cell,) = (cell for cell in given["cells"] if name(cell) == exercise)
    cell["source"] = "\n".join(line for line in "".join(source).splitlines() if line.strip() not in SOLUTION)
    notebook.write_text(json.dumps(given), encoding="utf-8")


def name(cell: dict[str, object]) -> object:
    metadata = cell["metadata"]
    assert isinstance(metadata, dict)
    return metadata.get("nbgrader", {}).get("grade_id")


def shown(programs: Path, notebook: Path, environment: dict[str, str]) -> str:
    """All outputs of a notebook that is run from its first to its last cell."""
    command = [programs / "jupyter", "nbconvert", "--execute", "--allow-errors", "--to", "notebook", "--stdout"]
    done = run([*command, notebook.name], notebook.parent, environment)
    assert done.returncode == 0, done.stderr[-3000:]
    cells = json.loads(done.stdout)["cells"]
    return json.dumps([cell["outputs"] for cell in cells if cell["cell_type"] == "code"], ensure_ascii=False)


@pytest.mark.parametrize("runner", ["uvx", "pipx"])
def test_a_runner_of_programs_needs_no_environment(
    runner: str, wheel: Path, repository: Path, tmp_path: Path, programs: Path
) -> None:
    """`uvx --from nnkit-course …` and `pipx run --spec nnkit-course …`, with the wheel in the place of the name."""
    program = shutil.which(runner)
    if program is None:
        pytest.skip(f"{runner} is not installed")
    spec = f"nnkit-course[course] @ {wheel.resolve().as_uri()}"
    environment = clean(HOME=str(tmp_path), UV_CACHE_DIR=str(tmp_path / "cache"), PIPX_HOME=str(tmp_path / "pipx"))
    environment |= {"UV_PYTHON": sys.executable, "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime")}
    option = "--from" if runner == "uvx" else "--spec"
    start = [program, *([] if runner == "uvx" else ["run"]), option, spec, "nnkit"]
    assert run([*start, "--version"], tmp_path, environment).stdout == f"nnkit {nnkit.__version__}\n"
    lab = [*start, "lab", "--no-browser", "--port", "18891"]
    with serving(lab, tmp_path, environment) as address, urllib.request.urlopen(address, timeout=ANSWER) as page:
        assert page.status == 200
    assert (tmp_path / "nnkit-course" / "00_welcome" / "welcome.ipynb").is_file()
