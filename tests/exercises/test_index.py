"""From a name to its exercise: by folder and file, without a list to keep."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from nnkit.exercises import index
from nnkit.exercises.beside.probes import find_probe, probe

REPOSITORY = Path(__file__).resolve().parents[2]


def test_every_notebook_with_checks_has_a_folder_of_its_name_and_every_folder_a_notebook() -> None:
    notebooks = {path.stem: path.read_text(encoding="utf-8") for path in (REPOSITORY / "solutions").glob("*/*.ipynb")}
    assert set(index.notebooks()) == {name for name, text in notebooks.items() if "check(" in text}
    for notebook, names in index.notebooks().items():
        for name in names:
            assert f'check(\\"{name}\\")' in notebooks[notebook], f"{notebook} does not check {name}"


def test_an_exercise_is_found_by_its_name_and_knows_its_notebook() -> None:
    for notebook, names in index.notebooks().items():
        for name in names:
            assert index.find(name).name == name
            assert index.notebook_of(name) == notebook
            assert [other.name for other in index.companions(name)] == [other for other in names if other != name]


def test_finding_one_exercise_loads_no_other_notebook() -> None:
    code = "import sys; from nnkit.exercises import index; index.find('double'); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    catalogue = "nnkit.exercises.catalogue."
    loaded = {name.removeprefix(catalogue) for name in done.stdout.split() if name.startswith(catalogue)}
    others = set(index.notebooks()) - {"welcome"}
    assert "welcome.double" in loaded
    assert not {name for name in loaded if name.split(".")[0] in others}


def test_a_name_that_is_none_is_refused() -> None:
    with pytest.raises(LookupError, match="no exercise called 'doubel'"):
        index.find("doubel")
    assert index.companions("doubel") == ()


def test_a_file_that_defines_no_exercise_of_its_name_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nnkit.exercises import catalogue

    (tmp_path / "made_up").mkdir()
    (tmp_path / "made_up" / "__init__.py").write_text('"""A notebook."""\n')
    (tmp_path / "made_up" / "empty.py").write_text('"""Nothing here."""\n')
    monkeypatch.setattr(catalogue, "__path__", [*catalogue.__path__, str(tmp_path)])
    monkeypatch.setattr(index, "notebooks", lambda: {"made_up": ("empty",)})
    with pytest.raises(ValueError, match=r"made_up/empty\.py has to define EXERCISE"):
        index.find("empty")


def test_probes_are_found_by_name_in_their_folder() -> None:
    assert find_probe("call")(abs, {"x": -3}, {}) == 3
    assert find_probe("autograd").__module__.startswith("nnkit.exercises.beside.probes.")
    with pytest.raises(LookupError, match="no probe called 'guess'"):
        find_probe("guess")


def test_two_probes_of_one_name_are_refused() -> None:
    def call(student: object, arguments: object, namespace: object) -> None: ...

    with pytest.raises(ValueError, match="Two probes are called call"):
        probe(call)
