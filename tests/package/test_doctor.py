"""`nnkit doctor` names what is off and the command that mends it."""

from __future__ import annotations

import sys
from importlib import metadata

import pytest

from nnkit.cli import doctor, main
from nnkit.cli.doctor import Row, Table, conflict_rows, requirement_rows

REQUIREMENTS = [
    "numpy<3,>=1.26",
    'jupyterlab<5,>=4.2; extra == "course"',
    'nbval>=0.11; extra == "test"',
    'jupyterlab<5,>=4.2; extra == "test"',
    "jupyter-repo2docker>=2024.7; (sys_platform == 'nowhere') and extra == 'test'",
    'playwright>=1.44; extra == "browser"',
    'nnkit-course[course]; extra == "test"',
]


def test_a_good_set_is_healthy() -> None:
    versions = {"numpy": "2.1.0", "jupyterlab": "4.5.0", "nbval": "0.11.0"}
    rows = requirement_rows(REQUIREMENTS, versions.get)
    assert [(row.name, row.state) for row in rows] == [("numpy", "ok"), ("jupyterlab", "ok"), ("nbval", "ok")]
    assert Table(tuple(rows)).healthy


def test_a_broken_set_gets_its_commands() -> None:
    versions = {"numpy": "3.0.1"}
    rows = {row.name: row for row in requirement_rows(REQUIREMENTS, versions.get)}
    assert rows["numpy"].mend == f'"{sys.executable}" -m pip install "numpy>=1.26,<3"'
    assert "[course]" in rows["jupyterlab"].mend
    assert rows["nbval"].state == "not there"
    table = Table(tuple(rows.values()))
    assert not table.healthy
    text = str(table)
    assert "Off: numpy, jupyterlab." in text
    assert rows["numpy"].mend in text
    assert "Missing or out of range, for the tests: nbval.\n  " in text
    assert "[test]" in rows["nbval"].mend
    assert "missing" in table._repr_html_()


@pytest.mark.parametrize(
    ("found", "specifier", "fits"),
    [
        ("1.26", ">=1.26,<3", True),
        ("1.26.0rc1", ">=1.26,<3", True),
        ("3.0", ">=1.26,<3", False),
        ("2.10.1", ">=2.9", True),
        ("0.10", ">=0.9.3,<0.10", False),
        ("0.9.6", ">=0.9.3,<0.10", True),
        ("4", "==4.0.0", True),
        ("4", "!=4.0", False),
        ("anything", "", True),
    ],
)
def test_a_version_is_compared_with_its_range_number_by_number(found: str, specifier: str, fits: bool) -> None:
    (row,) = requirement_rows([f"thing{specifier}"], {"thing": found}.get)
    assert (row.state == "ok") is fits


def test_packages_that_do_not_fit_each_other_are_found_however_far_down(monkeypatch: pytest.MonkeyPatch) -> None:
    versions = {"top": "2.0", "upper": "1.0", "lower": "0.5"}

    def version(name: str) -> str:
        if name not in versions:
            raise metadata.PackageNotFoundError(name)
        return versions[name]

    monkeypatch.setattr(metadata, "version", version)
    needs = {
        "top": ["upper"],
        "upper": ["lower>=1.0", "absent", 'windows-only; sys_platform == "nowhere"', "not a requirement !"],
        "lower": [],
    }
    monkeypatch.setattr(metadata, "requires", needs.__getitem__)
    rows = {row.name: row for row in conflict_rows(["top"])}
    assert set(rows) == {"lower", "absent"}
    assert rows["lower"].wanted == ">=1.0 (for upper)"
    assert rows["lower"].mend.endswith('-m pip install "lower>=1.0"')
    assert rows["absent"].state == "off"


def test_here_all_is_well_and_the_exit_code_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["doctor"]) == 0
    assert "Everything that the course needs is there" in capsys.readouterr().out
    monkeypatch.setattr(doctor, "table", lambda: Table((Row("numpy", "", ">=1.26", True, "pip install numpy"),)))
    assert main(["doctor"]) == 1
    assert "  pip install numpy" in capsys.readouterr().out


def test_a_stored_table_is_the_same_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNKIT_STATIC", "1")
    text = str(doctor.table())
    assert metadata.version("jupyterlab") not in text
    assert "the tests" not in text
    assert "Chromium" not in text


def kernel() -> Row:
    return next(row for row in doctor.table().rows if row.name == "kernel python3")


def test_a_kernel_of_another_python_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from jupyter_client import kernelspec

    spec = kernelspec.KernelSpec(argv=["/usr/bin/some-other-python", "-m", "ipykernel_launcher"])
    monkeypatch.setattr(kernelspec.KernelSpecManager, "get_kernel_spec", lambda self, name: spec)
    row = kernel()
    assert (row.state, row.found) == ("off", "/usr/bin/some-other-python")
    assert row.mend == f'"{sys.executable}" -m ipykernel install --sys-prefix'

    def absent(self: object, name: str) -> None:
        raise kernelspec.NoSuchKernel(name)

    monkeypatch.setattr(kernelspec.KernelSpecManager, "get_kernel_spec", absent)
    assert kernel().state == "off"
