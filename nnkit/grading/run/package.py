"""The package `nnkit` that stands beside a student's code where it is graded: a copy without any answer.

`make_worker_package` writes it into a folder. It holds floors 0 to 2, what runs beside a student's code, and a door
`nnkit.exercises` that only speaks to who grades. What the exercises of the notebook withhold has no body in it, and
where differentiation is withheld there is none. What is not there cannot be found, by whatever way one looks for it.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import marshal
import types
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import nnkit
from nnkit.exercises import index
from nnkit.exercises.beside.calls import codes_of
from nnkit.exercises.beside.probes import find_probe
from nnkit.grading.run.stripping import Place, functions_in, look_at, strip

SOURCE = Path(nnkit.__file__).resolve().parent
INSIDE = Path(__file__).resolve().parent / "inside"

# Floors 0 to 2 and what runs beside a student's code: folders and files of the package, and what is left out of them.
KEPT = (
    "__init__.py",
    "bar.py",
    "data",
    "draw",
    "engine",
    "exercises/beside",
    "exercises/terms.py",
    "functional.py",
    "gradient_check.py",
    "memory.py",
    "nn",
    "optim",
    "saving.py",
    "training.py",
    "widgets",
)
LEFT_OUT = ("data/build_mnist.py", "exercises/beside/probes")
DATA = "data/files"
PROBES = "exercises/beside/probes"

# Who withholds the backward pass withholds all of differentiation.
BACKWARD = "nnkit.engine.Tensor.backward"
DIFFERENTIATION = (
    "nnkit.engine.graph.Node.messages",
    "nnkit.engine.graph.Node._fitted",
    "nnkit.engine.graph.unbroadcast",
    "nnkit.engine.primitives.only",
    "nnkit.engine.in_place.require_unchanged",
    "nnkit.engine.backward.oldest_first",
    "nnkit.engine.backward.send_back",
    "nnkit.engine.backward.starting_gradient",
    "nnkit.engine.backward.run",
    "nnkit.engine.steps.walk",
    "nnkit.gradient_check.gradcheck",
)
# A node still notes what it was made from, so that graphs can be drawn, but not how to go back.
_RECORD = """
parents = []
for argument, array in zip(arguments, arrays, strict=True):
    parents.append(argument.node if isinstance(argument, Handle) else Node(array))
node.requires_grad, node.operation, node.parents = (True, self, tuple(parents))
"""
_PROGRESS = """
from nnkit.elsewhere import Elsewhere
return Elsewhere("nnkit.progress")
"""
# In which language a student wants to be told something says nothing about who grades.
_LANGUAGE = """
return "en"
"""
_NOT_HERE = '''"""For the student's own machine."""
from nnkit.elsewhere import Elsewhere


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return Elsewhere(f"{__name__}.{name}")
'''
# What notebooks import besides, and what stands there in its place.
ELSEWHERE = ("mine/__init__.py", "cli/__init__.py", "cli/doctor.py")

# Exercise → functions inside of floors 0 to 2 that hold its answer, or most of it, and that nobody would call as one:
# they draw, or do something larger. (What a reader could call is withheld by the exercise itself.)
_LOG_LIKELIHOOD = ("nnkit.widgets.experiment.Experiment._note",)
_LOGISTIC = ("nnkit.nn.recurrent._sigmoid",)
_WINDOWS = ("nnkit.draw.kernels.rows_of_windows", "nnkit.draw.kernels.step", "nnkit.functional._places")
HOLD_AN_ANSWER: dict[str, tuple[str, ...]] = {
    "topological_sort": ("nnkit.draw.graph._topological", "nnkit.widgets.order_walk._read"),
    "numerical_gradient": ("nnkit.widgets.recording._difference",),
    "minibatches": ("nnkit.widgets.experiment.Experiment._epoch",),
    "train_epoch": ("nnkit.widgets.experiment.Experiment._epoch",),
    "negative_log_likelihood": _LOG_LIKELIHOOD,
    "softmax_cross_entropy": _LOG_LIKELIHOOD,
    "mlp_loss_and_grads": _LOG_LIKELIHOOD,
    "sigmoid": _LOGISTIC,
    "sigmoid_grad": _LOGISTIC,
    "bump": _LOGISTIC,
    "affine_forward": ("nnkit.nn.recurrent._inputs",),
    "Standardizer": ("nnkit.functional.standardise_",),
    "conv_output_size": ("nnkit.functional._output_size",),
    "convolve_image": _WINDOWS,
    "conv2d_forward": _WINDOWS,
    "conv2d_backward": ("nnkit.draw.kernels.step_back",),
    "im2col": _WINDOWS,
    "rnn_forward": ("nnkit.draw.unrolled._passed",),
    "rnn_backward": ("nnkit.draw.unrolled._passed",),
    "should_stop": ("nnkit.training._stalls",),
    "quat_to_matrix": ("nnkit.data.toys.attitudes", "nnkit.widgets.attitude.turned"),
    "rotation_angle": ("nnkit.draw.rotations.said",),
    "pad_sequences": ("nnkit.nn.recurrent._Recurrent._present",),
}


def withheld_in(notebook: str) -> tuple[str, ...]:
    """What the exercises of a notebook withhold, together.

    Parameters
    ----------
    notebook : str
        Its name, such as "convolution".

    Returns
    -------
    tuple of str
        Dotted names, in the order of the alphabet.

    Examples
    --------
    >>> "nnkit.functional.conv2d" in withheld_in("convolution"), withheld_in("glossary")
    (True, ())
    """
    return tuple(sorted({name for exercise in _exercises_in(notebook) for name in index.find(exercise).withheld}))


def _exercises_in(notebook: str) -> list[str]:
    """The exercises of a notebook; of several where their names are joined by "+"."""
    return [exercise for name in notebook.split("+") for exercise in index.notebooks().get(name, ())]


def foreign_withheld(notebook: str) -> frozenset[str]:
    """The other libraries that hold an answer to an exercise of a notebook.

    Parameters
    ----------
    notebook : str
        Its name.

    Returns
    -------
    frozenset of str
        Top-level packages, or modules of Python itself.

    Examples
    --------
    >>> sorted(foreign_withheld("computation_graphs"))
    ['graphlib', 'networkx']
    """
    tops = {name.partition(".")[0] for name in withheld_in(notebook) if "." in name}
    return frozenset(tops - {"nnkit", "numpy"})


def removed_in(notebook: str) -> tuple[str, ...]:
    """The functions of this library that have no body in a notebook's package, by their dotted names.

    Internal ones that nobody calls without them go, too, and are not in this list.

    Parameters
    ----------
    notebook : str
        Its name.

    Examples
    --------
    >>> removed_in("unseen_data")
    ('nnkit.functional.dropout',)
    """
    names = {name for name in withheld_in(notebook) if name.startswith("nnkit.")}
    if BACKWARD in names:
        names.update(DIFFERENTIATION)
    for exercise in _exercises_in(notebook):
        names.update(HOLD_AN_ANSWER.get(exercise, ()))
    return tuple(sorted(names))


def make_worker_package(notebook: str, folder: Path) -> Path:
    """Write the package for the submissions of a notebook.

    Parameters
    ----------
    notebook : str
        Its name, such as "convolution". One without exercises, or of another course, gets all of floors 0 to 2. One
        with exercises of several notebooks has their names, joined by "+", and lacks what any of them withholds.
    folder : Path
        Where to; it is made if it is not there, and has to be empty.

    Returns
    -------
    Path
        The folder: an entry for `sys.path`.

    Raises
    ------
    FileExistsError
        If something is in the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"A worker's package is written into an empty folder; {folder} is not empty.")
    target = folder / "nnkit"
    for file, text in sorted(modules_for(notebook).items()):
        path = target / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        compiled = Path(importlib.util.cache_from_source(str(path)))
        compiled.parent.mkdir(exist_ok=True)
        compiled.write_bytes(_compiled(file, text))
    (target / "py.typed").touch()
    for data in sorted((SOURCE / DATA).iterdir()):
        if data.suffix in (".npz", ".txt"):
            path = target / DATA / data.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data.read_bytes())
    return folder


def look_at_all() -> None:
    """Read and look at all modules once; the package of every notebook is made from them."""
    look_at(_texts().values())


def modules_for(notebook: str) -> dict[str, str]:
    """The modules of a notebook's package: file, relative to the package's folder, and text.

    Parameters
    ----------
    notebook : str
        Its name.

    Examples
    --------
    >>> texts = modules_for("convolution")
    >>> "functional.py" in texts, "exercises/judge/verdict.py" in texts
    (True, False)
    """
    names = removed_in(notebook)
    texts = dict(_texts())
    for exercise in _exercises_in(notebook):
        file = _probe_file(index.find(exercise).probe)
        texts[file] = _text(SOURCE / file)
    texts[f"{PROBES}/__init__.py"] = _text(SOURCE / PROBES / "__init__.py")
    differentiates = BACKWARD not in names
    rewritten = {("__init__.py", "progress"): _PROGRESS, ("__init__.py", "language"): _LANGUAGE}
    if not differentiates:
        rewritten[("engine/graph.py", "Primitive._record")] = _RECORD
    removed = {place for name in names for place in places_of(name)}
    texts |= strip(texts, removed, _public(), differentiates, rewritten)
    texts["exercises/__init__.py"] = _text(INSIDE / "door.py")
    texts["elsewhere.py"] = _text(INSIDE / "elsewhere.py")
    return texts | dict.fromkeys(ELSEWHERE, _NOT_HERE)


# ---------------------------------------------------------------------------------------------------------------------
# The package's own files
# ---------------------------------------------------------------------------------------------------------------------


@cache
def _texts() -> dict[str, str]:
    """The modules of floors 0 to 2 and of what runs beside, without the probes."""
    return {file: _text(SOURCE / file) for file in _files() if not file.startswith(LEFT_OUT)}


def _files() -> Iterator[str]:
    for kept in KEPT:
        path = SOURCE / kept
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            yield file.relative_to(SOURCE).as_posix()


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@lru_cache(maxsize=1024)
def _compiled(file: str, text: str) -> bytes:
    """A module as Python keeps it compiled (PEP 552: known by a hash, not looked at again), without a path of ours."""
    code = compile(text, f"nnkit/{file}", "exec", dont_inherit=True)
    unchecked = (1).to_bytes(4, "little")
    return importlib.util.MAGIC_NUMBER + unchecked + importlib.util.source_hash(text.encode()) + marshal.dumps(code)


def _probe_file(name: str) -> str:
    return _file_of(find_probe(name).__code__) or ""


def _file_of(code: types.CodeType) -> str | None:
    path = Path(code.co_filename)
    return path.relative_to(SOURCE).as_posix() if path.is_relative_to(SOURCE) else None


@cache
def places_of(name: str) -> frozenset[Place]:
    """Where the functions stand that run when something of this library is called.

    Parameters
    ----------
    name : str
        The dotted name of a function, a method, a primitive or a class (all of its methods).

    Raises
    ------
    LookupError
        If there is none, or its source is not in this library.

    Examples
    --------
    >>> places_of("nnkit.functional.sigmoid") == places_of("nnkit.engine.Tensor.sigmoid")
    True
    """
    found = set()
    for code in codes_of(_object_of(name)):
        file = _file_of(code)
        # A function that only passes on to the withheld one has other code than its name says, and stays.
        if file is not None and _lines(file).get(code.co_qualname) == code.co_firstlineno:
            found.add((file, code.co_qualname))
    if not found:
        raise LookupError(f"{name} is withheld, but there is no function of this name in the library's source.")
    return frozenset(found)


@cache
def _lines(file: str) -> dict[str, int]:
    """Function → the line where it begins, its decorators included."""
    return {
        name: min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        for name, node in functions_in(ast.parse(_text(SOURCE / file)))
    }


def _object_of(name: str) -> Any:
    module, _, rest = name.partition(".")
    found: Any = importlib.import_module(module)
    parts = rest.split(".")
    while parts:
        try:
            found = importlib.import_module(f"{module}.{parts[0]}")
        except ModuleNotFoundError:
            break
        module = f"{module}.{parts.pop(0)}"
    for part in parts:
        try:
            found = vars(found)[part]
        except (KeyError, TypeError):
            raise LookupError(f"{name} is withheld, but {module} has no {'.'.join(parts)}.") from None
    return found


@cache
def _public() -> frozenset[Place]:
    """The functions that students may call: all without an underscore, or, where a module has a list, those in it."""
    found: set[Place] = set()
    for file in _texts():
        names: Iterable[str] = [name for name in _lines(file) if "." not in name]
        listed = _listed(file)
        found.update((file, name) for name in names if (name in listed if listed else not name.startswith("_")))
    return frozenset(found)


def _listed(file: str) -> tuple[str, ...]:
    if file != "functional.py":  # the only module whose list leaves out what another module imports from it
        return ()
    return tuple(nnkit.functional.__all__)
