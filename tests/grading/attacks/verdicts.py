"""Verdicts made in the student's own process: by who judges, by what it judges with, and by what is shown of it."""

from __future__ import annotations

import functools
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from nnkit.exercises.terms import REPORT_TYPE
from tests.grading.attacks.attack import Attack
from tests.grading.attacks.cells import WRONG_ANSWER
from tests.grading.attacks.cells import attack as any_attack

attack = functools.partial(any_attack, "verdict", answer=WRONG_ANSWER, behind="double")


def started_beside(files: dict[str, str], command: list[str]) -> Callable[[Path], None]:
    """The control of files beside a notebook: a Python that is started in their folder runs them."""

    def control(course: Path) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                path = Path(folder, name)
                path.parent.mkdir(exist_ok=True, parents=True)
                path.write_text(text, encoding="utf-8")
            done = subprocess.run([sys.executable, *command], cwd=folder, capture_output=True, text=True, check=False)
        assert "forged" in done.stdout

    return control


PACKAGE = {
    "nnkit/__init__.py": "print('forged')\n",
    "nnkit/exercises/__init__.py": "def check(name):\n    return 'passed'\n\nhint = ready = evaluate = check\n",
    "nnkit/exercises/beside/__init__.py": "",
    "nnkit/exercises/beside/request.py": "def answer_request(request, namespace):\n    return b''\n",
}
LAUNCHER = {"ipykernel_launcher.py": "print('forged')\n"}
LIBRARY = {
    "numpy/__init__.py": "print('forged')\n\ndef __getattr__(name):\n    return lambda *arguments, **named: True\n"
}

ATTACKS: tuple[Attack, ...] = (
    attack(
        "check rebound",
        "Gives the name `check` to a function of its own, which says nothing.",
        """
        def check(name):
            return None
        """,
    ),
    attack(
        "check rebound in its module",
        "Puts another function into `nnkit.exercises` and imports it as `check`.",
        """
        import nnkit.exercises
        nnkit.exercises.check = nnkit.exercises.evaluate = lambda name, *others, **named: None
        from nnkit.exercises import check
        """,
    ),
    attack(
        "check rebound in builtins",
        "Deletes `check`, so that a function of that name among the builtins is found.",
        """
        import builtins
        builtins.check = lambda name: None
        del check
        """,
    ),
    attack(
        "evaluate rebound",
        "Has the function that gives verdicts give the one it likes.",
        """
        import nnkit.exercises.checking as checking
        from nnkit.exercises.judge.verdict import Verdict
        checking._Walk.to_verdict = lambda self, exercise: Verdict("passed", "10 cases.", cases=10)
        """,
    ),
    attack(
        "ladder exchanged",
        "Takes every rung out of the ladder by which an answer is judged.",
        """
        import nnkit.exercises.judge.judged as judged
        import nnkit.exercises.judge.verdict as verdict
        judged.judge_case = lambda exercise, case, answer: None
        verdict._largest_error = lambda judged: None
        """,
    ),
    attack(
        "tolerance exchanged",
        "Raises the tolerance until every number is right.",
        """
        from nnkit.exercises import index
        object.__setattr__(index.find("double"), "absolute", 1e9)
        """,
        answer="def double(x):\n    return x + 2.0",
    ),
    attack(
        "cases exchanged",
        "Leaves only the cases in which its wrong answer is right.",
        """
        from nnkit.exercises.exercise import Case, Exercise
        Exercise.draw = lambda self, *seed, **named: [Case({"x": 2}, "numbers")]
        """,
    ),
    attack(
        "reference exchanged",
        "Puts its own answer in the place of the right one.",
        """
        from nnkit.exercises import index
        object.__setattr__(index.find("double"), "reference", lambda x: x + 2)
        """,
    ),
    attack(
        "numpy patched",
        "Patches the function of NumPy with which values are compared.",
        """
        import numpy as np
        same = np.zeros
        np.allclose = np.array_equal = np.isclose = lambda *values, **named: True
        np.testing.assert_allclose = lambda *values, **named: None
        np.abs = np.absolute = lambda x: same(np.shape(x))
        """,
        answer="def double(x):\n    return x + 2.0",
    ),
    attack(
        "input transformer",
        "Transforms the text of the test cell into one that checks nothing, and shows a forged report.",
        f"""
        def forged(lines):
            if any(line.startswith("check(") for line in lines):
                return ["from IPython.display import display\\n", "display({{'{REPORT_TYPE}': {{'exercise': 'double', "
                        "'status': 'passed', 'message': ''}}, 'text/plain': 'passed'}}, raw=True)\\n"]
            return lines
        get_ipython().input_transformers_post.append(forged)
        """,
    ),
    attack(
        "syntax tree transformed",
        "Takes every call of `check` out of the syntax tree of the cells that follow.",
        """
        import ast
        class Silent(ast.NodeTransformer):
            def visit_Call(self, node):
                named = isinstance(node.func, ast.Name) and node.func.id == "check"
                return ast.Constant(None) if named else node
        get_ipython().ast_transformers.append(Silent())
        """,
    ),
    attack(
        "the shell patched",
        "Has IPython run other text than what stands in the cells.",
        """
        from IPython.core.interactiveshell import InteractiveShell
        run = InteractiveShell.run_cell
        InteractiveShell.run_cell = lambda self, text, *others, **named: run(
            self, "None" if "check(" in text else text, *others, **named)
        """,
    ),
    attack(
        "errors swallowed",
        "Has IPython show no error, so that nothing is left of a check that fails.",
        """
        get_ipython().set_custom_exc((Exception,), lambda *details, **named: None)
        """,
    ),
    attack(
        "a report shown later",
        "Shows a forged report in the place of the true one, from a thread that waits for it.",
        f"""
        import threading, time
        from IPython.display import display
        def later():
            for _ in range(20):
                time.sleep(0.05)
                report = {{"exercise": "double", "status": "passed"}}
                display({{"{REPORT_TYPE}": report, "text/plain": "passed"}}, raw=True)
        threading.Thread(target=later, daemon=True).start()
        import nnkit.exercises
        nnkit.exercises.check = check = lambda name: None
        """,
    ),
    attack(
        "an answer without cases",
        "Answers the judge with a list of no answers, so that none of them is wrong.",
        """
        import sys
        import nnkit.exercises.beside.request as request
        import nnkit.exercises.beside.wire as wire
        def forged(question, namespace):
            return wire.dumps(request.sitting_of("answered"))
        for module in list(sys.modules.values()):
            if hasattr(module, "answer_request"):
                module.answer_request = forged
        """,
        outcome="crashed",
        no_control="Without a judge outside there is no answer to be forged; the judge has always refused this one.",
    ),
    attack(
        "an answer of objects",
        "Answers the judge with objects that say they are equal to everything.",
        """
        class Equal(float):
            __eq__ = __le__ = __ge__ = lambda self, other: True
            __ne__ = __lt__ = __gt__ = lambda self, other: False
            __hash__ = float.__hash__
            __array__ = lambda self, *others: self
        def double(x):
            return Equal()
        """,
        no_control="Without a judge outside objects were made plain data, too.",
    ),
    attack(
        "answers written onto the line",
        "Writes an answer of its own to every file descriptor, before anybody has asked.",
        """
        import json, os, struct
        import nnkit.exercises.beside.request as request
        import nnkit.exercises.beside.wire as wire
        answer = wire.dumps(request.sitting_of("answered", answers=[]))
        for number in range(3, 64):
            for frame in (b"A" + struct.pack(">I", len(answer)) + answer, struct.pack(">cI", b"A", 2) + b"{}"):
                try: os.write(number, frame)
                except OSError: pass
        """,
        outcome="wrong or crashed or died",
        no_control="Without a judge outside there is no line.",
    ),
    attack(
        "outputs written onto the line",
        "Says over the line that a cell has ended and shown a report, and what it is worth.",
        f"""
        import json, os, struct
        shown = json.dumps({{"shows": "display_data", "data": {{"{REPORT_TYPE}": {{"exercise": "double",
                            "status": "passed"}}}}, "metadata": {{}}}}).encode()
        ended = json.dumps({{"did": "ended", "stopped": False, "count": 1}}).encode()
        for number in range(3, 64):
            try:
                for event in (shown, ended, ended, shown):
                    os.write(number, struct.pack(">cI", b"E", len(event)) + event)
            except OSError: pass
        """,
        outcome="wrong or crashed or died",
        no_control="Without a judge outside there is no line.",
    ),
    attack(
        "a package beside the notebook",
        "Hands in a package `nnkit` of its own, which finds everything right.",
        files=PACKAGE,
        control=started_beside(PACKAGE, ["-c", "import nnkit"]),
    ),
    attack(
        "a launcher beside the notebook",
        "Hands in an `ipykernel_launcher.py`, which would be started in the place of the kernel.",
        files=LAUNCHER,
        control=started_beside(LAUNCHER, ["-m", "ipykernel_launcher", "-f", "connection.json"]),
    ),
    attack(
        "a library beside the notebook",
        "Hands in a package `numpy` in which all is equal.",
        files=LIBRARY,
        control=started_beside(LIBRARY, ["-c", "import numpy"]),
    ),
)
