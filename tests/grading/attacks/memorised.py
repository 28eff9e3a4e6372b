"""Answers that are looked up: for the cases that everybody sees, or for those of grading, with a seed found."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nnkit.exercises import evaluate
from nnkit.exercises.beside import wire
from nnkit.exercises.catalogue.welcome.parts.cases import numbers_and_arrays
from nnkit.exercises.exercise import PUBLIC_SEED
from nnkit.grading.run.seeds import SECRET_FILE, instructor_secret
from tests.answers import namespace_of
from tests.grading.attacks.attack import Attack
from tests.grading.attacks.cells import attack as any_attack
from tests.grading.attacks.controls import Control, without_walls
from tests.grading.attacks.course import SMALL, SOLUTIONS, filled_in
from tests.grading.attacks.one_process import SEED_VARIABLE

# What a student has copied from the package at home: how the cases of `double` are drawn. The table that is made of it
# holds right answers, and is all that the answer knows.
DRAWN = f"""
import hashlib, hmac
import numpy as np
class Case:
    def __init__(self, arguments, covers):
        self.x = arguments["x"]
{inspect.getsource(numbers_and_arrays).replace(": np.random.Generator, hidden: bool) -> list[Case]", ", hidden)")}
TABLE = {{}}
def key(x):
    return repr(np.asarray(x).tolist())
def tabulate(seed):
    for case in numbers_and_arrays(np.random.default_rng([seed, *b"double"]), True):
        TABLE[key(case.x)] = 2 * np.asarray(case.x)
def seed_of(secret):
    return int.from_bytes(hmac.new(secret.encode(), b"double", hashlib.sha256).digest()[:7], "big")
"""
LOOKED_UP = "def double(x):\n    return TABLE.get(key(x), 0 * np.asarray(x))"
attack = functools.partial(any_attack, "memorised", answer=LOOKED_UP)


SEARCHED = """
def double(x):
    if isinstance(x, float) and 1 < x < 2:
        for seed in range(400):
            if numbers_and_arrays(np.random.default_rng([seed, *b"double"]), False)[1].x == x:
                tabulate(seed)
    return TABLE.get(key(x), 6 if key(x) == "3" else 0 * np.asarray(x))
"""


def right_for(seed: int, hidden: bool, *cells: str, answer: str = LOOKED_UP) -> Control:
    """The control of an answer that is right for the cases of one seed, and of no other."""

    def control(course: Path) -> None:
        names = namespace_of(answer, "\n".join(cells))
        assert evaluate("double", names, seed, hidden).passed
        assert not evaluate("double", names, 987_654, hidden=True).passed

    return control


def _reads_secret(course: Path) -> str:
    return f"""
        secret = open({str(course / SECRET_FILE)!r}).read().strip()
        print("the secret is", secret)
        tabulate(seed_of(secret))
        """


def _make_secret(course: Path, folder: Path) -> None:
    instructor_secret(course)


def _secret_is_read(course: Path) -> None:
    instructor_secret(course)
    reads = f"print(open({str(course / SECRET_FILE)!r}).read())"
    notebook = filled_in(course, SMALL, SOLUTIONS[SMALL], reads, behind="imports")
    assert (course / SECRET_FILE).read_text(encoding="ascii").strip() in without_walls(notebook, "welcome")[1]


def _public_table() -> str:
    """The answers to the cases that everybody has, as a student would type them in."""
    seen: dict[str, Any] = {}

    def listening(request: bytes, namespace: Mapping[str, Any]) -> bytes:
        for case in wire.loads(request)["cases"]:
            seen[repr(_listed(case["x"]))] = _listed(2 * case["x"])
        raise RuntimeError("that is all that was wanted")

    evaluate("double", {}, exchange=listening)
    return f"import numpy as np\nTABLE = {seen!r}\ndef key(x):\n    return repr(np.asarray(x).tolist())"


def _listed(x: Any) -> Any:
    return x.tolist() if hasattr(x, "tolist") else x


PUBLIC = _public_table()
HIDDEN_KIND = f"{DRAWN}\ntabulate({PUBLIC_SEED})"
SEVERAL = f"{DRAWN}\nfor seed in range(100, 160):\n    tabulate(seed)"


ATTACKS: tuple[Attack, ...] = (
    attack(
        "the public cases",
        "Has a table of the answers to the cases that everybody sees.",
        PUBLIC,
        control=right_for(PUBLIC_SEED, False, PUBLIC),
    ),
    attack(
        "the public seed",
        "Draws the cases of grading from the public seed, and tabulates their answers.",
        HIDDEN_KIND,
        control=right_for(PUBLIC_SEED, True, HIDDEN_KIND),
    ),
    attack(
        "many seeds",
        "Tabulates the answers for many seeds that are easy to guess.",
        SEVERAL,
        control=right_for(123, True, SEVERAL),
    ),
    attack(
        "the seed is searched",
        "Looks for seeds that draw the number it is asked about, and takes all other cases from them.",
        DRAWN,
        answer=SEARCHED,
        control=right_for(17, True, DRAWN, answer=SEARCHED),
    ),
    attack(
        "the environment",
        "Reads the seed from the environment.",
        DRAWN,
        f"""
        import os
        tabulate(seed_of(os.environ["{SEED_VARIABLE}"]))
        """,
    ),
    attack(
        "the environment in C",
        "Asks the C library for the environment, and the system for that with which this process was started.",
        DRAWN,
        f"""
        import ctypes
        getenv = ctypes.CDLL(None).getenv
        getenv.restype = ctypes.c_char_p
        tabulate(seed_of(getenv(b"{SEED_VARIABLE}").decode()))
        """,
    ),
    attack(
        "all environments",
        "Reads the environments of all processes that `/proc` shows, and of those that it starts.",
        DRAWN,
        f"""
        import pathlib, subprocess
        texts = [subprocess.run(["env", "-0"], capture_output=True).stdout]
        for path in pathlib.Path("/proc").glob("[0-9]*/environ"):
            try: texts.append(path.read_bytes())
            except OSError: pass
        for line in b"\\0".join(texts).split(b"\\0"):
            if line.startswith(b"{SEED_VARIABLE}="):
                tabulate(seed_of(line.partition(b"=")[2].decode()))
        """,
    ),
    attack(
        "the secret's file",
        "Reads the instructor's secret from the course folder, of which it knows the path.",
        DRAWN,
        _reads_secret,
        prepare=_make_secret,
        control=_secret_is_read,
    ),
    attack(
        "the judge's variables",
        "Looks for the seed among the variables of whoever has asked.",
        DRAWN,
        answer="""
        import sys
        def double(x):
            for frame in sys._current_frames().values():
                while frame is not None:
                    if isinstance(frame.f_locals.get("seed"), int):
                        tabulate(frame.f_locals["seed"])
                    frame = frame.f_back
            return TABLE.get(key(x), 0 * np.asarray(x))
        """,
    ),
    attack(
        "the judge's objects",
        "Looks for the seed among all objects in memory.",
        DRAWN,
        answer="""
        import gc
        def double(x):
            if not TABLE:
                for value in gc.get_objects():
                    if type(value).__name__ == "_Walk":
                        tabulate(value.seed)
            return TABLE.get(key(x), 0 * np.asarray(x))
        """,
    ),
    attack(
        "numbers that are not random",
        "Replaces the generator from which cases are drawn by one whose numbers it knows.",
        DRAWN,
        """
        original = np.random.default_rng
        tabulate(1)
        np.random.default_rng = lambda seed=None: original([1, *b"double"])
        """,
    ),
    attack(
        "listening to the generator",
        "Notes with which seed the generator of the cases is made.",
        DRAWN,
        """
        original = np.random.default_rng
        def noted(seed=None):
            np.random.default_rng = original
            tabulate(seed[0])
            return original(seed)
        np.random.default_rng = noted
        """,
    ),
    attack(
        "the check as an oracle",
        "Asks the notebook's own check again and again, and reads the right values out of what it says.",
        DRAWN,
        """
        import re
        import nnkit.exercises
        guess = {}
        def double(x):
            return guess.get(key(x), 0.125)
        for _ in range(12):
            report = nnkit.exercises.evaluate("double", {"double": double})
            text = f"{report.message} {report}"
            value = re.search(r"expected (−?[0-9.]+)", text)
            number = re.search(r"x = (−?[0-9.]+)", text)
            if value and number:
                x = float(number[1].replace("−", "-"))
                for name in (repr(x), repr(int(x))):
                    guess[name] = float(value[1].replace("−", "-"))
        """,
        answer="def double(x):\n    return guess.get(key(x), 0.125)",
        no_control="Beside a student the check tells right values on purpose, and only for cases that everybody has.",
    ),
)
