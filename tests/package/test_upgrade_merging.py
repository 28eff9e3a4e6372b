"""The newer course around a reader's work: nothing of theirs is lost, and the course is whole, whatever was changed."""

from __future__ import annotations

import copy
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnkit.cli.upgrade.cells import Cell, Notebook, id_of, mark_at, mark_of, read_cells, text_of, write_cells
from nnkit.cli.upgrade.claims import OURS
from nnkit.cli.upgrade.history import History
from nnkit.cli.upgrade.merging import Merged, holds_work, merge, same_texts, says_what_was

STUB = 'def {0}(x):\n    """Return {1} times x."""\n    raise NotImplementedError'


def flags(name: str, **given: bool) -> dict[str, Any]:
    known = {"grade": False, "locked": False, "solution": False, "task": False, "schema_version": 3} | given
    return {"nbgrader": {"grade_id": name, **known, **({"points": 1} if known["grade"] else {})}}


def text(identifier: str, source: str) -> Cell:
    return {"cell_type": "markdown", "id": identifier, "metadata": {}, "source": source}


def code(identifier: str, source: str, **metadata: Any) -> Cell:
    parts = {"execution_count": None, "outputs": [], "metadata": metadata}
    return {"cell_type": "code", "id": identifier, "source": source, **parts}


def demo(identifier: str, source: str) -> Cell:
    return code(identifier, source, tags=["demo"])


def given_code(identifier: str, source: str) -> Cell:
    return code(identifier, source, editable=False, **flags(identifier, locked=True))


def answer(identifier: str, source: str = "") -> Cell:
    return code(identifier, source or STUB.format(identifier, 2), deletable=False, **flags(identifier, solution=True))


def test_cell(identifier: str) -> Cell:
    name = f"test_{identifier}"
    return code(name, f'check("{identifier}")', deletable=False, **flags(name, grade=True, locked=True))


test_cell.__test__ = False  # type: ignore[attr-defined]


def question(identifier: str, source: str = "*Your answer here.*") -> Cell:
    return {**text(identifier, source), "metadata": flags(identifier, grade=True, solution=True)}


def notebook(*cells: Cell) -> Notebook:
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    return {"cells": copy.deepcopy(list(cells)), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def placed(*versions: Notebook) -> History:
    """What is remembered after these versions have been placed, one after the other."""
    *before, last = versions
    earlier = {mark_at(id_of(cell), mark_of(cell)) for version in before for cell in version["cells"]}
    return History({id_of(cell): mark_of(cell) for cell in last["cells"]}, frozenset(earlier))


def saved(reader: Notebook) -> Notebook:
    """As JupyterLab saves it after it was run: other metadata, counts and outputs, no other text."""
    reader = copy.deepcopy(reader)
    reader["metadata"]["language_info"] = {"name": "python", "version": "3.12.1", "pygments_lexer": "ipython3"}
    for number, cell in enumerate(reader["cells"]):
        if cell["cell_type"] == "code":
            cell["execution_count"] = number + 1
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": [f"{number}\n"]}]
    return reader


def changed(version: Notebook, **texts: str) -> Notebook:
    """The same notebook with other texts in some of its cells."""
    return {
        **version, "cells": [{**cell, "source": texts.get(cell["id"], cell["source"])} for cell in version["cells"]]
    }  # fmt: skip


def with_cell(version: Notebook, after: str, cell: Cell) -> Notebook:
    cells = []
    for one in version["cells"]:
        cells += [one, cell] if one["id"] == after else [one]
    return {**version, "cells": cells}


def without(version: Notebook, *identifiers: str) -> Notebook:
    return {**version, "cells": [cell for cell in version["cells"] if cell["id"] not in identifiers]}


def ids(version: Notebook) -> list[str]:
    return [id_of(cell) for cell in version["cells"]]


def texts(version: Notebook) -> list[str]:
    return [text_of(cell) for cell in version["cells"]]


def at(version: Notebook, identifier: str) -> Cell:
    (cell,) = [cell for cell in version["cells"] if id_of(cell) == identifier]
    return cell


FIRST = notebook(
    text("title", "# Neurons"),
    demo("imports", "import math"),
    given_code("data", "numbers = [1, 2]"),
    text("story", "A neuron adds up."),
    answer("double"),
    test_cell("double"),
    question("why"),
    text("end", "That was it."),
)
SOLVED = "def double(x):\n    return 2 * x"


def test_what_jupyter_writes_by_itself_is_no_work() -> None:
    assert not holds_work(saved(FIRST), FIRST, placed(FIRST))
    assert not holds_work(saved(FIRST), changed(FIRST, story="Newer."), placed(FIRST))
    windows = changed(FIRST, story="A neuron adds up.\r\n", double=FIRST["cells"][4]["source"].replace("\n", "\r\n"))
    assert not holds_work(windows, FIRST, placed(FIRST))


@pytest.mark.parametrize(
    "reader",
    [
        changed(FIRST, double=SOLVED),
        changed(FIRST, why="Because of the chain rule."),
        changed(FIRST, imports="import math, sys"),
        changed(FIRST, story="A neuron adds up. **Ask in class!**"),
        with_cell(FIRST, "story", text("3fe1", "A note of mine.")),
        with_cell(FIRST, "end", code("3fe1", "")),
        without(FIRST, "story"),
    ],
    ids=["answer", "written answer", "code", "text", "added text", "added code", "deleted"],
)
def test_what_a_reader_writes_is_work(reader: Notebook) -> None:
    assert holds_work(saved(reader), FIRST, placed(FIRST))
    assert holds_work(saved(reader), changed(FIRST, end="Bye."), placed(FIRST))


def test_other_metadata_of_the_courses_cells_is_no_work_and_comes_in() -> None:
    """As when check cells get a tag in every notebook."""
    newer = copy.deepcopy(FIRST)
    at(newer, "test_double")["metadata"]["tags"] = ["raises-exception"]
    assert not holds_work(saved(FIRST), newer, placed(FIRST))
    reader = saved(changed(FIRST, double=SOLVED))
    merged = merge(reader, newer, placed(FIRST)).notebook
    assert same_texts(merged, reader)
    assert at(merged, "test_double")["metadata"] == at(newer, "test_double")["metadata"]
    assert at(merged, "test_double")["outputs"] == at(reader, "test_double")["outputs"]


def test_answers_stay_and_the_text_around_them_is_newer() -> None:
    newer = changed(
        with_cell(FIRST, "why", text("more", "More.")), story="A neuron adds, then bends.", data="numbers = [3]"
    )
    newer = without(newer, "end")
    reader = saved(changed(FIRST, double=SOLVED, why="Because."))
    merged = merge(reader, newer, placed(FIRST))
    assert merged.answers == 2
    assert ids(merged.notebook) == ids(newer)
    assert texts(merged.notebook) == texts(changed(newer, double=SOLVED, why="Because."))
    for cell in newer["cells"]:
        assert at(merged.notebook, id_of(cell))["metadata"] == cell["metadata"]
    assert at(merged.notebook, "double")["outputs"] == at(reader, "double")["outputs"]
    assert at(merged.notebook, "data")["outputs"] == []  # they belonged to another text
    assert merged.notebook["metadata"]["language_info"]["version"] == "3.12.1"


def test_own_cells_stay_behind_the_cell_that_they_followed() -> None:
    reader = with_cell(with_cell(FIRST, "story", code("a1", "first = 1")), "a1", code("a2", "second = 2"))
    reader = {**reader, "cells": [text("top", "My name"), *with_cell(reader, "end", text("z", "Last."))["cells"]]}
    newer = with_cell(with_cell(without(FIRST, "end"), "story", text("new", "New.")), "title", text("up", "Also new."))
    merged = merge(reader, newer, placed(FIRST))
    assert ids(merged.notebook) == [
        "top", "title", "up", "imports", "data", "story", "a1", "a2", "new", "double", "test_double", "why", "z"
    ]  # fmt: skip
    assert merged.own == 4
    newest = without(newer, "story")
    assert ids(merge(merged.notebook, newest, placed(FIRST, newer)).notebook)[3:8] == [
        "imports",
        "data",
        "a1",
        "a2",
        "new",
    ]


def test_code_of_the_course_that_was_changed_is_kept_before_the_new_one() -> None:
    mine = "import math\n\n\ndef helper():\n    return 3"
    newer = changed(FIRST, imports="import math, cmath")
    merged = merge(changed(FIRST, imports=mine), newer, placed(FIRST))
    cells = merged.notebook["cells"]
    number = ids(merged.notebook).index("imports")
    assert [text_of(cell) for cell in cells[number - 1 : number + 1]] == [mine, "import math, cmath"]
    assert "Yours, kept" in text_of(cells[number - 2])
    assert merged.changed == ("imports",)


def test_text_of_the_course_that_was_changed_is_kept_behind_the_new_one() -> None:
    merged = merge(changed(FIRST, story="Mine."), changed(FIRST, story="Theirs."), placed(FIRST)).notebook
    number = ids(merged).index("story")
    assert texts(merged)[number] == "Theirs."
    assert "Yours, kept" in texts(merged)[number + 1]
    assert texts(merged)[number + 2] == "Mine."


def test_what_the_course_has_not_changed_stays_as_the_reader_has_it() -> None:
    reader = changed(FIRST, story="A neuron adds up. Mine.", imports="import math, sys")
    merged = merge(reader, changed(FIRST, end="Bye."), placed(FIRST)).notebook
    assert texts(merged) == texts(changed(reader, end="Bye."))


def test_a_locked_cell_says_what_the_course_says_and_the_readers_is_kept() -> None:
    reader = changed(FIRST, test_double=f'{SOLVED}\n\n\ncheck("double")', data="numbers = []")
    merged = merge(reader, changed(FIRST, end="Bye."), placed(FIRST)).notebook
    assert text_of(at(merged, "test_double")) == 'check("double")'
    assert text_of(at(merged, "data")) == "numbers = [1, 2]"
    names = texts(merged)
    assert names.index(f'{SOLVED}\n\n\ncheck("double")') < ids(merged).index("test_double")
    assert "numbers = []" in names
    graded = [cell["metadata"]["nbgrader"]["grade_id"] for cell in merged["cells"] if "nbgrader" in cell["metadata"]]
    assert sorted(graded) == ["data", "double", "test_double", "why"]


def test_an_answer_whose_beginning_has_changed_has_the_new_one_beside_it() -> None:
    newer = changed(FIRST, double=STUB.format("double", "twice `x`,\n```two```"))
    merged = merge(changed(FIRST, double=SOLVED), newer, placed(FIRST))
    number = ids(merged.notebook).index("double")
    note = merged.notebook["cells"][number + 1]
    assert texts(merged.notebook)[number] == SOLVED
    assert text_of(at(newer, "double")) in text_of(note)
    assert "````python" in text_of(note)
    assert note["cell_type"] == "markdown"
    assert merged.stubs == ("double",)
    # The next version's takes its place, unless the reader has written into it.
    newest = changed(FIRST, double=STUB.format("double", "once more"))
    again = merge(merged.notebook, newest, placed(FIRST, newer)).notebook
    assert len(again["cells"]) == len(merged.notebook["cells"])
    assert "once more" in texts(again)[number + 1]
    note["source"] += "\nI see."
    edited = merge(merged.notebook, newest, placed(FIRST, newer)).notebook
    assert any(one.endswith("I see.") for one in texts(edited))
    assert len(edited["cells"]) == len(merged.notebook["cells"]) + 1


def test_an_untouched_stub_becomes_the_new_one() -> None:
    newer = changed(FIRST, double=STUB.format("double", 3))
    reader = changed(FIRST, why="Because.")
    assert texts(merge(reader, newer, placed(FIRST)).notebook) == texts(changed(newer, why="Because."))


def test_an_answer_that_the_course_has_no_more_is_kept_marked_and_without_flags() -> None:
    newer = without(FIRST, "double", "test_double", "why")
    merged = merge(changed(FIRST, double=SOLVED), newer, placed(FIRST))
    assert merged.homeless == ("double",)
    cell = at(merged.notebook, "double")
    number = ids(merged.notebook).index("double")
    assert text_of(cell) == SOLVED
    assert "nbgrader" not in cell["metadata"]
    assert "no more" in texts(merged.notebook)[number - 1]
    assert ids(merged.notebook)[number - 2] == "story"
    assert "test_double" not in ids(merged.notebook)
    # The exercise comes back in a later version: the answer is its answer again.
    back = merge(merged.notebook, FIRST, placed(FIRST, newer)).notebook
    assert text_of(at(back, "double")) == SOLVED
    assert at(back, "double")["metadata"] == at(FIRST, "double")["metadata"]


def test_a_new_exercise_of_a_name_that_the_reader_uses_is_there() -> None:
    newer = with_cell(FIRST, "why", answer("helper"))
    reader = changed(FIRST, double=f"def helper():\n    return 2\n\n\n{SOLVED}")
    assert "helper" in ids(merge(reader, newer, placed(FIRST)).notebook)


def test_an_answers_cell_that_was_taken_away_does_not_come_back_over_the_answer() -> None:
    reader = with_cell(without(FIRST, "double"), "story", code("own", f"%matplotlib inline\n{SOLVED}"))
    for history in (placed(FIRST), History()):
        merged = merge(reader, changed(FIRST, end="Bye."), history).notebook
        assert "double" not in ids(merged)
        assert ids(merged)[3:6] == ["story", "own", "test_double"]
    gone = without(reader, "own")
    assert "double" in ids(merge(gone, changed(FIRST, end="Bye."), placed(FIRST)).notebook)


def test_a_notebook_without_ids_is_merged_by_names_and_texts() -> None:
    """As programs of before 2021, and some of today, save it."""
    reader = with_cell(saved(changed(FIRST, double=SOLVED, story="Mine.")), "why", code("own", "x = 1"))
    for cell in reader["cells"]:
        del cell["id"]
    newer = changed(FIRST, end="Bye.", imports="import cmath")
    for history in (placed(FIRST), History(earlier=placed(FIRST, newer).earlier)):
        merged = merge({**reader, "nbformat_minor": 4}, newer, history).notebook
        assert [one for one in ids(merged) if not one.startswith("yours-")] == ids(newer)
        assert text_of(at(merged, "double")) == SOLVED
        assert {"Mine.", "x = 1"} <= set(texts(merged))
        assert merged["nbformat_minor"] == 5
        bare = copy.deepcopy(FIRST)
        for cell in bare["cells"]:
            del cell["id"]
        assert not holds_work(bare, newer, history)


def test_of_copies_with_one_id_the_last_answer_stands_and_the_others_are_kept() -> None:
    other = "def double(x):\n    return x + x"
    reader = {**FIRST, "cells": [*FIRST["cells"], answer("double", other), answer("double", SOLVED)]}
    merged = merge(reader, changed(FIRST, end="Bye."), placed(FIRST)).notebook
    assert text_of(at(merged, "double")) == SOLVED
    assert {other, text_of(at(FIRST, "double"))} <= set(texts(merged))
    assert len(set(ids(merged))) == len(merged["cells"])


def test_a_copy_that_jupyter_made_of_an_answer_stays_where_it_is() -> None:
    reader = with_cell(FIRST, "why", {**answer("double", SOLVED), "id": "c0ffee"})
    merged = merge(reader, changed(FIRST, end="Bye."), placed(FIRST)).notebook
    assert texts(merged) == texts(changed(reader, end="Bye."))
    assert ids(merged) == ids(reader)


def test_without_a_record_the_readers_text_is_kept_beside_the_new_one() -> None:
    """And what is known to have been the course's is not kept."""
    newer = changed(FIRST, story="Newer.", imports="import cmath", double=STUB.format("double", 3))
    reader = changed(FIRST, double=SOLVED)
    merged = merge(reader, newer, History())
    assert merged.changed == ("imports", "story")
    assert merged.stubs == ()  # it asks for what the answer gives
    known = History(earlier=placed(FIRST, newer).earlier)
    assert texts(merge(reader, newer, known).notebook) == texts(changed(newer, double=SOLVED))
    other = changed(newer, double="def double(x, times):\n    raise NotImplementedError")
    assert merge(reader, other, known).stubs == ("double",)


def test_what_an_overwritten_notebook_says_of_the_old_course_is_not_the_readers() -> None:
    """As when JupyterLab had it open, and was told to overwrite the merged one."""
    newer, newest = changed(FIRST, story="Newer."), changed(FIRST, story="Newest.")
    reader = changed(FIRST, double=SOLVED)
    assert texts(merge(reader, newest, placed(FIRST, newer)).notebook) == texts(changed(newest, double=SOLVED))


# ---------------------------------------------------------------------------------------------------------------------
# Whatever is changed, on either side
# ---------------------------------------------------------------------------------------------------------------------

KINDS: tuple[Callable[[str, str], Cell], ...] = (
    text,
    demo,
    given_code,
    lambda name, source: answer(name, f"def {name}(x):\n    # {source}\n    raise NotImplementedError"),
    lambda name, source: question(name, f"*{source}*"),
)


@st.composite
def versions(draw: st.DrawFn) -> tuple[Notebook, Notebook]:
    """A course, and a newer one: cells changed, taken out, put in, in another order."""
    names = [f"cell_{number}" for number in range(draw(st.integers(1, 6)))]
    first = [draw(st.sampled_from(KINDS))(name, f"first {name}") for name in names]
    second = []
    for cell in first:
        fate = draw(st.sampled_from(["same", "same", "changed", "gone"]))
        if fate != "gone":
            source = cell["source"].replace("first", "second") if fate == "changed" else cell["source"]
            second.append({**cell, "source": source})
    for number in range(draw(st.integers(0, 2))):
        cell = draw(st.sampled_from(KINDS))(f"added_{number}", f"second added {number}")
        second.insert(draw(st.integers(0, len(second))), cell)
    if draw(st.booleans()):
        second = draw(st.permutations(second))
    return notebook(*first), notebook(*second)


@st.composite
def readers(draw: st.DrawFn, course: Notebook) -> Notebook:
    """What somebody makes of a notebook: answers, notes, own cells, copies, deletions, lost and doubled ids."""
    cells: list[Cell] = []
    for number, cell in enumerate(copy.deepcopy(course["cells"])):
        fate = draw(st.sampled_from(["same", "same", "worked on", "deleted", "copied", "other kind"]))
        if fate == "worked on":
            cell["source"] = f"mine {number}" if draw(st.booleans()) else f"def {cell['id']}(x):\n    return {number}"
        if fate == "other kind":
            cell = {**text(cell["id"], f"mine {number}"), "metadata": cell["metadata"]}
        if fate != "deleted":
            cells.append(cell)
        if fate == "copied":
            own_id = draw(st.sampled_from([cell["id"], f"copy-{number}"]))
            cells.append({**copy.deepcopy(cell), "id": own_id, "source": f"mine {number}"})
    for own in range(draw(st.integers(0, 3))):
        make = draw(st.sampled_from([text, code]))
        identifier = draw(st.sampled_from([f"own-{own}", "own", "not an id", ""]))
        cells.insert(draw(st.integers(0, len(cells))), make(identifier, f"mine, own {own}"))
    if draw(st.booleans()):
        cells = draw(st.permutations(cells))
    if draw(st.integers(0, 5)) == 0:
        for cell in cells:
            cell.pop("id")
    reader = notebook(*cells)
    return saved(reader) if draw(st.booleans()) else reader


@st.composite
def upgrades(draw: st.DrawFn) -> tuple[Notebook, Notebook, Notebook, History]:
    first, second = draw(versions())
    earlier = placed(first, second).earlier
    return (
        first,
        second,
        draw(readers(first)),
        draw(st.sampled_from([placed(first), History(earlier=earlier), History()])),
    )


def check_upgrade(reader: Notebook, newer: Notebook, course: set[str], history: History) -> Merged:
    before = copy.deepcopy((reader, newer))
    result = merge(reader, newer, history)
    merged = result.notebook
    assert (reader, newer) == before
    # Nothing of the reader's is lost: each of their texts is the whole text of a cell, as often as they had it.
    theirs = [text_of(cell) for cell in reader["cells"] if text_of(cell) not in course]
    for one in theirs:
        assert texts(merged).count(one) >= theirs.count(one)
    # The course is whole, in its order, and says what it says, except where the reader has answered or edited.
    wanted = [id_of(cell) for cell in newer["cells"]]
    there = [identifier for identifier in ids(merged) if identifier in wanted]
    assert there == [identifier for identifier in wanted if identifier in there]
    for cell in newer["cells"]:
        if id_of(cell) not in there:
            assert cell["metadata"]["nbgrader"]["solution"]
            continue
        found = at(merged, id_of(cell))
        assert text_of(found) == text_of(cell) or text_of(found) in theirs
        if cell["metadata"].get("nbgrader", {}).get("locked"):
            assert text_of(found) == text_of(cell)
        assert found["metadata"].get("nbgrader") == cell["metadata"].get("nbgrader")
    # It is a notebook, and can be read back.
    nbformat.validate(nbformat.from_dict(merged))
    assert len(set(ids(merged))) == len(merged["cells"])
    assert texts(read_cells(write_cells(merged))) == texts(merged)
    return result


@settings(max_examples=300, deadline=None)
@given(upgrades())
def test_nothing_of_the_readers_is_lost_and_the_course_is_whole(
    upgrade: tuple[Notebook, Notebook, Notebook, History],
) -> None:
    first, newer, reader, history = upgrade
    known = bool(history.now or history.earlier)  # else an older text of the course is the reader's for all we know
    check_upgrade(reader, newer, {*texts(newer), *(texts(first) if known else ())}, history)


@settings(max_examples=300, deadline=None)
@given(upgrades())
def test_merging_again_changes_nothing(upgrade: tuple[Notebook, Notebook, Notebook, History]) -> None:
    """Neither with the record of before, as after a crash, nor with the one of now."""
    first, newer, reader, history = upgrade
    merged = merge(reader, newer, history).notebook
    after = placed(first, newer) if history.now or history.earlier else placed(newer)
    for known in (history, after):
        assert write_cells(merge(merged, newer, known).notebook) == write_cells(merged)
        assert not says_what_was(merged, newer, known)


@settings(max_examples=100, deadline=None)
@given(versions())
def test_an_untouched_notebook_becomes_the_newer_one(course: tuple[Notebook, Notebook]) -> None:
    first, newer = course
    for history in (placed(first), History(earlier=placed(first, newer).earlier)):
        assert not holds_work(saved(first), newer, history)
        assert same_texts(merge(saved(first), newer, history).notebook, newer)


@settings(max_examples=100, deadline=None)
@given(versions(), st.lists(st.integers(0, 5), max_size=3))
def test_own_cells_follow_what_they_followed(course: tuple[Notebook, Notebook], where: list[int]) -> None:
    first, newer = course
    reader = first
    for number, index in enumerate(where):
        after = first["cells"][index % len(first["cells"])]["id"]
        reader = with_cell(reader, after, code(f"own-{number}", f"mine {number}"))
    merged = merge(reader, newer, placed(first)).notebook
    order = ids(merged)
    for before, own in pairwise(ids(reader)):
        if own.startswith("own-") and before in order:
            assert order[order.index(own) - 1] == before


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_upgrade_after_upgrade_nothing_is_lost(data: st.DataObject) -> None:
    first, second = data.draw(versions())
    third = data.draw(st.sampled_from([first, data.draw(versions())[1]]))
    reader = data.draw(readers(first))
    course = {*texts(first), *texts(second), *texts(third)}
    merged = check_upgrade(reader, second, course, placed(first)).notebook
    merged = check_upgrade(
        merged, third, course | {one for one in texts(merged) if "**" in one}, placed(first, second)
    ).notebook
    for cell in reader["cells"]:
        assert text_of(cell) in course or text_of(cell) in texts(merged)
    assert all(isinstance(cell["metadata"].get(OURS, {}), dict) for cell in merged["cells"])
