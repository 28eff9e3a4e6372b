"""Who may import whom: the floors of the package and, inside the exercises, what may run beside a student's code.

The rules are about folders, so a new module has its rules when it has its place. What breaks one is told with file,
line and rule; each rule is shown to work on a small made-up package.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.package.import_graph import Import, ImportGraph, read_imports

# The first folder or module below `nnkit` → its floor. The package's own `__init__` opens floors 0 and 1.
FLOORS = {
    "engine": 0,
    "": 1,
    "bar": 1,
    "data": 1,
    "functional": 1,
    "languages": 1,
    "gradient_check": 1,
    "installation": 1,
    "memory": 1,
    "nn": 1,
    "optim": 1,
    "saving": 1,
    "training": 1,
    "draw": 2,
    "widgets": 2,
    "exercises": 3,
    "grading": 4,
    "lite": 4,
    "mine": 4,
    "__main__": 5,
    "cli": 5,
}
# Floor → the packages of others that it knows nothing of.
UNKNOWN = {
    0: {"matplotlib", "IPython", "nbgrader"},
    1: {"matplotlib", "IPython", "nbgrader"},
    3: {"nbgrader"},
}
BESIDE, PROBES = "nnkit.exercises.beside", "nnkit.exercises.beside.probes"
JUDGE, CATALOGUE = "nnkit.exercises.judge", "nnkit.exercises.catalogue"

# (importer, imported) → why this one may reach upwards, and only when it is called.
EXCEPTIONS = {
    (
        "nnkit.training",
        "nnkit.draw",
    ): "History.draw asks for its picture when it is called; whoever never does needs no "
    "matplotlib, and the library needs none to be imported.",
    ("nnkit", "nnkit.exercises.progress"): "nnkit.progress() reads what the checks said when it is called.",
}
# (importer, imported) → why it still breaks a rule. An entry that breaks none any more must be taken out.
KNOWN: dict[tuple[str, str], str] = {}


def inside(module: str, folder: str) -> bool:
    """Whether a module is the folder's or lies in it."""
    return module == folder or module.startswith(f"{folder}.")


def floor(module: str) -> int | None:
    """The floor of one of nnkit's modules; None for a module of others and for one that has no floor yet."""
    package, _, rest = module.partition(".")
    return FLOORS.get(rest.partition(".")[0]) if package == "nnkit" else None


@dataclass(frozen=True)
class Rule:
    """What an import must not do, as a sentence and as a function."""

    sentence: str
    breaks: Callable[[Import], bool]


def reaches_upwards(one: Import) -> bool:
    here, there = floor(one.importer), floor(one.imported)
    excepted = (one.importer, one.imported) in EXCEPTIONS and one.when_called
    return here is not None and there is not None and there > here and not excepted


def knows_too_much(one: Import) -> bool:
    here = floor(one.importer)
    return here is not None and one.imported.partition(".")[0] in UNKNOWN.get(here, set())


def is_kept_from_students(module: str) -> bool:
    """Whether a module of nnkit must not be loaded beside a student's code: only floors 0, 1 and beside/ may be."""
    there = floor(module)
    return there is not None and there > 1 and not inside(module, BESIDE)


def leaves_the_students_side(one: Import) -> bool:
    return inside(one.importer, BESIDE) and is_kept_from_students(one.imported)


def opens_the_door_by_itself(one: Import) -> bool:
    """Python runs the package's `__init__` before it loads anything in beside/."""
    loaded_at_once = not (one.when_called or one.for_types)
    return one.importer == "nnkit.exercises" and loaded_at_once and is_kept_from_students(one.imported)


def may_reach(one: Import, folder: str) -> bool:
    """Whether an import goes into a folder, or could when the rest of its name is put in."""
    return inside(one.imported, folder) or (one.completed_later and inside(folder, one.imported))


RULES = (
    Rule("nothing imports from a floor above its own", reaches_upwards),
    Rule(
        "floors 0 and 1 know nothing of matplotlib, IPython and nbgrader, floor 3 nothing of nbgrader", knows_too_much
    ),
    Rule(
        "widgets stand on top of draw, so draw imports none of them",
        lambda one: inside(one.importer, "nnkit.draw") and inside(one.imported, "nnkit.widgets"),
    ),
    Rule("beside/ imports floors 0 and 1 and beside/ itself, and nothing else of nnkit", leaves_the_students_side),
    Rule(
        "the door of the exercises loads only what may be beside a student's code, and the rest when it is asked for",
        opens_the_door_by_itself,
    ),
    Rule(
        "judge/ never touches a student's code, so it imports no probes",
        lambda one: inside(one.importer, JUDGE) and may_reach(one, PROBES),
    ),
    Rule(
        "neither beside/ nor judge/ imports anything in catalogue/",
        lambda one: (inside(one.importer, BESIDE) or inside(one.importer, JUDGE)) and may_reach(one, CATALOGUE),
    ),
)


@dataclass(frozen=True)
class Breach:
    """A rule that is broken, and by which imports: one, or all those of a circle."""

    rule: str
    imports: tuple[Import, ...]

    def __str__(self) -> str:
        if len(self.imports) == 1:
            return f"{self.imports[0]} breaks the rule: {self.rule}."
        return "\n  ".join([f"These imports break the rule: {self.rule}.", *map(str, self.imports)])


def breaches(graph: ImportGraph, known: dict[tuple[str, str], str]) -> Iterator[Breach]:
    """Every breach that is not known."""
    for one in graph.imports:
        if (one.importer, one.imported) not in known:
            yield from (Breach(rule.sentence, (one,)) for rule in RULES if rule.breaks(one))
    for circle in graph.circles(without=known):
        yield Breach("there is no circle of imports", tuple(circle))


def vanished(graph: ImportGraph, known: dict[tuple[str, str], str]) -> list[tuple[str, str]]:
    """The known breaches that break nothing any more."""
    broken = {(one.importer, one.imported) for one in graph.imports if any(rule.breaks(one) for rule in RULES)}
    return [pair for pair in known if pair not in broken and not graph.in_circle(*pair)]


@pytest.fixture(scope="module")
def graph(repository: Path) -> ImportGraph:
    return read_imports(repository / "nnkit")


def test_every_module_has_a_floor(graph: ImportGraph) -> None:
    assert [module for module in graph.modules if floor(module) is None] == []


def test_every_import_of_the_package_keeps_the_rules(graph: ImportGraph) -> None:
    found = list(breaches(graph, KNOWN))
    assert not found, "\n".join(["", *map(str, found)])


def test_a_known_breach_that_has_vanished_leaves_the_list(graph: ImportGraph) -> None:
    assert vanished(graph, KNOWN) == [], "Take these out of KNOWN: they break nothing any more."


def test_an_exception_that_nobody_takes_leaves_the_list(graph: ImportGraph) -> None:
    taken = {(one.importer, one.imported) for one in graph.imports if one.when_called}
    assert set(EXCEPTIONS) <= taken


def test_the_reader_sees_the_whole_package(graph: ImportGraph, repository: Path) -> None:
    """Every import statement that Python's own parser finds is in the graph."""
    for path in (repository / "nnkit").rglob("*.py"):
        file = path.relative_to(repository).as_posix()
        statements = {
            node.lineno
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Import | ast.ImportFrom)
        }
        assert statements <= {one.line for one in graph.imports if one.file == file}, file


UPWARDS, BESIDE_ITSELF = "a floor above its own", "beside/ itself, and nothing else of nnkit"
# What is made up → (the file, its text, what the message says of it, the rule that it names).
BROKEN = {
    "at the top of a file": (
        "nnkit/functional.py",
        "import math\nfrom nnkit.draw import style\n",
        "line 2: `from nnkit.draw import style`",
        UPWARDS,
    ),
    "inside a function": (
        "nnkit/engine/graph.py",
        "def draw():\n    from nnkit.functional import relu\n",
        "line 2: `from nnkit.functional import relu`",
        UPWARDS,
    ),
    "for types only": (
        "nnkit/nn/module.py",
        "if TYPE_CHECKING:\n    import nnkit.exercises.report\n",
        "line 2: `import nnkit.exercises.report`",
        UPWARDS,
    ),
    "as an attribute": (
        "nnkit/optim/sgd.py",
        "import nnkit as nk\n\nnk.draw.plots.curve()\n",
        "line 3: `nk.draw.plots`",
        UPWARDS,
    ),
    "relative to the file": (
        "nnkit/exercises/checking.py",
        "from ..grading import marks\n",
        "line 1: `from ..grading import marks`",
        UPWARDS,
    ),
    "by a text": (
        "nnkit/draw/plots.py",
        "import importlib\nimportlib.import_module('nnkit.exercises.report')\n",
        "line 2: `importlib.import_module('nnkit.exercises.report')`",
        UPWARDS,
    ),
    "by a text with a name put in": (
        "nnkit/exercises/exercise.py",
        "def one(n):\n    return __import__(f'nnkit.grading.marks.{n}')\n",
        "line 2: `__import__(f'nnkit.grading.marks.{n}')`",
        UPWARDS,
    ),
    "where only another module is excepted": (
        "nnkit/bar.py",
        "def draw():\n    import nnkit\n    return nnkit.draw.plots\n",
        "line 3: `nnkit.draw`",
        UPWARDS,
    ),
    "where it is excepted only when called": (
        "nnkit/training.py",
        "import nnkit\nplot = nnkit.draw.curve\n",
        "line 2: `nnkit.draw`",
        UPWARDS,
    ),
    "pictures in the library": (
        "nnkit/data/toys.py",
        "def show():\n    import matplotlib.pyplot as plt\n",
        "line 2: `import matplotlib.pyplot as plt`",
        "floors 0 and 1 know nothing of matplotlib",
    ),
    "nbgrader in the exercises": (
        "nnkit/exercises/report.py",
        "from nbgrader.api import Gradebook\n",
        "line 1: `from nbgrader.api import Gradebook`",
        "floor 3 nothing of nbgrader",
    ),
    "widgets in a picture": (
        "nnkit/draw/plots.py",
        "from nnkit.widgets import base\n",
        "line 1: `from nnkit.widgets import base`",
        "draw imports none of them",
    ),
    "a picture beside the student": (
        "nnkit/exercises/beside/output.py",
        "from nnkit.draw import style\n",
        "line 1: `from nnkit.draw import style`",
        BESIDE_ITSELF,
    ),
    "a declaration beside the student": (
        "nnkit/exercises/beside/probes/call.py",
        "from nnkit.exercises.exercise import Case\n",
        "line 1: `from nnkit.exercises.exercise import Case`",
        BESIDE_ITSELF,
    ),
    "the door beside the student": (
        "nnkit/exercises/beside/calls.py",
        "def ask():\n    from nnkit.exercises import check\n",
        "line 2: `from nnkit.exercises import check`",
        BESIDE_ITSELF,
    ),
    "whatever it is called beside the student": (
        "nnkit/exercises/beside/calls.py",
        "importlib.import_module(f'nnkit.exercises.{name}')\n",
        "line 1: `importlib.import_module(f'nnkit.exercises.{name}')`",
        BESIDE_ITSELF,
    ),
    "answers beside the student": (
        "nnkit/exercises/beside/calls.py",
        "from nnkit.exercises.catalogue.welcome import double\n",
        "line 1: `from nnkit.exercises.catalogue.welcome import double`",
        "neither beside/ nor judge/ imports anything in catalogue/",
    ),
    "a door that opens by itself": (
        "nnkit/exercises/__init__.py",
        "from nnkit.exercises.checking import check\n",
        "line 1: `from nnkit.exercises.checking import check`",
        "the rest when it is asked for",
    ),
    "a probe in the judge": (
        "nnkit/exercises/judge/observe.py",
        "from nnkit.exercises.beside.probes import call\n",
        "line 1: `from nnkit.exercises.beside.probes import call`",
        "it imports no probes",
    ),
    "whatever it is called in the judge": (
        "nnkit/exercises/judge/answer.py",
        "def reference(name):\n    return import_module('nnkit.exercises.' + name)\n",
        "line 2: `import_module('nnkit.exercises.' + name)`",
        "neither beside/ nor judge/ imports anything in catalogue/",
    ),
    "an exercise in the judge": (
        "nnkit/exercises/judge/verdict.py",
        "if True:\n    from nnkit.exercises.catalogue import draws\n",
        "line 2: `from nnkit.exercises.catalogue import draws`",
        "neither beside/ nor judge/ imports anything in catalogue/",
    ),
}
# A package in which every rule is kept.
KEPT = """
nnkit/__init__.py:
    import importlib
    from nnkit.engine import Tensor
    def __getattr__(name):
        return importlib.import_module(f'nnkit.{name}')
nnkit/engine/__init__.py:
    from nnkit.engine.graph import *
nnkit/engine/graph.py:
    import numpy as np
nnkit/functional.py:
    from nnkit import engine
nnkit/nn/__init__.py:
    from nnkit.nn.module import Module
nnkit/nn/module.py:
    from nnkit.nn import init
nnkit/nn/init.py:
    from nnkit.engine import Tensor
nnkit/training.py:
    def draw(self):
        import nnkit
        return nnkit.draw.curves(self)
nnkit/draw/style.py:
    import matplotlib
nnkit/draw/plots.py:
    from nnkit.draw import style
    from nnkit.nn import Module
nnkit/widgets/base.py:
    from nnkit.draw import style
    import IPython
nnkit/exercises/__init__.py:
    from typing import TYPE_CHECKING
    if TYPE_CHECKING:
        from nnkit.exercises.checking import check
    def __getattr__(name):
        from nnkit.exercises import checking
        return getattr(checking, name)
nnkit/exercises/checking.py:
    import importlib
    from nnkit.exercises.beside import calls
    from nnkit.exercises.judge import verdict
    def find(name):
        return importlib.import_module(f'nnkit.exercises.catalogue.{name}')
nnkit/exercises/exercise.py:
    from nnkit.exercises.judge import verdict
    from nnkit.exercises.beside import wire
nnkit/exercises/report.py:
    from nnkit.draw import style
nnkit/exercises/beside/wire.py:
    import nnkit
    import numpy
nnkit/exercises/beside/calls.py:
    from nnkit.exercises.beside import wire
    from nnkit.functional import relu
    import importlib
    def find(name):
        return importlib.import_module(f'nnkit.exercises.beside.probes.{name}')
nnkit/exercises/beside/probes/call.py:
    from .. import wire
nnkit/exercises/judge/verdict.py:
    from nnkit.exercises.beside import wire
    from nnkit.exercises.report import Report
nnkit/exercises/catalogue/draws.py:
    import numpy
nnkit/exercises/catalogue/welcome/double.py:
    from nnkit.exercises.catalogue import draws
    from nnkit.exercises.exercise import exercise
    from nnkit.exercises.beside.probes import call
nnkit/grading/marks.py:
    import nbgrader
    from nnkit.exercises import check
nnkit/cli/__init__.py:
    import importlib, sys
    importlib.import_module(f'nnkit.cli.{sys.argv[1]}')
nnkit/cli/demo.py:
    from nnkit.grading import marks
"""


def made(folder: Path, files: dict[str, str]) -> ImportGraph:
    """KEPT with some files in addition or in place of its own, and an `__init__` in every folder."""
    written: dict[str, str] = {}
    for part in re.split(r"^(?=nnkit/)", KEPT, flags=re.MULTILINE)[1:]:
        name, _, text = part.partition(":\n")
        written[name] = textwrap.dedent(text)
    for name, text in (written | files).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        for place in list(path.parents)[: -len(folder.parents) - 1]:
            (place / "__init__.py").touch()
    return read_imports(folder / "nnkit")


def test_a_package_that_keeps_the_rules_is_told_nothing(tmp_path: Path) -> None:
    assert [str(breach) for breach in breaches(made(tmp_path, {}), {})] == []


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_rule_is_told_with_file_line_import_and_rule(how: str, tmp_path: Path) -> None:
    file, text, where, rule = BROKEN[how]
    found = [str(breach) for breach in breaches(made(tmp_path, {file: text}), {})]
    assert [one for one in found if one.startswith(f"{file}, {where} breaks the rule: ") and rule in one], found


def test_a_circle_is_told_with_every_import_in_it(tmp_path: Path) -> None:
    files = {
        "nnkit/nn/init.py": "def f():\n    from nnkit.nn.layers import Linear\n",
        "nnkit/nn/layers.py": "import math\nfrom nnkit.nn.module import Module\n",
    }
    (found,) = [str(breach) for breach in breaches(made(tmp_path, files), {})]
    assert "there is no circle of imports" in found
    assert "nnkit/nn/init.py, line 2: `from nnkit.nn.layers import Linear`" in found
    assert "nnkit/nn/layers.py, line 2: `from nnkit.nn.module import Module`" in found
    assert "nnkit/nn/module.py, line 1: `from nnkit.nn import init`" in found


def test_a_module_that_asks_its_own_package_stands_in_a_circle(tmp_path: Path) -> None:
    files = {"nnkit/nn/module.py": "from nnkit.nn import Sequential\n"}
    (found,) = breaches(made(tmp_path, files), {})
    assert {one.importer for one in found.imports} == {"nnkit.nn", "nnkit.nn.module"}


def test_a_known_breach_is_silent_and_one_that_has_vanished_is_told(tmp_path: Path) -> None:
    files = {
        "nnkit/functional.py": "from nnkit.draw import style\n",
        "nnkit/nn/init.py": "if typing.TYPE_CHECKING:\n    from nnkit.nn.module import Module\n",
    }
    circle, upwards = ("nnkit.nn.init", "nnkit.nn.module"), ("nnkit.functional", "nnkit.draw.style")
    known = {circle: "for types only.", upwards: "not mended yet."}
    broken, mended = made(tmp_path / "broken", files), made(tmp_path / "mended", {})
    assert list(breaches(broken, known)) == []
    assert vanished(broken, known) == []
    assert set(vanished(mended, known)) == {circle, upwards}
    # An edge that is still there, but leads round no more, has vanished too.
    straight = made(tmp_path / "straight", files | {"nnkit/nn/module.py": ""})
    assert vanished(straight, {circle: "for types only."}) == [circle]


def test_a_new_folder_has_no_floor_until_it_gets_one(tmp_path: Path) -> None:
    graph = made(tmp_path, {"nnkit/robots/__init__.py": ""})
    assert [module for module in graph.modules if floor(module) is None] == ["nnkit.robots"]
