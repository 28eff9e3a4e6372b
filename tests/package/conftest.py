"""What the tests of the package share: wheel and sdist as they are released, and an environment with the wheel."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.package.served import COMMAND

# A folder with a wheel and an sdist that were built before, to be tried as they are; see the workflow of a release.
RELEASED_FILES = os.environ.get("RELEASED_FILES")


def build(source: Path, folder: Path, *kinds: str) -> None:
    """Build distributions; without a kind an sdist, and the wheel from that sdist."""
    done = subprocess.run(
        [sys.executable, "-m", "build", *kinds, "--no-isolation", "--outdir", str(folder), str(source)],
        capture_output=True,
        text=True,
        timeout=COMMAND,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """The wheel, built from the repository."""
    if RELEASED_FILES:
        return next(Path(RELEASED_FILES).glob("*.whl"))
    folder = tmp_path_factory.mktemp("wheel")
    build(repository, folder, "--wheel")
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def sdist(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """The sdist; where it was built here, the wheel that was made of it lies beside it."""
    if RELEASED_FILES:
        return next(Path(RELEASED_FILES).glob("*.tar.gz"))
    folder = tmp_path_factory.mktemp("sdist")
    build(repository, folder)
    return next(folder.glob("*.tar.gz"))


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with the wheel in it; what it stands on comes from the environment of the tests."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    places = "Scripts" if os.name == "nt" else "bin"
    python = folder / places / ("python.exe" if os.name == "nt" else "python")
    where = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
        timeout=COMMAND,
    )
    packages = Path(where.stdout.strip())
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    import jupyterlab

    (packages / "rest.pth").write_text(str(Path(jupyterlab.__file__).parents[1]) + "\n")
    return python
