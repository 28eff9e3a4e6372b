"""Whether the notebooks bear every right answer: ``python tests/notebooks/right_variants.py [notebook [exercise]]``.

A student's answer whose check passes must not make a later cell crash, print a warning, or wait. So each right variant
of `tests.answers` is put in the place of the notebook's own solution, and the cells that it reaches are run: those that
use a name which depends on it, and those that make the names which these need. Every cell that raises, writes to
stderr or says that it waits is printed, one line each; the exit code is 1 if there is one.

One more variant is made here: the notebook's own solution with lists in the place of the arrays that it returns, if the
check takes them.

A notebook runs once, in one process, in a shell like the kernel's. Where it comes to an answer, it forks for each
variant: the child goes on with the variant, the parent with the notebook's own.
"""

from __future__ import annotations

import argparse
import ast
import builtins
import json
import os
import re
import subprocess
import symtable
import sys
import tempfile
import warnings
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

REPOSITORY = Path(__file__).resolve().parents[2]
SOLUTIONS = sorted((REPOSITORY / "solutions").glob("*/*.ipynb"))
VARIANT_SECONDS = 300  # of the processor, which are the same on a busy machine
WAITS = re.compile(r"This cell uses your .*? pass first", re.DOTALL)
OWN = "the notebook's own"
OWN_AS_LISTS = f"{OWN}, lists for arrays"
AS_LISTS = """

def with_lists(function):
    def lists(result):
        if isinstance(result, tuple):
            return tuple(map(lists, result))
        return result.tolist() if hasattr(result, "tolist") else result

    return lambda *values, **named: lists(function(*values, **named))


if not isinstance({name}, type):
    {name} = with_lists({name})
"""


@dataclass(frozen=True)
class Fault:
    """What went wrong in a cell."""

    notebook: str
    cell: str
    exercise: str
    variant: str
    what: str

    def __str__(self) -> str:
        return f"{self.notebook} · cell {self.cell} · {self.exercise} · {self.variant}: {self.what}"


@dataclass
class Names:
    """What a cell does with the names of the notebook."""

    used: set[str] = field(default_factory=set)
    made: set[str] = field(default_factory=set)
    imported: set[str] = field(default_factory=set)
    changed: set[str] = field(
        default_factory=set
    )  # perhaps: something was assigned to a part of it, or it was handed on


def names_of(source: str, exercises: Sequence[str]) -> Names:
    """Read which names a cell uses, makes and may change; an exercise's name in quotes counts as used.

    Parameters
    ----------
    source : str
        Plain Python.
    exercises : Sequence[str]
        The names of the notebook's exercises: ``check("neuron")`` uses `neuron`.
    """
    found = Names()

    def visit(table: symtable.SymbolTable, top: bool) -> None:
        for symbol in table.get_symbols():
            if symbol.is_referenced() and (top or symbol.is_global()):
                found.used.add(symbol.get_name())
            if (symbol.is_assigned() or symbol.is_imported()) and (top or symbol.is_declared_global()):
                found.made.add(symbol.get_name())
            if symbol.is_imported():
                found.imported.add(symbol.get_name())
        for child in table.get_children():
            visit(child, False)

    tree = ast.parse(source)
    visit(symtable.symtable(source, "<cell>", "exec"), True)
    found.used &= _used_first(tree.body, set())  # `axes` that the cell itself makes is nobody else's
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.value in exercises:
            found.used.add(node.value)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            found.used.add(node.target.id)
        elif isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
            found.changed |= _names_in(node.value)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            call = node.value
            owner = [call.func.value] if isinstance(call.func, ast.Attribute) else []
            for part in [*owner, *call.args, *(keyword.value for keyword in call.keywords)]:
                found.changed |= _names_in(part)
    found.changed &= found.used - set(vars(builtins))
    return found


def _used_first(statements: Sequence[ast.stmt], made: set[str]) -> set[str]:
    """The names that some statements use before they have made them; `made` grows by what is certainly made."""
    used: set[str] = set()
    for statement in statements:
        if isinstance(statement, ast.If | ast.While):
            used |= _names_in(statement.test) - made
            for branch in (statement.body, statement.orelse):
                used |= _used_first(branch, set(made))
        elif isinstance(statement, ast.For):
            used |= _names_in(statement.iter) - made
            used |= _used_first(statement.body, made | _names_in(statement.target))
        elif isinstance(statement, ast.With):
            for item in statement.items:
                used |= _names_in(item.context_expr) - made
                made |= _names_in(item.optional_vars) if item.optional_vars else set()
            used |= _used_first(statement.body, made)
        else:
            names = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
            grows = isinstance(statement, ast.AugAssign)
            used |= {name.id for name in names if grows or isinstance(name.ctx, ast.Load)} - made
            if isinstance(statement, ast.Assign | ast.AnnAssign):
                made |= {name.id for name in names if isinstance(name.ctx, ast.Store)}
            elif isinstance(statement, ast.FunctionDef | ast.ClassDef):
                made.add(statement.name)
            elif isinstance(statement, ast.Import | ast.ImportFrom):
                made |= {alias.asname or alias.name.split(".")[0] for alias in statement.names}
    return used


def _names_in(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def cells_reached(first: set[str], cells: Sequence[Names], imported: Collection[str] = ()) -> list[bool]:
    """Say which cells have to run when some names have changed: those that depend on them, and what these need.

    Parameters
    ----------
    first : set[str]
        The names that an answer makes.
    cells : Sequence[Names]
        Those behind the answer, in order.
    imported : Collection[str]
        Before them: drawing with a module does not change it.
    """
    affected, reached, modules = set(first), [], set(imported)
    for names in cells:
        modules |= names.imported
        reached.append(bool(names.used & affected))
        affected = affected | names.made | (names.changed - modules) if reached[-1] else affected - names.made
    wanted: set[str] = set()
    for place in reversed(range(len(cells))):
        names = cells[place]
        reached[place] = reached[place] or bool((names.made | (names.changed - modules)) & wanted)
        if reached[place]:
            wanted = (wanted - names.made) | names.used
    return reached


class Shell:
    """Runs cells one by one as a kernel does, and says what is wrong with what they show."""

    def __init__(self) -> None:
        from IPython.core.interactiveshell import InteractiveShell
        from traitlets.config import Config

        # The history is a database with a thread of its own, which a fork has no use for.
        self.shell = InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}), colors="NoColor")

    @property
    def names(self) -> dict[str, Any]:
        """The notebook's names."""
        names: dict[str, Any] = self.shell.user_ns
        return names

    def python(self, source: str) -> str:
        """The source with magics turned into Python."""
        plain: str = self.shell.transform_cell(source)
        return plain

    def run(self, source: str) -> list[str]:
        """Run a cell and return what is wrong, in a line for each."""
        from IPython.utils.capture import capture_output

        with capture_output() as shown:
            result = self.shell.run_cell(source, store_history=True)
        if "matplotlib.pyplot" in sys.modules:  # the kernel shows and closes the figures of a cell
            sys.modules["matplotlib.pyplot"].close("all")
        faults = []
        error = result.error_before_exec or result.error_in_exec
        if error is not None:
            faults.append(f"{type(error).__name__}: {_one_line(str(error))}")
        if shown.stderr.strip():
            faults.append(f"on stderr: {_one_line(shown.stderr)}")
        texts = [shown.stdout, *(str((output.data or {}).get("text/plain", "")) for output in shown.outputs)]
        faults += [f"waits: {_one_line(found.group())}" for text in texts for found in [WAITS.search(text)] if found]
        return faults


def _one_line(text: str) -> str:
    return " ".join(text.split())[:300]


def try_variants(path: Path, chosen: str | None = None, say: Callable[[str], None] | None = None) -> Iterator[Fault]:
    """Run a notebook in this process, with every right variant in its turn.

    Parameters
    ----------
    path : Path
        In ``solutions/``.
    chosen : str or None
        The exercise whose variants are tried; all when left out.
    say : callable or None
        Called with a line for each variant that was tried.
    """
    sys.path.insert(0, str(REPOSITORY))
    from nnkit.exercises import evaluate, index
    from tests.answers import PRELUDE, answers_to

    notebook = nbformat.read(path, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    answer_of = {
        place: cell.metadata["nbgrader"]["grade_id"]
        for place, cell in enumerate(cells)
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    if chosen is not None and chosen not in answer_of.values():
        raise SystemExit(f"{path.stem} has no exercise {chosen!r}; it has {', '.join(answer_of.values())}.")
    shell = Shell()
    names = [names_of(shell.python(cell.source), list(answer_of.values())) for cell in cells]
    for place, cell in enumerate(cells):
        exercise = answer_of.get(place)
        if exercise is not None and chosen in (None, exercise):
            as_lists = AS_LISTS.format(name=index.find(exercise).student_name)
            variants = {**answers_to(exercise).right, OWN_AS_LISTS: cell.source + as_lists}
            for label, source in variants.items():
                made = names[place].made | names_of(source, ()).made
                imported = {name for each in names[:place] for name in each.imported}
                reached = cells_reached(made, names[place + 1 :], imported)
                behind = [cell for cell, run in zip(cells[place + 1 :], reached, strict=True) if run]
                # A student who uses math has imported it.
                todo = [(cell.id, PRELUDE + source), *((each.id, each.source) for each in behind)]
                taken = (lambda name=exercise: evaluate(name, shell.names).passed) if label == OWN_AS_LISTS else None
                for where, what in in_a_child(
                    lambda todo=todo, taken=taken, name=exercise: list(_run_all(shell, name, todo, taken))
                ):
                    yield Fault(path.stem, where, exercise, label, what)
                if say:
                    say(f"{path.stem} · {exercise} · {label}: {len(todo)} cells")
            if exercise == chosen:
                return
        for what in shell.run(cell.source):
            yield Fault(path.stem, cell.id, exercise or "", OWN, what)


def _run_all(
    shell: Shell, exercise: str, todo: Sequence[tuple[str, str]], taken: Callable[[], bool] | None
) -> Iterator[tuple[str, str]]:
    """Run an answer and what it reaches; where nobody knows yet whether it is right, the check is asked first.

    Where the notebook's own answer to *another* exercise calls this one and cannot bear the variant, its check says so:
    that is between two answers of one student, and no cell has to bear it. Nor does a cell err that waits for it.
    """
    from nnkit.grading.marks.outcomes import checked_exercise

    failed: set[str] = set()
    for place, (where, source) in enumerate(todo):
        faults = shell.run(source)
        if place == 0 and taken is not None and not taken():
            return
        checked = checked_exercise(source)
        for what in faults:
            if what.startswith("CheckFailed") and checked not in (None, exercise):
                failed.add(str(checked))
            elif not (what.startswith("waits") and failed & set(re.findall(r"`(\w+)`", what))):
                yield where, what


def in_a_child(work: Callable[[], Any]) -> Any:
    """Do some work in a copy of this process and return its result, which is plain data.

    Parameters
    ----------
    work : callable
        Without arguments.
    """
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads beside a fork: the watchdog's are at rest
        child = os.fork()
    if child == 0:
        status = 1
        try:
            import resource  # Windows has neither this nor a fork

            os.close(reading)
            resource.setrlimit(resource.RLIMIT_CPU, (VARIANT_SECONDS, VARIANT_SECONDS))
            with os.fdopen(writing, "w", encoding="utf-8") as pipe:
                json.dump(work(), pipe)
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return (
        json.loads(text)
        if text
        else [("", f"the process ended: it crashed, or took {VARIANT_SECONDS} s of the processor")]
    )


def faults_of(path: Path, exercise: str | None = None) -> list[str]:
    """Try the right variants in a process of their own, as a kernel would run; one line for each fault.

    Parameters
    ----------
    path : Path
        A notebook in ``solutions/``.
    exercise : str or None
        Only the variants of this one.
    """
    command = [sys.executable, __file__, str(path), *([exercise] if exercise else [])]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=False)
    if done.returncode not in (0, 1) or (done.returncode == 1 and not done.stdout):
        raise RuntimeError(f"The variants could not be tried:\n{done.stderr}")
    return done.stdout.splitlines()


def environment() -> dict[str, str]:
    """Threads, pictures and colours as the notebooks are executed with."""
    from nnkit.grading.course.execute import ONE_THREAD, SAME_ORDER

    path = os.pathsep.join([str(REPOSITORY), *filter(None, [os.environ.get("PYTHONPATH")])])
    fixed = {"NNKIT_STATIC": "1", "MPLBACKEND": "agg", "PYTHONPATH": path, "RIGHT_VARIANTS": "1"}
    return {**os.environ, **ONE_THREAD, **SAME_ORDER, **fixed}


def main(arguments: Sequence[str]) -> int:
    """Print the faults as they are found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("notebook", nargs="?", help="its path or name, such as descent; all when left out")
    parser.add_argument("exercise", nargs="?", help="only the variants of this exercise")
    parser.add_argument("-v", "--verbose", action="store_true", help="say on stderr which variant was tried")
    given = parser.parse_args(arguments)
    if given.notebook is None:
        lines = [line for path in SOLUTIONS for line in _printed(faults_of(path))]
        return 1 if lines else 0
    paths = [path for path in SOLUTIONS if path.stem == given.notebook] or [Path(given.notebook).resolve()]
    say = (lambda line: print(line, file=sys.stderr, flush=True)) if given.verbose else None
    found = False
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for fault in try_variants(paths[0], given.exercise, say):
            found = True
            print(fault, flush=True)
        os.chdir(REPOSITORY)
    return 1 if found else 0


def _printed(lines: list[str]) -> list[str]:
    for line in lines:
        print(line, flush=True)
    return lines


if __name__ == "__main__":
    if "RIGHT_VARIANTS" not in os.environ:  # the number of threads is read when NumPy is loaded
        sys.path.insert(0, str(REPOSITORY))
        os.execve(sys.executable, [sys.executable, __file__, *sys.argv[1:]], environment())
    sys.exit(main(sys.argv[1:]))
