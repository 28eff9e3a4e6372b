"""What CONTRIBUTING.md says about adding an exercise works: its files are taken from there, put in place, checked."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import tests.answers as answers
from nnkit.exercises import catalogue, evaluate, index
from tests import soundness
from tests.answers import answers_to, namespace_of

TEXT = (Path(__file__).resolve().parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
SECTION = TEXT[TEXT.index("## Adding an exercise") : TEXT.index("## The data")]
DECLARATION, RIGHT_ANSWERS = re.findall(r"```python\n(.*?)```", SECTION, re.DOTALL)
NAME = "scale_backward"


@pytest.fixture
def placed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The two files in folders of their own that catalogue and answers look into as well."""
    for package, text in ((catalogue, DECLARATION), (answers, RIGHT_ANSWERS)):
        folder = tmp_path / package.__name__ / "worked_example"
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text('"""A notebook."""\n', encoding="utf-8")
        (folder / f"{NAME}.py").write_text(text, encoding="utf-8")
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder.parent)])
    monkeypatch.setattr(index, "notebooks", lambda: {"worked_example": (NAME,)})
    index.find.cache_clear()
    yield
    index.find.cache_clear()
    for name in [name for name in sys.modules if "worked_example" in name]:
        del sys.modules[name]


@pytest.mark.usefixtures("placed")
def test_the_worked_example_is_sound() -> None:
    score = soundness.score(index.find(NAME))
    assert score.perfect, score.problems
    assert score.mistakes == 6


@pytest.mark.usefixtures("placed")
def test_a_wrong_answer_to_the_worked_example_is_told_its_cause() -> None:
    right = answers_to(NAME).right["vectorised"]
    report = evaluate(NAME, namespace_of(right.replace("dout * gamma", "dout")))
    assert str(report.cause).startswith("Your dx is dout as it arrives.")
    assert "dgamma and dbeta are right" in report.message


def test_files_and_commands_that_the_text_names_are_there() -> None:
    root = Path(__file__).resolve().parents[2]
    for path in re.findall(r"`((?:nnkit|tests|solutions|course)/[\w/.]*?)`", TEXT):
        if not any(placeholder in path for placeholder in (NAME, "NN_name", "NAME.py")):
            assert (root / path).exists(), path
