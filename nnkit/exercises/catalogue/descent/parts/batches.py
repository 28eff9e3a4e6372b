"""Judging epochs of mini-batches: any order may be right, so properties are judged.

Every batch is a pair, every sample is there once and beside its own target, all batches but the last are full, the
order is a shuffled one, and it comes from the generator that was given. What is wrong is a *symptom*, a few words that
are equal for equal errors. Its sentence stands here once, and the declared mistakes of `minibatches` quote it. Where
one case alone does not prove it, that case is told what may be seen in it; the sentence waits until all cases agree.
"""

import itertools
from collections import Counter
from typing import Any

import numpy as np

from nnkit.exercises.beside import wire
from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.finding import Finding
from nnkit.exercises.judge.wording import in_words, listing, plural
from nnkit.languages import counted, say

# In fewer samples than this, an honest shuffle may look as if it were none.
ORDER_SHOWS = 12

# That so many samples come first in three honest shuffles happens once in 10⁸ cases.
PART_SHOWS = 4

SENTENCES = {
    "one batch": (
        "Only one batch came back. A `return` inside a loop ends the function in its first round; `yield` hands a "
        "batch out and goes on."
    ),
    "two lists": (
        "All inputs are in one list and all targets in another. Whoever goes through the batches needs them in pairs: "
        "one batch of inputs with the targets that belong to it."
    ),
    "no pair": "Each batch is a pair: the inputs of some samples, and the targets of the same samples.",
    "indices": (
        "Your batches hold the numbers of samples. The samples themselves are asked for: what do you get when you "
        "index X and y with such numbers?"
    ),
    "swapped": "Each batch begins with the targets. The order is inputs first, as in the arguments X, y.",
    "no axis": (
        "A batch of one sample has lost its first axis. Indexing with one number takes an axis away; a slice or a list "
        "of one number keeps it."
    ),
    "one by one": (
        "Your function hands out one sample at a time. `batch_size` of them belong together in one array, along its "
        "first axis."
    ),
    "lists of pairs": (
        "Your batch is a list of samples, each with its target. What is wanted is one array with all inputs of the "
        "batch, and one with all of its targets: `X[…]` with several numbers gives such an array."
    ),
    "different lengths": "In one batch there are not as many targets as inputs. Are both cut with the same numbers?",
    "foreign rows": (
        "A batch holds a row that is no row of X. Was X shuffled along another axis than the first, or were its rows "
        "mixed or its numbers changed?"
    ),
    "pairs": (
        "Inputs and targets no longer belong together. Has each an order of its own? One order has to serve both."
    ),
    "targets in their old order": (
        "The targets come in the order of y, the inputs in another one than that of X. One order has to serve both."
    ),
    "inputs in their old order": (
        "The inputs come in the order of X, the targets in another one than that of y. One order has to serve both."
    ),
    "last one dropped": (
        "The samples that do not fill a whole batch are missing. The last batch may be shorter: how many batches are "
        "needed when the division leaves a remainder?"
    ),
    "last batch missing": (
        "The last batch never comes, whether it is full or not. At which place may a batch still start?"
    ),
    "filled up": (
        "The last batch is full because some samples are in it for the second time. In one epoch each comes once; the "
        "last batch may be shorter."
    ),
    "drawn anew": (
        "Some samples come twice and others not at all. In one epoch each comes once: are your batches pieces of one "
        "shuffled order, or is something drawn that may come again?"
    ),
    "overlap": (
        "A batch begins with samples that the one before has had. Where does a batch end, and where does the next one "
        "begin?"
    ),
    "twice": "Some samples come twice. In one epoch each comes once.",
    "missing": "Some samples never come. Where does a batch end, and where does the next one begin?",
    "one missing": (
        "One sample never comes. With which number do the places in an array begin, and with which do they end?"
    ),
    "without an end": (
        "The batches go on after as many as there are samples. One epoch is over when every sample has been in one "
        "batch; what ends your loop?"
    ),
    "an empty batch": "One batch is empty. At which place does your last batch start?",
    "number of batches": (
        "The samples are divided into `batch_size` batches. It says how many samples are in one batch, not how many "
        "batches there are."
    ),
    "even sizes": (
        "The batches are made about equally long. All but the last have exactly `batch_size` samples; the last has "
        "what is left."
    ),
    "sizes": "All batches but the last have exactly `batch_size` samples, and the last has what is left.",
    "not shuffled": (
        "The samples come in the order of X, every epoch the same. Data are often sorted, by class or by day; a batch "
        "would then see one class only. Which method of `rng` gives a random order of N numbers?"
    ),
    "whole in order": (
        "All samples in one batch come in the order of X. An epoch is shuffled, into however few batches it is cut."
    ),
    "batches in random order": (
        "The batches come in random order, but inside each are neighbours from X. In sorted data a batch would be all "
        "of one class. The order of the samples is what has to be random."
    ),
    "within batches": (
        "Each batch is a block of neighbours from X, shuffled in itself. The same samples meet in every epoch. When "
        "should the shuffling happen, before the cutting or after?"
    ),
    "in parts": (
        "The samples are shuffled in parts: some of X always come before all others. A random order of all samples is "
        "asked for."
    ),
    "hardly shuffled": (
        "Most samples still stand beside their neighbour from X. A random order of all samples is asked for."
    ),
    "another source": (
        "Twice the same seed gives two different orders, so the order does not come from `rng` alone. A run that "
        "cannot be repeated cannot be debugged. Which generator does your function ask?"
    ),
    "same order again": (
        "The order is the same in every epoch and for every seed: it does not come from `rng`. A generator made, or a "
        "seed set, inside the function begins anew with every call."
    ),
    "same epoch again": (
        "A second epoch from the same `rng` has the order of the first, though another seed gives another one. Is "
        "`rng` itself asked, or a copy, or is it put back to where it was?"
    ),
    "shapes": "A batch takes some samples whole: behind the first axis it has the shape of X, or of y.",
    "changed": (
        "Your function changes the caller's own arrays. Whoever looks at the data afterwards finds others, or the same "
        "in another order. Shuffle the numbers of the samples; `X[numbers]` is a new array."
    ),
}

# What is seen in one case, where another error may look the same there.
IN_ONE_CASE = {
    "last one dropped": SENTENCES["missing"],
    "one missing": SENTENCES["missing"],
    "number of batches": SENTENCES["sizes"],
}


def judge(exercise: Exercise, case: Case, answer: Answer) -> Finding | None:
    """What is wrong with the epochs of one case, or None."""
    returned = answer.returned
    X, y = (np.asarray(case.arguments[key]) for key in ("X", "y"))
    size = int(case.arguments["batch_size"])
    if returned["problem"] is not None:
        return _not_iterable(returned["problem"])
    for batches in returned["epochs"]:
        finding = _form(batches, X, y, size) or _ending(batches, X)
        if finding is not None:
            return finding
    if answer.changed:
        return _changed(answer.changed)
    orders = []
    for batches in returned["epochs"]:
        order = _order(batches, X, y)
        if isinstance(order, Finding):
            return order
        lengths = [len(batch[0]) for batch in batches]
        finding = _counts(order, lengths, len(X), size) or _sizes(lengths, len(X), size)
        if finding is not None:
            return finding
        orders.append(order)
    if len(X) < ORDER_SHOWS:
        return None
    return _shuffling(orders, size)


def _found(symptom: str, text: str, rung: str = "value", cause: str = "") -> Finding:
    return Finding(rung, text, cause=cause or IN_ONE_CASE.get(symptom) or SENTENCES[symptom], symptom=symptom)


def _not_iterable(kind: str) -> Finding:
    if kind == "NoneType":
        text = "Your function returned None, expected a row of pairs (Xb, yb): a list of them, or `yield` one by one."
        return Finding("returned nothing", text, cause=text, symptom="nothing")
    text = say("Your function returned {kind}, expected a row of pairs (Xb, yb).", kind=in_words(wire.Opaque(kind)))
    cause = "A list of pairs will do, or a function that hands out one pair after the other with `yield`."
    return _found("not iterable", text, "type", cause)


def _form(batches: list[Any], X: np.ndarray, y: np.ndarray, size: int) -> Finding | None:
    """Whether every batch is a pair of arrays of the right shapes."""
    one = [np.shape(entry) for entry in batches if isinstance(entry, np.ndarray)]
    if len(batches) == 2 and len(one) == 2 and one[0][1:] == X.shape[1:] and one[1][1:] == y.shape[1:]:
        text = say(
            "Going through what you returned gives two arrays, of shapes {one} and {one_2}, not pairs.",
            one=one[0],
            one_2=one[1],
        )
        return _found("one batch", text, "type")
    if len(batches) == 2 and all(isinstance(entry, list) and len(entry) != 2 for entry in batches):
        return _found("two lists", "Your function returned two lists, expected one row of pairs (Xb, yb).", "type")
    for number, batch in enumerate(batches):
        if _lists_samples(batch, X.shape[1:], y.shape[1:]):
            text = say(
                "Batch {number} is {batch}, each of them {batch_2}; expected a pair (Xb, yb).",
                number=number,
                batch=in_words(batch),
                batch_2=in_words(batch[0]),
            )
            return _found("lists of pairs", text, "type")
        if not isinstance(batch, list | tuple) or len(batch) != 2:
            if isinstance(batch, np.ndarray) and batch.ndim <= 1 and batch.dtype.kind in "iu":
                return _found(
                    "indices",
                    say("Batch {number} is {batch}, whole numbers.", number=number, batch=in_words(batch)),
                    "type",
                )
            return _found(
                "no pair",
                say("Batch {number} is {batch}, expected a pair (Xb, yb).", number=number, batch=in_words(batch)),
                "type",
            )
        try:
            if any(part is None or isinstance(part, wire.Opaque) for part in batch):
                raise TypeError
            Xb, yb = (np.asarray(part, dtype=np.float64) for part in batch)
        except (TypeError, ValueError):
            text = say(
                "Batch {number} is not a pair of arrays of numbers: {batch}.",
                number=number,
                batch=" and ".join(in_words(p) for p in batch),
            )
            return _found("no pair", text, "type")
        finding = _shapes(number, Xb, yb, X, y, size)
        if finding is not None:
            return finding
    return None


def _lists_samples(batch: Any, one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether a batch is a row of (sample, target), each sample an array of its own."""
    if not isinstance(batch, list | tuple) or not batch or (len(batch) == 2 and one == other):
        return False
    pairs = all(isinstance(e, list | tuple) and len(e) == 2 and isinstance(e[0], np.ndarray) for e in batch)
    return pairs and all((np.shape(sample), np.shape(target)) == (one, other) for sample, target in batch)


def _ending(batches: list[Any], X: np.ndarray) -> Finding | None:
    """Whether there is an end: not even single samples make more batches than there are samples, an empty one aside."""
    if len(batches) <= len(X) + 1:
        return None
    return _found(
        "without an end",
        say(
            "{samples}, and after {batches_count} batches still no end.",
            samples=plural(len(X), "sample"),
            batches_count=len(batches),
        ),
    )


def _shapes(number: int, Xb: np.ndarray, yb: np.ndarray, X: np.ndarray, y: np.ndarray, size: int) -> Finding | None:
    one, other = X.shape[1:], y.shape[1:]
    if Xb.ndim and yb.ndim and Xb.shape[1:] == one and yb.shape[1:] == other:
        if len(Xb) == len(yb):
            return None
        text = say(
            "Batch {number} has {inputs} and {targets}.",
            number=number,
            inputs=plural(len(Xb), "input"),
            targets=plural(len(yb), "target"),
        )
        return _found("different lengths", text, "shape")
    shapes = say(
        "Batch {number} has Xb of shape {shape} and yb of shape {shape_2}",
        number=number,
        shape=Xb.shape,
        shape_2=yb.shape,
    )
    wanted = say("expected {value} and {value_2} for n samples", value=("n", *one), value_2=("n", *other)).replace(
        "'", ""
    )
    if one != other and Xb.ndim and yb.ndim and Xb.shape[1:] == other and yb.shape[1:] == one:
        return _found("swapped", f"{shapes}, {wanted}.", "shape")
    bare = (Xb.shape == one, yb.shape == other)
    single = (bare[0] or Xb.shape == (1, *one), bare[1] or yb.shape == (1, *other))
    if any(bare) and all(single):
        alone = number == 0 and size > 1 and len(X) > 1 and all(bare)
        return _found("one by one" if alone else "no axis", f"{shapes}, {wanted}.", "shape")
    return _found("shapes", f"{shapes}, {wanted}.", "shape")


def _changed(names: tuple[str, ...]) -> Finding:
    text = counted(
        "Your function changed its argument {names} in place.",
        "Your function changed its arguments {names} in place.",
        len(names),
        names=listing(names),
    )
    return _found("changed", text, "input changed")


def _order(batches: list[Any], X: np.ndarray, y: np.ndarray) -> list[int] | Finding:
    """The samples of an epoch by their row in X, or what is wrong with a row."""
    rows = {tuple(np.round(row.ravel(), 3)): place for place, row in enumerate(np.asarray(X, dtype=np.float64))}
    order: list[int] = []
    for number, (inputs, targets) in enumerate(batches):
        Xb, yb = (np.asarray(part, dtype=np.float64) for part in (inputs, targets))
        for row, target in zip(Xb, yb, strict=True):
            place = rows.get(tuple(np.round(row.ravel(), 3)))
            if place is None:
                return _found("foreign rows", say("Batch {number} holds an input that is no row of X.", number=number))
            if not np.max(np.abs(target - y[place])) <= 1e-4 * (1 + np.max(np.abs(y[place]))):
                text = say(
                    "In batch {number}, row {place} of X stands beside {owner}.",
                    number=number,
                    place=place,
                    owner=_owner(target, y),
                )
                return _found(_apart(batches, X, y), text)
            order.append(place)
    return order


def _apart(batches: list[Any], X: np.ndarray, y: np.ndarray) -> str:
    """In which way inputs and targets came apart."""
    for kind, whole, which in (("targets", y, 1), ("inputs", X, 0)):
        rows = [np.asarray(row, dtype=np.float64) for batch in batches for row in batch[which]]
        if len(rows) == len(whole) and np.allclose(rows, whole, rtol=1e-4, atol=1e-4):
            return say("{kind} in their old order", kind=kind)
    return "pairs"


def _owner(target: np.ndarray, y: np.ndarray) -> str:
    owners = [place for place, own in enumerate(y) if np.allclose(target, own, rtol=1e-4, atol=1e-4)]
    return say("the target of row {owners}", owners=owners[0]) if owners else "a target that is not in y"


def _counts(order: list[int], lengths: list[int], samples: int, size: int) -> Finding | None:
    """Every sample once."""
    ends = list(itertools.accumulate(lengths))
    batches = [order[end - length : end] for length, end in zip(lengths, ends, strict=True)]
    counts = Counter(order)
    missing = [place for place in range(samples) if not counts[place]]
    twice = [place for place in range(samples) if counts[place] > 1]
    if not missing and not twice:
        return None
    said = say("Of {samples}", samples=plural(samples, "sample"))
    full = all(length == size for length in lengths)
    if missing and not twice:
        text = counted(
            "{said} {count} never comes: row {row} of X.",
            "{said} {count} never come: row {row} of X, for one.",
            len(missing),
            said=said,
            row=missing[0],
        )
        # One whole row of batches, and exactly the remainder is not there.
        if full and len(missing) == samples % size:
            return _found("last one dropped", text)
        if len(missing) == 1 and len(lengths) > 1:
            return _found("one missing", text)
        return _found("one batch" if len(lengths) == 1 and lengths[0] == size else "missing", text)
    text = counted(
        "{said} {count} comes more than once: row {row} of X",
        "{said} {count} come more than once: row {row} of X, for one",
        len(twice),
        said=said,
        row=twice[0],
    )
    if missing:
        text += counted("; {count} never comes", "; {count} never come", len(missing))
    if len(batches) > 1 and all(one[-1:] == following[:1] for one, following in itertools.pairwise(batches)):
        return _found("overlap", text + ".")
    if missing:
        return _found("drawn anew", text + ".")
    if full and len(order) == size * -(-samples // size) and len(set(order[:samples])) == samples:
        return _found("filled up", text + ".")
    return _found("twice", text + ".")


def _sizes(lengths: list[int], samples: int, size: int) -> Finding | None:
    """Full batches, and a last one with what is left."""
    whole, rest = divmod(samples, size)
    expected = [size] * whole + [rest] * (rest > 0)
    if lengths == expected:
        return None
    text = say("{samples}, batch_size = {size}: ", samples=plural(samples, "sample"), size=size)
    text += say("expected batches of {expected}, yours {lengths}.", expected=_few(expected), lengths=_few(lengths))
    if 0 in lengths:
        return _found("an empty batch", text, "shape")
    if len(lengths) != len(expected) and lengths == _even(samples, min(size, samples)):
        return _found("number of batches", text, "shape")
    return _found("even sizes" if lengths == _even(samples, len(expected)) else "sizes", text, "shape")


def _even(samples: int, parts: int) -> list[int]:
    return [len(part) for part in np.array_split(np.arange(samples), parts)]


def _few(lengths: list[int]) -> str:
    return ", ".join(map(str, lengths[:8])) + (", …" if len(lengths) > 8 else "") + " samples"


def _shuffling(orders: list[list[int]], size: int) -> Finding | None:
    """A random order, and one that comes from the generator."""
    first, again, following, other = orders
    samples = len(first)
    blocks = [first[start : start + size] for start in range(0, samples, size)]
    begins = ", ".join(map(str, first[:6]))
    text = say(
        "{samples} samples, batch_size = {size}: by rows of X your epoch begins {begins}, …",
        samples=samples,
        size=size,
        begins=begins,
    )
    if first == sorted(first):
        return _found("not shuffled" if size < samples else "whole in order", text)
    neighbours = [all(b == a + 1 for a, b in itertools.pairwise(block)) for block in blocks]
    if size > 1 and all(neighbours):
        return _found("batches in random order", text)
    if 1 < size < samples and all(max(block) - min(block) == len(block) - 1 for block in blocks):
        return _found("within batches", text)
    # In all of three epochs, as one honest shuffle in some ten thousand is like this.
    if all(sum(abs(a - b) == 1 for a, b in itertools.pairwise(o)) > samples / 2 for o in (first, following, other)):
        return _found("hardly shuffled", text)
    text = say("{samples} samples, batch_size = {size}, by rows of X: ", samples=samples, size=size)
    if first != again:
        text += say(
            "the seed {value} gives {begins}, …, and the same seed again {again}, …",
            value="once",
            begins=begins,
            again=", ".join(map(str, again[:6])),
        )
        return _found("another source", text.replace("the seed once", "a seed"))
    if first in (following, other):
        symptom = "same order again" if first == other else "same epoch again"
        return _found(
            symptom,
            text + say("every epoch{value} begins {begins}, …", value=" of one seed" * (first != other), begins=begins),
        )
    for part in range(PART_SHOWS, samples - PART_SHOWS + 1):
        for own in (range(part), range(samples - part, samples)):
            if all(set(order[:part]) == set(own) for order in (first, following, other)):
                return _found(
                    "in parts",
                    text + say("every epoch begins with {own} to {own_2}, in some order.", own=own[0], own_2=own[-1]),
                )
    return None
