"""The first step of `Value`: what sums and products give, and whether they remember what they were made from.

The probe `arithmetic` runs one program forward and looks for the operands in every result.
"""

from collections.abc import Callable, Mapping
from typing import Any

from nnkit.exercises.catalogue.automatic_differentiation.parts.judge import (
    changed_leaf,
    readable_problem,
    stopped,
    wrong_start,
)
from nnkit.exercises.catalogue.automatic_differentiation.parts.programs import MATHEMATICS, Step, step_text
from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.compare import compare
from nnkit.exercises.judge.finding import Finding
from nnkit.exercises.judge.ladder import right_answer
from nnkit.exercises.judge.wording import listing
from nnkit.languages import counted

TABLES = ("start", "values", "gradients", "remembered", "data")


def forward(
    leaves: Mapping[str, float],
    graphs: list[list[Step]],
    *,
    mathematics: Mapping[str, Callable[..., float]] | None = None,
    keeps: Callable[[list[str]], list[str]] = lambda operands: operands,
    start: float = 0.0,
) -> dict[str, Any]:
    """What the probe `arithmetic` sees of a class that works, or of one with a mistake.

    Parameters
    ----------
    leaves, graphs
        The arguments of a case, with one program.
    mathematics : Mapping[str, Callable[..., float]] or None
        Operation → another value than that of `programs.MATHEMATICS`.
    keeps : Callable[[list[str]], list[str]]
        Which of its operands a result remembers.
    start : float
        The gradient of a new Value.

    Examples
    --------
    >>> forward({"a": 3.0}, [[["b", "*", 2, "a"]]])["remembered"]
    {'b': ['a']}
    """
    numbers, remembered = dict(leaves), {}
    for target, sign, *operands in graphs[0]:
        entries = [numbers[entry] if isinstance(entry, str) else entry for entry in operands]
        numbers[target] = (mathematics or {}).get(sign, MATHEMATICS[sign][0])(*entries)
        remembered[target] = keeps(list(dict.fromkeys(entry for entry in operands if isinstance(entry, str))))
    return {
        "problem": None,
        "start": dict.fromkeys(leaves, start),
        "values": {name: number for name, number in numbers.items() if name not in leaves},
        "gradients": dict.fromkeys(remembered, start),
        "remembered": remembered,
        "data": {name: numbers[name] for name in leaves},
    }


def lacking(method: str, sign: str) -> Callable[..., dict[str, Any]]:
    """A class that lacks the method for a number on the left of this sign."""

    def answer(leaves: Mapping[str, float], graphs: list[list[Step]]) -> dict[str, Any]:
        for place, (_, found, first, *_rest) in enumerate(graphs[0]):
            if found == sign and not isinstance(first, str):
                return {"problem": {"kind": "missing", "name": method, "graph": 0, "step": place}}
        return forward(leaves, graphs)

    return answer


def numbers_not_wrapped(leaves: Mapping[str, float], graphs: list[list[Step]]) -> dict[str, Any]:
    """A plain number is asked for its `.data`."""
    if any(not isinstance(entry, str) for step in graphs[0] for entry in step[2:]):
        raise AttributeError("a number has no attribute 'data'")
    return forward(leaves, graphs)


def returns_numbers(leaves: Mapping[str, float], graphs: list[list[Step]]) -> dict[str, Any]:
    """An operation gives the bare number."""
    return {"problem": {"kind": "result", "type": "float", "graph": 0, "step": 0}}


def judge(exercise: Exercise, case: Case, answer: Answer) -> Finding | None:
    """What the program of a case gave, in the order in which a person would look."""
    seen, steps = answer.returned, case.arguments["graphs"][0]
    if not _readable(seen, case):
        return Finding("type", "What the program gave cannot be read.", symptom="unreadable")
    if seen["problem"] is not None:
        return stopped(case, seen["problem"])
    right = right_answer(exercise, case)
    finding = wrong_start(exercise, seen["start"])
    if finding is not None:
        return finding
    for name, expected in right["values"].items():
        finding = compare(expected, seen["values"][name], exercise, f"{name}.data")
        if finding is not None:
            return finding
    finding = changed_leaf(exercise, right["data"], seen["data"]) or wrong_start(exercise, seen["gradients"])
    if finding is not None:
        return finding
    for step in steps:
        forgotten = [name for name in right["remembered"][step[0]] if name not in seen["remembered"][step[0]]]
        if forgotten:
            text = counted(
                "The numbers are right; {forgotten} is not to be found in what `{step}` gave.",
                "The numbers are right; {forgotten} are not to be found in what `{step}` gave.",
                len(forgotten),
                forgotten=listing(forgotten),
                step=step_text(step),
            )
            cause = (
                "`backward` will have to find the operands themselves, not only their numbers. Where does your result "
                "keep them?"
            )
            whole = len(forgotten) == len(right["remembered"][step[0]])
            return Finding("value", text, step[0], cause, symptom=f"forgets {'all' if whole else 'some'}: {step[1]}")
    return None


def _readable(seen: Any, case: Case) -> bool:
    """Whether the answer has the form that the probe gives it; another process may say anything."""
    if not isinstance(seen, dict) or "problem" not in seen:
        return False
    graphs, leaves = case.arguments["graphs"], case.arguments["leaves"].keys()
    if seen["problem"] is not None:
        return readable_problem(seen["problem"], graphs)
    results = {step[0] for step in graphs[0]}
    wanted = zip(TABLES, (leaves, results, results, results, leaves), strict=True)
    if not all(isinstance(seen.get(table), dict) and seen[table].keys() == names for table, names in wanted):
        return False
    return all(isinstance(names, list) for names in seen["remembered"].values())
