"""The verdict on an answer: what came back from beside the student's code, judged and put into words.

`verdict_on` is where right answers are known: the notebooks' check, grading and the tests of soundness all call it with
the cases that were drawn and the `Sitting` that came back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np

from nnkit.exercises.beside.states import ANSWERED, NOT_CALLABLE, OUT_OF_TIME, STUCK, UNDEFINED
from nnkit.exercises.beside.wire import Opaque
from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.judge.answer import Sitting
from nnkit.exercises.judge.finding import Finding, Table
from nnkit.exercises.judge.judged import Judged
from nnkit.exercises.judge.ladder import finding_in, grouped_names, in_a_row, judge_case, right_answer
from nnkit.exercises.judge.observe import observe
from nnkit.exercises.judge.recognise import holds_beyond, in_another_order, recognise, recognise_in_part
from nnkit.exercises.judge.wording import arguments_text, error_size, in_words, listing, plural
from nnkit.exercises.terms import BLOCKED, CRASHED, NOT_ATTEMPTED, PASSED, TIMED_OUT, WRONG
from nnkit.languages import as_message, begun_otherwise, counted, joined, say, sentences, shortened

ROUNDING = 1e-12  # errors of this size differ between machines and say nothing
WORTH_SAYING = 0.01  # a larger one is allowed where an answer need not be exact, and says as little
WITHHELD = "Withheld"  # the error that stands in the place of a function which is the answer itself
WITHHELD_KIND = "withheld"  # the kind of an answer that calls one
LONGEST = 2000  # letters of a message; the longest honest one has less than half of them
# How a finding begins that is about something else, and how where that is so in some cases only.
ALL_RIGHT, RIGHT_HERE = "The values are right", "The values are right here"


@dataclass(frozen=True)
class Verdict:
    """What is to be said about an answer; a `Report` adds whose it is and how it was drawn.

    Parameters
    ----------
    status : str
        One of `terms.STATUSES`.
    message : str
        What the reader is told after the verdict, in sentences.
    cause : str or None
        The diagnosis: a known mistake's sentence, or what the failing rung says. None for a plain difference of values.
    case : str
        The smallest failing case in words, "" when none failed.
    table : Table or None
        Expected and got side by side, for arrays.
    advice : str
        What to try next; may be empty.
    notes : tuple[str, ...]
        Warnings raised and text printed by the student's code.
    words : str
        The verdict in words where they are others than its status has, such as "not counted".
    cases : int
        How many cases were drawn.
    explained : bool
        Whether the cause is that of a known mistake, which says more than where the answer goes wrong.
    only_warned : bool
        Whether all values are right, and a warning on the way to them is all that is wrong.
    unjudged : bool
        Whether it is the check that failed, and a person has to judge.
    mistake : str
        The label of the declared mistake whose sentence is the cause, "" where there is none. For the tables of
        instructors; no reader of a report is shown it.
    kind : str
        What kind of thing is wrong, in a word or two that are equal for equal things: the rung of the ladder, and of an
        error its name. For the same tables.
    """

    status: str
    message: str
    cause: str | None = None
    case: str = ""
    table: Table | None = None
    advice: str = ""
    notes: tuple[str, ...] = ()
    words: str = ""
    cases: int = 0
    explained: bool = False
    only_warned: bool = False
    unjudged: bool = False
    mistake: str = ""
    kind: str = ""

    @property
    def failed(self) -> bool:
        """Whether something is wrong with the answer, which no missing answer and no passing one is."""
        return self.status in (WRONG, CRASHED, TIMED_OUT)


def saying(status: str, message: str, words: str = "") -> Verdict:
    """A verdict whose message is its cause."""
    return Verdict(status, message, cause=message, words=words)


def verdict_on(exercise: Exercise, cases: list[Case], sitting: Sitting, limit: float) -> Verdict:
    """The verdict on the answers to some cases.

    Parameters
    ----------
    exercise, cases
        What was asked.
    sitting : Sitting
        What came back.
    limit : float
        How many seconds the answer was given.
    """
    return replace(_of_bounded_length(_verdict(exercise, cases, sitting, limit)), cases=len(cases))


def waiting_for(name: str, cases: int) -> Verdict:
    """The verdict on an answer that calls another exercise's function whose own check fails."""
    message = say(
        "It calls your {name}, whose own check does not pass yet, so nothing can be said about this one. "
        'Mend {name} first: `check("{name}")` says what is wrong with it.',
        name=name,
    )
    return replace(saying(BLOCKED, message), cases=cases)


# ---------------------------------------------------------------------------------------------------------------------
# Inside
# ---------------------------------------------------------------------------------------------------------------------


def _of_bounded_length(verdict: Verdict) -> Verdict:
    """The same, with nothing in it longer than what a reader reads: texts of a student's may be of any length."""
    table = verdict.table
    if table is not None:
        columns, expected, got = (
            tuple(shortened(cell, 40) for cell in cells) for cells in (table.columns, table.expected, table.got)
        )
        table = replace(table, columns=columns, expected=expected, got=got)
    return replace(
        verdict,
        message=shortened(verdict.message, LONGEST),
        cause=None if verdict.cause is None else shortened(verdict.cause, LONGEST),
        case=shortened(verdict.case, 1000),
        notes=tuple(shortened(note, 1000) for note in verdict.notes),
        table=table,
    )


def _verdict(exercise: Exercise, cases: list[Case], sitting: Sitting, limit: float) -> Verdict:
    without_judging = _nothing_to_judge(exercise, sitting)
    if without_judging is not None:
        return without_judging
    if sitting.state != ANSWERED:
        return replace(_out_of_time(cases, sitting, limit), notes=_notes(sitting))
    judged = Judged.of(exercise, cases, sitting)
    printed_only = bool(judged.failing) and judged.shown_finding.rung == "returned nothing"
    notes = (*_warnings(judged), *_notes(sitting, printed_only))
    if not judged.failing:
        return Verdict(PASSED, _passed_message(judged), notes=notes)
    return replace(_wrong(judged), notes=notes)


def _nothing_to_judge(exercise: Exercise, sitting: Sitting) -> Verdict | None:
    """The verdict where no answer was given, or one that is not the student's own."""
    name = exercise.student_name
    nudge = say('`hint("{name}")` gives a first nudge.', name=exercise.name)
    if sitting.state == UNDEFINED:
        there = say(
            "There is no {name} here yet. Write it in the cell above, run that cell, then run this one again.",
            name=name,
        )
        return saying(NOT_ATTEMPTED, sentences(there, nudge))
    if sitting.state == NOT_CALLABLE:
        message = say(
            "{name} is {what} here, expected `{signature}`. Was the name used for something else? Run the cell that "
            "defines it again.",
            name=name,
            what=in_words(Opaque(sitting.type_name)),
            signature=exercise.signature,
        )
        return replace(saying(WRONG, message), kind="type")
    if sitting.answers and all(answer.raised is not None and answer.raised.stub for answer in sitting.answers):
        stub = say("Replace the line `raise NotImplementedError` in the cell above, run it, then run this one again.")
        return saying(NOT_ATTEMPTED, sentences(stub, nudge))
    delegated = sitting.delegated or _missed(sitting)
    if delegated:
        message = say(
            "Your answer calls {called}, which is the answer itself. Write it with plain Python and NumPy; compare "
            "with the library afterwards as often as you like.",
            called=listing(joined(["`", dotted, "`"], "") for dotted in delegated),
        )
        return replace(saying(WRONG, message, say("not counted")), kind=WITHHELD_KIND)
    measuring = [called for called in sitting.called if called in exercise.withheld]
    if measuring:
        message = say(
            "Your answer calls your own `{called}`. That one is for trying this answer out; here the formula itself is "
            "asked for.",
            called=measuring[0],
        )
        return replace(saying(WRONG, message, say("not counted")), kind=WITHHELD_KIND)
    return None


def _missed(sitting: Sitting) -> tuple[str, ...]:
    """The withheld functions that an answer has called where they are not there: the error names each."""
    texts = (a.raised.text for a in sitting.answers if a.raised is not None and a.raised.type == WITHHELD)
    return tuple(dict.fromkeys(text.partition(":")[0].strip() or say("a withheld function") for text in texts))


def _wrong(judged: Judged) -> Verdict:
    exercise, cases = judged.exercise, judged.cases
    case, finding = cases[judged.shown], judged.shown_finding
    known = recognise(judged)
    cause: str | None
    advice, more, label = "", [], ""
    if known is not None:
        mistake, output = known
        label = mistake.label
        if output and finding.output != output:
            alone = [(c, finding_in(exercise, c, a, output)) for c, a in zip(cases, judged.answers, strict=True)]
            case, finding = min(((c, f) for c, f in alone if f is not None), key=lambda pair: pair[0].size)
        cause = mistake.sentence
    else:
        by_value = finding.rung == "value" and exercise.judge is None
        observed = observe(judged.findings, finding.output) if by_value else ""
        how_many = len(judged.failing) < len(cases) and finding.rung in ("value", "raised", "not finite", "not written")
        more = [observed, _how_many_are_right(judged) if how_many else ""]
        cause = _cause(judged)
        label = _label_of(exercise, cause)
        if cause is None:
            advice = _advice(exercise, case, observed)
    message = sentences(
        _of_this_case(judged, finding), _what_is_right(judged, finding), *more, _wrong_too(judged, finding)
    )
    crashed = finding.rung == "raised"
    unfinished = finding.rung == "not written" or (crashed and finding.symptom == "not written")
    return Verdict(
        CRASHED if crashed else WRONG,
        message,
        cause=cause,
        case=_in_words(case),
        table=finding.table,
        advice=advice,
        words=say("not finished") if unfinished else "",
        explained=known is not None,
        only_warned=all(finding.rung == "warned" for _, finding in judged.failing),
        mistake=label,
        kind=_kind(finding),
    )


def _wrong_too(judged: Judged, finding: Finding) -> str:
    """Which value is wrong besides, where it is told that an argument was changed."""
    values = [case for case, other in judged.failing if other.rung == "value" and finding.rung == "input changed"]
    return (
        say("A value is wrong, too: for {case}.", case=_in_words(min(values, key=lambda case: case.size)))
        if values
        else ""
    )


def _label_of(exercise: Exercise, cause: str | None) -> str:
    """The label of the declared mistake that is told; "" for what no mistake says, or more than one."""
    labels = [mistake.label for mistake in exercise.mistakes if mistake.sentence == cause]
    return labels[0] if len(labels) == 1 else ""


def _kind(finding: Finding) -> str:
    """The rung, and with it the name of an error, or what a judge of properties calls the thing that is wrong."""
    return f"{finding.rung}: {finding.symptom}" if finding.symptom not in ("", finding.rung) else finding.rung


def _of_this_case(judged: Judged, finding: Finding) -> str:
    """A finding's text; "The values are right" becomes "The values are right here" where others are not."""
    if finding.text.startswith(ALL_RIGHT) and not all(f.text.startswith(ALL_RIGHT) for _, f in judged.failing):
        return begun_otherwise(finding.text, ALL_RIGHT, RIGHT_HERE)
    return finding.text


def _cause(judged: Judged) -> str | None:
    """What is told of answers that are not, as a whole, those of a declared mistake."""
    exercise, finding = judged.exercise, judged.shown_finding
    order = in_another_order(judged)
    if order:
        yours, wanted = (", ".join(grouped_names(exercise, names)) for names in (order, exercise.results))
        return say(
            "All numbers are right, in another order: yours come as {yours}; expected are {wanted}.",
            yours=yours,
            wanted=wanted,
        )
    part = recognise_in_part(judged)
    if part is not None:
        return part.sentence
    if exercise.judge is None or finding.cause is None or finding.certain or holds_beyond(judged, finding.cause):
        return finding.cause
    return None


def _what_is_right(judged: Judged, finding: Finding) -> str:
    """ "dx and db are right." of results that are right in all cases, "dx is right here." of others."""
    always = [name for name in finding.right if all(name in other.right for _, other in judged.failing)]
    here = [name for name in finding.right if name not in always]
    texts = []
    if always:
        texts.append(counted("{names} is right", "{names} are right", len(always), names=listing(always)))
    if here:
        texts.append(counted("{names} is right here", "{names} are right here", len(here), names=listing(here)))
    return say("{statements}.", statements=joined(texts)) if texts else ""


def _advice(exercise: Exercise, case: Case, observed: str) -> str:
    """What to do where no cause is known: nobody can work a case by hand whose numbers are not shown."""
    if observed:
        return say(
            'Which part of your function could do that? `hint("{name}")` may help.',
            name=exercise.name,
        )
    if _shows_its_numbers(case):
        return say(
            'No mistake that we know gives these values. Work the case above by hand, or ask `hint("{name}")`.',
            name=exercise.name,
        )
    return say('No mistake that we know gives these values. `hint("{name}")` may help.', name=exercise.name)


def _shows_its_numbers(case: Case) -> bool:
    """Whether the words for a case hold as many numbers as its arrays."""
    arrays = [value for value in case.arguments.values() if isinstance(value, np.ndarray)]
    words = re.sub(r"shape \([^)]*\)", "", _in_words(case))
    return len(re.findall(r"\d+(?:\.\d+)?", words)) >= sum(array.size for array in arrays)


def _how_many_are_right(judged: Judged) -> str:
    """ "3 of 7 cases are right: “vectors”, “matrices”." or, where that is shorter, what the others are about."""
    cases, passing = judged.cases, len(judged.cases) - len(judged.failing)
    wrong = list(dict.fromkeys(case.covers for case, _ in judged.failing))
    right = [covers for covers in dict.fromkeys(case.covers for case in cases) if covers not in wrong]
    lead = counted("{count} of {all} cases is right", "{count} of {all} cases are right", passing, all=len(cases))
    if not right:
        return say("{lead}.", lead=lead)
    # Of some kinds one case may be right and another not.
    whole = passing == sum(case.covers in right for case in cases)
    if len(right) > max(4, len(wrong)):
        return say("{lead}; not yet: {kinds}.", lead=lead, kinds=_quoted_kinds(wrong))
    called = _quoted_kinds(right)
    if whole:
        return say("{lead}: {kinds}.", lead=lead, kinds=called)
    return say("{lead}, among them all of {kinds}.", lead=lead, kinds=called)


def _quoted_kinds(kinds: list[str]) -> str:
    """In quotation marks: they are what kinds of cases are called, and "numbers" is not every number."""
    return joined(say("“{kind}”", kind=as_message(kind)) for kind in kinds)


def _passed_message(judged: Judged) -> str:
    covered = joined(as_message(covers) for covers in dict.fromkeys(case.covers for case in judged.cases))
    message = say("{cases}: {covered}.", cases=plural(len(judged.cases), "case"), covered=covered)
    if judged.exercise.judge is None:
        error = _largest_error(judged)
        if error is not None and ROUNDING < error < WORTH_SAYING:
            return sentences(message, say("Largest error below {size}.", size=error_size(error)))
    return message


def _largest_error(judged: Judged) -> float | None:
    """The largest difference, relative to the largest value beside it or to 1; None where answers are not numbers."""
    exercise, largest = judged.exercise, 0.0
    for case, answer in zip(judged.cases, judged.answers, strict=True):
        version = next(v for v in exercise.versions if judge_case(v, case, answer) is None)
        expected = right_answer(version, case)
        rows = (in_a_row(exercise, entry) for entry in (expected, answer.returned))
        for right, got in zip(*rows, strict=True):
            try:
                right, got = np.asarray(right, dtype=float), np.asarray(got, dtype=float)
            except (TypeError, ValueError):
                return None
            both = np.isfinite(right) & np.isfinite(got)
            if both.any():
                scale = max(1.0, float(np.max(np.abs(right[both]))))
                largest = max(largest, float(np.max(np.abs(right - got)[both])) / scale)
    return largest


def _out_of_time(cases: list[Case], sitting: Sitting, limit: float) -> Verdict:
    text = as_message(_in_words(cases[min(len(sitting.answers), len(cases) - 1)]))
    one = 1 if limit == 1 else 2  # 0.5 seconds are several
    known = {"limit": limit, "case": text, "line": sitting.line}
    if sitting.line:
        message = counted(
            "It had not returned after {limit:g} second; it was working on {case}, in your line `{line}`.",
            "It had not returned after {limit:g} seconds; it was working on {case}, in your line `{line}`.",
            one,
            **known,
        )
    else:
        message = counted(
            "It had not returned after {limit:g} second; it was working on {case}.",
            "It had not returned after {limit:g} seconds; it was working on {case}.",
            one,
            **known,
        )
    done = len(sitting.answers)
    if sitting.state == STUCK:
        why = say(
            "It is inside one long call that nothing can interrupt, and is still running: restart the kernel (menu "
            "Kernel, Restart) before you go on."
        )
    elif done:
        why = say(
            "{cases} before it came back. So something has no end for these inputs only, or takes far longer the more "
            "there is to do: is the same work done again and again?",
            cases=plural(done, "case"),
        )
    else:
        why = say("Is there a loop whose condition never changes, or a recursion without an end?")
    words = counted("stopped after {limit:g} second", "stopped after {limit:g} seconds", one, limit=limit)
    return replace(saying(TIMED_OUT, sentences(message, why), words), case=text)


def _in_words(case: Case) -> str:
    return case.text or arguments_text(case.arguments)


def _warnings(judged: Judged) -> tuple[str, ...]:
    """What Python or NumPy warned of, and whether it may have to do with what is wrong."""
    notes = []
    findings = judged.findings
    said = any(finding is not None and finding.rung == "warned" for finding in findings)  # the finding says it
    there: list[str] = []
    elsewhere: list[str] = []
    for answer, finding in zip(judged.answers, findings, strict=True):
        elsewhere += answer.remarked
        (elsewhere if finding is None else there).extend(answer.warned)
    numeric = there + [text for text in elsewhere if any(text in answer.warned for answer in judged.answers)]
    if said:
        pass
    elif judged.exercise.quiet and numeric:
        notes.append(say("Your code raised a warning, which counts here: {warnings}.", warnings=_texts(numeric)))
    elif there and _may_begin_with_a_warning(judged):
        notes.append(
            say(
                "Your code raised a warning in a case that is not right; it may say where the error begins: "
                "{warnings}.",
                warnings=_texts(there),
            )
        )
    elif there:
        notes.append(
            say(
                "Your code raised a warning in a case that is not right: {warnings}. Others are wrong without one.",
                warnings=_texts(there),
            )
        )
    elif elsewhere:
        notes.append(
            say("Your code raised a warning, which does not count against it: {warnings}.", warnings=_texts(elsewhere))
        )
    return tuple(notes)


def _may_begin_with_a_warning(judged: Judged) -> bool:
    """Whether every case that is wrong warned, or one that did came to a number that is none, or to an error.

    Where a case is wrong without a warning, what is wrong there is there in the others too; an overflow in a function
    that somebody may call as it is (a plain sigmoid, far out) has nothing to do with it.
    """
    failing = [(answer, f) for answer, f in zip(judged.answers, judged.findings, strict=True) if f is not None]
    warned = [finding.rung for answer, finding in failing if answer.warned]
    return len(warned) == len(failing) or not {"not finite", "raised"}.isdisjoint(warned)


def _texts(warned: list[str]) -> str:
    return "; ".join(text.rstrip(". ") for text in list(dict.fromkeys(warned))[:3])


def _notes(sitting: Sitting, printed_only: bool = False) -> tuple[str, ...]:
    """What the answer printed, and what the kernel cannot do; where nothing was returned, what printing is not."""
    notes = []
    printed = sitting.printed.strip().splitlines()
    if printed and printed_only:
        notes.append(
            say(
                "What it printed is not what it returned. The first line: {line}. Printing shows a value to the "
                "reader, `return` gives it to the caller.",
                line=printed[0][:100],
            )
        )
    elif printed:
        notes.append(
            say(
                "While it was checked, your code printed {lines}; the first: {line}",
                lines=plural(len(printed), "line"),
                line=printed[0][:100],
            )
        )
    if not sitting.limited and sitting.state == OUT_OF_TIME:
        notes.append(
            say(
                "It went on long after its time was over: this kernel cannot interrupt one call of compiled code. If a "
                "check hangs, restart the kernel."
            )
        )
    elif not sitting.limited:
        notes.append(say("This kernel cannot stop an endless loop; if a check hangs, restart the kernel."))
    return tuple(notes)
