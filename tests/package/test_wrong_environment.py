"""Where a notebook meets another environment than the course's, a sentence says so, or the right one is taken.

Kinds: another project called nnkit in the place of this one, packages that do not fit, and a kernel of another Python.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sys
import sysconfig
import zipfile
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import KernelManager

from nnkit.cli import doctor, lab
from nnkit.cli.doctor import Row, Table, kernel_row
from nnkit.exercises.outline import DEFAULT_FOLDER
from tests.package.served import clean, run

REPOSITORY = Path(__file__).resolve().parents[2]
COURSE = [path for path in sorted(REPOSITORY.glob("course/*/*.ipynb")) if path.stem != "glossary"]  # which has no code
OTHER = "1.4.2"  # a version of the project that is called nnkit on the package index


@pytest.fixture
def packages(wheel: Path, tmp_path: Path) -> Path:
    """A folder of packages with the wheel in it."""
    folder = tmp_path / "packages"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture
def overwritten(packages: Path) -> Path:
    """The same after `pip install` of the other project, which has files of its own and one of the same name."""
    (packages / "nnkit" / "__init__.py").write_text("from .activation import identity\n")
    (packages / "nnkit" / "activation.py").write_text("def identity(x):\n    return x\n")
    notes = packages / f"nnkit-{OTHER}.dist-info"
    notes.mkdir()
    (notes / "METADATA").write_text(f"Metadata-Version: 2.1\nName: nnkit\nVersion: {OTHER}\n")
    files = ["nnkit/__init__.py", "nnkit/activation.py", f"{notes.name}/METADATA", f"{notes.name}/RECORD"]
    (notes / "RECORD").write_text("".join(f"{name},,\n" for name in files))
    return packages


def tell(packages: Path, *arguments: str) -> tuple[int, str]:
    # Without `site`, so that a checkout which is installed for the tests does not step in.
    places = os.pathsep.join([str(packages), sysconfig.get_path("purelib")])
    done = run([sys.executable, "-S", *arguments], packages.parent, clean(PYTHONPATH=places))
    return done.returncode, done.stdout + done.stderr


def test_the_doctor_finds_the_other_project_and_removes_it(overwritten: Path) -> None:
    code, told = tell(overwritten, "-m", "nnkit", "doctor")
    assert code == 1
    assert "Off: nnkit, another project of this name. This mends it:" in told
    assert "-m pip uninstall --yes nnkit\n" in told
    assert "nnkit-course[course]" in told
    assert "--force-reinstall --no-deps" in told
    assert OTHER in told


def test_an_import_for_a_notebook_says_it_too(overwritten: Path) -> None:
    _, told = tell(overwritten, "-c", "import nnkit\nfrom nnkit.exercises import check, hint, ready")
    assert "ImportError: `import nnkit` gives another project of this name" in told
    assert "-m pip uninstall --yes nnkit\n" in told


def test_what_the_other_project_takes_away_with_it_is_put_back(overwritten: Path) -> None:
    """`pip uninstall nnkit` removes every file of that project, and with it the one that both have."""
    shutil.rmtree(overwritten / f"nnkit-{OTHER}.dist-info")
    for name in ("__init__.py", "activation.py"):
        (overwritten / "nnkit" / name).unlink()
    code, told = tell(overwritten, "-c", "import sys; from nnkit.cli import main; sys.exit(main(['doctor']))")
    assert code == 1
    assert "Off: nnkit/__init__.py. This mends it:" in told
    assert "uninstall" not in told
    assert "--force-reinstall --no-deps" in told


def test_alone_nothing_is_said_of_it(packages: Path) -> None:
    code, told = tell(packages, "-m", "nnkit", "doctor")
    assert code == 0, told
    assert "another project" not in told
    assert tell(packages, "-c", "from nnkit.exercises import check")[0] == 0


def stopped(program: str, command: list[str]) -> None:
    """In the place of JupyterLab."""
    raise SystemExit


def start() -> None:
    parser = argparse.ArgumentParser()
    lab.add_arguments(parser)
    with pytest.raises(SystemExit):
        lab.run(parser.parse_args([DEFAULT_FOLDER, "--no-browser"]))


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A home in which `nnkit lab` goes as far as JupyterLab and no further."""
    if os.name != "posix":
        pytest.skip("elsewhere nnkit lab waits for JupyterLab to end")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "execv", stopped)
    for name in ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    return tmp_path


def other_python_as_kernel(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody has once typed `ipykernel install --user` in another environment, and it has the name of ours."""
    place = home / "data" / "kernels" / "python3"
    place.mkdir(parents=True)
    argv = ["/usr/bin/some-other-python", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (place / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "Python 3", "language": "python"}))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(home / "data"))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")


def test_lab_starts_kernels_of_its_own_python(started: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other_python_as_kernel(started, monkeypatch)
    assert kernel_row().state == "off"
    start()
    assert kernel_row().state == "ok"
    assert KernelManager(kernel_name="python3").format_kernel_cmd()[0] == sys.executable


def test_lab_leaves_a_kernel_that_fits_alone(started: Path) -> None:
    assert kernel_row().state == "ok"
    start()
    assert os.environ["JUPYTER_PATH"] == str(lab.PAGE)
    assert not (lab.PAGE / "kernels").exists()


def test_lab_says_what_does_not_fit_and_opens_all_the_same(
    started: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    off = Table((Row("numpy", "1.25.2", ">=1.26,<3", True, 'python -m pip install "numpy>=1.26,<3"'),))
    monkeypatch.setattr(lab, "essentials", lambda: off)
    start()
    shown = capsys.readouterr()
    assert 'Off: numpy. This mends it:\n  python -m pip install "numpy>=1.26,<3"' in shown.err
    assert "Your notebooks are in" in shown.out


def test_what_lab_examines_is_what_the_doctor_needs() -> None:
    needed = {row.name for row in doctor.table().rows if row.needed}
    assert {row.name for row in doctor.essentials().rows} == needed - {"kernel python3", "the notebooks"}


@pytest.mark.parametrize("path", COURSE, ids=lambda path: path.stem)
def test_the_cell_at_which_a_kernel_without_the_packages_stops_says_what_to_do(path: Path) -> None:
    first = next(cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code")
    told, *program = first.source.splitlines()
    assert re.match(r"# \"No module named …\" here\? .* start with `nnkit lab`", told)
    assert re.match("import|from", program[0])
