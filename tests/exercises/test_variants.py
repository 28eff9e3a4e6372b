"""Small edits of a student's source: what they change, what they leave alone, and what a program of them does."""

from __future__ import annotations

import ast
import textwrap
from typing import Any

import numpy as np
import pytest

from nnkit.exercises.beside import edits
from nnkit.exercises.beside.source import Source
from nnkit.exercises.beside.variants import Variants, lines_run
from tests.answers import namespace_of


def variants_of(source: str, name: str = "f") -> Variants:
    names = namespace_of(textwrap.dedent(source))
    found = Source.of(name, names[name])
    assert found is not None
    return Variants(found)


def reached(wrong: str, right: str, name: str = "f") -> bool:
    """Whether one of the edits of the first source is the second."""
    variants, wanted = variants_of(wrong, name), ast.unparse(ast.parse(textwrap.dedent(right)))
    return any(variants.text(number) == wanted for number in range(1, len(variants.spots) + 1))


SLIPS = {
    "a sign": ("return -(a * b)", "return a * b"),
    "a sign that is missing": ("return a * b", "return -(a * b)"),
    "an operator": ("return a + b", "return a - b"),
    "an operator between products": ("return 2 * a * b * a", "return 2 * a + b * a"),
    "an operator before a product": ("return 1 + a + b", "return 1 + a * b"),
    "a power": ("return 3 * a * 2", "return 3 * a ** 2"),
    "no power": ("return a ** 2 ** b", "return a ** 2 * b"),
    "an operator inside brackets": ("return b * (a * b * a)", "return b * (a - b * a)"),
    "a name": ("return a * a", "return a * b"),
    "a name in two places": ("return a * (1 - a)", "return b * (1 - b)"),
    "two names exchanged": ("return a - 3 * b", "return b - 3 * a"),
    "a number": ("return 2 * a", "return 0.5 * a"),
    "a factor too many": ("return a * b * 2", "return a * b"),
    "a factor that is missing": ("return a + b", "return (a + b) / len(a)"),
    "a term that is missing": ("return a @ b", "return a @ b + a"),
    "brackets": ("return 1 / 1 + a", "return 1 / (1 + a)"),
    "the bracket of a call": ("return np.exp(a) + b", "return np.exp(a + b)"),
    "a transpose": ("return a @ b", "return a.T @ b"),
    "an order": ("return a @ b", "return b @ a"),
    "an axis": ("return np.sum(a, axis=0)", "return np.sum(a, axis=1)"),
    "an axis that is missing": ("return a.sum()", "return a.sum(axis=0)"),
    "kept dimensions": ("return a.sum(axis=1)", "return a.sum(axis=1, keepdims=True)"),
    "another function": ("return np.sum(a)", "return np.mean(a)"),
    "a call that is missing": ("return a * b", "return np.sqrt(a * b)"),
    "a call too many": ("return np.exp(a * b)", "return a * b"),
    "a comparison": ("return a if a < b else b", "return a if a > b else b"),
    "a condition turned round": ("return a if not b else b", "return a if b else b"),
    "an index by one": ("return a[1:]", "return a[0:]"),
    "columns for rows": ("return a[:, b]", "return a[np.arange(len(b)), b]"),
    "a copy": ("c = a\nc += b\nreturn c", "c = a.copy()\nc += b\nreturn c"),
    "whole numbers": ("c = np.zeros_like(a)\nreturn c", "c = np.zeros_like(a, dtype=float)\nreturn c"),
    "= for +=": ("c = 0\nfor d in a:\n    c = d\nreturn c", "c = 0\nfor d in a:\n    c += d\nreturn c"),
    "in place": ("a -= b\nreturn a", "a = a - b\nreturn a"),
    "two lines in the other order": ("c = a + 1\na = b\nreturn c", "a = b\nc = a + 1\nreturn c"),
    "a line too many": ("c = a + b\nc = c * 2\nreturn c", "c = a + b\npass\nreturn c"),
    "a line inside a loop": (
        "c = 0\nfor d in a:\n    c += d\n    return c",
        "c = 0\nfor d in a:\n    c += d\nreturn c",
    ),
    "a sum that begins before the loop": (
        "c = 0\nfor d in a:\n    for e in d:\n        c += e\nreturn c",
        "pass\nfor d in a:\n    c = 0\n    for e in d:\n        c += e\nreturn c",
    ),
    "a sum that begins two loops too early": (
        "c = 0\nfor d in a:\n    for e in d:\n        for g in e:\n            c += g\nreturn c",
        "pass\nfor d in a:\n    for e in d:\n        c = 0\n        for g in e:\n            c += g\nreturn c",
    ),
    "a sum that begins inside the loop": (
        "for d in a:\n    c = 0\n    c += d\nreturn c",
        "c = 0\nfor d in a:\n    c += d\nreturn c",
    ),
    "the order of results": ("return a * 2, b * 3", "return b * 3, a * 2"),
    "the order of a walk": (
        "c = []\nfor d in a:\n    c.append(d)\nreturn c",
        "c = []\nfor d in reversed(a):\n    c.append(d)\nreturn c",
    ),
    "the range of a loop": (
        "c = 0\nfor d in range(a):\n    c += d\nreturn c",
        "c = 0\nfor d in range(a + 1):\n    c += d\nreturn c",
    ),
    "a condition's own block": ("if a > b:\n    a = b\nreturn a", "if a >= b:\n    a = b\nreturn a"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_one_edit_undoes_a_slip(slip: str) -> None:
    wrong, right = (f"def f(a, b):\n{textwrap.indent(body, '    ')}\n" for body in SLIPS[slip])
    assert reached(wrong, right)


def test_without_an_edit_in_force_the_program_is_the_answer_as_it_was_typed() -> None:
    source = """
    def f(a, b):
        total = 0
        for entry in a:
            if entry > b:
                total += entry
        return total
    """
    variants = variants_of(source)
    assert variants.text(0) == ast.unparse(ast.parse(textwrap.dedent(source)))
    assert variants.names(0)["f"]([1, 5, 7], 2) == variants.names(plain=True)["f"]([1, 5, 7], 2) == 12


def test_every_edit_changes_the_text_and_names_the_line_that_it_changes() -> None:
    variants = variants_of("def f(a, b):\n    c = a + b\n    return c * 2\n")
    lines = variants.text(0).splitlines()
    for number, spot in enumerate(variants.spots, start=1):
        changed = variants.text(number).splitlines()
        assert changed != lines
        if spot.edit.kind != edits.LINES:
            same = [
                place
                for place, line in enumerate(lines, start=1)
                if place <= len(changed) and changed[place - 1] == line
            ]
            assert spot.edit.line not in same or len(changed) != len(lines)


def test_what_runs_is_what_the_text_of_an_edit_says() -> None:
    variants = variants_of("def f(a, b):\n    c = a - b\n    if c > 2:\n        c = 3\n    return c\n")
    for number in range(1, len(variants.spots) + 1):
        typed = variants.names(0)
        exec(variants.text(number), typed)
        for pair in ((7, 3), (2.5, 4)):
            assert outcome(typed["f"], pair) == outcome(variants.names(number)["f"], pair)


def outcome(function: Any, arguments: tuple[Any, ...]) -> str:
    try:
        return repr(function(*arguments))
    except Exception as error:
        return type(error).__name__


def test_a_class_is_edited_in_its_methods_and_a_helper_inside_a_function_too() -> None:
    assert reached(
        "class f:\n    def g(self, x):\n        return self.y - x\n",
        "class f:\n\n    def g(self, x):\n        return self.y + x\n",
    )
    inside = "def f(a):\n\n    def g(b):\n        return b {} 1\n    return g(a)\n"
    assert reached(inside.format("-"), inside.format("+"))


def test_code_in_several_cells_belongs_together_and_neighbours_do_not() -> None:
    names = namespace_of("def g(x):\n    return x - 1\n\ndef other(x):\n    return x * 7")
    exec(compile(SECOND_CELL, "<second cell>", "exec"), names)
    remember("<second cell>", SECOND_CELL)
    source = Source.of("f", names["f"], {"other"})
    assert source is not None
    assert [ast.unparse(statement) for part in source.parts for statement in part.statements] == [
        "def g(x):\n    return x - 1",
        "def f(x):\n    return g(x) + other(x)",
    ]


SECOND_CELL = "def f(x):\n    return g(x) + other(x)\n"


def remember(file: str, text: str) -> None:
    import linecache

    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)


def test_a_method_that_another_cell_hangs_onto_a_class_is_edited_with_it() -> None:
    names = namespace_of("class f:\n    def __init__(self, y):\n        self.y = y\n")
    text = "def double(self):\n    return self.y * 3\n\nf.double = double\n"
    exec(compile(text, "<a later cell>", "exec"), names)
    remember("<a later cell>", text)
    source = Source.of("f", names["f"])
    assert source is not None
    variants = Variants(source)
    assert variants.names(plain=True)["f"](2).double() == 6
    doubled = {
        outcome(lambda number: variants.names(number)["f"](2).double(), (number,))
        for number in range(1, len(variants.spots) + 1)
    }
    assert "4" in doubled


NOT_ONLY_COMPUTING = {
    "a file": "def f(a):\n    return open(a).read()\n",
    "an import": "def f(a):\n    import os\n    return os.getcwd()\n",
    "another program": "import subprocess\n\ndef f(a):\n    return subprocess.run(a)\n",
    "a global name": "count = 0\n\ndef f(a):\n    global count\n    count += 1\n    return a\n",
    "a file of NumPy's": "def f(a):\n    np.save('a.npy', a)\n    return a\n",
    "a file of the library's": "import nnkit\n\ndef f(a):\n    nnkit.save(a, 'a.npz')\n    return a\n",
    "data that are fetched": "import nnkit\n\ndef f(a):\n    return nnkit.data.mnist(full=True)\n",
    "a part that fetches": "from nnkit import data\n\ndef f(a):\n    return data.mnist(full=True)\n",
    "a part that is imported inside": "def f(a):\n    from nnkit import data\n    return data.mnist(full=True)\n",
    "a module that is imported inside": "def f(a):\n    import nnkit.training\n    return a\n",
    "what checks have found": "import nnkit\n\ndef f(a):\n    return nnkit.progress().passed\n",
    "an attribute that leads to pictures": "import nnkit\n\ndef f(a):\n    return nnkit.tensor(a.draw)\n",
}

ONLY_COMPUTING = {
    "tensors": "import nnkit\n\ndef f(a):\n    with nnkit.no_grad():\n        return nnkit.tensor(a).data\n",
    "a loss": "from nnkit import functional as F\n\ndef f(a):\n    return F.softmax(a, 0)\n",
    "layers": "from nnkit import nn\n\ndef f(a):\n    return nn.init.zeros_(nn.Linear(2, 2).weight)\n",
    "steps": "from nnkit import optim\n\ndef f(a):\n    return optim.SGD(a, 0.1) if a.training else a\n",
    "imports": "def f(a):\n    import nnkit.functional as F\n    from nnkit import nn\n    return F.relu(nn.ReLU(a))\n",
}


@pytest.mark.parametrize("what", ONLY_COMPUTING)
def test_networks_of_the_library_do_nothing_but_compute(what: str) -> None:
    assert Source.of("f", namespace_of(ONLY_COMPUTING[what])["f"]) is not None


@pytest.mark.parametrize("what", NOT_ONLY_COMPUTING)
def test_code_that_does_more_than_compute_is_left_alone(what: str) -> None:
    assert Source.of("f", namespace_of(NOT_ONLY_COMPUTING[what])["f"]) is None


def test_a_function_whose_source_nobody_knows_is_left_alone() -> None:
    names: dict[str, Any] = {}
    exec("def f(a):\n    return a", names)
    assert Source.of("f", names["f"]) is None


def test_the_students_own_data_is_never_written_to() -> None:
    names = namespace_of("seen = []\n\ndef f(a):\n    seen.append(a)\n    return len(seen)\n")
    source = Source.of("f", names["f"])
    assert source is not None
    variants = Variants(source)
    for number in range(len(variants.spots) + 1):
        outcome(variants.names(number)["f"], (1,))
    assert names["seen"] == []


def test_lines_are_those_that_were_run_and_another_tracer_stays() -> None:
    import sys

    names = namespace_of("def f(a):\n    if a:\n        return 1\n    return 2\n")
    file = names["f"].__code__.co_filename
    before = sys.gettrace()
    assert lines_run(lambda: names["f"](True), {file}) == {(file, 2), (file, 3)}
    assert sys.gettrace() is before


def test_a_class_beside_the_answer_that_it_uses_belongs_to_it() -> None:
    text = "class Layer:\n    def __call__(self, x):\n        return x - 1\n\ndef f(x):\n    return Layer()(x)\n"
    variants = variants_of(text)
    results = {outcome(variants.names(number)["f"], (1,)) for number in range(1, len(variants.spots) + 1)}
    assert "2" in results


GROWING = {
    "a power of a sum": "t = 0\nfor c in range(9):\n    t = t + c ** 2 + a ** 2\nreturn t",
    "a power in place": "for c in range(9):\n    a **= 2\n    a //= b\nreturn a",
    "doublings": "for c in range(60):\n    a = a + a\nreturn a",
    "a power in a row": "for c in range(9):\n    a = 2 ** a - 1\n    a = a // b\nreturn a",
}


@pytest.mark.parametrize("what", GROWING)
def test_no_whole_number_grows_until_nothing_can_stop_it(what: str) -> None:
    variants = variants_of(f"def f(a, b):\n{textwrap.indent(GROWING[what], '    ')}\n")
    for number in range(1, len(variants.spots) + 1):
        result = outcome(lambda number: variants.names(number)["f"](3, 7), (number,))
        assert len(result) < 50_000


def test_no_list_is_put_into_itself() -> None:
    """NumPy goes through such a list in one call that takes for ever."""
    body = "    rows = []\n    for c in a:\n        row = []\n        row.append(c)\n        rows.append(row)\n"
    variants = variants_of(f"def f(a):\n{body}    return rows\n")
    names = [number for number, spot in enumerate(variants.spots, start=1) if spot.edit.kind == edits.NAME]
    texts = [variants.text(number) for number in names]
    assert any("row.append(a)" in text for text in texts)
    for nonsense in ("rows.append(rows)", "row.append(row)", "row.append(rows)"):
        assert not any(nonsense in text for text in texts), nonsense


def test_no_matrix_is_decomposed_that_is_not_finite() -> None:
    """Some decompositions go round for ever on such a one, in one call."""
    typed = "def f(a):\n    import numpy as np\n    u, s, vt = np.linalg.svd(a / a.sum())\n    return s"
    variants = variants_of(typed)
    assert variants.text() == typed
    decompose = variants.names()["f"]
    assert np.allclose(decompose(np.eye(3)), 1 / 3)
    for bad in (np.inf, np.nan):
        with pytest.raises(np.linalg.LinAlgError, match="not finite"):
            decompose(np.full((3, 3), bad))


def test_what_is_bounded_in_a_program_is_written_out_as_it_was_typed() -> None:
    typed = "def f(a, b):\n    return a ** 2 + b"
    variants = variants_of(typed)
    assert variants.text() == typed
    assert variants.names()["f"](3, 1) == 10
    assert any(variants.text(number).endswith("return a ** 2 * b") for number in range(1, len(variants.spots) + 1))
