"""What a wrong number in a graph can be: the part of the rule that was left out, or the number of another place.

A cause is told only if it is true of the number and no other cause is. So what is said is an observation about the
number that was typed ("that is one of the two messages"), never a guess at a thought. Where nothing fits, or several
causes do, a question leads on, and it tells no number that the reader has not found.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from nnkit.draw import style
from nnkit.draw.form import Blank, Form
from nnkit.widgets.tolerance import Tolerance

Cause = tuple[float, str]
"""A number that somebody may arrive at, and what it is."""

WHOLE, NEAR = Tolerance(give_or_take=1e-6), Tolerance(within=0.01)

_COUNTS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}


def same(typed: float, number: float) -> bool:
    """Say whether a typed number is a certain one: whole numbers exactly, others within 1 %.

    Who keeps three digits on the way is within 1 %; who rounds to one digit and goes on is not.

    Parameters
    ----------
    typed, number : float

    Returns
    -------
    bool

    Examples
    --------
    >>> same(0.2, 0.1966), same(0.197, 0.1966), same(4.1, 4)
    (False, True, False)
    """
    if not math.isfinite(number):
        return False
    return (WHOLE if is_whole(number) else NEAR).accepts(typed, number)


def is_whole(number: float) -> bool:
    """Say whether a number is whole, but for rounding.

    Parameters
    ----------
    number : float

    Returns
    -------
    bool

    Examples
    --------
    >>> is_whole(0.1 + 0.2 + 0.7), is_whole(0.5)
    (True, False)
    """
    return math.isclose(number, round(number), rel_tol=1e-6, abs_tol=1e-9)


def cause_of(form: Form, blank: Blank, typed: float) -> str:
    """Say what a wrong number is, where exactly one thing fits it.

    Parameters
    ----------
    form : Form
    blank : Blank
        Where it was typed.
    typed : float

    Returns
    -------
    str
        A sentence or two; "" where nothing fits, or several causes do.
    """
    causes = {"message": _of_message, "sum": _of_sum, "value": _of_value}[blank.kind](form, blank)
    answer = blank.answer
    found = {words for number, words in causes if not same(number, answer) and same(typed, number)}
    return found.pop() if len(found) == 1 else ""


def question_about(form: Form, blank: Blank, known: Callable[[Blank], bool]) -> str:
    """Ask for the next step towards the right number.

    Parameters
    ----------
    form : Form
    blank : Blank
        Where a wrong number was typed.
    known : callable
        Says of a blank whether the reader has filled it in rightly: only then its number may be told.

    Returns
    -------
    str
    """
    call = form.calls[id(blank.node)]
    if blank.kind == "sum":
        senders = [form.calls[id(sender)] for sender, _ in _arriving(form, blank.node)]
        met = f"{_count(len(senders)).capitalize()} messages meet here, from {_listed(list(dict.fromkeys(senders)))}."
        return f"{met} What do messages do that meet?"
    if blank.kind == "value":
        inside = [
            style.number(_value(parent)) if not parent.parents or _is_known(form, known, parent) else "a value"
            for parent in blank.node.parents
            if id(parent) in form.calls  # an exponent stands in its circle
        ]
        if "a value" in inside:
            return f"Into {call} goes a value that is not filled in yet; begin further left."
        return f"Into {call} go {_listed(inside)}." if len(inside) > 1 else f"Into {call} goes {inside[0]}."
    before = [one for one in form.blanks if _feeds(one, blank.node)]
    argument = form.calls[id(blank.node.parents[blank.argument])]
    if not all(known(one) for one in before):
        return f"First fill in what arrives at {call} from the right; that times a local slope belongs here."
    arrives = style.number(_incoming(form, blank.node))
    return (
        f"{arrives} arrives at {call} from the right, and a local slope multiplies it: by how much does the result of "
        f"{call} change for each 1 of {argument}?"
    )


# ---------------------------------------------------------------------------------------------------------------------
# What is known of a graph
# ---------------------------------------------------------------------------------------------------------------------


def _value(node: Any) -> float:
    return float(np.asarray(node.detach().numpy()))


def _incoming(form: Form, node: Any) -> float:
    return next(float(step.gradient) for step in form.steps if step.node is node)


def _slopes(node: Any) -> list[float | None]:
    """The local slopes of an operation: what it would send if 1 arrived."""
    from nnkit.engine import walk

    return [None if sent is None else float(sent) for sent in next(iter(walk(node))).sent]


def _arriving(form: Form, node: Any) -> list[tuple[Any, float]]:
    """Who sends to a node, and what."""
    return [
        (step.node, float(sent))
        for step in form.steps
        for parent, sent in zip(step.node.parents, step.sent, strict=True)
        if sent is not None and parent is node
    ]


def _feeds(blank: Blank, node: Any) -> bool:
    """Whether a blank holds the gradient that arrives at a node, or a part of it."""
    if blank.kind == "sum":
        return blank.node is node
    return blank.kind == "message" and blank.node.parents[blank.argument] is node


def _is_known(form: Form, known: Callable[[Blank], bool], node: Any) -> bool:
    return any(one.node is node and known(one) for one in form.blanks)


def _count(number: int) -> str:
    return _COUNTS.get(number, str(number))


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


# ---------------------------------------------------------------------------------------------------------------------
# Causes
# ---------------------------------------------------------------------------------------------------------------------


def _rounded(answer: float) -> Iterator[Cause]:
    """A number that was rounded too early, where the right one is not whole."""
    if math.isfinite(answer) and not is_whole(answer):
        first = -math.floor(math.log10(abs(answer)))
        for digits in (first, first + 1):
            yield round(answer, digits), "That is rounded too far. Keep three digits on the way."


def _of_message(form: Form, blank: Blank) -> Iterator[Cause]:
    node, parent = blank.node, blank.node.parents[blank.argument]
    call, to = form.calls[id(node)], form.calls[id(parent)]
    symbol = str(getattr(node.operation, "symbol", "") or node.operation.name)
    incoming, slopes = _incoming(form, node), _slopes(node)
    slope = slopes[blank.argument]
    assert slope is not None
    yield from _rounded(blank.answer)
    if not same(incoming, 1):
        yield slope, f"That is the local slope of {call} alone. What arrives from the right still multiplies it."
    if slope == -1:
        yield incoming, f"The size is right. Which sign has the local slope of {call} for {to}?"
    else:
        yield -blank.answer, "The size is right, the sign is not."
        yield incoming, f"That is what arrives at {call} from the right. Its local slope still multiplies it."
    if not same(incoming, -slope):  # a 0 is typed for many reasons
        yield incoming + slope, "That adds the local slope to what arrives. They are multiplied."
    arriving = _arriving(form, parent)
    if len(arriving) > 1:
        whole = f"That is all that arrives at {to}, added up. Here only the message of {call} is asked for."
        yield sum(sent for _, sent in arriving), whole
    parts = _arriving(form, node)
    if len(parts) > 1:
        words = (
            f"That passes on one of the {_count(len(parts))} messages that arrive at {call}. All of them have to be "
            "there, added up, before it sends."
        )
        for _, part in parts:
            yield part * slope, words
    others = [place for place in range(len(node.parents)) if node.parents[place] is not parent]
    for place in others:
        other = form.calls.get(id(node.parents[place]))
        if symbol == "×":
            words = f"That multiplies by {to}'s own value. × gives each factor the other one."
            yield incoming * _value(parent), words
        elif symbol in ("+", "−"):
            factor = _value(node.parents[place])
            if factor:
                yield incoming * factor, f"That multiplies by the other argument, as a × does. {call} is no product."
        elif other is not None and slopes[place] is not None:
            yield incoming * float(slopes[place] or 0.0), f"That is what {call} sends to {other}."
    yield from _of_one_argument(node, symbol, incoming, _value(parent))
    if symbol != "×" or not same(incoming, 1):  # else that is told above
        yield _value(parent), f"That is the value of {to}, on its way forward. What comes back is asked for."


def _of_one_argument(node: Any, symbol: str, incoming: float, base: float) -> Iterator[Cause]:
    result = _value(node)
    if node.operation.name == "pow":
        power = _value(node.parents[1])
        yield incoming * result, "That multiplies by the power itself. What is the slope of a power?"
        yield incoming * power * result, "The exponent of the slope is one less than that of the power."
        if base or power >= 1:
            yield incoming * base ** (power - 1), "The exponent belongs before it, too: the slope of aⁿ is n aⁿ⁻¹."
        yield incoming * power, "The exponent is there. The base, with an exponent one less, is missing."
    elif symbol == "σ":
        yield incoming * result, "That multiplies by σ itself. The slope of σ is s (1 − s), with s its own result."
        yield incoming * (1 - result), "That is half of the slope: it is s (1 − s), with s its own result."
    elif len(node.parents) == 1:
        yield incoming * result, f"That multiplies by the result of {symbol}. What is its slope?"


def _of_sum(form: Form, blank: Blank) -> Iterator[Cause]:
    messages = [sent for _, sent in _arriving(form, blank.node)]
    count, to = _count(len(messages)), form.calls[id(blank.node)]
    yield from _rounded(blank.answer)
    for message in messages:
        yield message, f"That is one of {count} messages; they add up."
    for size in range(2, len(messages)):
        for some in itertools.combinations(messages, size):
            yield sum(some), f"A message is missing: there are {count}, and all of them add up."
    others = [(-blank.answer, "The size is right, the sign is not.")]
    others.append((2 * blank.answer, "That is twice the sum: each message counts once."))
    others.append((_value(blank.node), f"That is the value of {to}, on its way forward. What comes back is asked for."))
    others.append((math.prod(messages), "That multiplies the messages. They add up."))
    others.append((blank.answer / len(messages), "That is the mean of the messages. They add up."))
    if len(messages) == 2 and not same(messages[0], messages[1]):
        others += [(sign * (messages[0] - messages[1]), "That is their difference. They add up.") for sign in (1, -1)]
    # "One of the messages" is true of a number, whatever else was done to arrive at it.
    yield from (cause for cause in others if not any(same(cause[0], message) for message in messages))


def _of_value(form: Form, blank: Blank) -> Iterator[Cause]:
    node, call = blank.node, form.calls[id(blank.node)]
    symbol = str(getattr(node.operation, "symbol", "") or node.operation.name)
    values = [_value(parent) for parent in node.parents]
    yield from _rounded(blank.answer)
    yield -blank.answer, "The size is right, the sign is not."
    if node.operation.name == "pow":
        yield values[0] * values[1], "That multiplies by the exponent. A power multiplies the base with itself."
        yield values[0], f"That is what goes into {call}. What comes out?"
    elif len(values) == 2:
        first, second = values
        if symbol != "+":
            yield first + second, f"That adds. {call} does something else."
        if symbol != "×":
            yield first * second, f"That multiplies. {call} does something else."
        if symbol not in ("+", "−"):
            yield first - second, f"That subtracts. {call} does something else."
        for one in values:
            yield one, f"That is one of the numbers that go into {call}. What comes out?"
    else:
        yield values[0], f"That is what goes into {call}. What comes out?"
        if symbol == "σ":
            yield blank.answer * (1 - blank.answer), "That is the slope of σ. Its value is asked for: 1 / (1 + e⁻ᶻ)."
