"""`gather`: from a folder of notebooks to one module of what is right in them, and a page that says what is in it."""

from __future__ import annotations

import html
import os
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nnkit.bar import must_repeat
from nnkit.exercises import index, record
from nnkit.exercises.outline import Place, places
from nnkit.exercises.progress import day, standings
from nnkit.exercises.terms import NOT_ATTEMPTED, PASSED
from nnkit.mine.judging import SECONDS, Job, judge
from nnkit.mine.module import FILE, Chosen, module_text, write_module
from nnkit.mine.notebooks import Answer, find_notebooks, read_answers
from nnkit.mine.parts import Parts, load
from nnkit.saving import whole_file

PAGE, PICTURE = "my_nnkit.md", "my_nnkit.svg"


@dataclass(frozen=True)
class Found:
    """What became of one exercise.

    Parameters
    ----------
    place : Place
        Which, and where it stands in the course.
    notebook : str
        The reader's notebook that the answer in the module is from; "" where there is none.
    since : str
        The day since which its check has passed, "" where that is not known.
    problem : str
        Why an answer was left out, "" where there is none or it is in the module.
    also : tuple[str, ...]
        Other notebooks with an answer that passes; the newest was taken.
    """

    place: Place
    notebook: str = ""
    since: str = ""
    problem: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gathered:
    """What `gather` has found; a notebook shows it as a table.

    Parameters
    ----------
    found : tuple[Found, ...]
        One for each exercise, in the order of reading.
    module : Path
        Where the module is.
    notes : tuple[str, ...]
        Files that could not be read, and where an older module is kept.
    """

    found: tuple[Found, ...]
    module: Path
    notes: tuple[str, ...] = ()

    @property
    def yours(self) -> tuple[str, ...]:
        """The exercises whose answers are in the module."""
        return tuple(one.place.exercise for one in self.found if one.notebook)

    @property
    def left_out(self) -> Mapping[str, str]:
        """The exercises with an answer that was left out, and why."""
        return {one.place.exercise: one.problem for one in self.found if one.problem}

    @property
    def parts(self) -> Parts:
        """The module's functions, with nnkit's for what is missing."""
        return load(self.module)

    @property
    def headline(self) -> str:
        """All of it in one sentence."""
        if not self.yours:
            return f"None of the {len(self.found)} exercises is yours yet, so {self.module.name} is empty."
        return f"{len(self.yours)} of {len(self.found)} exercises are yours; they are in {self.module.name}."

    def __str__(self) -> str:
        lines = [self.headline]
        lines += [f"  ✗ {name} is left out: {why}" for name, why in self.left_out.items()]
        for one in self.found:
            if one.also:
                said = f"the newest of {1 + len(one.also)} that pass"
                lines.append(
                    f"  {one.place.exercise} is taken from {one.notebook}, {said} (also {', '.join(one.also)})."
                )
        missing = [one.place.exercise for one in self.found if not one.notebook]
        if missing:
            names = ", ".join(missing) if len(missing) < len(self.found) else "all of it"
            lines.append(textwrap.fill(f"Still nnkit's: {names}.", 100, subsequent_indent="  "))
        return "\n".join([*lines, *self.notes])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        rows = []
        for one in self.found:
            sign, said = ("✓", "yours") if one.notebook else ("✗", one.problem) if one.problem else ("○", "nnkit's")
            cells = (one.place.exercise, one.place.notebook, f"{sign} {said}", one.since or "–")
            rows.append(
                "<tr>" + "".join(f'<td style="text-align: left">{html.escape(cell)}</td>' for cell in cells) + "</tr>"
            )
        heads = "".join(
            f'<th scope="col" style="text-align: left">{head}</th>'
            for head in ("exercise", "notebook", "whose", "since")
        )
        notes = "".join(f"<div>{html.escape(note)}</div>" for note in self.notes)
        return (
            f"<div><strong>{html.escape(self.headline)}</strong></div>"
            '<details open><summary style="cursor: pointer">Every exercise</summary>'
            f"<table><thead><tr>{heads}</tr></thead>"
            f"<tbody>{''.join(rows)}</tbody></table></details>{notes}"
        )

    def page(self) -> str:
        """What is in the module, as Markdown."""
        said = [
            "# What is mine",
            "",
            self.headline,
            "",
            f"![The parts of the networks, mine in colour.]({PICTURE})",
            "",
            "## In it",
            "",
            "| exercise | my notebook | its check has passed since |",
            "|---|---|---|",
            *(
                f"| `{one.place.exercise}` | {one.notebook} | {one.since or 'not recorded'} |"
                for one in self.found
                if one.notebook
            ),
        ]
        if self.left_out:
            said += ["", "## Left out", "", "| exercise | why |", "|---|---|"]
            said += [f"| `{name}` | {why.replace('|', chr(92) + '|')} |" for name, why in self.left_out.items()]
        missing: dict[str, list[str]] = defaultdict(list)
        for one in self.found:
            if not one.notebook:
                missing[f"{one.place.assignment}/{one.place.notebook}"].append(f"`{one.place.exercise}`")
        if missing:
            said += ["", "## Still nnkit's", "", "| notebook of the course | exercises |", "|---|---|"]
            said += [f"| {notebook} | {', '.join(names)} |" for notebook, names in missing.items()]
        twice = [one for one in self.found if one.also]
        if twice or self.notes:
            said += ["", "## Notes", ""]
            said += [
                f"- `{one.place.exercise}` passes in {', '.join(one.also)} as well; {one.notebook} is newer."
                for one in twice
            ]
            said += [f"- {note}" for note in self.notes]
        return "\n".join(said) + "\n"


def gather(
    *folders: str | os.PathLike[str], out: str | os.PathLike[str] | None = None, seconds: float = SECONDS
) -> Gathered:
    """Gather what passes its check from a reader's notebooks into one module, ``my_nnkit.py``, with a page beside it.

    Each answer is put to its check again, in a process of its own. What is wrong, stops with an error or does not end
    is left out and named. Where outputs must be the same for everybody (``NNKIT_STATIC``), nothing is
    gathered or written.

    Parameters
    ----------
    *folders : str or path
        Where to look, folders or notebooks; the working folder when left out.
    out : str or path or None
        The folder for the module; the first of the folders when left out.
    seconds : float
        How long each answer may take.

    Returns
    -------
    Gathered

    Raises
    ------
    FileNotFoundError
        There is no such folder.
    """
    starts = [Path(folder).expanduser() for folder in folders] or [Path.cwd()]
    for start in starts:
        if not start.exists():
            raise FileNotFoundError(f"There is no folder or notebook {start} to gather from.")
    home = starts[0] if starts[0].is_dir() else starts[0].parent
    target = Path(out).expanduser() if out is not None else home
    if must_repeat():
        return Gathered(tuple(Found(place) for place in programs()), target / FILE)
    answers, notes = _read(find_notebooks(starts))
    verdicts = _judged(answers, seconds)
    chosen = _choose(answers, verdicts)
    shown = _shown_paths(answers, starts)
    course = programs()
    since = {
        one.place.exercise: day(one.since) for one in standings(course, record.entries(home)) if one.since is not None
    }
    chosen, apart = _fitting(chosen, shown, since, target, seconds)
    sections = _sections(chosen, shown, since)
    target.mkdir(parents=True, exist_ok=True)
    beside = write_module(target / FILE, module_text(sections))
    if beside is not None:
        notes.append(f"The module was changed by hand; it is kept as {beside.name}.")
    found = []
    for place in course:
        name = place.exercise
        own = [answer for answer in answers if answer.exercise == name]
        if name in chosen:
            also = [shown[one.path] for one in own if verdicts[one][0] == PASSED and one.path != chosen[name].path]
            found.append(Found(place, shown[chosen[name].path], since.get(name, ""), also=tuple(dict.fromkeys(also))))
        else:
            tried = [one for one in own if verdicts[one][0] != NOT_ATTEMPTED]
            why = apart.get(name) or (f"{verdicts[tried[0]][1]} ({shown[tried[0].path]})" if tried else "")
            found.append(Found(place, problem=why))
    gathered = Gathered(tuple(found), target / FILE, tuple(notes))
    from nnkit.mine.picture import tree

    tree(gathered.parts).save(target / PICTURE)
    with whole_file(target / PAGE) as file:
        file.write(gathered.page().encode())
    return gathered


# ---------------------------------------------------------------------------------------------------------------------
# Inside
# ---------------------------------------------------------------------------------------------------------------------

_Verdict = tuple[str, str]

# Left where they are, by their probes: what is judged on what a network has learned, which is in no program (a module
# would have to train it whenever it is imported), and broken trainings with one line mended, which are the course's.
NOT_GATHERED = {"read_digits", "watched_training"}


@cache
def programs() -> tuple[Place, ...]:
    """The exercises whose answers are programs of the reader's and nothing else, in the order of reading."""
    return tuple(place for place in places() if index.find(place.exercise).probe not in NOT_GATHERED)


def _read(paths: Iterable[Path]) -> tuple[list[Answer], list[str]]:
    """The answers that are programs, those of the newest notebook first, and what could not be read."""
    answers: list[Answer] = []
    notes: list[str] = []
    wanted = {place.exercise for place in programs()}
    for path in paths:
        try:
            answers += [answer for answer in read_answers(path) if answer.exercise in wanted]
        except ValueError as error:
            notes.append(f"{error}; it is passed over.")
        except Exception as error:  # metadata that is no notebook's
            notes.append(f"{path.name} is passed over ({type(error).__name__}: {error}).")
    return answers, notes


def _judged(answers: list[Answer], seconds: float) -> dict[Answer, _Verdict]:
    """The verdict on each answer."""
    sound = [answer for answer in answers if not answer.problem]
    jobs = [Job(answer.code, (answer.exercise,), answer.path.parent) for answer in sound]
    found = {answer: said[answer.exercise] for answer, said in zip(sound, judge(jobs, seconds), strict=True)}
    for answer in answers:
        if answer.problem:
            nothing = answer.problem.startswith("there is no ")
            found[answer] = (NOT_ATTEMPTED if nothing else "", answer.problem)
    return found


def _choose(answers: list[Answer], verdicts: Mapping[Answer, _Verdict]) -> dict[str, Answer]:
    """Exercise → the newest answer that passes."""
    chosen: dict[str, Answer] = {}
    for answer in answers:
        if verdicts[answer][0] == PASSED:
            chosen.setdefault(answer.exercise, answer)
    return chosen


def _sections(chosen: Mapping[str, Answer], shown: Mapping[Path, str], since: Mapping[str, str]) -> list[Chosen]:
    """One section for each name: of a class that was built in steps the last one."""
    steps: dict[str, list[str]] = {}
    for place in programs():
        if place.exercise in chosen:
            steps.setdefault(index.find(place.exercise).student_name, []).append(place.exercise)
    found = []
    for exercises in steps.values():
        answer = chosen[exercises[-1]]
        words = shown[answer.path] + (
            f", its check has passed since {since[exercises[-1]]}" if exercises[-1] in since else ""
        )
        found.append(Chosen(answer, tuple(exercises), words))
    return found


def _fitting(
    chosen: dict[str, Answer], shown: Mapping[Path, str], since: Mapping[str, str], folder: Path, seconds: float
) -> tuple[dict[str, Answer], dict[str, str]]:
    """Those answers that pass in one module too, and why the others do not."""
    apart: dict[str, str] = {}
    for _ in range(3):
        sections = _sections(chosen, shown, since)
        names = tuple(exercise for section in sections for exercise in section.exercises)
        if not names:
            break
        where = folder if folder.is_dir() else Path.cwd()
        (verdicts,) = judge([Job(module_text(sections), names, where)], seconds + 2 * len(names))
        failed = {name: said for name, (status, said) in verdicts.items() if status != PASSED}
        if not failed:
            break
        if len(failed) == len(names) > 1:  # one of them spoils all: the last section is the first to go
            failed = {name: failed[name] for name in sections[-1].exercises}
        apart |= {
            name: f"right by itself, but not beside the others in one module: {said}" for name, said in failed.items()
        }
        chosen = {name: answer for name, answer in chosen.items() if name not in failed}
    return chosen, apart


def _shown_paths(answers: list[Answer], starts: list[Path]) -> dict[Path, str]:
    """Notebook → its name as seen from where the search began."""
    found = {}
    for path in {answer.path for answer in answers}:
        above = [
            start.resolve() for start in starts if path.is_relative_to(start.resolve()) and path != start.resolve()
        ]
        found[path] = path.relative_to(above[0]).as_posix() if above else path.name
    return found
