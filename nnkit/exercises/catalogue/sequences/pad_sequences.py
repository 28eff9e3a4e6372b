"""Sequences of different lengths in one batch: zeros after each end, and a mask that says where data is."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.draws import signed
from nnkit.exercises.catalogue.families import in_other_order
from nnkit.exercises.exercise import Case, Exercise, exercise, wrong
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.finding import RUNGS, Finding
from nnkit.exercises.judge.ladder import compare_with_reference
from nnkit.exercises.judge.wording import written
from nnkit.languages import say

PADDING = (
    "nnkit.nn.utils.rnn.pad_sequence",
    "torch.nn.utils.rnn.pad_sequence",
    "keras.utils.pad_sequences",
    "keras.preprocessing.sequence.pad_sequences",
)
CHANGED = (
    "Whoever uses `sequences` afterwards finds other sequences, or the same in another order. `sequences.sort(…)` "
    "sorts the caller's list, `sorted(sequences, …)` makes a new one; `sequences[n] = …` and `sequences[n][t] = …` "
    "change the caller's, too."
)
SMALL = 4  # so many numbers or fewer are shown

Sequences = list[np.ndarray]
Two = tuple[np.ndarray, np.ndarray]


def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Sequences of all lengths; no number is 0 but in the case of zeros."""

    def case(covers: str, D: int, *lengths: int) -> Case:
        return shown([signed(rng, 0.3, 2.0, (length, D)) for length in lengths], covers)

    def shown(sequences: Sequences, covers: str) -> Case:
        small = sum(sequence.size for sequence in sequences) <= SMALL
        together = ", ".join(written(sequence) for sequence in sequences)
        shapes = ", ".join(str(sequence.shape) for sequence in sequences)
        return Case(
            {"sequences": sequences},
            covers,
            say("sequences = [{together}]", together=together) if small else say("shapes {shapes}", shapes=shapes),
        )

    zeros = [signed(rng, 0.3, 2.0, (length, 2)) for length in (3, 4, 1)]
    zeros[0][1:], zeros[1][:2, 0] = 0, 0
    found = [
        case("one sequence", 1, 1),
        case("one sequence", 2, 3),
        case("the longest last", 1, 1, 2),
        case("the longest first", 1, 3, 1),
        case("the longest in the middle", 3, 2, 4, 1),
        case("several sequences", 3, 2, 5, 1, 4, 3),
        case("equal lengths", 2, 3, 3),
        case("sequences of one step", 2, 1, 1, 1),
        case("as many sequences as steps", 3, 1, 3, 2),
        case("as many numbers as sequences", 2, 3, 2),
        shown(zeros, "steps of zeros"),
    ]
    if hidden:
        found += [case("several sequences", 4, *map(int, rng.permutation([2, 3, 5])), 7, 1)]
        found += [case("equal lengths", 3, 4, 4, 4)]
    return found


def steps(sequences: Sequences) -> int:
    """How many steps the longest has."""
    return max(map(len, sequences))


def padded(
    sequences: Sequences,
    start: Callable[[int, int], int] = lambda T, length: 0,
    there: Callable[[int], int] = lambda length: length,
    fill: float = 0.0,
    more: int = 0,
) -> Two:
    """Batch and mask; where a sequence starts, how long its mask is, what the rest holds, and how many steps more."""
    T = steps(sequences) + more
    batch = np.full((T, len(sequences), sequences[0].shape[1]), fill)
    mask = np.zeros(batch.shape[:2], dtype=bool)
    for n, sequence in enumerate(sequences):
        first = start(T, len(sequence))
        batch[first : first + len(sequence), n] = sequence
        mask[first : first + there(len(sequence)), n] = True
    return batch, mask


def filled_after(batch: np.ndarray, mask: np.ndarray, value: Callable[[np.ndarray, int], Any]) -> np.ndarray:
    """The batch with something else after each end, made of the sequence and the step."""
    changed = batch.copy()
    for t, n in np.argwhere(~mask):
        changed[t, n] = value(batch[: mask[:, n].sum(), n], int(t))
    return changed


def longest_first(sequences: Sequences) -> Two:
    """The sequences in another order."""
    return padded(sorted(sequences, key=len, reverse=True))


def cut(sequences: Sequences, T: int) -> Two:
    """Every sequence as long as T says, and no longer."""
    return padded([sequence[:T] for sequence in sequences], more=T - max(min(T, len(s)) for s in sequences))


def as_long_as_the_first(sequences: Sequences) -> Two:
    """An array with the steps of the first sequence: a longer one does not fit."""
    if len(sequences[0]) < steps(sequences):
        raise ValueError("no room")  # in words of its own: others that find no room have another reason
    return padded(sequences)


def reshaped(array: np.ndarray) -> np.ndarray:
    """Sequences first, then read anew as if time were first."""
    return array.swapaxes(0, 1).reshape(array.shape)


def mask_with_exchanged_places(sequences: Sequences) -> np.ndarray:
    """The sequence's number in the place of the step, and the other way round."""
    mask = np.zeros((steps(sequences), len(sequences)), dtype=bool)
    for n, sequence in enumerate(sequences):
        mask[n, : len(sequence)] = True
    return mask


def without_the_last_step(sequences: Sequences) -> Two:
    """Room for all steps, and the last of each sequence not filled."""
    return padded([sequence[:-1] for sequence in sequences], more=1)


def wiped(sequences: Sequences) -> Two:
    """An array made anew for each sequence: the last alone is there."""
    batch, mask = padded(sequences)
    last = np.arange(len(sequences)) == len(sequences) - 1
    return batch * last[:, None], mask & last


def judge(exercise: Exercise, case: Case, answer: Answer) -> Finding | None:
    """Compare, and take a mask of True and False only: another one picks something else when it is an index."""
    finding = compare_with_reference(exercise, case, answer)
    if finding is not None and finding.rung == "input changed":
        return replace(finding, cause=CHANGED)
    if finding is not None and RUNGS.index(finding.rung) <= RUNGS.index("dtype"):
        return finding
    mask = np.asarray(answer.returned[1])
    if mask.dtype.kind == "b":
        return finding
    text = "mask holds the numbers 0 and 1, expected True and False."
    cause = (
        "Numbers and truth values behave differently: `~mask` and `losses[mask]` do what they say with an array of "
        "bool only. Of which type is your mask made?"
    )
    right = ("batch",) if finding is None or "batch" in finding.right else ()
    return Finding("dtype", text, cause=cause, right=right)  # no output: as numbers the mask may be the right one


EXERCISE = exercise(
    "pad_sequences(sequences) -> batch, mask",
    reference=padded,
    cases=cases,
    judge=judge,
    withheld=PADDING,
    shape_notes={
        "batch": "Time comes first: (T, N, D), T the steps of the longest of the N sequences.",
        "mask": "The mask says of each step of each sequence whether it is there: (T, N), time first as in batch.",
    },
    hints=(
        """How many steps has the longest sequence? Begin with a batch of zeros that has room for all of them, and with
        a mask that is False everywhere. Which part of them belongs to sequence n?""",
        """`for n, sequence in enumerate(sequences)`: its data go to `batch[: len(sequence), n]`. What goes to the same
        part of the mask? `np.zeros((T, N), dtype=bool)` is False everywhere.""",
    ),
    mistakes=(
        wrong("sequences first", batch=lambda batch: batch.swapaxes(0, 1), mask=lambda mask: mask.T).told("""
            What belongs at [t, n] stands at [n, t] in yours. Time is the first axis here, so that batch[t] is one step
            of all sequences."""),
        wrong("batch: sequences first", batch=lambda batch: batch.swapaxes(0, 1)).told("""
            In your batch what belongs at [t, n] stands at [n, t]. Time is its first axis here."""),
        wrong("mask: sequences first", mask=lambda mask: mask.T).told("""
            In your mask what belongs at [t, n] stands at [n, t]. Time is its first axis here."""),
        wrong("reshaped", batch=lambda batch: reshaped(batch), mask=lambda mask: reshaped(mask)).told("""
            Yours has the right shape, and what belongs together is torn apart. `reshape` keeps the numbers in their
            order and only breaks the rows elsewhere; it does not exchange axes."""),
        wrong("mask: places exchanged", mask=mask_with_exchanged_places).told("""
            In your mask the number of a sequence stands in the place of the step. Time is its first axis; where there
            are more sequences than steps, that has no place."""),
        wrong("zeros in front", lambda sequences: padded(sequences, start=lambda T, length: T - length)).told("""
            Your sequences end together, and the zeros stand before them. All are to begin together, at step 0."""),
        wrong(
            "batch: zeros in front",
            batch=lambda sequences: padded(sequences, start=lambda T, length: T - length)[0],
        ).told("""
            In your batch the sequences end together, and the zeros stand before them. All are to begin together, at
            step 0."""),
        wrong("mask: from the end", mask=lambda mask: mask[::-1]).told("""
            Your mask is True at the last steps, as many as the sequence has. Its data begin at step 0."""),
        wrong("mask inverted", mask=lambda mask: ~mask).told("""
            Your mask is True where padding is. It is to say where there is data."""),
        wrong("mask by the numbers", mask=lambda batch: (batch != 0).any(axis=2)).told("""
            Your mask is False at steps whose numbers are all 0. Data may be 0, too: what does say where a sequence
            ends?"""),
        wrong("mask by all numbers", mask=lambda batch: (batch != 0).all(axis=2)).told("""
            Your mask is False at steps that have a 0 among their numbers. Data may be 0, too: what does say where a
            sequence ends?"""),
        wrong("mask by the sums", mask=lambda batch: batch.sum(axis=2) > 0).told("""
            Your mask is True where the numbers of a step add up to more than 0. Data may have any sign."""),
        wrong("mask True everywhere", mask=lambda mask: np.ones_like(mask)).told("""
            Your mask is True everywhere, also after the end of a sequence."""),
        wrong("mask False everywhere", mask=lambda mask: np.zeros_like(mask)).told("""
            Your mask is False everywhere. Does it ever hear of a sequence?"""),
        wrong("mask one step too long", lambda sequences: padded(sequences, there=lambda length: length + 1)).told("""
            Your mask is True for one step after the end of a sequence. Counted from 0, which step is its
            last?"""),
        wrong("mask one step too short", lambda sequences: padded(sequences, there=lambda length: length - 1)).told("""
            Your mask is False at the last step of each sequence. Counted from 0, which step is its
            last?"""),
        wrong("mask of the last step alone", mask=lambda mask: mask & ~np.vstack([mask[1:], mask[:1] & False])).told("""
            Your mask is True at the last step of each sequence only. All of its steps are data."""),
        wrong("mask for each number", mask=lambda batch, mask: np.repeat(mask[..., None], batch.shape[2], axis=2)).told(
            """Your mask has an entry for each number. A step is there with all of its D numbers or not at all."""
        ),
        wrong("lengths for a mask", mask=lambda mask: mask.sum(axis=0)).told("""
            In the place of the mask stand the lengths of the sequences. They say the same; asked for is True or False
            for each step."""),
        wrong("last step repeated", batch=lambda batch, mask: filled_after(batch, mask, lambda s, t: s[-1])).told("""
            After the end of a sequence your batch repeats its last step. Zeros are asked for there."""),
        wrong(
            "from the start again", batch=lambda batch, mask: filled_after(batch, mask, lambda s, t: s[t % len(s)])
        ).told("""
            After the end of a sequence yours begins it again. Zeros are asked for there."""),
        wrong("ones", batch=lambda sequences: padded(sequences, fill=1.0)[0]).told("""
            After the end of a sequence your batch holds ones. Zeros are asked for there."""),
        wrong("minus ones", batch=lambda sequences: padded(sequences, fill=-1.0)[0]).told("""
            After the end of a sequence your batch holds −1. Zeros are asked for there; the mask says what is data."""),
        wrong("not a number", batch=lambda sequences: padded(sequences, fill=np.nan)[0]).told("""
            After the end of a sequence your batch holds nan, no number. One of them makes everything nan that it is
            added to or multiplied with, a mask's 0 included; zeros are asked for."""),
        wrong("cut to the shortest", lambda sequences: cut(sequences, min(map(len, sequences)))).told("""
            Yours has the steps of the shortest sequence, and the rest of the others is lost. The longest is to find
            room."""),
        wrong("cut to the first", lambda sequences: cut(sequences, len(sequences[0]))).told("""
            Yours has the steps of the first sequence. The longest is to find room, wherever it stands."""),
        wrong("steps of the first", as_long_as_the_first).told("""
            Yours has room for the steps of the first sequence. The longest is to find room, wherever it stands."""),
        wrong(
            "steps of all together",
            lambda sequences: padded(sequences, more=sum(map(len, sequences)) - steps(sequences)),
        ).told("""
            Yours has as many steps as all sequences together. They stand side by side: the longest decides."""),
        wrong("one step more", lambda sequences: padded(sequences, more=1)).told("""
            Yours has a step more than the longest sequence. Is a step counted that is not there?"""),
        wrong("longest first", longest_first).told("""
            Your sequences are sorted by length. Sequence n is to stay number n: what belongs to it elsewhere, such as a
            target, does not know of another order."""),
        wrong("shortest first", lambda sequences: padded(sorted(sequences, key=len))).told("""
            Your sequences are sorted by length, the shortest first. Sequence n is to stay number n: what belongs to it
            elsewhere, such as a target, does not know of another order."""),
        wrong("last step lost", without_the_last_step).told("""
            The last step of each sequence is missing, in your batch and in your mask. A slice ends before its second
            number."""),
        wrong("batch: last step lost", batch=lambda sequences: without_the_last_step(sequences)[0]).told("""
            The last step of each sequence is 0 in your batch. A slice ends before its second number."""),
        wrong("backwards", lambda sequences: padded([sequence[::-1] for sequence in sequences])).told("""
            Your sequences run backwards in time."""),
        wrong("the last alone", wiped).told("""
            The last sequence alone is there. Are batch and mask made anew in each round of the loop?"""),
        wrong(
            "one after the other",
            lambda sequences: (np.concatenate(sequences), np.ones(sum(map(len, sequences)), bool)),
        ).told(
            """Your sequences stand one after the other, as a single long one. In a batch each has its own column."""
        ),
        wrong("first number alone", batch=lambda batch: batch * (np.arange(batch.shape[2]) == 0)).told("""
            Of each step your batch has the first number, and 0 for the others. A step has D of them."""),
        wrong("first number only", batch=lambda batch: batch[:, :, 0]).told("""
            Your batch has one number for each step. A step has D of them."""),
        in_other_order().told("""
            One result stands in the place of the other: first batch, then mask."""),
    ),
)
