"""The right answer taken from where it lies: the reference, the declared mistakes, the solution on the disk."""

from __future__ import annotations

import functools
from pathlib import Path

from tests.grading.attacks.attack import Attack
from tests.grading.attacks.cells import attack as any_attack
from tests.grading.attacks.course import SMALL
from tests.grading.small_course import NOTEBOOK, REPOSITORY

# A function that calls what an earlier cell has found; nothing is found where there is nothing.
CALLS_IT = """
def sigmoid_grad(x):
    return found(x)
"""
DOUBLES = """
def double(x):
    return found(x)
"""
attack = functools.partial(any_attack, "reference", on="sigmoid_grad", answer=CALLS_IT, outcome="crashed")
REFERENCE = "nnkit.exercises.catalogue.neurons_to_networks.sigmoid_grad"
# What runs in another process: it reads numbers as JSON, a line each, and writes what the reference makes of them.
SERVER = f"""
import json, sys
import numpy as np
from {REFERENCE} import EXERCISE
for line in sys.stdin:
    print(json.dumps(np.asarray(EXERCISE.reference(np.array(json.loads(line)))).tolist()), flush=True)
"""


def _solution(course: Path) -> Path:
    return course / "solutions" / SMALL / f"{NOTEBOOK}.ipynb"


def _reads(path: object) -> str:
    return f"""
        import json
        cells = json.load(open({str(path)!r}))["cells"]
        text = next("".join(cell["source"]) for cell in cells if cell["id"] == "double")
        names = {{}}
        exec(text, names)
        found = names["double"]
        """


def _linked(course: Path, folder: Path) -> None:
    (folder / "data.json").symlink_to(_solution(course))


def _linked_folder(course: Path, folder: Path) -> None:
    (folder / "data").symlink_to(course / "solutions")


ATTACKS: tuple[Attack, ...] = (
    attack(
        "imported",
        "Imports the exercise and calls its reference.",
        """
        from nnkit.exercises import index
        found = index.find("sigmoid_grad").reference
        """,
    ),
    attack(
        "imported by its file's name",
        "Imports the file of the catalogue in which the exercise stands.",
        f"""
        import importlib
        found = importlib.import_module("{REFERENCE}").EXERCISE.reference
        """,
    ),
    attack(
        "by getattr",
        "Puts the names of the package together, so that no text of them stands in the notebook.",
        """
        module = __import__("nn" + "kit.exer" + "cises.ind" + "ex", fromlist=["x"])
        found = getattr(getattr(module, "fi" + "nd")("sigmoid" + "_grad"), "refer" + "ence")
        """,
    ),
    attack(
        "by eval",
        "Has text evaluated that was written backwards.",
        """
        text = ')"darg_diomgis"(dnif.)"xedni.sesicrexe.tiknn"(eludom_tropmi.)"biltropmi"(__tropmi__'[::-1]
        found = eval(text).reference
        """,
    ),
    attack(
        "by pickle",
        "Loads a pickle that calls what finds exercises.",
        """
        import pickle
        found = pickle.loads(b"cnnkit.exercises.index\\nfind\\n(Vsigmoid_grad\\ntR.").reference
        """,
    ),
    attack(
        "from source text",
        "Reads the file of the exercise and compiles what stands behind `reference=`.",
        f"""
        import ast, importlib, inspect
        module = importlib.import_module("{REFERENCE}")
        tree = ast.parse(inspect.getsource(module))
        (part,) = [k.value for k in ast.walk(tree) if isinstance(k, ast.keyword) and k.arg == "reference"]
        found = eval(ast.unparse(part), dict(vars(module)))
        """,
    ),
    attack(
        "from a code object",
        "Makes a function of its own from the reference's code object.",
        f"""
        import importlib, types
        module = importlib.import_module("{REFERENCE}")
        found = types.FunctionType(module.EXERCISE.reference.__code__, dict(vars(module)))
        """,
    ),
    attack(
        "from the importer",
        "Has Python's importer give it the compiled file, and runs that under another name.",
        f"""
        import importlib.util
        names = {{"__name__": "mine"}}
        exec(importlib.util.find_spec("{REFERENCE}").loader.get_code("{REFERENCE}"), names)
        found = names["EXERCISE"].reference
        """,
    ),
    attack(
        "from the frames of all threads",
        "Looks through the frames of all threads for the judge's variables.",
        answer="""
        import sys
        def sigmoid_grad(x):
            for frame in sys._current_frames().values():
                while frame is not None:
                    for value in frame.f_locals.values():
                        if hasattr(value, "reference") and hasattr(value, "hints"):
                            return value.reference(x)
                    frame = frame.f_back
        """,
        outcome="wrong",
    ),
    attack(
        "from the garbage collector",
        "Looks through all objects that the garbage collector knows.",
        answer="""
        import gc
        def sigmoid_grad(x):
            for value in gc.get_objects():
                if type(value).__name__ == "Exercise" and value.name == "sigmoid_grad":
                    return value.reference(x)
        """,
        outcome="wrong",
    ),
    attack(
        "by ctypes",
        "Imports the exercise by Python's interface for C.",
        f"""
        import ctypes
        api = ctypes.pythonapi
        api.PyImport_ImportModule.restype = ctypes.py_object
        found = api.PyImport_ImportModule(b"{REFERENCE}").EXERCISE.reference
        """,
    ),
    attack(
        "in another process",
        "Starts a Python of its own, which has the whole package, and asks it.",
        f"""
        import json, subprocess, sys
        import numpy as np
        other = subprocess.Popen([sys.executable, "-c", {SERVER!r}], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                 stderr=subprocess.DEVNULL, text=True, bufsize=1)
        def found(x):
            other.stdin.write(json.dumps(np.asarray(x).tolist()) + "\\n")
            other.stdin.flush()
            return np.array(json.loads(other.stdout.readline()))
        """,
        outcome="crashed",
    ),
    attack(
        "from a declared mistake",
        "Calls a wrong answer that the exercise declares, for the inputs for which it is right.",
        """
        import numpy as np
        import nnkit.exercises.index as index
        exercise = index.find("double")
        (mistake,) = [one for one in exercise.mistakes if one.label == "only single numbers"]
        found = np.vectorize(lambda x: mistake.answer(exercise, lambda: None, {"x": float(x)}))
        """,
        on="double",
        answer=DOUBLES,
    ),
    attack(
        "the solution on the disk",
        "Reads the solution from the course folder, of which it knows the path.",
        lambda course: _reads(_solution(course)),
        on="double",
        answer=DOUBLES,
    ),
    attack(
        "a link to the solution",
        "Hands in a symbolic link to the solution, and reads what it points at.",
        _reads("data.json"),
        on="double",
        answer=DOUBLES,
        prepare=_linked,
    ),
    attack(
        "a link to a folder",
        "Hands in a symbolic link to the folder of all solutions.",
        _reads(f"data/{SMALL}/{NOTEBOOK}.ipynb"),
        on="double",
        answer=DOUBLES,
        prepare=_linked_folder,
    ),
    attack(
        "the repository",
        "Imports the tests' right answers from the checkout in which the package is developed.",
        f"""
        import sys
        sys.path.insert(0, {str(REPOSITORY)!r})
        from tests.answers import answers_to
        names = {{}}
        exec(next(iter(answers_to("double").right.values())), names)
        found = names["double"]
        """,
        on="double",
        answer=DOUBLES,
    ),
    attack(
        "another notebook's package",
        "Looks through the temporary folder for the packages of other notebooks and for other students' files.",
        """
        import pathlib, sys
        (place,) = {p.parents[1] for p in pathlib.Path("/tmp").glob("nnkit-*/nnkit/exercises/index.py")}
        sys.path.insert(0, str(place))
        from nnkit.exercises import index
        found = index.find("sigmoid_grad").reference
        """,
        no_control="Where everything runs in one process there are no packages of notebooks.",
    ),
)
