"""The package beside a student's code where it is graded: whole where it may be, and without an answer anywhere."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from nnkit.exercises import evaluate, index
from nnkit.exercises.beside import wire
from nnkit.grading.run.package import (
    BACKWARD,
    HOLD_AN_ANSWER,
    SOURCE,
    foreign_withheld,
    make_worker_package,
    modules_for,
    places_of,
    removed_in,
    withheld_in,
)
from nnkit.grading.run.stripping import dotted_name
from tests.answers import answers_to
from tests.other_side import program
from tests.soundness import TIME_LIMIT

REPOSITORY = Path(__file__).resolve().parents[2]
NOTEBOOKS = tuple(index.notebooks())
WITHOUT_DIFFERENTIATION = tuple(name for name in NOTEBOOKS if BACKWARD in removed_in(name))

# The other side: a package and nothing else of nnkit. A program leaves plain data as `found`.
WORKER = program(
    '"program" in message',
    'wire.plain(run(message["program"])["found"])',
    """
sys.path.insert(0, sys.argv[1])
sys.path[:] = [entry for entry in sys.path if entry != sys.argv[2]]
sys.meta_path[:] = [finder for finder in sys.meta_path if "editable" not in type(finder).__module__]

import nnkit

assert nnkit.__file__.startswith(sys.argv[1]), nnkit.__file__
""",
)


class Worker:
    """A process that has this package, and no other nnkit."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-I", "-c", WORKER, str(folder), str(REPOSITORY)]
        self.process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def say(self, data: bytes) -> bytes:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        wire.write_frame(self.process.stdin, data)
        return wire.read_frame(self.process.stdout)

    def exchange(self, request: bytes, namespace: Mapping[str, Any]) -> bytes:
        return self.say(request)

    def found(self, program: str) -> Any:
        """What a program leaves under the name `found`."""
        return wire.loads(self.say(wire.dumps({"program": program})))

    def hand_in(self, source: str, provided: str = "") -> None:
        self.say(wire.dumps({"source": source, "provided": provided}))

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(60)


class Workers:
    """One worker for each notebook, made when it is first asked for, and one with the whole package."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.known: dict[str, Worker] = {}

    def of(self, notebook: str) -> Worker:
        if notebook not in self.known:
            self.known[notebook] = Worker(make_worker_package(notebook, self.folder / notebook))
        return self.known[notebook]

    @property
    def whole(self) -> Worker:
        """The control: a package in which nothing is withheld."""
        return self.of("glossary")


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    made = Workers(tmp_path_factory.mktemp("packages"))
    yield made
    for worker in made.known.values():
        worker.close()


def own_names(notebook: str) -> list[str]:
    """The functions that have to raise when they are called, each by its own name in its own file."""
    return sorted({dotted_name(*place) for name in removed_in(notebook) for place in places_of(name)})


# -------------------------------------------------------------------------------------------------- what is there


IMPORT_ALL = """
import importlib, pkgutil, nnkit
found = []
for module in pkgutil.walk_packages(nnkit.__path__, "nnkit."):
    importlib.import_module(module.name)
    found.append(module.name)
"""


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_every_module_can_be_imported_and_none_is_there_that_may_not(notebook: str, workers: Workers) -> None:
    modules = workers.of(notebook).found(IMPORT_ALL)
    assert {"nnkit.functional", "nnkit.training", "nnkit.widgets.playground", "nnkit.draw.graph"} <= set(modules)
    for absent in ("catalogue", "judge", "grading", "checking", "exercises.record", "progress", "mine.", "languages"):
        assert not [name for name in modules if absent in name]


def test_what_notebooks_import_for_home_says_so(workers: Workers) -> None:
    program = """
import nnkit
from nnkit import mine
from nnkit.cli import doctor
found = [repr(thing) for thing in (mine.gather("..").parts, doctor.table(), nnkit.progress())]
"""
    said = workers.whole.found(program)
    assert [text.split("`")[1] for text in said] == ["nnkit.mine.gather", "nnkit.cli.doctor", "nnkit.progress"]
    assert all("in grading it does nothing" in text for text in said)


def test_a_choice_of_language_is_let_pass_and_no_catalogue_is_there(workers: Workers, tmp_path: Path) -> None:
    """What is said about mistakes is not beside a student's code, in no language."""
    assert workers.whole.found('import nnkit\nfound = [nnkit.language("de"), nnkit.language()]') == ["en", "en"]
    make_worker_package("neurons", tmp_path)
    assert not [file for file in tmp_path.rglob("*") if file.suffix in (".mo", ".po", ".pot")]


def test_only_the_probes_of_the_notebook_are_there() -> None:
    probes = {file for file in modules_for("training_networks") if "/probes/" in file and "__init__" not in file}
    assert probes == {"exercises/beside/probes/training.py"}


def test_no_path_of_the_host_is_in_the_folder(tmp_path: Path) -> None:
    make_worker_package("mnist", tmp_path)
    for file in tmp_path.rglob("*"):
        if file.is_file() and file.suffix != ".npz":
            assert str(REPOSITORY).encode() not in file.read_bytes(), file


def test_a_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "old").touch()
    with pytest.raises(FileExistsError, match="not empty"):
        make_worker_package("welcome", tmp_path)


# ------------------------------------------------------------------------------------------------ what is withheld


CALL_EACH = """
import importlib, inspect
from nnkit.exercises.beside.calls import loaded

def called(name):
    module = name
    while module:
        module = module.rpartition(".")[0]
        try:
            importlib.import_module(module)
            break
        except ModuleNotFoundError:
            pass
    function = loaded(name)
    function = getattr(function, "function", function)
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
        function = getattr(function, "function", function)
    arguments, named = [], {}
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY:
            named[parameter.name] = None
        elif parameter.kind is not parameter.VAR_KEYWORD:
            arguments.append(None)
    try:
        function(*arguments, **named)
    except BaseException as error:
        return type(error).__name__
    return "returned"

found = [[name, called(name)] for name in NAMES]
"""


@pytest.mark.parametrize("notebook", [name for name in NOTEBOOKS if removed_in(name)])
def test_whatever_is_withheld_raises_and_in_the_whole_package_does_not(notebook: str, workers: Workers) -> None:
    program = CALL_EACH.replace("NAMES", repr(own_names(notebook)))
    assert {what for _, what in workers.of(notebook).found(program)} == {"Withheld"}
    assert "Withheld" not in {what for _, what in workers.whole.found(program)}


# Notebook → ways to an answer of it; each leaves a value in the whole package.
WAYS = {
    "convolution": (
        "functional.conv2d(nnkit.ones(1, 1, 3, 3), nnkit.ones(1, 1, 2, 2))",
        "nn.functional.conv2d(nnkit.ones(1, 1, 3, 3), nnkit.ones(1, 1, 2, 2))",
        "nn.Conv2d(1, 1, 2)(nnkit.ones(1, 1, 3, 3))",
        "engine.PRIMITIVES['conv2d'].function(np.ones((1,1,3,3)), np.ones((1,1,2,2)), stride=(1,1), padding=(0,0))",
        "draw.kernels.walk(np.ones((3, 3)), np.ones((2, 2)))",
        "draw.kernels.result_size(6, 2)",
    ),
    "losses_for_classes": (
        "nn.CrossEntropyLoss()(nnkit.zeros(1, 2), nnkit.tensor([0]))",
        "nnkit.zeros(1, 2).softmax(dim=1)",
        "nnkit.softmax(nnkit.zeros(1, 2), 1)",
        "functional.log_softmax(nnkit.zeros(1, 2), 1)",
        "engine.PRIMITIVES['cross_entropy'].function(np.zeros((1, 2)), target=[0], weights=np.ones(()), total=1)",
        "nn.MultiMarginLoss()(nnkit.zeros(1, 2), nnkit.tensor([0]))",
    ),
    "optimizers": (
        "stepped(optim.SGD)",
        "stepped(optim.Adam)",
        "optim.Adam([leaf()])._start(np.ones(2), {}) and updated(optim.Adam)",
        "updated(optim.RMSprop)",
        "widgets.surfaces.walk('bowl', 'SGD', steps=2)",
    ),
    "neurons_to_networks": (
        "nnkit.tensor([1.0]).sigmoid()",
        "nnkit.sigmoid(nnkit.tensor([1.0]))",
        "nn.Sigmoid()(nnkit.tensor([1.0]))",
        "widgets.activations.value_and_slope('ReLU', 1.0)",
        "nn.Linear(2, 2)(nnkit.ones(1, 2))",
        "gradient()",
    ),
    "descent": ("list(data.DataLoader(data.TensorDataset(nnkit.ones(4, 2)), 2))", "stepped(optim.SGD)"),
    "mnist": ("training.accuracy(nnkit.ones(2, 2), nnkit.tensor([0, 1]))", "functional.one_hot(nnkit.tensor([0, 2]))"),
    "recurrence": ("nn.RNN(2, 3)(nnkit.ones(2, 1, 2))", "gradient()"),
    "choosing_settings": ("list(training.k_fold(4, 2))", "training._stalls([3.0, 4.0, 5.0], 2, 0.0)"),
    "rotation_matrices": ("functional.project_so3(nnkit.ones(3, 3))",),
    "computation_graphs": ("draw.graph._topological(leaf(), lambda node: ())",),
    "convolutional_networks": (
        "functional.max_pool2d(nnkit.ones(1, 1, 2, 2), 2)",
        "nn.MaxPool2d(2)(nnkit.ones(1, 1, 2, 2))",
        "list(nn.Linear(2, 2).named_parameters())",
    ),
}
PRELUDE = """
import numpy as np
import nnkit
import nnkit.nn.functional
import nnkit.draw.kernels, nnkit.draw.graph, nnkit.widgets.surfaces, nnkit.widgets.activations
from nnkit import data, draw, engine, functional, nn, optim, training, widgets
import importlib, sys

class widgets:
    surfaces = sys.modules["nnkit.widgets.surfaces"]
    activations = sys.modules["nnkit.widgets.activations"]

class draw:
    kernels, graph = sys.modules["nnkit.draw.kernels"], sys.modules["nnkit.draw.graph"]

def leaf():
    return nnkit.tensor([1.0, 2.0], requires_grad=True)

def stepped(kind):
    w = leaf()
    w.grad = nnkit.ones(2)
    kind([w], lr=0.1).step()
    return w.tolist()

def updated(kind):
    optimizer = kind([leaf()], lr=0.1)
    group = optimizer.param_groups[0]
    w, g = np.ones(2), np.ones(2)
    return optimizer._update(w, g, optimizer._start(w, group), group) is None

def gradient():
    w = leaf()
    (w * w).sum().backward()
    return w.grad.tolist()

found = []
for way in WAYS:
    try:
        eval(way)
        found.append("value")
    except Exception as error:
        found.append(type(error).__name__)
"""


@pytest.mark.parametrize("notebook", WAYS)
def test_no_way_leads_to_an_answer_that_the_whole_package_gives(notebook: str, workers: Workers) -> None:
    ways = WAYS[notebook]
    program = PRELUDE.replace("WAYS", repr(ways))
    assert set(workers.whole.found(program)) == {"value"}
    assert set(workers.of(notebook).found(program)) == {"Withheld"}


def test_an_answer_that_calls_what_is_withheld_gets_no_value(workers: Workers) -> None:
    source = """
from nnkit import functional, tensor

def conv2d_forward(x, w, b, stride=1, pad=0):
    return functional.conv2d(tensor(x.astype(w.dtype)), tensor(w), tensor(b), stride, pad).numpy()
"""
    for worker, passes in ((workers.of("convolution"), False), (workers.whole, True)):
        worker.hand_in(source)
        asked: list[bytes] = []

        def heard(
            request: bytes, namespace: Mapping[str, Any], asked: list[bytes] = asked, worker: Any = worker
        ) -> Any:
            asked.append(worker.say(request))
            return asked[-1]

        evaluate("conv2d_forward", {}, 11, True, exchange=heard)
        answers = wire.loads(asked[0])["answers"]
        raised = {answer["raised"]["type"] if answer["raised"] else None for answer in answers}
        assert raised == ({None} if passes else {"Withheld"})


# ------------------------------------------------------------------------------------------------- differentiation


SHELL = """
import gc, types, sys
import numpy as np
import nnkit
from nnkit.engine import PRIMITIVES
from nnkit.engine.graph import Node

x = nnkit.tensor([1.0, 2.0], requires_grad=True)
y = (x * x).sum()
found = {"requires": y.requires_grad, "parents": len(y.parents), "derivatives": 0, "closures": 0}
waiting = [y.node]
while waiting:
    node = waiting.pop()
    found["derivatives"] += sum(vjp is not None for vjp in node.vjps or ())
    waiting += node.parents
for one in PRIMITIVES.values():
    found["closures"] += sum(isinstance(part, types.CodeType) for part in one.function.__code__.co_consts)
"""


@pytest.mark.parametrize("notebook", WITHOUT_DIFFERENTIATION)
def test_without_differentiation_no_node_and_no_code_has_a_derivative(notebook: str, workers: Workers) -> None:
    seen = workers.of(notebook).found(SHELL)
    assert (seen["requires"], seen["parents"]) == (True, 1)  # a graph is there, to be drawn
    assert seen["derivatives"] == 0
    for file, text in modules_for(notebook).items():
        for function in ast.walk(ast.parse(text)):
            if isinstance(function, ast.FunctionDef) and "primitive(" in str(
                list(map(ast.unparse, function.decorator_list))
            ):
                inner = [node for node in ast.walk(function) if isinstance(node, ast.Lambda | ast.FunctionDef)]
                assert inner == [function], f"{file}: {function.name}"
    whole = workers.whole.found(SHELL)
    assert whole["derivatives"] > 0
    assert whole["closures"] > seen["closures"]


VALUES = """
import numpy as np
import nnkit
from nnkit import functional as F, nn
from nnkit.engine import PRIMITIVES

rng = np.random.default_rng(7)
found = {}

def note(name, make):
    global rng
    rng = np.random.default_rng(len(found))  # what raises draws less, and shifts nothing for the next
    try:
        value = make()
    except Exception as error:
        found[name] = type(error).__name__
        return
    parts = value if isinstance(value, tuple) else (value,)
    found[name] = [np.array(part.detach().numpy()).tobytes().hex() for part in parts]

for kind in (np.float32, np.float64):
    def t(*shape, low=-2.0):
        return nnkit.tensor(rng.uniform(low, 2.0, shape).astype(kind), requires_grad=True)

    k = kind.__name__
    for trial in range(3):
        a, b, positive = t(3, 4), t(3, 4), t(3, 4, low=0.1)
        for name in "exp sin cos atan tanh sigmoid relu abs clone sum mean var std norm max min".split():
            note(f"{k}{trial}{name}", lambda: getattr(a, name)())
        for name in "log sqrt".split():
            note(f"{k}{trial}{name}", lambda: getattr(positive, name)())
        note(f"{k}{trial}operators", lambda: (a + b, a - b, a * b, a / b, positive ** b, a @ b.T, -a, a % b, 2 / b))
        note(f"{k}{trial}axis", lambda: (a.sum(dim=1), a.mean(dim=0, keepdim=True), a.var(dim=1), a.std(dim=0)))
        note(f"{k}{trial}extreme", lambda: tuple(a.max(dim=1)) + tuple(a.min(dim=0)))
        note(f"{k}{trial}norms", lambda: (a.norm(p=1), a.norm(p=float("inf"), dim=1), a.clamp(-0.5, 0.5)))
        note(f"{k}{trial}shape", lambda: (a.reshape(4, 3), a.T, a[1:, [0, 2]], a[a > 0]))
        note(f"{k}{trial}joined", lambda: (nnkit.stack([a, b]), nnkit.cat([a, b])))
        note(f"{k}{trial}where", lambda: (nnkit.where(a > 0, a, b), nnkit.maximum(a, b), a.masked_fill(a > 0, 0.0)))

        def in_place():
            c = a.clone()
            c[0] = b[1]
            c += b
            view = c[1:]
            view *= 2
            return c, view
        note(f"{k}{trial}in place", in_place)
        note(f"{k}{trial}linear", lambda: F.linear(a, t(5, 4), t(5)))
        note(f"{k}{trial}conv", lambda: F.conv2d(t(2, 3, 6, 5), t(4, 3, 3, 2), t(4), 2, 1))
        note(f"{k}{trial}pool", lambda: F.max_pool2d(t(2, 3, 6, 5), 2))
        note(f"{k}{trial}average", lambda: F.avg_pool2d(t(2, 3, 6, 5), 3, 2, 1))
        note(f"{k}{trial}losses", lambda: (
            F.mse_loss(a, b), F.l1_loss(a, b), F.binary_cross_entropy_with_logits(a, b.sigmoid()),
        ))
        note(f"{k}{trial}classes", lambda: F.cross_entropy(a, nnkit.tensor([0, 3, 1])))
        note(f"{k}{trial}softmax", lambda: (a.softmax(dim=1), a.log_softmax(dim=0)))
        note(f"{k}{trial}likelihood", lambda: F.nll_loss(a, nnkit.tensor([0, 3, 1])))
        note(f"{k}{trial}margin", lambda: F.multi_margin_loss(a, nnkit.tensor([0, 3, 1])))
        note(f"{k}{trial}batch norm", lambda: F.batch_norm(a, None, None, training=True))
        note(f"{k}{trial}norming", lambda: (F.layer_norm(a, (4,)), F.normalize(a)))
        note(f"{k}{trial}leaky", lambda: (F.leaky_relu(a), F.embedding(nnkit.tensor([1, 0, 1]), a)))
        note(f"{k}{trial}so3", lambda: F.project_so3(t(2, 3, 3)))
        for layer in (nn.RNN, nn.GRU, nn.LSTM):
            def recurrent():
                nnkit.manual_seed(trial)
                made = layer(4, 3, num_layers=2)
                made = made.double() if kind is np.float64 else made
                return made(t(5, 2, 4), lengths=[5, 2])[0]
            note(f"{k}{trial}{layer.__name__}", recurrent)
"""


@pytest.mark.parametrize("notebook", WITHOUT_DIFFERENTIATION)
def test_without_differentiation_values_are_what_they_were_bit_for_bit(notebook: str, workers: Workers) -> None:
    here, whole = workers.of(notebook).found(VALUES), workers.whole.found(VALUES)
    assert here.keys() == whole.keys()
    assert not [name for name, value in whole.items() if isinstance(value, str)]
    different = {name: here[name] for name in whole if here[name] != whole[name]}
    # Only what the notebook withholds differs, and by raising.
    assert set(map(str, different.values())) <= {"Withheld"}
    assert len(different) < 0.25 * len(whole)


# ------------------------------------------------------------------------------------------------------ the answers


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_right_answers_pass_beside_it(notebook: str, workers: Workers) -> None:
    worker = workers.of(notebook)
    for name in index.notebooks()[notebook]:
        known = answers_to(name)
        for label, source in known.right.items():
            if "from tests." in source:  # a network that is trained already lies outside of the package
                continue
            worker.hand_in(source, known.provided)
            report = evaluate(name, {}, 11, hidden=True, exchange=worker.exchange, time_limit=TIME_LIMIT)
            assert report.passed, f"{name}, {label}: {report}"


def bodies(text: str, least: int = 3) -> dict[str, str]:
    """The functions of a text by the normal form of their bodies, those of fewer statements left out."""
    found = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            size = sum(isinstance(part, ast.stmt) for statement in body for part in ast.walk(statement))
            if size >= least:
                found["\n".join(map(ast.unparse, body))] = node.name
    return found


def secrets_of(notebook: str) -> dict[str, str]:
    """References and the notebook's own solutions: normal form → where it comes from."""
    found: dict[str, str] = {}
    for file in (SOURCE / "exercises" / "catalogue" / notebook).rglob("*.py"):
        found |= {body: f"{file.name}: {name}" for body, name in bodies(file.read_text(encoding="utf-8")).items()}
    (path,) = (REPOSITORY / "solutions").glob(f"*/{notebook}.ipynb")
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and cell["metadata"].get("nbgrader", {}).get("solution"):
            found |= {body: f"{path.name}: {name}" for body, name in bodies(source, least=1).items()}
    for exercise in index.notebooks()[notebook]:
        for label, source in answers_to(exercise).right.items():
            found |= {body: f"{label}: {name}" for body, name in bodies(source).items()}
    return found


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_no_reference_and_no_solution_is_in_the_folder(notebook: str) -> None:
    secrets = secrets_of(notebook)
    for file, text in modules_for(notebook).items():
        for body, name in bodies(text, least=1).items():
            assert body not in secrets, f"{file}: {name} is {secrets[body]}"


# ------------------------------------------------------------------------------------------------- the lists behind it


def test_every_exercise_that_has_a_list_is_in_the_course() -> None:
    assert HOLD_AN_ANSWER.keys() <= set(index.names())
    for names in HOLD_AN_ANSWER.values():
        for name in names:
            assert places_of(name)


def test_libraries_of_others_are_named_by_their_packages() -> None:
    assert {"torch", "scipy", "cv2", "jax"} <= foreign_withheld("convolution")
    assert foreign_withheld("computation_graphs") == {"graphlib", "networkx"}
    assert not foreign_withheld("welcome")
    for notebook in NOTEBOOKS:
        assert "numpy" not in foreign_withheld(notebook)
        assert "numerical_gradient" not in foreign_withheld(notebook)
        assert {name.partition(".")[0] for name in withheld_in(notebook) if "." in name} >= foreign_withheld(notebook)


def test_a_name_that_is_not_in_the_library_is_refused() -> None:
    with pytest.raises(LookupError, match=r"nnkit\.functional\.conv3d is withheld"):
        places_of("nnkit.functional.conv3d")
