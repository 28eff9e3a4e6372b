"""Judging folds: any order may be right, so properties are judged, and the generator that it comes from.

What is wrong is a *symptom*, whose sentence stands here once.
"""

import itertools
from typing import Any

import numpy as np

from nnkit.exercises.beside import wire
from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.finding import Finding
from nnkit.exercises.judge.wording import in_words, listing, plural
from nnkit.languages import counted, say

CALLS = 4  # that the probe makes
ORDER_SHOWS = 12  # among fewer indices an honest shuffle may look as if it were none

HANDED_OUT = ("generator", "zip", "map", "filter", "islice", "chain", "enumerate", "list_iterator")  # once only

SENTENCES = {
    "masks": (
        "Your folds are arrays of True and False. Asked for are the indices themselves: which places of such an array "
        "are True?"
    ),
    "handed out": (
        "What comes back hands its folds out one after the other, and only once: it has no `len`, and whoever goes "
        "through it a second time finds nothing. Asked for is a list."
    ),
    "no pair": "Each fold is a pair: the indices to train with, and those to validate with.",
    "list of parts": (
        "The indices to train with are several arrays beside each other. Asked for is one array; what puts them "
        "together?"
    ),
    "parts alone": (
        "Yours are k arrays of indices, the parts. A fold is a pair: one part to validate with, and all the others "
        "together to train with."
    ),
    "one fold": "Only one fold came back. Does a `return` stand inside the loop? There are k folds.",
    "number of folds": "There are to be k folds, one for each part.",
    "swapped": "Each fold begins with the indices to validate with. Training comes first, then validation.",
    "out of range": "The indices of n samples go from 0 to n − 1.",
    "training is everything": (
        "The indices to train with are all n, those of the validation included. A model would be judged on what it has "
        "learned from: what is to be left out?"
    ),
    "in both": "Some indices stand in a fold's training *and* in its validation. No sample may be in both.",
    "in neither": (
        "Some indices of a fold stand neither in its training nor in its validation. What does not validate in a fold "
        "trains in it."
    ),
    "places": (
        "The training leaves out other indices than those that validate: the numbers of the *places* at which these "
        "stand. Which indices stand there?"
    ),
    "later parts": (
        "Only the parts behind the validation are there to train with; what has validated once never comes back. All "
        "other parts are to be there, those before it, too."
    ),
    "earlier parts": (
        "Only the parts before the validation are there to train with. All other parts are to be, those after it, too."
    ),
    "one part trains": "One part only is there to train with. All parts but the one for validation are to be.",
    "twice": "An index stands in a fold's training, or in its validation, more than once.",
    "drawn anew": (
        "Some indices validate in several folds and others in none. Is something drawn anew for each fold? The folds "
        "are parts of *one* order."
    ),
    "same pair": (
        "All k pairs hold the same indices. Is it one list, filled anew in each round and put in k times, or one part "
        "that validates in every round? Each fold is a pair of its own, with a part of its own."
    ),
    "remainder missing": (
        "The indices that are left when n is divided by k never validate. Which parts can take one more?"
    ),
    "never": "Some indices never validate. Each of the n is to be in one validation part.",
    "remainder in one": (
        "One part takes all that is left when n is divided by k. The sizes are to differ by 1 at most: how many parts "
        "take one more?"
    ),
    "rounded up": (
        "Each part takes n / k indices, rounded up, as long as there are any, and too few are left for the last one. "
        "How many parts take one more than the others?"
    ),
    "sizes": (
        "The sizes of the validation parts are to differ by 1 at most. Where each index draws its part by itself, the "
        "sizes are left to chance; parts that are cut from one shuffled order are as long as you make them."
    ),
    "k in a part": "Yours has parts of k indices. k is how many parts there are, not how many indices are in one.",
    "not shuffled": (
        "The parts are cut from 0, 1, 2, … as they stand. Data are often sorted, and a part would then be all of one "
        "class. Which method of `rng` gives a random order of all of them, before anything is cut?"
    ),
    "parts of neighbours": (
        "Each part holds neighbours, or every k-th index. It is the order of all indices that has to be random, before "
        "it is cut."
    ),
    "another source": (
        "Twice the same seed gives different folds, so they do not come from `rng` alone. Which generator does your "
        "function ask?"
    ),
    "same folds again": (
        "The folds are the same for every seed: they do not come from `rng`. A generator made inside of the function "
        "begins anew with every call."
    ),
    "same for one seed": (
        "A second call with the same `rng` gives the folds of the first, though another seed gives others. Is `rng` "
        "itself asked, or a copy?"
    ),
}


def judge(exercise: Exercise, case: Case, answer: Answer) -> Finding | None:
    """What is wrong with the folds of one case, or None."""
    n, k = int(case.arguments["n"]), int(case.arguments["k"])
    found: list[list[tuple[list[int], list[int]]]] = []
    if not isinstance(answer.returned, list) or len(answer.returned) != CALLS:
        text = say(
            "What came back is {returned}, expected what {calls} calls gave.",
            returned=in_words(answer.returned),
            calls=CALLS,
        )
        return Finding("type", text, cause=text, symptom="no calls")
    for returned in answer.returned:
        folds = _read(returned, n, k)
        if isinstance(folds, Finding):
            return folds
        finding = _sets(folds, n, k)
        if finding is not None:
            return finding
        found.append(folds)
    return _shuffling(found, n, k) if n >= ORDER_SHOWS else None


def _found(symptom: str, text: str, rung: str = "value") -> Finding:
    return Finding(rung, text, cause=SENTENCES[symptom], symptom=symptom)


def _read(returned: Any, n: int, k: int) -> list[tuple[list[int], list[int]]] | Finding:
    """The folds as pairs of lists, or what is wrong with their form."""
    if returned is None:
        text = say("Your function returned None, expected a list of {k} pairs. Is there a `return` at its end?", k=k)
        return Finding("returned nothing", text, cause=text, symptom="nothing")
    if isinstance(returned, np.ndarray) and returned.ndim:
        returned = list(returned)
    if not isinstance(returned, list | tuple):
        text = say(
            "Your function returned {returned}, expected a list of {k} pairs (training, validation).",
            returned=in_words(returned),
            k=k,
        )
        if isinstance(returned, wire.Opaque) and returned.type_name in HANDED_OUT:
            return _found("handed out", text, "type")
        return Finding("type", text, cause=SENTENCES["no pair"], symptom="no list")
    if len(returned) == k != 2 and all(_numbers(part) is not None for part in returned):
        return _found(
            "parts alone",
            say("Your function returned {returned}, each one array of indices.", returned=in_words(returned)),
            "type",
        )
    if len(returned) == 2 != k and all(isinstance(p, np.ndarray) and p.ndim == 1 and len(p) != 2 for p in returned):
        return _found("one fold", say("One pair of arrays came back, expected a list of {k} pairs.", k=k), "type")
    folds = []
    for number, fold in enumerate(returned):
        if not isinstance(fold, list | tuple | np.ndarray) or np.ndim(fold[:0]) != 1 or len(fold) != 2:
            return _found(
                "no pair",
                say("Fold {number} is {fold}, expected (training, validation).", number=number, fold=in_words(fold)),
                "type",
            )
        for part, name in zip(fold, ("training", "validation"), strict=True):
            if isinstance(part, np.ndarray) and part.dtype.kind == "b":
                text = say(
                    "The {name} of fold {number} holds True and False, expected indices.", name=name, number=number
                )
                return _found("masks", text, "dtype")
        pair = [_numbers(part) for part in fold]
        for part, whole, name in zip(pair, fold, ("training", "validation"), strict=True):
            if part is None:
                text = say(
                    "The {name} of fold {number} is {whole}, expected an array of indices.",
                    name=name,
                    number=number,
                    whole=in_words(whole),
                )
                if isinstance(whole, list | tuple) and all(_numbers(inner) is not None for inner in whole):
                    return _found("list of parts", text, "type")
                return Finding("type", text, cause="Indices are whole numbers, in one array.", symptom="no indices")
        folds.append((pair[0] or [], pair[1] or []))
    return folds


def _numbers(part: Any) -> list[int] | None:
    """Indices as a list; None where there are none, or others than whole numbers in one row."""
    if part is None or isinstance(part, wire.Opaque | str | dict):
        return None
    try:
        array = np.asarray(part)
    except ValueError:
        return None
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
        return None
    return [int(index) for index in array]


def _sets(folds: list[tuple[list[int], list[int]]], n: int, k: int) -> Finding | None:
    """Whether each index validates once, in parts of about equal sizes, and trains in all other folds."""
    sizes = [len(validation) for _, validation in folds]
    said = f"n = {n}, k = {k}: "
    outside = [index for fold in folds for part in fold for index in part if not 0 <= index < n]
    if outside:
        return _found(
            "out of range",
            say(
                "{said}{outside} is no index of {samples}.", said=said, outside=outside[0], samples=plural(n, "sample")
            ).replace("-", "−"),
        )
    if len(folds) != k:
        text = say("{said}{folds} came back, expected {k}.", said=said, folds=plural(len(folds), "fold"), k=k)
        if len(folds) == -(-n // k) and sizes[0] == k:
            return _found("k in a part", text, "shape")
        return _found("one fold" if len(folds) == 1 else "number of folds", text, "shape")
    turned = k > 2 and all(n // k <= len(training) <= n // k + 1 < len(rest) + 1 for training, rest in folds)
    if turned and all(sorted(training + rest) == list(range(n)) for training, rest in folds):
        text = say(
            "{said}fold 0 trains with {folds_count} and validates with {folds_count_2}.",
            said=said,
            folds_count=len(folds[0][0]),
            folds_count_2=len(folds[0][1]),
        )
        return _found("swapped", text)
    for number, (training, validation) in enumerate(folds):
        finding = _one_fold(folds, number, training, validation, n, said)
        if finding is not None:
            return finding
    if k > 1 and all(sorted(part) == sorted(folds[0][1]) for _, part in folds):
        return _found(
            "same pair", say("{said}{folds}, and all with the same indices.", said=said, folds=plural(k, "fold"))
        )
    counts = np.bincount([index for _, part in folds for index in part], minlength=n)
    if (counts != 1).any():
        never = [int(index) for index in np.flatnonzero(counts == 0)]
        often = [int(index) for index in np.flatnonzero(counts > 1)]
        texts = []
        if often:
            texts.append(
                counted(
                    "{count} index validates more than once, {example}",
                    "{count} indices validate more than once, {example} for one",
                    len(often),
                    example=often[0],
                )
            )
        if never:
            texts.append(
                counted(
                    "{count} index never validates, {example}",
                    "{count} indices never validate, {example} for one",
                    len(never),
                    example=never[0],
                )
            )
        text = say("{said}{texts}.", said=said, texts=listing(texts))
        if often:
            return _found("drawn anew", text)
        return _found("remainder missing" if len(never) == n % k else "never", text)
    if max(sizes) - min(sizes) > 1:
        text = say("{said}the validation parts have the sizes {sizes}.", said=said, sizes=listing(map(str, sizes)))
        rest = sorted(sizes)[-1] == n // k + n % k and len(set(sorted(sizes)[:-1])) == 1
        most = -(-n // k)
        up = sizes == [min(most, max(0, n - most * place)) for place in range(k)]
        return _found("remainder in one" if rest else "rounded up" if up else "sizes", text)
    return None


def _one_fold(
    folds: list[Any], number: int, training: list[int], validation: list[int], n: int, said: str
) -> Finding | None:
    """Whether training and validation of one fold are all indices, each once."""
    both = set(training) & set(validation)
    text = say(
        "{said}fold {number} trains with {indices} and validates with {validating}",
        said=said,
        number=number,
        indices=plural(len(training), "index", "indices"),
        validating=len(validation),
    )
    if len(set(training)) < len(training) or len(set(validation)) < len(validation):
        return _found("twice", say("{text}, one of them more than once.", text=text))
    if both:
        if _leaves_out_places(folds, n):
            return _found(
                "places",
                say(
                    "{text}; {indices_are} in both.",
                    text=text,
                    indices_are=plural(len(both), "index is", "indices are"),
                ),
            )
        text += say("; {indices_are} in both.", indices_are=plural(len(both), "index is", "indices are"))
        return _found("training is everything" if len(training) == n else "in both", text)
    if len(training) + len(validation) < n:
        every = {index for _, part in folds for index in part}
        left = n - len(training) - len(validation)
        text += counted("; {count} is in neither.", "; {count} are in neither.", left)
        if len(every) < n and set(training) | set(validation) == every:
            return _found("remainder missing" if n - len(every) == n % len(folds) else "never", text)
        earlier = all(set(a) == {i for _, p in folds[:place] for i in p} for place, (a, _) in enumerate(folds))
        later = all(set(a) == {i for _, p in folds[place + 1 :] for i in p} for place, (a, _) in enumerate(folds))
        if later:
            return _found("later parts", text)
        single = len(folds) > 2 and all(any(set(a) == set(part) for _, part in folds) for a, _ in folds)
        return _found("earlier parts" if earlier else "one part trains" if single else "in neither", text)
    return None


def _leaves_out_places(folds: list[Any], n: int) -> bool:
    """Whether each training is all but the places of a part in the order: neighbours, or every k-th one."""
    starts = [0, *itertools.accumulate(len(validation) for _, validation in folds)]
    missing = [sorted(set(range(n)).difference(training)) for training, _ in folds]
    neighbours = [list(range(a, b)) for a, b in itertools.pairwise(starts)]
    return missing in (neighbours, [list(range(place, n, len(folds))) for place in range(len(folds))])


def _shuffling(found: list[list[tuple[list[int], list[int]]]], n: int, k: int) -> Finding | None:
    """Whether the parts are random, and come from the generator."""
    first, again, following, other = ([tuple(sorted(part)) for _, part in folds] for folds in found)
    shown = ", ".join(map(str, found[0][0][1][:6]))
    text = say(
        "n = {n}, k = {k}: the first part to validate with is {shown}{which}",
        n=n,
        k=k,
        shown=shown,
        which=", …" if len(first[0]) > 6 else "",
    )
    stop = "" if text.endswith("…") else "."
    ends = [0, *itertools.accumulate(len(part) for part in first)]
    if first == [tuple(range(a, b)) for a, b in itertools.pairwise(ends)] and len(first[0]) > 1:
        cut = all(list(part) == sorted(part) for _, part in found[0])
        return _found("not shuffled" if cut else "parts of neighbours", text + stop)
    regular = all(len(set(np.diff(part))) <= 1 for part in first)
    if regular and len(first[0]) > 2:
        return _found("parts of neighbours", text + stop)
    if first != again:
        return _found("another source", say("{text}, and with the same seed again another one.", text=text))
    if first in (following, other):
        return _found(
            "same folds again" if first == other else "same for one seed", say("{text}, every time.", text=text)
        )
    return None
