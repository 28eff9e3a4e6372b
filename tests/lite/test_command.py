"""`nnkit lite`: what it refuses, in sentences, and that nothing that was there is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from nnkit.cli import main

for needed in ("jupyterlite_core", "jupyterlite_pyodide_kernel", "anywidget"):
    pytest.importorskip(needed, reason='the site is built with pip install -e ".[lite]"')


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["lite", *arguments]) == 1
    return capsys.readouterr().err


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    assert "it holds something else, which is left alone" in said(capsys, str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_file_is_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "site").write_text("mine")
    assert "but it is a file. Name another folder." in said(capsys, str(tmp_path / "site"))


@pytest.mark.parametrize("option", ["--pyodide", "--wheels"])
def test_an_option_that_names_no_folder_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    words = said(capsys, str(tmp_path / "site"), option, str(tmp_path / "nowhere"))
    assert words.startswith(f"{option} should name a folder, but ")
    assert not (tmp_path / "site").exists()


def test_a_build_that_fails_leaves_the_older_site_and_nothing_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site, empty = tmp_path / "site", tmp_path / "empty"
    site.mkdir()
    empty.mkdir()
    (site / "jupyter-lite.json").write_text("{}")
    assert "there is no pyodide-lock.json in it" in said(capsys, str(site), "--pyodide", str(empty))
    assert (site / "jupyter-lite.json").read_text() == "{}"
    assert {path.name for path in tmp_path.iterdir()} == {"site", "empty"}


def test_a_package_that_is_missing_is_named_with_the_command_that_installs_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from nnkit.lite import site

    monkeypatch.setattr(site, "MODULES", {"jupyterlite_of_nobody": "jupyterlite-core"})
    words = said(capsys, str(tmp_path / "site"))
    assert "needs the package jupyterlite-core, which is not installed" in words
    assert "course,lite]" in words
