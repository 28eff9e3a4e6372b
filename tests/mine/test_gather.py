"""`nnkit mine` takes what is right, names what is not, and is stopped by nothing that a cell does."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from nnkit.cli import main
from nnkit.exercises import evaluate, index
from nnkit.exercises.outline import graded_name, source_of
from nnkit.mine import Gathered, gather, load
from nnkit.mine.gathering import programs
from nnkit.mine.module import FILE, is_untouched

DOUBLE = "def double(x):\n    return 2 * x"
TWICE = "def double_twice(x):\n    return double(double(x))"
LAYERS = {
    "sigmoid": "def sigmoid(x):\n    return 0.5 * (1 + np.tanh(x / 2))",
    "sigmoid_grad": "def sigmoid_grad(x):\n    return sigmoid(x) * (1 - sigmoid(x))",
    "affine_forward": "def affine_forward(x, W, b):\n    return x @ W + b",
}


def write(path: Path, answers: Mapping[str, str], *others: str, checks: bool = True) -> Path:
    """A notebook with some cells of its own, then an answer and its check for each exercise."""
    cells = [{"cell_type": "code", "metadata": {}, "source": source} for source in ("import numpy as np", *others)]
    for name, source in answers.items():
        cells.append({"cell_type": "code", "metadata": {"nbgrader": {"grade_id": name}}, "source": source})
        if checks:
            cells.append({"cell_type": "code", "metadata": {}, "source": [f'check("{name}")']})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")
    return path


def module(folder: Path) -> dict[str, Any]:
    """What the module defines, as whoever imports it sees it."""
    spec = importlib.util.spec_from_file_location("gathered", folder / FILE)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return vars(loaded)


# ------------------------------------------------------------------------------------------------- three whole readers


@pytest.fixture(scope="module")
def everything(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Gathered:
    """A reader who has solved all."""
    return gather(repository / "solutions", out=tmp_path_factory.mktemp("all"))


def test_of_a_reader_who_solved_all_everything_is_in_it(everything: Gathered) -> None:
    assert everything.left_out == {}
    assert everything.yours == tuple(place.exercise for place in programs())
    assert everything.notes == ()


def test_what_is_no_program_of_the_readers_is_not_among_them() -> None:
    gathered = {place.exercise for place in programs()}
    apart = {index.find(name).student_name for name in index.names() if name not in gathered}
    assert apart == {"predict_digits", *(f"mended_{letter}" for letter in "abcde")}


def test_the_module_can_be_imported_and_passes_every_check(everything: Gathered) -> None:
    names = module(everything.module.parent)
    for place in programs():
        assert evaluate(place.exercise, names).passed, place.exercise


def test_the_module_is_for_people(everything: Gathered) -> None:
    text = everything.module.read_text(encoding="utf-8")
    assert "# double: 00_welcome/welcome.ipynb\n" in text
    assert text.startswith('"""My own neural networks')
    assert "### BEGIN SOLUTION" not in text
    for foreign in ("check(", "widgets", "plt", "ready("):
        assert foreign not in text
    page = everything.module.with_suffix(".md").read_text(encoding="utf-8")
    assert "| `double` | 00_welcome/welcome.ipynb | not recorded |" in page
    assert "Still nnkit's" not in page
    assert everything.module.with_suffix(".svg").is_file()


@pytest.fixture(scope="module")
def half(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Gathered:
    """A reader who has solved every second exercise of three notebooks, in the notebooks as they are handed out."""
    folder = tmp_path_factory.mktemp("half")
    for name in ("03_gradient_descent/optimizers", "04_mlp/neurons_to_networks", "05_cnn/convolutional_networks"):
        released = json.loads((repository / "course" / f"{name}.ipynb").read_text(encoding="utf-8"))
        solved = json.loads((repository / "solutions" / f"{name}.ipynb").read_text(encoding="utf-8"))
        answers = {graded_name(cell): source_of(cell) for cell in solved["cells"]}
        chosen = [place.exercise for place in programs() if place.notebook == name.partition("/")[2]][::2]
        for cell in released["cells"]:
            if graded_name(cell) in chosen:
                cell["source"] = answers[graded_name(cell)]
        (folder / name).parent.mkdir()
        (folder / f"{name}.ipynb").write_text(json.dumps(released), encoding="utf-8")
    return gather(folder)


def test_of_a_reader_who_solved_half_the_half_is_in_it(half: Gathered) -> None:
    assert half.yours == (
        *("momentum_update", "adam_update"),
        *("sigmoid", "relu_backward", "affine_backward"),
        *("maxpool_forward", "count_parameters"),
    )
    assert half.left_out == {}
    assert "Still nnkit's: double, double_twice" in str(half)
    assert "| 04_mlp/neurons_to_networks | `sigmoid_grad`, `affine_forward` |" in half.page()


def test_a_wrong_answer_is_left_out_and_named(tmp_path: Path) -> None:
    write(tmp_path / "welcome.ipynb", {"double": "def double(x):\n    return x + 2", "double_twice": TWICE})
    found = gather(tmp_path)
    assert found.yours == ()
    assert found.left_out["double"].startswith("The value is wrong")
    assert "welcome.ipynb" in found.left_out["double"]
    assert found.left_out["double_twice"].startswith("It calls your double, whose own check does not pass")
    assert "✗ double is left out: The value is wrong" in str(found)
    assert "## Left out" in found.page()
    assert load(tmp_path / FILE).whose("double") == "nnkit's"


# ---------------------------------------------------------------------------------------------- what cells may do


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("import os\nQUIT = os._exit(3)\ndef affine_forward(x, W, b, z=QUIT):\n    return x", "Python itself ended"),
        (
            "import sys\nQUIT = sys.exit()\ndef affine_forward(x, W, b, z=QUIT):\n    return x",
            "stopped with SystemExit",
        ),
        ("N = int(input())\ndef affine_forward(x, W, b):\n    return x @ W + b * N", "stopped with EOFError"),
        ("def affine_forward(x, W, b):\n    return x @ W + 1 / 0", "ZeroDivisionError"),
        ("def affine_forward(x, W, b)\n    return x @ W + b", "its cell is no Python"),
        ("def affine_forward(x, W, b):\n    import os\n    os._exit(0)", "Python itself ended"),
    ],
)
def test_a_cell_that_crashes_stops_nothing(cell: str, reason: str, tmp_path: Path) -> None:
    write(tmp_path / "a.ipynb", {**LAYERS, "affine_forward": cell})
    found = gather(tmp_path)
    assert found.yours == ("sigmoid", "sigmoid_grad")
    assert reason in found.left_out["affine_forward"]


def test_a_cell_that_hangs_is_stopped(tmp_path: Path) -> None:
    hanging = "import time\nNEVER = time.sleep(10**6)\ndef affine_forward(x, W, b):\n    return x @ W + b * NEVER"
    write(tmp_path / "a.ipynb", {**LAYERS, "affine_forward": hanging})
    found = gather(tmp_path, seconds=5)
    assert found.yours == ("sigmoid", "sigmoid_grad")
    assert found.left_out["affine_forward"].startswith("it did not end in 5 s")


def test_what_a_cell_does_besides_its_answer_is_not_taken(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before, after = "%matplotlib inline\nprint('here I am')", "print(double(3), input())\nwhile True:\n    pass"
    noisy = f"{before}\n# Twice as much.\n{DOUBLE}\n{after}"
    write(tmp_path / "a.ipynb", {"double": noisy})
    assert gather(tmp_path).yours == ("double",)
    assert "here I am" not in capfd.readouterr().out
    text = (tmp_path / FILE).read_text(encoding="utf-8")
    assert "# Twice as much.\ndef double" in text
    assert "here I am" not in text
    assert "while" not in text


def test_where_there_is_one_process_only_it_works_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In JupyterLite; what ends Python or hangs cannot be held off there."""
    monkeypatch.setattr("nnkit.mine.judging.PROCESSES", False)
    before = Path.cwd()
    write(tmp_path / "a.ipynb", {**LAYERS, "affine_forward": "def affine_forward(x, W, b):\n    return x @ W - b"})
    found = gather(tmp_path)
    assert found.yours == ("sigmoid", "sigmoid_grad")
    assert "affine_forward" in found.left_out
    assert Path.cwd() == before
    assert capsys.readouterr().out == ""


# --------------------------------------------------------------------------------------------- where things are found


def test_helpers_come_from_other_cells_and_only_those_that_are_needed(tmp_path: Path) -> None:
    helpers = "FACTOR = 2\nWORD = 'unused'\ndef times(a, b):\n    return a * b\ndef idle():\n    return WORD"
    write(tmp_path / "a.ipynb", {"double": "def double(x):\n    return times(FACTOR, x)"}, helpers)
    assert gather(tmp_path).yours == ("double",)
    names = module(tmp_path)
    assert {"FACTOR", "times"} <= names.keys()
    assert not {"WORD", "idle", "np"} & names.keys()


def test_two_helpers_of_one_name_do_not_meet(tmp_path: Path) -> None:
    """One notebook's `scale` doubles, the other's halves; and a helper is called like another notebook's answer."""
    write(tmp_path / "one.ipynb", {"double": "def double(x):\n    return scale(x)"}, "def scale(x):\n    return 2 * x")
    relu = "def relu_backward(dout, x):\n    return 2 * scale(dout) * double(x)"
    write(
        tmp_path / "two.ipynb", {"relu_backward": relu}, "def scale(x):\n    return x / 2", "double = lambda x: x > 0"
    )
    found = gather(tmp_path)
    assert set(found.yours) == {"double", "relu_backward"}
    names = module(tmp_path)
    assert evaluate("double", names).passed
    assert evaluate("relu_backward", names).passed


def test_a_class_that_was_built_in_steps_is_there_once(everything: Gathered) -> None:
    text = everything.module.read_text(encoding="utf-8")
    assert text.count("class Value:") == 1
    assert "# Value_arithmetic, Value_backward, Value_functions, Value: " in text


def test_methods_that_were_hung_onto_a_class_come_along(tmp_path: Path) -> None:
    cell = (
        "class Standardizer:\n    def fit(self, X):\n        self.mean, std = X.mean(axis=0), X.std(axis=0)\n"
        "        self.std = np.where(std == 0, 1, std)\n        return self\n"
        "def there(self, X):\n    return (X - self.mean) / self.std\nStandardizer.transform = there\n"
        "Standardizer.inverse_transform = lambda self, Z: Z * self.std + self.mean"
    )
    write(tmp_path / "a.ipynb", {"Standardizer": cell})
    assert gather(tmp_path).yours == ("Standardizer",)


def test_the_answer_is_the_one_that_the_check_sees(tmp_path: Path) -> None:
    """Not the cell that was meant for it, but the last one above the check."""
    path = write(tmp_path / "a.ipynb", {"double": "def double(x):\n    raise NotImplementedError"})
    content = json.loads(path.read_text())
    content["cells"].insert(-1, {"cell_type": "code", "metadata": {}, "source": DOUBLE})
    path.write_text(json.dumps(content))
    assert gather(tmp_path).yours == ("double",)


def test_an_answer_whose_check_was_deleted_is_found(tmp_path: Path) -> None:
    write(tmp_path / "a.ipynb", {"double": DOUBLE}, checks=False)
    assert gather(tmp_path).yours == ("double",)


def test_of_two_that_pass_the_newest_is_taken(tmp_path: Path) -> None:
    old = write(tmp_path / "old.ipynb", {"double": DOUBLE})
    write(tmp_path / "deep" / "new.ipynb", {"double": "def double(x):\n    return x + x"})
    write(tmp_path / "newest but wrong.ipynb", {"double": "def double(x):\n    return x"})
    os.utime(old, (1, 1))
    os.utime(tmp_path / "deep" / "new.ipynb", (2, 2))
    found = gather(tmp_path)
    assert (found.found[0].notebook, found.found[0].also) == ("deep/new.ipynb", ("old.ipynb",))
    assert "x + x" in (tmp_path / FILE).read_text()
    assert "the newest of 2 that pass (also old.ipynb)" in str(found)


def test_copies_that_nnkit_lab_keeps_are_not_the_notebook(tmp_path: Path) -> None:
    """After a reset the fresh notebook is the reader's, though its old copy has an answer."""
    write(tmp_path / "a.ipynb", {"double": "def double(x):\n    raise NotImplementedError"})
    for name in ("a (old).ipynb", "a (old 2).ipynb", "a (newer).ipynb"):
        write(tmp_path / name, {"double": DOUBLE})
    assert gather(tmp_path).yours == ()
    assert gather(tmp_path / "a (old).ipynb").yours == ("double",)
    (tmp_path / "a.ipynb").unlink()  # then it is a copy of nothing
    assert gather(tmp_path).yours == ("double",)


def test_files_that_are_no_notebooks_are_named_and_those_of_programs_passed_over(tmp_path: Path) -> None:
    write(tmp_path / "a.ipynb", {"double": DOUBLE})
    for name, content in {
        "cut": '{"cells": [',
        "list": "[]",
        "text": '{"cells": "no"}',
        "odd": '{"cells": [{"cell_type": "code", "source": 3}]}',
    }.items():
        (tmp_path / f"{name}.ipynb").write_text(content)
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints" / "b.ipynb").write_text("{")
    found = gather(tmp_path)
    assert found.yours == ("double",)
    assert len(found.notes) == 4
    assert all("passed over" in note for note in found.notes)


def test_without_an_answer_there_is_an_empty_module(tmp_path: Path) -> None:
    found = gather(tmp_path)
    assert found.yours == ()
    assert found.headline == f"None of the {len(found.found)} exercises is yours yet, so my_nnkit.py is empty."
    assert "Still nnkit's: all of it." in str(found)
    assert module(tmp_path)["__all__"] == []
    with pytest.raises(FileNotFoundError, match="no folder or notebook"):
        gather(tmp_path / "elsewhere")


# -------------------------------------------------------------------------------------------------- what is written


def test_a_module_that_was_changed_by_hand_is_not_lost(tmp_path: Path) -> None:
    write(tmp_path / "a.ipynb", {"double": DOUBLE})
    gather(tmp_path)
    assert is_untouched(tmp_path / FILE)
    gather(tmp_path)
    assert [path.name for path in tmp_path.glob("*.before*")] == []
    for number, text in enumerate(("# mine\n", "# mine again\n")):
        with (tmp_path / FILE).open("a") as file:
            file.write(text)
        found = gather(tmp_path)
        kept = tmp_path / f"my_nnkit.before{'' if number == 0 else '-2'}.py"
        assert kept.read_text().endswith(text)
        assert found.notes == (f"The module was changed by hand; it is kept as {kept.name}.",)
    assert is_untouched(tmp_path / FILE)


def test_since_when_a_check_has_passed_is_said_where_it_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "progress"
    verdict = {"exercise": "double", "status": "passed", "time": "2026-03-05T12:00:00+00:00"}
    kept.write_text(json.dumps({**verdict, "notebook": "", "version": ""}))
    monkeypatch.setenv("NNKIT_PROGRESS_FILE", str(kept))
    write(tmp_path / "a.ipynb", {"double": DOUBLE, "double_twice": TWICE})
    page = gather(tmp_path).page()
    assert "| `double` | a.ipynb | 5 Mar 2026 |" in page
    assert "| `double_twice` | a.ipynb | not recorded |" in page
    assert "# double: a.ipynb, its check has passed since 5 Mar 2026" in (tmp_path / FILE).read_text()


def test_where_outputs_must_repeat_nothing_is_gathered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a.ipynb", {"double": DOUBLE})
    monkeypatch.setenv("NNKIT_STATIC", "1")
    found = gather(tmp_path)
    assert found.yours == ()
    assert not (tmp_path / FILE).exists()
    assert found.parts.whose("double") == "nnkit's"


def test_the_command_gathers_and_runs_what_it_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    neuron = "def neuron(x, w, b):\n    return 1 / (1 + np.exp(-(x @ w + b)))"
    write(tmp_path / "a.ipynb", {"neuron": neuron})
    assert main(["mine", str(tmp_path), "--run", "neuron"]) == 0
    shown = capsys.readouterr().out
    assert "AND 4 of 4, OR 4 of 4" in shown
    assert "Yours: neuron. nnkit's: neuron_gradients." in shown
    assert main(["mine", str(tmp_path), "--run", "perceptron"]) == 1
    assert main(["mine", str(tmp_path / "nowhere")]) == 1


def test_the_command_asks_where_the_notebooks_are_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there are notebooks, but none of the course, that is as if there were none."""
    write(tmp_path / "thesis.ipynb", {}, "check('everything')")
    monkeypatch.chdir(tmp_path)
    for typed, places in (
        ((), f"{tmp_path}"),
        ((str(tmp_path), "thesis.ipynb"), f"{tmp_path} or {tmp_path / 'thesis.ipynb'}"),
    ):
        assert main(["mine", *typed, "--out", str(tmp_path / "out"), "--run", "neuron"]) == 1
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err == (
            f"There are no notebooks of the course in {places}. Say where they are: `nnkit mine FOLDER`.\n"
        )
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.ipynb"]
    assert main(["mine", "nosuch"]) == 1
    assert f"There is no folder or notebook {tmp_path / 'nosuch'}." in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.ipynb"]


def test_notebooks_in_which_nothing_is_answered_yet_are_notebooks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "a.ipynb", {"double": "def double(x):\n    raise NotImplementedError"})
    assert main(["mine", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("None of ")
    assert (tmp_path / FILE).is_file()


def test_a_module_that_cannot_be_written_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "a.ipynb", {"double": DOUBLE})
    (tmp_path / "file").write_text("mine")
    assert main(["mine", str(tmp_path), "--out", str(tmp_path / "file" / "below")]) == 1
    assert capsys.readouterr().err == (
        f"Nothing can be written into {tmp_path / 'file'}: it is no folder. "
        "Name another folder: `nnkit mine --out FOLDER`.\n"
    )
    assert (tmp_path / "file").read_text() == "mine"


def test_nothing_of_it_needs_the_grading(repository: Path) -> None:
    program = "import sys, nnkit.mine; print([name for name in ('nbgrader', 'nnkit.grading') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=repository)
    assert done.stdout.strip() == "[]"


def test_every_exercise_has_a_name_that_it_asks_for() -> None:
    assert all(index.find(name).student_name.isidentifier() for name in index.names())
