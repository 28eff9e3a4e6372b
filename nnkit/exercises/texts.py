"""All texts that checks, hints and traces can say, collected for those who translate them.

They come from three places. An exercise *declares* hints, sentences about mistakes, notes on shapes, and what its cases
are about: those are asked of the exercises themselves. Code *makes* messages: the templates are read from its calls of
`say` and its kin, without running it. And a *sentence* that stands in the code of the judge or the catalogue is said
as it is, so it needs no mark.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from nnkit.exercises import index
from nnkit.exercises.beside import edits
from nnkit.exercises.exercise import PUBLIC_SEED, Exercise
from nnkit.exercises.judge.verdict import ALL_RIGHT, RIGHT_HERE
from nnkit.languages.messages import SEPARATOR, begun_otherwise, has_words, in_one_line, templates_in

FOLDER = Path(__file__).resolve().parent
# Where each sentence in the code is one that is said.
SAID = ("catalogue", "judge")
SEPARATORS = (", ", " ")


@dataclass(frozen=True)
class Text:
    """A text to translate.

    Parameters
    ----------
    one : str
        The text, or the form for one of something.
    many : str
        The form for several; "" for a text that counts nothing.
    context : str
        What it is, where that decides how it is translated.
    """

    one: str
    many: str = ""
    context: str = ""


@dataclass
class Texts:
    """Texts in the order in which they were found, with the files that hold them and remarks for translators."""

    places: dict[Text, list[str]] = field(default_factory=dict)
    remarks: dict[Text, list[str]] = field(default_factory=dict)

    def add(self, text: Text, place: str, remark: str = "") -> None:
        """Enter a text; a text that is there already has one place more."""
        for known, entry in ((self.places, place), (self.remarks, remark)):
            entries = known.setdefault(text, [])
            if entry and entry not in entries:
                entries.append(entry)


@cache
def all_texts() -> Texts:
    """Every text of the course's checks, collected once.

    Examples
    --------
    >>> texts = all_texts()
    >>> texts.places[Text("not yet")]
    ['exercises/judge/report.py']
    """
    found = Texts()
    for separator in SEPARATORS:
        found.add(Text(separator, context=SEPARATOR), "languages/messages.py")
    _from_calls(FOLDER.parent / "languages" / "messages.py", found)
    for path in sorted(FOLDER.rglob("*.py")):
        if "beside" not in path.relative_to(FOLDER).parts:
            _from_calls(path, found)
    for kind, words in vars(edits).items():
        if kind.isupper() and isinstance(words, str) and kind != "OUTER":
            found.add(Text(words), "exercises/beside/edits.py", "What a line is about: It is about …")
    for notebook, names in index.notebooks().items():
        for name in names:
            _declared(index.find(name), f"exercises/catalogue/{notebook}/{name}.py", found)
    for text, places in list(found.places.items()):
        if text.one.startswith(ALL_RIGHT):
            one, many = (begun_otherwise(form, ALL_RIGHT, RIGHT_HERE) if form else "" for form in (text.one, text.many))
            there = Text(one, many)
            for place in places:
                found.add(there, place)
    return found


def texts_of(name: str) -> set[Text]:
    """What an exercise declares: the texts that its hints, mistakes, notes and cases have.

    Examples
    --------
    >>> Text("many inputs") in texts_of("neuron")
    True
    """
    found = Texts()
    _declared(index.find(name), "", found)
    return set(found.places)


# ---------------------------------------------------------------------------------------------------------------------
# What exercises declare
# ---------------------------------------------------------------------------------------------------------------------


def _declared(exercise: Exercise, place: str, found: Texts) -> None:
    def add(text: str, remark: str) -> None:
        for one, many in templates_in(text):
            if not has_words(one) and one == text:
                continue  # numbers and names that were drawn, such as "x = [1, 2]"
            found.add(Text(one, many), place, remark)

    for hint in exercise.hints:
        add(hint, f"A hint for {exercise.name}.")
    for mistake in exercise.mistakes:
        add(mistake.sentence, f"{exercise.name}, mistake: {mistake.label}.")
    for note in exercise.shape_notes.values():
        add(note, f"{exercise.name}, after a wrong shape.")
    for seed, hidden in ((PUBLIC_SEED, False), (PUBLIC_SEED + 1, True)):
        for case in exercise.draw(seed, hidden):
            add(case.covers, "What cases are about, as in: 15 cases: …, …")
            add(case.text, "A case, as in: Smallest failing case: …")


# ---------------------------------------------------------------------------------------------------------------------
# What stands in the code
# ---------------------------------------------------------------------------------------------------------------------


def _from_calls(path: Path, found: Texts) -> None:
    place = path.relative_to(FOLDER.parent).as_posix()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = path.relative_to(FOLDER.parent).parts[1] in SAID
    for text in _texts_in(tree, said):
        found.add(text, place)


def _texts_in(tree: ast.AST, sentences_too: bool) -> Iterator[Text]:
    """The texts in a piece of code."""
    # What stands there for another reason: documentation, and what a call says that is read for itself.
    documents = {id(text) for text in _docstrings(tree)}
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.Raise):
            continue
        if isinstance(node, ast.Call):
            texts = list(_of_call(node))
            yield from texts
            if texts:
                documents |= {id(text) for argument in node.args for text in _choices(argument)}
        if sentences_too and isinstance(node, ast.Constant) and id(node) not in documents:
            text = in_one_line(node.value) if isinstance(node.value, str) else ""
            if _is_sentence(text):
                yield Text(text)
        waiting += ast.iter_child_nodes(node)


def _of_call(call: ast.Call) -> Iterator[Text]:
    """What a call of `say`, `marked`, `told`, `counted` or `plural` says, as far as it stands there."""
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    if name in ("say", "marked", "in_language", "told", "as_message") and call.args:
        yield from (Text(in_one_line(text)) for text in _constants(call.args[:1]))
    elif name == "counted":
        forms = [in_one_line(text) for text in _constants(call.args[:2])]
        if len(forms) == 2:
            yield Text(*forms)
    elif name == "plural" and len(call.args) > 1:
        forms = _constants(call.args[1:3])
        if forms:
            yield Text(f"{{count}} {forms[0]}", f"{{count}} {forms[1] if len(forms) > 1 else forms[0] + 's'}")


def _constants(arguments: Iterable[ast.expr]) -> list[str]:
    """The texts among arguments; of a choice between two both."""
    return [str(text.value) for argument in arguments for text in _choices(argument)]


def _choices(argument: ast.expr) -> list[ast.Constant]:
    if isinstance(argument, ast.IfExp):
        return [*_choices(argument.body), *_choices(argument.orelse)]
    return [argument] if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else []


def _docstrings(tree: ast.AST) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def _is_sentence(text: str) -> bool:
    """Whether a text is one that is said as it is: it begins like a sentence and ends like one."""
    begins = re.match(r"[A-ZΑ-Ω`“{0-9]", text) is not None
    return begins and text.endswith((".", "?")) and text.count(" ") >= 2
