"""A drawn graph with empty fields: the reader fills in what travels back, or forward, and is told at once.

The page knows where the fields are and nothing of what belongs there: a number is checked in Python when its field is
left, and a wrong one is told what it is, as far as that can be said truthfully (see `slips`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from nnkit.draw import style
from nnkit.draw.form import GRADIENTS, Blank, Form, form
from nnkit.draw.svg import BLANK_HEIGHT, BLANK_WIDTH
from nnkit.widgets import base
from nnkit.widgets.fields import Field
from nnkit.widgets.slips import cause_of, is_whole, question_about, same
from nnkit.widgets.typed_numbers import readings

LONGEST = 40
"""Characters of what is typed into a field."""


@dataclass(frozen=True)
class Typed(Field):
    """What stands in several boxes, as it was typed; the picture sets it.

    Parameters
    ----------
    count : int
        How many boxes there are.
    """

    count: int = 0
    kind: ClassVar[str] = "typed"

    def read(self, value: Any) -> list[str]:
        """Return the texts; those that are left out are empty."""
        texts = list(value) if isinstance(value, list | tuple) else None
        if texts is None or len(texts) > self.count or not all(isinstance(one, str) for one in texts):
            raise ValueError(
                f"{self.name} is a list of at most {self.count} texts, one for each empty field; got {value!r}."
            )
        return [one[:LONGEST] for one in texts] + [""] * (self.count - len(texts))


class FillIn(base.Moving):
    """A graph with fields; see `fill_in`.

    Parameters
    ----------
    asked : Form
        The graph and its empty places.
    settings : mapping, optional
        What is typed into the fields at first.
    notice : str
        What is to be seen when all fields are right.
    call : str
        What makes it again in a notebook, "…" where the settings stand.
    **changes : Any
        Single settings.

    Examples
    --------
    >>> import nnkit
    >>> from nnkit import draw
    >>> a = nnkit.tensor(3.0, requires_grad=True)
    >>> b = a + a
    >>> asked = FillIn(draw.form(b + b, inputs={"a": a}, names={"b": b}, result="c"))
    >>> asked.answer({"field": 2, "typed": "1"})["words"]
    'That is one of two messages; they add up. 0 of 6 fields are right.'
    >>> asked.answer({"field": 2, "typed": "2.0"})["words"]
    'Right, the sum of the gradients that arrive at b. 1 of 6 fields is right.'
    """

    front = "fill_in"
    title = "A graph to fill in"

    def __init__(
        self,
        asked: Form,
        settings: Mapping[str, Any] | None = None,
        /,
        *,
        notice: str = "",
        call: str = "widgets.fill_in",
        **changes: Any,
    ) -> None:
        self.call = call
        self._form, self._notice = asked, notice
        self._right: set[int] = set()
        super().__init__(settings, **changes)

    @property
    def fields(self) -> Sequence[Field]:
        """What is typed, in the order in which it can be found."""
        return [Typed("typed", "", [], len(self._form.blanks))]

    def material(self) -> dict[str, Any]:
        """The picture and where its fields are; no number of theirs."""
        picture = self._form.picture
        return {
            "picture": picture.fixed,
            "width": math.ceil(picture.width),
            "height": math.ceil(picture.height),
            "size": [BLANK_WIDTH, BLANK_HEIGHT],
            "fields": [{"label": one.label, "x": one.x, "y": one.y} for one in self._form.blanks],
            "backward": self._backward,
            "opening": f"{self._asked}. {self._progress()}",
        }

    @property
    def _asked(self) -> str:
        blanks = self._form.blanks
        if not self._backward:
            asked = "Fill in what every operation makes, from left to right"
        else:
            meet = "Σ is where messages meet. " if any(one.kind == "sum" for one in blanks) else ""
            asked = f"{meet}Fill in what travels back, from right to left"
        return asked + ("" if all(is_whole(one.answer) for one in blanks) else "; three digits will do")

    @property
    def _backward(self) -> bool:
        return any(one.kind != "value" for one in self._form.blanks)

    def _progress(self) -> str:
        count, right = len(self._form.blanks), len(self._right)
        return f"{right} of {count} fields {'is' if right == 1 else 'are'} right."

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """Check one field: whether it is right, and what is to be said.

        Parameters
        ----------
        question : dict
            ``field`` (its number) and ``typed`` (its text, "" for one that was emptied).

        Returns
        -------
        dict
            ``state`` ("right", "wrong", "unread" or "empty"), ``words``, ``done`` (whether all are right).
        """
        number = int(question["field"])
        blank = self._form.blanks[number]
        typed = str(question["typed"])[:LONGEST]
        self._right.discard(number)
        if not typed.strip():
            return self._said("empty", "")
        try:
            found = readings(typed)
        except ValueError as problem:
            return self._said("unread", str(problem).replace("Your prediction", "What belongs here"))
        if any(same(one, blank.answer) for one in found):
            self._right.add(number)
            return self._said("right", f"Right, the {blank.label}.")
        cause = next(filter(None, (cause_of(self._form, blank, one) for one in found)), "")
        return self._said("wrong", cause or f"Not yet. {question_about(self._form, blank, self._is_right)}")

    def _is_right(self, blank: Blank) -> bool:
        return self._form.blanks.index(blank) in self._right

    def _said(self, state: str, words: str) -> dict[str, Any]:
        done = len(self._right) == len(self._form.blanks)
        rest = f"All {len(self._form.blanks)} fields are right. {self._ends()}" if done else self._progress()
        return {"state": state, "words": f"{words} {rest}".strip(), "done": done}

    def _ends(self) -> str:
        """Say at the end what was found, and what to notice in it."""
        end = self._form.picture.title.rpartition(" ")[2]
        arrived = {id(step.node): step for step in self._form.steps if not step.node.parents}
        found = [
            f"∂{end}/∂{call} = {style.number(float(arrived[node].gradient))}"
            for node, call in self._form.calls.items()
            if self._backward and node in arrived and not call.startswith("the constant")
        ]
        if not self._backward:
            found = [f"{end} = {style.number(self._form.blanks[-1].answer)}"]
        return " ".join(filter(None, [f"So {', '.join(found)}." if found else "", self._notice]))

    def twin(self) -> Any:
        """The graph with empty lines, for a pencil."""
        words = f"{self._asked}, here or on paper."
        return base.Twin(self._form.picture, words, base.paragraph(words))


def fill_in(
    tensor: Any,
    settings: Mapping[str, Any] | None = None,
    /,
    *,
    inputs: Mapping[str, Any] | None = None,
    weights: Mapping[str, Any] | None = None,
    targets: Mapping[str, Any] | None = None,
    names: Mapping[str, Any] | None = None,
    gradient: Any = None,
    result: str = "f",
    fill: str = GRADIENTS,
    notice: str = "",
    **changes: Any,
) -> None:
    """Show a graph of single numbers with empty fields, and check each number when its field is left.

    Parameters
    ----------
    tensor : Tensor
        The end of the graph.
    settings : mapping, optional
        ``typed``: a list of what stands in the fields at first.
    inputs, weights, targets, names, gradient, result
        As for `nnkit.draw.graph`.
    fill : str
        "gradients": what the backward pass sends, and the sums where messages meet; "values": the results on the way
        forward.
    notice : str
        What is to be seen when all fields are right.
    **changes : Any
        Single settings.

    Raises
    ------
    TypeError, ValueError
        As `nnkit.draw.form` does; and if a setting is not known.

    Examples
    --------
    >>> from unittest import mock
    >>> import nnkit
    >>> x, w = nnkit.tensor(2.0), nnkit.tensor(-3.0, requires_grad=True)
    >>> with mock.patch.dict("os.environ", NNKIT_STATIC="1"):
    ...     fill_in(x * w, inputs={"x": x}, weights={"w": w})
    Computation graph of f = x × w; f = −6; operations ×; inputs x = 2; weights w = −3; 1 place is empty.
    Fill in what travels back, from right to left, here or on paper.
    """
    asked = form(
        tensor,
        inputs=inputs,
        weights=weights,
        targets=targets,
        names=names,
        gradient=gradient,
        result=result,
        fill=fill,
    )
    named = {"inputs": inputs, "weights": weights, "targets": targets, "names": names}
    # Whoever made the graph has its tensors under these names, most likely.
    rest = [
        f"{key}={{{', '.join(f'{name!r}: {name}' for name in group)}}}".replace("'", '"')
        for key, group in named.items()
        if group
    ]
    rest += [f"result={result!r}".replace("'", '"')] * (result != "f") + [f'fill="{fill}"'] * (fill != GRADIENTS)
    call = f"widgets.fill_in({', '.join([result, '…', *rest])})"
    FillIn(asked, settings, notice=notice, call=call, **changes).show()
