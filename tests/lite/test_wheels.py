"""The packages on top of Pyodide: what they stand on, where they come from, and nnkit's own wheel."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement

from nnkit.lite import wheels
from nnkit.lite.pyodide import SiteError, normal
from nnkit.lite.wheels import PACKAGES, gathered, own_wheel

# Part of the page, not of Python: the site has them as extensions of JupyterLab.
ON_THE_PAGE = {"jupyterlab-widgets", "widgetsnbextension"}
BROWSER = {**default_environment(), "sys_platform": "emscripten", "platform_system": "Emscripten", "extra": ""}
BROWSER |= {"python_version": "3.12", "python_full_version": "3.12.7"}


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_names_all_that_it_needs_in_a_browser(name: str) -> None:
    pytest.importorskip(name.replace("-", "_"))
    needs = [Requirement(text) for text in metadata.requires(name) or []]
    wanted = {normal(one.name) for one in needs if one.marker is None or one.marker.evaluate(BROWSER)}
    assert wanted - ON_THE_PAGE == {normal(one) for one in PACKAGES[name]}


@pytest.fixture
def given(tmp_path: Path) -> Path:
    folder = tmp_path / "given"
    folder.mkdir()
    for name in [*PACKAGES, "nnkit-course"]:
        with zipfile.ZipFile(folder / f"{name.replace('-', '_')}-1.0-py3-none-any.whl", "w") as archive:
            archive.writestr("module.py", "")
    return folder


def test_wheels_of_a_folder_are_taken_nnkits_own_too(given: Path, tmp_path: Path) -> None:
    found = gathered(tmp_path, given)
    assert {wheel.name for wheel in found} == {*PACKAGES, "nnkit-course"}
    assert {wheel.path.parent for wheel in found} == {given}
    (own,) = (wheel.entry() for wheel in found if wheel.name == "nnkit-course")
    assert (own["imports"], own["version"]) == (["nnkit"], "1.0")
    assert "anywidget" in own["depends"]


def test_of_a_compiled_wheel_is_said_that_it_is_not_the_one(given: Path, tmp_path: Path) -> None:
    (given / "psygnal-1.0-py3-none-any.whl").rename(given / "psygnal-1.0-cp312-cp312-manylinux_2_17_x86_64.whl")
    with pytest.raises(SiteError, match=r"a wheel of psygnal for any Python .* but there is none\. `pip download`"):
        gathered(tmp_path, given)


def test_where_pip_cannot_fetch_its_own_word_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("anywidget")
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(SiteError, match=r"could not be fetched\. pip: ERROR: .* use --wheels FOLDER"):
        gathered(tmp_path)


PACK_AGAIN = """
import sys
from pathlib import Path
import nnkit.lite.wheels as wheels
print(wheels.own_wheel(Path(sys.argv[1])))
"""


@pytest.mark.slow
def test_an_installed_package_is_packed_again_to_what_was_installed(tmp_path: Path) -> None:
    pytest.importorskip("hatchling")
    (tmp_path / "again").mkdir()
    built = own_wheel(tmp_path)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile"]
    subprocess.run([*pip, "--target", str(tmp_path / "installed"), str(built)], check=True, timeout=600)
    made = subprocess.run(
        [sys.executable, "-c", PACK_AGAIN, str(tmp_path / "again")],
        env={**os.environ, "PYTHONPATH": str(tmp_path / "installed")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    with zipfile.ZipFile(built) as before, zipfile.ZipFile(made.stdout.strip()) as after:
        contents = {name: before.read(name) for name in before.namelist() if not name.endswith("RECORD")}
        assert {name: after.read(name) for name in after.namelist() if not name.endswith("RECORD")} == contents
    assert Path(made.stdout.strip()).name == built.name


def test_a_checkout_that_cannot_be_built_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheels, "checkout", lambda: tmp_path / "nothing")
    with pytest.raises(SiteError, match=r"nnkit's own wheel could not be built from .*nothing\. pip: ERROR"):
        own_wheel(tmp_path)
