"""The judge of programs on a class of numbers: can they run, are the results right, are the gradients."""

from collections import Counter
from typing import Any

import numpy as np

from nnkit.exercises.beside.probes.autograd import MOST_CALLS, OPERATORS
from nnkit.exercises.catalogue.automatic_differentiation.parts import programs
from nnkit.exercises.catalogue.automatic_differentiation.parts.programs import step_text
from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.compare import compare
from nnkit.exercises.judge.finding import Finding, Table
from nnkit.exercises.judge.ladder import right_answer
from nnkit.exercises.judge.wording import in_words, listing, number
from nnkit.languages import counted, say, sentences

LOOKS_AT_REUSE = (programs.TWICE, programs.FORK, programs.SHARED, programs.SECOND, programs.DOUBLED)
BETWEEN = (
    "What stands between leaves and result has gradients too, and keeps them. Is it emptied, or is what it receives "
    "held somewhere else than in its `.grad`? Or is it no new Value, but the operand itself?"
)
NOTHING_YET = "Nothing has arrived yet when a Value is made; messages are added to what stands there."


def judge(exercise: Exercise, case: Case, answer: Answer) -> Finding | None:
    """What the programs of a case gave, in the order in which a person would look."""
    seen = answer.returned
    if not _readable(seen, case):
        return Finding("type", "What the programs gave cannot be read.", symptom="unreadable")
    if seen["problem"] is not None:
        return stopped(case, seen["problem"])
    right = right_answer(exercise, case)

    finding = wrong_start(exercise, seen["start"])
    if finding is not None:
        return finding
    for graph, expected, got in zip(case.arguments["graphs"], right["values"], seen["values"], strict=True):
        finding = compare(expected, got, exercise, f"{graph[-1][0]}.data")
        if finding is not None:
            return finding
    finding = changed_leaf(exercise, right["data"], seen["data"])
    if finding is not None:
        return finding
    for position, (expected, got) in enumerate(zip(right["gradients"], seen["gradients"], strict=True)):
        finding = _gradients(exercise, case, expected, got, position)
        if finding is not None:
            return finding
    for expected, got in zip(right["between"], seen["between"], strict=True):
        for name, value in expected.items():
            if _off(exercise, value, got[name]):
                pair = say("expected {value}, yours {got}", value=number(value), got=_shown(got[name], value))
                symptom = "nothing between" if _is_lone(got[name]) and got[name] == 0 else "between"
                text = say(
                    "The leaves' gradients are right; {name}.grad, between leaves and result, is wrong: {pair}.",
                    name=name,
                    pair=pair,
                )
                return Finding("value", text, f"{name}.grad", BETWEEN, symptom=symptom)
    return None


def wrong_start(exercise: Exercise, start: dict[str, Any]) -> Finding | None:
    """Values that do not begin with the gradient 0."""
    for name, got in start.items():
        if _off(exercise, 0.0, got):
            text = say("A new Value has {got} in `.grad`, expected 0.0.", got=_shown(got))
            return Finding("value", text, f"{name}.grad", NOTHING_YET, symptom="start")
    return None


def changed_leaf(exercise: Exercise, sent: dict[str, float], seen: dict[str, Any]) -> Finding | None:
    """Leaves that have another number at the end."""
    for name, number_sent in sent.items():
        if _off(exercise, number_sent, seen[name]):
            text = say(
                "{name}.data was {number_sent} and is {seen} at the end.",
                name=name,
                number_sent=number(number_sent),
                seen=_shown(seen[name]),
            )
            cause = "An operation makes a new Value; the ones that it works on keep their numbers."
            return Finding("input changed", text, f"{name}.data", cause, symptom="data")
    return None


# ---------------------------------------------------------------------------------------------------------------------
# Whether the answer can be read
# ---------------------------------------------------------------------------------------------------------------------

# What a problem of each kind says about itself, beside its kind.
PROBLEMS: dict[str, dict[str, type]] = {
    "start": {"type": str},
    "attribute": {"name": str, "of": str},
    "missing": {"name": str, "graph": int, "step": int},
    "arguments": {"name": str, "graph": int, "step": int},
    "result": {"type": str, "graph": int, "step": int},
    "calls": {"graph": int, "step": int},
}


def _readable(seen: Any, case: Case) -> bool:
    """Whether the answer has the form that the probe gives it; another process may say anything."""
    if not isinstance(seen, dict) or "problem" not in seen:
        return False
    graphs, names = case.arguments["graphs"], case.arguments["leaves"].keys()
    if seen["problem"] is not None:
        return readable_problem(seen["problem"], graphs)
    results, after, between = seen.get("values"), seen.get("gradients"), seen.get("between")
    if not isinstance(results, list) or not isinstance(after, list) or not isinstance(between, list):
        return False
    if not len(results) == len(after) == len(between) == len(graphs):
        return False
    inside = [{step[0] for step in graph[:-1]} for graph in graphs]
    tables = [(table, names) for table in (seen.get("start"), seen.get("data"), *after)]
    tables += list(zip(between, inside, strict=True))
    return all(isinstance(table, dict) and table.keys() == keys for table, keys in tables)


def readable_problem(problem: Any, graphs: list[list[Any]]) -> bool:
    """Whether a problem is of a known kind, says what that kind says, and names a step that there is."""
    kind = problem.get("kind") if isinstance(problem, dict) else None
    if not isinstance(kind, str) or kind not in PROBLEMS:
        return False
    parts = PROBLEMS[kind]
    if any(type(problem.get(part)) is not wanted for part, wanted in parts.items()):
        return False
    if "graph" not in parts:
        return True
    return 0 <= problem["graph"] < len(graphs) and 0 <= problem["step"] < len(graphs[problem["graph"]])


# ---------------------------------------------------------------------------------------------------------------------
# Programs that do not run
# ---------------------------------------------------------------------------------------------------------------------


def stopped(case: Case, problem: dict[str, Any]) -> Finding:
    """What kept the programs of a case from running."""
    kind = problem["kind"]
    if kind == "start":
        text = say("A new Value has {problem} in `.grad`, expected 0.0.", problem=_kind(problem["type"]))
        return Finding("type", text, cause=NOTHING_YET, symptom="start")
    if kind == "attribute":
        text = say(
            "`{problem}.{problem_2}` does not exist; every Value has `.data` and `.grad`.",
            problem=problem["of"],
            problem_2=problem["name"],
        )
        return Finding("type", text, cause=text, symptom=f"no {problem['name']}")
    graph = case.arguments["graphs"][problem["graph"]]
    step = graph[problem["step"]]
    if kind == "calls":
        count = len(graph) + len(case.arguments["leaves"])
        text = say(
            "Your backward pass was stopped after {most_calls:,} calls; the graph has {count} values.",
            most_calls=MOST_CALLS,
            count=count,
        )
        cause = "How often does each value send its message? Once is enough, when all of its own have arrived."
        return Finding("value", text, cause=cause, symptom="calls")
    if kind == "arguments":
        name = f"{step[0] if problem['name'] == 'backward' else step[2]}.{problem['name']}()"
        text = say("`{name}` does not work: it is called without arguments.", name=name)
        cause = "Beside `self` the method takes nothing, or everything that it takes has a value to begin with."
        return Finding("type", text, cause=cause, symptom=f"arguments {problem['name']}")
    if kind == "result":
        text = say(
            "`{step_text}` gave {problem}, expected a new Value.",
            step_text=step_text(step),
            problem=_kind(problem["type"]),
        )
        cause = "Does this operation end in `return`, and does it return a Value and not its number?"
        return Finding("type", text, cause=cause, symptom=f"result {step[1]}")
    method = problem["name"]
    if method == "backward":
        text = "A Value has no `backward` yet."
        cause = "The results are there; `backward` is what fills in the gradients."
    else:
        text, cause = say("`{step_text}` does not work yet.", step_text=step_text(step)), missing_text(method)
    return Finding("not written", text, cause=cause, symptom=f"not written: {method}")


def missing_text(method: str) -> str:
    """What is said when a class lacks the method that a program needs."""
    signs = {name: sign for sign, (_, name) in OPERATORS.items()}
    bare = method.strip("_")
    if bare.startswith("r") and bare[1:] in signs:
        sign = signs[bare[1:]].replace("-", "−")
        return say(
            "For 2 {sign} a Python asks the number 2 first, which does not know your class, and then a, by "
            "the name `{method}`. Your class has no method of this name.",
            sign=sign,
            method=method,
        )
    if bare in signs or method == "__neg__":
        example = "−a" if method == "__neg__" else f"a {signs[bare].replace('-', '−')} b"
        return say(
            "For {example} Python calls a method named `{method}`. Your class has none.", example=example, method=method
        )
    return say("Your class has no method named `{method}`.", method=method)


# ---------------------------------------------------------------------------------------------------------------------
# Gradients
# ---------------------------------------------------------------------------------------------------------------------


def _gradients(
    exercise: Exercise, case: Case, expected: dict[str, float], got: dict[str, Any], position: int
) -> Finding | None:
    """The leaves' gradients after the program at this position."""
    wrong = {name: _off(exercise, value, got[name]) for name, value in expected.items()}
    if not any(wrong.values()):
        return None
    first = next(name for name, off in wrong.items() if off)
    finding = compare(expected[first], got[first], exercise, f"{first}.grad")
    if finding is None or finding.rung != "value":
        return finding
    results = [graph[-1][0] for graph in case.arguments["graphs"]]
    lead = say("The result is right") if len(results) == 1 else say("The results are right")
    when = say(" after `{results}.backward()`", results=results[position]) if len(results) > 1 else ""
    pair = say(
        "expected {expected}, yours {got}",
        expected=number(expected[first], got[first]),
        got=number(got[first], expected[first]),
    )
    text = say("{lead}; {first}.grad is wrong{when}: {pair}.", lead=lead, first=first, when=when, pair=pair)
    rest = [f"{name}.grad" for name, off in wrong.items() if not off]
    if rest:
        text += counted(" {rest} is right.", " {rest} are right.", len(rest), rest=listing(rest))
    symptom, cause = _symptom_and_cause(exercise, case, expected, got, position)
    table = _side_by_side(expected, got, wrong) if len(expected) > 1 else None
    return Finding("value", text, f"{first}.grad", cause, table, symptom, expected[first], got[first])


def _side_by_side(expected: dict[str, float], got: dict[str, Any], wrong: dict[str, bool]) -> Table:
    """One column for a leaf."""
    return Table(
        columns=tuple(f"{name}.grad" for name in expected),
        expected=tuple(
            number(value, got[name] if wrong[name] and _is_lone(got[name]) else None)
            for name, value in expected.items()
        ),
        got=tuple(_shown(got[name], value if wrong[name] else None) for name, value in expected.items()),
        first_wrong=list(wrong.values()).index(True),
        wrong=tuple(wrong.values()),
    )


def _symptom_and_cause(
    exercise: Exercise, case: Case, expected: dict[str, float], got: dict[str, Any], position: int
) -> tuple[str, str | None]:
    """What the numbers say about the way they came, as a short label and in a sentence."""
    if all(_is_lone(value) and value == 0 for value in got.values()):
        return "", _nothing_arrived(len(case.arguments["graphs"][position]))
    if case.covers == programs.EQUAL:
        return "", (
            "u and v hold equal numbers here, and are two different values all the same. By what does your walk "
            "recognise a value that it has met before?"
        )
    wrong = {name: value for name, value in expected.items() if _off(exercise, value, got[name])}
    if case.covers == programs.CHAIN:
        above = case.arguments["leaves"]["k"]
        if not any(_off(exercise, value / above, got[name]) for name, value in wrong.items()):
            return "", (
                say(
                    "Here {above} arrives from above, and your message is what it would be if 1 arrived. Alone, the "
                    "operation would be right.",
                    above=number(above),
                )
            )
    if case.covers in LOOKS_AT_REUSE:
        direction = _direction(exercise, wrong, got)
        cause = _second_cause(direction, position) if case.covers == programs.SECOND else _reuse_cause(case)
        return f"{case.covers}: {direction}", cause
    return "", None


def _nothing_arrived(steps: int) -> str:
    if steps == 1:
        return (
            "Nothing has arrived at any leaf. Does this operation remember what it was made from, does `backward` give "
            "the result itself a gradient of 1, and does the result send it on?"
        )
    return (
        "Nothing has arrived at any leaf: somewhere on the way the walk ends. Does every operation here remember what "
        "it was made from?"
    )


def _direction(exercise: Exercise, wrong: dict[str, float], got: dict[str, Any]) -> str:
    """Whether the wrong gradients are too large or too small, as far as they are numbers."""
    sizes = set()
    for name, value in wrong.items():
        finding = compare(value, got[name], exercise)
        if finding is not None and finding.rung == "value":
            sizes.add("too large" if abs(float(got[name])) > abs(value) else "too small")
    return sizes.pop() if len(sizes) == 1 else "mixed"


def _second_cause(direction: str, position: int) -> str | None:
    """What is said of leaves that two graphs share; nothing where the first is wrong already."""
    if position == 0:
        return None
    if direction == "too large":
        return (
            "What the second graph sends comes on top of what the leaves have from the first. More than that has "
            "arrived: does anything send more than once, or something of the first graph once more?"
        )
    return "The second graph is fresh, but its leaves are old: what it sends them comes on top of what they have."


def _reuse_cause(case: Case) -> str:
    steps = case.arguments["graphs"][0]
    uses = Counter(name for _, _, *operands in steps for name in operands if isinstance(name, str))
    shared = [name for name, count in uses.items() if count > 1] if len(uses) < 8 else [say("every value")]
    used = counted(
        "In this program {shared} is used more than once.",
        "In this program {shared} are used more than once.",
        max(1, len(shared)),
        shared=listing(shared),
    )
    return sentences(
        used,
        "Draw it, and write on every arrow the message that your code sends along it: does each value wait for all of "
        "its messages, add them up, and then send once?",
    )


# ---------------------------------------------------------------------------------------------------------------------
# Single numbers
# ---------------------------------------------------------------------------------------------------------------------


def _kind(type_name: str) -> str:
    if type_name == "NoneType":
        return "None"
    return f"{'an' if type_name[:1] in 'aeiou' else 'a'} {type_name}"


def _off(exercise: Exercise, expected: float, got: Any) -> bool:
    return compare(expected, got, exercise, "value") is not None


def _is_lone(value: Any) -> bool:
    """Whether a value is one number of which a float can be made."""
    if type(value) is int:
        return value.bit_length() < 1024
    return type(value) is float or (
        isinstance(value, np.generic | np.ndarray) and value.ndim == 0 and value.dtype.kind in "iuf"
    )


def _shown(value: Any, beside: Any = None) -> str:
    try:
        return number(float(value), beside)
    except (TypeError, ValueError, OverflowError):
        return in_words(value)
