"""What came back from beside the student's code, read from the wire and trusted in nothing.

An `Answer` is what the student's code made of one case, a `Sitting` is all that is known after every case was put to
it. Both are plain data that cannot be changed; what does not have their form is refused when it is read, and texts are
cut off where a report would become long.

What a verdict rests on is measured wherever it can be: `returned`, `again` and the arguments as they came back are
values, and whether an argument was changed is found here by comparing it, bit for bit, with what was sent. The rest is
claimed by the process in which the student's code runs. None of these claims makes a wrong value right; what a forger
could gain by each:

- an argument that was changed and is sent as it was, or not at all: that its own change of inputs goes unseen;
- `warned`, left out: that a warning goes unseen, in the exercises that ask for a way without one;
- `called`, left out: "not yet" in the place of "waiting"; dishonest: "waiting" in the place of "not yet". Neither gives
  points;
- `delegated`, left out: that a library's function, where one is there to be called, counts as its own work. Therefore
  a place where answers are graded has none of them;
- `raised`, `stub` and `state`: another sentence. An answer with an error, or not all answers, never pass;
- `remarked`, `printed`, `limited`, `type_name`, `line`: words in a note.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nnkit.exercises.beside import wire
from nnkit.exercises.beside.states import ANSWERED, STATES
from nnkit.exercises.beside.wire import WireError

# Longer than what an honest message holds, and short enough for a report.
MOST_TEXTS = 20
LONGEST_NAME = 100
LONGEST_TEXT = 400
MOST_VARIABLES = 6


class Unreadable(WireError):  # noqa: N818 -- it says what the message is
    """What came back is no answer to the request: not written by `beside.request`, or cut off on its way."""


@dataclass(frozen=True)
class Raised:
    """An error that the student's code raised.

    Parameters
    ----------
    type, text : str
        The error's class and what it says.
    line : str
        The last line of the student's own code, "" when none was reached.
    where : str
        The function or method in which that line stands.
    caller : str
        The line of the answer itself that led there, where it stopped in another function; else "".
    variables : tuple[tuple[str, str], ...]
        What the names in that line were, in words: ("x", "shape (3, 2)").
    stub : bool
        Whether it is the `NotImplementedError` that stands in a notebook until an answer is written.
    """

    type: str
    text: str = ""
    line: str = ""
    where: str = ""
    caller: str = ""
    variables: tuple[tuple[str, str], ...] = ()
    stub: bool = False


@dataclass(frozen=True)
class Answer:
    """What the student's code made of one case.

    Parameters
    ----------
    returned : Any
        What it returned, or what the exercise's probe saw, as plain data.
    changed : tuple[str, ...]
        Names of the arguments that are not what they were, as the judge has found by comparing.
    raised : Raised or None
        The error, None if there was none.
    warned : tuple[str, ...]
        The texts of warnings about numbers, each once.
    again : Any
        Where arguments were changed: what a second call with the changed ones returned.
    remarked : tuple[str, ...]
        The texts of all other warnings.
    """

    returned: Any = None
    changed: tuple[str, ...] = ()
    raised: Raised | None = None
    warned: tuple[str, ...] = ()
    again: Any = None
    remarked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sitting:
    """All that is known after the cases of an exercise were put to the student's code.

    Parameters
    ----------
    state : str
        One of `beside.states.STATES`.
    answers : tuple[Answer, ...]
        One for each case, as far as the time went.
    called, delegated : tuple[str, ...]
        The other exercises' functions and the withheld functions that the answer called.
    printed : str
        What it printed, cut off after a while.
    limited : bool
        Whether an endless loop could have been stopped.
    type_name : str
        The type of what stands under the answer's name, where that cannot be called.
    line : str
        The student's line at which it was working when the time was over, "" where that is not known.
    """

    state: str
    answers: tuple[Answer, ...] = ()
    called: tuple[str, ...] = ()
    delegated: tuple[str, ...] = ()
    printed: str = ""
    limited: bool = True
    type_name: str = ""
    line: str = ""

    @classmethod
    def read(cls, message: Any, sent: Sequence[Mapping[str, Any]]) -> Sitting:
        """Make a sitting of what `beside.request` sent.

        Parameters
        ----------
        message : Any
            What came back.
        sent : Sequence[Mapping[str, Any]]
            The arguments of each case, as they were sent.

        Raises
        ------
        WireError
            The message does not have the form of a sitting.
        """
        parts = _checked(message, "a sitting", _SITTING)
        if parts["state"] not in STATES:
            raise WireError(f"A sitting has the state {parts['state'][:40]!r}; known are {', '.join(STATES)}.")
        found = parts.pop("answers")
        if len(found) > len(sent) or (parts["state"] == ANSWERED and len(found) < len(sent)):
            raise WireError(f"A sitting has {len(found):,} answers to {len(sent)} cases.")
        answers = tuple(_answer(part, arguments) for part, arguments in zip(found, sent, strict=False))
        texts = {key: parts[key][:LONGEST_TEXT] for key in ("printed", "type_name", "line")}
        lists = {key: _texts(parts[key], LONGEST_NAME) for key in ("called", "delegated")}
        return cls(answers=answers, **{**parts, **texts, **lists})


_SITTING: dict[str, type] = {
    "state": str,
    "answers": list,
    "called": list,
    "delegated": list,
    "printed": str,
    "limited": bool,
    "type_name": str,
    "line": str,
}
_RAISED: dict[str, type] = {
    **dict.fromkeys(("type", "text", "line", "where", "caller"), str),
    "variables": list,
    "stub": bool,
}
_ANSWER = {"returned", "after", "again", "raised", "warned", "remarked"}


def _answer(message: Any, sent: Mapping[str, Any]) -> Answer:
    if not isinstance(message, dict) or message.keys() != _ANSWER:
        raise WireError(f"An answer to a case does not have the parts {', '.join(sorted(_ANSWER))}.")
    raised = message["raised"]
    if raised is not None:
        parts = _checked(raised, "an error", _RAISED)
        pairs = parts["variables"]
        if not all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in pairs):
            raise WireError("An error's variables are not pairs of a name and words.")
        variables = tuple((_text(name)[:40], _text(words)[:80]) for name, words in pairs[:MOST_VARIABLES])
        texts = {key: parts[key][:LONGEST_TEXT] for key, kind in _RAISED.items() if kind is str}
        raised = Raised(**{**parts, **texts, "type": parts["type"][:LONGEST_NAME], "variables": variables})
    return Answer(
        message["returned"],
        _changed(message["after"], sent),
        raised,
        _texts(message["warned"]),
        message["again"],
        _texts(message["remarked"]),
    )


def _changed(after: Any, sent: Mapping[str, Any]) -> tuple[str, ...]:
    """The arguments that came back as something else than was sent; of those that did not come back nothing is said."""
    if not isinstance(after, dict) or not after.keys() <= sent.keys():
        raise WireError("An answer to a case gives back other arguments than were sent.")
    return tuple(name for name in sent if name in after and _bits(after[name]) != _bits(sent[name]))


def _bits(value: Any) -> bytes:
    try:
        return wire.dumps(value)
    except WireError:
        return b""  # a part of a message that was just read may be too large only together with others


def _checked(message: Any, what: str, form: dict[str, type]) -> dict[str, Any]:
    """A dictionary that has exactly these keys, with values of these types."""
    if not isinstance(message, dict) or message.keys() != form.keys():
        raise WireError(f"The message about {what} does not have the parts {', '.join(form)}.")
    for key, kind in form.items():
        if type(message[key]) is not kind:
            raise WireError(f"In the message about {what} {key!r} is no {kind.__name__}.")
    return dict(message)


def _texts(entries: Any, longest: int = LONGEST_TEXT) -> tuple[str, ...]:
    if not isinstance(entries, list):
        raise WireError("A list of texts was expected in a message, and something else came.")
    return tuple(_text(entry)[:longest] for entry in entries[:MOST_TEXTS])


def _text(entry: Any) -> str:
    if type(entry) is not str:
        raise WireError("A text was expected in a message, and something else came.")
    return entry
