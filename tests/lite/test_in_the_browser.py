"""What nnkit does differently where there is no process, no thread, and another kernel, seen without a browser."""

from __future__ import annotations

import sys
import types
from typing import Any

import pytest

from nnkit import bar
from nnkit.cli import doctor
from nnkit.widgets import base

NEEDS = ["numpy>=1.26", 'jupyterlab>=4; extra == "course"']


def found(name: str) -> str | None:
    return None if name == "jupyterlab" else "2.0.2"


def test_doctor_examines_what_runs_there_and_misses_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [row.name for row in doctor.requirement_rows(NEEDS, found) if row.state == "off"] == ["jupyterlab"]
    monkeypatch.setattr(doctor, "installed_version", found)
    said = {"Requires-Python": ">=3.11"}
    own = types.SimpleNamespace(requires=lambda name: NEEDS, metadata=lambda name: said)
    monkeypatch.setattr(doctor, "metadata", own)
    monkeypatch.setattr(sys, "platform", "emscripten")
    examined = doctor.table()
    assert examined.healthy
    assert {"nnkit", "numpy"} <= {row.name for row in examined.rows}
    assert "jupyterlab" not in {row.name for row in examined.rows}


class Kernel:
    """JupyterLite's, which knows the request that it works on."""

    def get_parent(self) -> dict[str, Any]:
        return {"header": {"msg_id": "run"}, "metadata": {"cellId": "cell"}}


# The shell of a notebook in JupyterLite, as its module names it.
SHELL = type("Interpreter", (), {"__module__": "pyodide_kernel.interpreter", "kernel": Kernel()})


def test_a_progress_bar_is_shown_in_a_notebook_of_the_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_VERSION")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: False, raising=False)
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=lambda: None))
    assert not bar.is_wanted()
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=SHELL))
    assert bar.is_wanted()


def test_a_picture_ends_when_its_cell_runs_again_there_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from IPython.core import getipython

    monkeypatch.setattr(getipython, "get_ipython", SHELL)
    closed: list[str] = []

    class Widget:
        layout = types.SimpleNamespace(close=lambda: None)

        def __init__(self, name: str) -> None:
            self.name, self.model_id = name, name
            self.setup: dict[str, Any] = {}

        def close(self) -> None:
            closed.append(self.name)

        def _repr_mimebundle_(self) -> list[dict[str, Any]]:
            return [{base.VIEW: {"model_id": self.name}}]

    monkeypatch.setattr(base, "is_static", lambda: False)
    base.show(base.Note("first"), live=lambda: Widget("first"))
    assert closed == []
    monkeypatch.setattr(
        Kernel, "get_parent", lambda self: {"header": {"msg_id": "again"}, "metadata": {"cellId": "cell"}}
    )
    base.show(base.Note("second"), live=lambda: Widget("second"))
    assert closed == ["first"]
