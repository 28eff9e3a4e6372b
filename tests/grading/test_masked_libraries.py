"""Libraries that hold an answer: an honest notebook may import them, and nothing can be done with them."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from nnkit.grading.run.inside.masked import MaskedModule, is_installed, mask

# Stands for SciPy or PyTorch, whether these are installed or not.
LIBRARY = {
    "otherlib/__init__.py": "from otherlib import inner\nclass Tensor: pass\ndef answer(x): return 2 * x\n",
    "otherlib/inner.py": "def answer(x): return 2 * x\nclass Module: pass\n",
    "lonely.py": "def answer(x): return 2 * x\n",
}
USES = (
    "otherlib.answer(2)",
    "otherlib.inner.answer(2)",
    "answer(2)",
    "own.answer(2)",
    "lonely.answer(2)",
    "otherlib.Tensor()",
    "list(map(otherlib.answer, [2]))",
    "type('Net', (Module,), {})",
    "functools.partial(otherlib.answer, 2)()",
    "getattr(otherlib, 'answer').__call__(2)",
)
OPERATIONS = ("otherlib.pi * 2", "otherlib.pi < 2", "float(otherlib.pi)", "[*otherlib.data]", "otherlib.pi ** 2")


@pytest.fixture
def library(tmp_path: Path) -> Path:
    for name, text in LIBRARY.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def said(library: Path, program: str, masked: bool = True) -> list[str]:
    """What a program prints, in a process whose first act is to withhold the library, or not."""
    first = "from nnkit.grading.run.inside.masked import mask\nmask(['otherlib', 'lonely', 'not_installed'])\n"
    text = f"import sys\nsys.path.insert(0, {str(library)!r})\n{first if masked else ''}{textwrap.dedent(program)}"
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


IMPORTS = """
import functools
import lonely
import otherlib
import otherlib.inner as own
from otherlib import answer
from otherlib.inner import Module
"""


@pytest.mark.parametrize("masked", [True, False])
def test_importing_goes_well_and_every_use_is_refused(library: Path, masked: bool) -> None:
    program = f"{IMPORTS}\nfor use in {USES!r}:\n    try:\n        eval(use)\n        print('value')\n"
    program += "    except Exception as error:\n        print(type(error).__name__, str(error).split(':')[0])\n"
    lines = said(library, program, masked)
    assert len(lines) == len(USES)
    if masked:
        assert {line.split()[0] for line in lines} == {"Withheld"}
        assert lines[:2] == ["Withheld otherlib.answer", "Withheld otherlib.inner.answer"]
    else:
        assert set(lines) == {"value"}


def test_names_that_stand_for_anything_refuse_to_be_computed_with(library: Path) -> None:
    program = f"import otherlib\nfor use in {OPERATIONS!r}:\n    try:\n        eval(use)\n        print('value')\n"
    program += "    except Exception as error:\n        print(type(error).__name__)\n"
    assert set(said(library, program)) == {"Withheld"}


def test_an_honest_cell_loses_nothing(library: Path) -> None:
    program = """
    import otherlib
    from otherlib.never.there import anything
    from otherlib import *

    def double(x: otherlib.Tensor | float | None) -> list[otherlib.Tensor]:
        if isinstance(x, otherlib.Tensor) or isinstance(x, (int, otherlib.Tensor)) and False:
            return otherlib.answer(x)
        return 2 * x

    print(double(3), bool(otherlib.Tensor), hasattr(otherlib, "__version__"))
    print(repr(otherlib.answer))
    """
    assert said(library, program) == ["6 True False", "<withheld otherlib.answer>"]


def test_what_is_not_installed_is_not_found_as_at_home(library: Path) -> None:
    program = """
    try:
        import not_installed
    except ModuleNotFoundError as error:
        print(error)
    """
    assert said(library, program) == ["No module named 'not_installed'"]


def test_a_library_that_is_loaded_already_cannot_be_withheld() -> None:
    before = list(sys.meta_path)
    with pytest.raises(RuntimeError, match="json cannot be withheld: it is loaded already"):
        mask(["json", "no_such_library"])
    assert sys.meta_path == before


def test_the_standard_library_can_be_withheld_by_module() -> None:
    program = """
    import sys
    from nnkit.grading.run.inside.masked import mask
    mask(["graphlib"])
    from graphlib import TopologicalSorter
    try:
        TopologicalSorter({1: [2]})
    except Exception as error:
        print(type(error).__name__)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "Withheld"


def test_installed_is_what_python_would_find() -> None:
    assert is_installed("numpy")
    assert not is_installed("no_such_library")
    assert MaskedModule("x").anything is not None
