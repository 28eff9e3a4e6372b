"""An open task with several marks: any network of limited size, judged by how many images it reads right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnkit.exercises.beside.probes.reading import ALONE, NETWORK, SOME
from nnkit.exercises.catalogue.reading_digits.parts.images import held_out, labels_of, validation
from nnkit.exercises.exercise import Case, Exercise, exercise, wrong
from nnkit.exercises.judge.answer import Answer, Raised
from nnkit.exercises.judge.errors import error_finding
from nnkit.exercises.judge.finding import Finding
from nnkit.exercises.judge.ladder import right_answer
from nnkit.exercises.judge.wording import in_words, number, plural
from nnkit.languages import say, sentences

MOST_NUMBERS = 60_000
# A notebook asks for this much more than grading: a share of 2,000 images is uncertain by about as much.
MARGIN = 0.005


def reading_task(name: str, share: float, lowest: bool = False) -> Exercise:
    """The open task with one of its marks.

    Parameters
    ----------
    name : str
        Of the exercise; the function is called `predict_digits` in all of them.
    share : float
        How much of the images that nobody has must be read right, from 0 to 1.
    lowest : bool
        Whether this is the lowest mark: what can go wrong besides is declared, and tried by the tests, with that one.
    """

    def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
        # In an order of its own for each submission, so that a place says nothing about the image that stands there.
        images, _ = held_out() if hidden else validation()
        mark = share if hidden else share + MARGIN
        words = "2,000 images that are in no notebook" if hidden else "the 2,000 validation images"
        words += " (together and alone)"
        return [Case({"images": rng.permutation(images), "mark": mark}, "2,000 images", words)]

    return exercise(
        "predict_digits(images)",
        name=name,
        reference=lambda images, mark: read(labels_of(images)),
        cases=cases,
        probe="read_digits",
        judge=judge,
        hints=HINTS,
        mistakes=MISTAKES if lowest else MISTAKES[-1:],
    )


def read(labels: Any, **otherwise: Any) -> dict[str, Any]:
    """What the probe sees of somebody whose network gives these labels, but for what is said otherwise."""
    some = labels[:SOME]
    seen = {
        "problem": "",
        "numbers": 54_470,
        "labels": labels,
        "changed": False,
        "once": some,
        "again": some,
        "reversed": some[::-1],
        "alone": list(labels[:ALONE, None]),
        "stopped": {},
        "learned": False,
        "counted": False,
        "bytes": some,
        "negative": some,
        "zeroed": np.zeros_like(some),
    }
    return {**seen, **otherwise}


def judge(exercise: Exercise, case: Case, answer: Answer) -> Finding | None:
    """What is wrong with the labels, or with where they come from, or None."""
    seen = answer.returned
    if not isinstance(seen, dict) or "problem" not in seen:
        return Finding("type", "What your function returned cannot be read.", symptom="unreadable")
    if seen["problem"]:
        return _told("type", say("no network: {seen}", seen=seen["problem"]), _PROBLEMS[seen["problem"]])
    right = right_answer(exercise, case)["labels"]
    finding = _form(seen["labels"], len(right))
    if finding is not None:
        return finding
    if seen["numbers"] > MOST_NUMBERS:
        text = say(
            "`{network}` holds {seen:,} numbers; at most {most_numbers:,} are allowed.",
            network=NETWORK,
            seen=seen["numbers"],
            most_numbers=MOST_NUMBERS,
        )
        return _told("value", "too large", text)
    if seen["changed"]:
        text = "Your function changed the images that it was given."
        return _told("input changed", "images changed", text)
    labels = np.asarray(seen["labels"]).astype(int)
    return (
        _stopped(exercise, seen["stopped"])
        or _how_many(seen, len(right))
        or _where_from(seen, labels)
        or _how_good(case, seen, labels, right)
    )


_PROBLEMS = {
    "missing": say(
        "There is no `{network}` in your notebook, the network from which the labels are to come.", network=NETWORK
    ),
    "no module": say(
        "Your `{network}` is no network: an `nn.Module` is expected, such as `nn.Sequential(…)`.", network=NETWORK
    ),
}


def _told(rung: str, symptom: str, text: str) -> Finding:
    """A finding whose cause is the sentence of the mistake that is labelled with its symptom."""
    told = {mistake.label: mistake.sentence for mistake in MISTAKES}
    return Finding(rung, text, cause=told.get(symptom), symptom=symptom, certain=symptom in told)


def _form(labels: Any, images: int) -> Finding | None:
    """One whole number from 0 to 9 for every image."""
    expected = say("expected {images:,} labels, one for each image", images=images)
    if labels is None:
        text = say("Your function returned None, {expected}.", expected=expected)
        return Finding("returned nothing", text, cause="Is there a `return` at its end?", symptom="none")
    if not isinstance(labels, np.ndarray) or labels.dtype.kind not in "iuf":
        text = say("Your function returned {labels}, {expected}.", labels=in_words(labels), expected=expected)
        return _told("type", "one number" if isinstance(labels, int | float) else "type", text)
    forms = {(images, 10): "scores", (10,): "one for each class", (images, 1): "a column", (): "one number"}
    if labels.shape != (images,):
        text = say("What your function returned has shape {shape}, {expected}.", shape=labels.shape, expected=expected)
        return _told("shape", forms.get(labels.shape, "shape"), text)
    if not np.isfinite(labels).all() or (labels != np.floor(labels)).any():
        return Finding("value", "A label is one of the whole numbers 0 to 9; some of yours are not.", symptom="whole")
    if labels.min() < 0 or labels.max() > 9:
        text = say(
            "Your labels go from {min} to {max}; expected 0 to 9.", min=number(labels.min()), max=number(labels.max())
        )
        return _told("value", "from 1 to 10" if labels.min() == 1 and labels.max() == 10 else "range", text)
    return None


def _stopped(exercise: Exercise, said: dict[str, Any]) -> Finding | None:
    """An error that came when one image alone was given, while all together went well."""
    if not said:
        return None
    variables = tuple((str(name)[:40], str(words)[:80]) for name, words in said["variables"])
    kind, words, line, where, caller = (str(said[key])[:400] for key in ("type", "text", "line", "where", "caller"))
    found = error_finding(exercise, Raised(kind, words, line, where, caller, variables))
    text = sentences(say("All images together went well; then one image alone was given."), found.text)
    if "batch_norm" in words:
        return _told("raised", "alone: batch norm", text)
    if kind in ("AxisError", "IndexError"):
        return _told("raised", "alone: axes", text)
    return Finding("raised", text, cause=found.cause, symptom=f"alone: {found.symptom}", certain=True)


def _how_many(seen: dict[str, Any], images: int) -> Finding | None:
    """A label for each image also where other numbers of images are given."""
    for asked, returned in ((SOME, seen["once"]), (1, seen["alone"][0])):
        got = np.asarray(returned) if isinstance(returned, np.ndarray | int | float) else None
        if got is None or got.shape == (asked,):
            continue
        text = say(
            "For {asked} your function returned {what}, expected {wanted}.",
            asked=plural(asked, "image"),
            what=in_words(got),
            wanted=plural(asked, "label"),
        )
        return _told("shape", "other images" if got.shape == (images,) else "how many", text)
    return None


def _where_from(seen: dict[str, Any], labels: np.ndarray) -> Finding | None:
    """Whether the labels belong to the images, and come from the network alone."""
    once, again, back, zeroed = (_labels(seen[part], SOME) for part in ("once", "again", "reversed", "zeroed"))
    differ = int((again != once).sum())
    if differ:
        text = say(
            "Of {some} images {differ} got another label when the function was called with them a second time.",
            some=SOME,
            differ=differ,
        )
        return _told("value", "trains" if seen["learned"] else "not twice the same", text)
    if np.array_equal(back, once) and (once != once[::-1]).sum() > 1:
        text = say("The same {some} images, the last of them first, got their labels in the old order.", some=SOME)
        return _told("value", "remembered", text)
    if seen["counted"] and not seen["learned"]:
        text = say("While your function read, buffers of `{network}` changed, which hold means.", network=NETWORK)
        return _told("value", "batch norm in training", text)
    alone = np.array([_labels(part, 1)[0] for part in seen["alone"]])
    differ = int((alone != labels[:ALONE]).sum())
    if differ > 1:  # one may lie so near the border that the last digit of a sum decides
        text = say(
            "Of {alone} images {differ} got another label when each was given alone.", alone=ALONE, differ=differ
        )
        return _told("value", "trains" if seen["learned"] else "by their company", text)
    if len(np.unique(zeroed)) > 1:
        text = say(
            "While all numbers of `{network}` were set to 0, your function still gave images different labels.",
            network=NETWORK,
        )
        return _told("value", "trains" if seen["learned"] else "from elsewhere", text)
    return None


def _labels(returned: Any, images: int) -> np.ndarray:
    """The labels that came back from a further question, −1 where nothing of the kind did."""
    got = np.asarray(returned) if isinstance(returned, np.ndarray) else np.empty(0)
    if got.shape != (images,) or got.dtype.kind not in "iuf":
        return np.full(images, -1)
    return np.nan_to_num(got, nan=-1).astype(int)


def _how_good(case: Case, seen: dict[str, Any], labels: np.ndarray, right: np.ndarray) -> Finding | None:
    """Enough are right, or what the wrong ones have in common."""
    share, mark = float((labels == right).mean()), case.arguments["mark"]
    if share >= mark:
        return None
    text = say(
        "Of {text} {share} are read right; this check asks for {mark}.",
        text=case.text.partition(" (")[0],
        share=_percent(share),
        mark=_percent(mark),
    )
    symptom = _what_is_odd(seen, labels, right, share)
    if symptom == "not good enough":
        wrong = labels != right
        pairs, counts = np.unique(right[wrong] * 10 + labels[wrong], return_counts=True)
        digit, taken = divmod(int(pairs[np.argmax(counts)]), 10)
        text += say(" Most often {a} is taken for {a_2}: {max} times.", a=_a(digit), a_2=_a(taken), max=counts.max())
    return _told("value", symptom, text)


def _what_is_odd(seen: dict[str, Any], labels: np.ndarray, right: np.ndarray, share: float) -> str:
    shares = {unit: float((_labels(seen[unit], SOME) == right[:SOME]).mean()) for unit in ("bytes", "negative")}
    unit = max(shares, key=shares.__getitem__)
    if shares[unit] > share + 0.3:
        return say("expects {unit}", unit=unit)
    if len(np.unique(labels)) == 1:
        return "one label"
    if ((labels - 1) % 10 == right).mean() > max(0.6, share + 0.2):
        return "one too many"
    if share < 0.03:
        return "least likely"
    return "guessing" if share < 0.2 else "not good enough"


def _a(digit: int) -> str:
    return say("an {digit}", digit=digit) if digit == 8 else f"a {digit}"


def _percent(share: float) -> str:
    return f"{number(round(100 * share, 2))} %"


def _some_others(labels: np.ndarray, every: int) -> np.ndarray:
    """The same labels but for every so many, which are of another class."""
    changed = labels.copy()
    changed[::every] = (changed[::every] + 5) % 10
    return changed


def _reading(change: Callable[..., Any] | None = None, **otherwise: Callable[..., Any]) -> Callable[..., Any]:
    """Somebody whose labels are changed in one way, for whatever images; and who does more, each from right labels."""

    def answer(images: np.ndarray) -> dict[str, Any]:
        labels = labels_of(images)
        seen = read(labels if change is None else change(labels))
        return {**seen, **{part: made(labels) for part, made in otherwise.items()}}

    return answer


def _error(kind: str, text: str) -> dict[str, Any]:
    """An error as the probe describes it."""
    return {"type": kind, "text": text, "line": "", "where": "", "caller": "", "variables": [], "stub": False}


HINTS = (
    """First let it work at all: train the network of notebook `mnist` in this cell, call it `my_network`, and have
    `predict_digits` return the place of the largest score in every row. That is worth the first mark.""",
    """A network that knows neighbours needs fewer numbers for the same images: a convolution, a ReLU, pooling, and
    again. Which of your layers holds most of the 60,000? `nnkit.summary` counts.""",
    """More images cost nothing: the same digit a pixel to the left is still the same digit, and for the network a new
    one. A rate that falls to 0 towards the end gives the last half percent.""",
)

MISTAKES = (
    wrong("no network: missing", lambda: {"problem": "missing"}).told("""
        The labels are to come from a network that your notebook calls `my_network`. Has the cell that makes it been
        run, and is that its name?"""),
    wrong("no network: no module", lambda: {"problem": "no module"}).told("""
        The check counts the numbers of `my_network` and sets them to 0 for a moment; it can do so with an `nn.Module`,
        such as `nn.Sequential(…)` or a class of yours that is made from `nn.Module`."""),
    wrong("scores", _reading(labels=lambda labels: np.eye(10)[labels])).told("""
        You return ten numbers for every image. A label is the place of the largest of them: along which axis do you
        look for it?"""),
    wrong("one for each class", _reading(labels=lambda labels: np.arange(10))).told("""
        You return ten numbers, and there is a label for each image. The scores have a row for each image and a column
        for each class: along which of the two do you look for the largest?"""),
    wrong("a column", _reading(labels=lambda labels: labels[:, None])).told("""
        Your labels stand in a column, which is an array with two axes. One axis is expected, with an entry for each
        image."""),
    wrong("one number", _reading(labels=lambda labels: int(labels[0]))).told("""
        You return a single number. `images` holds many images, and each of them is to get a label."""),
    wrong("other images", _reading(once=lambda labels: labels)).told("""
        As many labels come back as if all images had been given. Does your function read its argument `images`, or
        another name of your notebook?"""),
    wrong("how many", _reading(alone=lambda labels: [int(label) for label in labels[:ALONE]])).told("""
        However many images are given, there is to be an entry for each of them, along one axis; for one image an array
        with one entry."""),
    wrong("alone: axes", _reading(stopped=lambda labels: _error("AxisError", "axis 1 is out of bounds"))).told("""
        For one image an axis of length 1 is to stay an axis. Does something take it away, as `squeeze()` does, in this
        line or in one before it?"""),
    wrong("alone: batch norm", _reading(stopped=lambda labels: _error("ValueError", "batch_norm needs more"))).told("""
        Batch norm in training mode needs the mean of several images, and looks at whatever images are given together.
        Reading is done in use mode: `my_network.eval()`."""),
    wrong("from 1 to 10", _reading(lambda labels: labels + 1)).told("""
        The labels are the digits themselves, from 0 to 9. Counting places from 1 makes each one too many."""),
    wrong("too large", _reading(numbers=lambda labels: 109_386)).told("""
        Everything counts that `my_network.state_dict()` holds. `nnkit.summary(my_network, (1, 28, 28))` shows which
        layer holds how much; most of it is usually where the picture becomes a row of numbers."""),
    wrong("images changed", _reading(changed=lambda labels: True)).told("""
        Whoever has these images goes on working with them. `images - mean` makes a new array, `images -= mean` changes
        the caller's."""),
    wrong("not twice the same", _reading(again=lambda labels: _some_others(labels, 9)[:SOME])).told("""
        Something is left to chance while your function reads. Dropout is for training only, and `my_network.eval()`
        switches it off."""),
    wrong("trains", _reading(again=lambda labels: _some_others(labels, 9)[:SOME], learned=lambda labels: True)).told("""
        When your function is called, the numbers of `my_network` change. Does it train? The training stands in the
        cell, before the function, and the function only reads."""),
    wrong("remembered", _reading(reversed=lambda labels: labels[:SOME])).told("""
        Your function gives the labels that it gave before, to other images. Is an answer kept between two calls, and
        given again to as many images?"""),
    wrong(
        "batch norm in training",
        _reading(counted=lambda labels: True),
    ).told("""
        Numbers that batch norm keeps change while your function reads: it is in training mode, and looks at all images
        that are given together. `my_network.eval()` makes it use what it has kept."""),
    wrong("by their company", _reading(alone=lambda labels: list((labels[:ALONE, None] + 5) % 10))).told("""
        What an image is should not depend on the images beside it. Batch norm in training mode looks at the whole
        batch, and so does scaling by the mean of what was given; `my_network.eval()` and numbers from the training
        images do not."""),
    wrong("from elsewhere", _reading(zeroed=lambda labels: labels[:SOME])).told("""
        A network whose numbers are all 0 gives every image the same scores. So the labels come from something besides
        `my_network`, or from a copy of it. All that is learned is to be in `my_network`."""),
    wrong("one label", _reading(np.zeros_like)).told("""
        Every image gets the same label. Look at the ten scores of two images: are they equal? Then the training has
        gone wrong, or what the network gets is no longer the image."""),
    wrong(
        "expects bytes", _reading(lambda labels: _some_others(labels, 2), bytes=lambda labels: labels[:SOME])
    ).told("""
        Given the same images with pixels from 0 to 255, your function reads many more of them. The images come with
        pixels from 0 to 1. What was your network trained on, and what does the function do to the pixels?"""),
    wrong(
        "expects negative",
        _reading(lambda labels: _some_others(labels, 2), negative=lambda labels: labels[:SOME]),
    ).told("""
        Given the same images with ink and paper exchanged, your function reads many more of them. The images come with
        0 for paper and 1 for ink. What was your network trained on, and what does the function do to the pixels?"""),
    wrong("one too many", _reading(lambda labels: (labels + 1) % 10)).told("""
        With 1 taken off each of your labels, and 9 in place of −1, most would be right."""),
    wrong("least likely", _reading(lambda labels: (labels + 5) % 10)).told("""
        Fewer are right than by guessing, so your function knows the digits and avoids them: is it the largest score
        whose place you return?"""),
    wrong("guessing", _reading(lambda labels: _some_others(labels[::-1], 7))).told("""
        That is about what guessing gives. Was the network trained before the function was called, each image beside
        its own label? Do the images reach it in the form in which it was trained, pixel by pixel, and do the labels
        come back in the order of the images?"""),
    wrong("not good enough", _reading(lambda labels: _some_others(labels, 4))).told("""
        Your function does what it should; what is missing is a network that reads better. The table above the exercise
        says what is known to be reachable, and with what."""),
)
