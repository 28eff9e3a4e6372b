"""What came back from beside the student's code, read from the wire and trusted in nothing.

An `Answer` is what the student's code made of one case, a `Sitting` is all that is known after every case was put to
it. Both are plain data that cannot be changed; what does not have their form is refused when it is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nnkit.exercises.beside.states import STATES
from nnkit.exercises.beside.wire import WireError


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
        Names of the arguments that are not what they were.
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
    def read(cls, message: Any) -> Sitting:
        """Make a sitting of what `beside.request` sent.

        Raises
        ------
        WireError
            The message does not have the form of a sitting.
        """
        parts = _checked(message, "a sitting", _SITTING)
        if parts["state"] not in STATES:
            raise WireError(f"A sitting has the state {parts['state'][:40]!r}; known are {', '.join(STATES)}.")
        answers = tuple(_answer(part) for part in parts.pop("answers"))
        return cls(answers=answers, **{**parts, **{key: _texts(parts[key]) for key in ("called", "delegated")}})


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
_ANSWER = {"returned", "changed", "again", "raised", "warned", "remarked"}


def _answer(message: Any) -> Answer:
    if not isinstance(message, dict) or message.keys() != _ANSWER:
        raise WireError(f"An answer to a case does not have the parts {', '.join(sorted(_ANSWER))}.")
    raised = message["raised"]
    if raised is not None:
        parts = _checked(raised, "an error", _RAISED)
        pairs = parts["variables"]
        if not all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in pairs):
            raise WireError("An error's variables are not pairs of a name and words.")
        raised = Raised(**{**parts, "variables": tuple((_text(name), _text(words)) for name, words in pairs)})
    return Answer(
        message["returned"],
        _texts(message["changed"]),
        raised,
        _texts(message["warned"]),
        message["again"],
        _texts(message["remarked"]),
    )


def _checked(message: Any, what: str, form: dict[str, type]) -> dict[str, Any]:
    """A dictionary that has exactly these keys, with values of these types."""
    if not isinstance(message, dict) or message.keys() != form.keys():
        raise WireError(f"The message about {what} does not have the parts {', '.join(form)}.")
    for key, kind in form.items():
        if type(message[key]) is not kind:
            raise WireError(f"In the message about {what} {key!r} is no {kind.__name__}.")
    return dict(message)


def _texts(entries: Any) -> tuple[str, ...]:
    if not isinstance(entries, list):
        raise WireError("A list of texts was expected in a message, and something else came.")
    return tuple(_text(entry) for entry in entries)


def _text(entry: Any) -> str:
    if type(entry) is not str:
        raise WireError("A text was expected in a message, and something else came.")
    return entry
