"""A question that is answered only after the reader has committed to a prediction."""

from __future__ import annotations

import html
import math
from fractions import Fraction
from typing import Any

from nnkit.draw import style
from nnkit.widgets import base


def read_number(text: str) -> float:
    """Read a number as people write it: "−6", "0,5", "1/3", "2e-3".

    Parameters
    ----------
    text : str

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If it is not a finite number, with a sentence for the reader.

    Examples
    --------
    >>> read_number("−6"), read_number(" 0,5 "), read_number("1/4")
    (-6.0, 0.5, 0.25)
    """
    plain = text.strip().replace("−", "-").replace(",", ".").replace(" ", "")
    try:
        number = float(Fraction(plain)) if "/" in plain else float(plain)
    except (ValueError, ZeroDivisionError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        what = f"“{text.strip()}” is not a number" if text.strip() else "there is nothing in the box yet"
        raise ValueError(f"Your prediction is a number, such as −2 or 0.5; {what}.")
    return number


def is_close(prediction: float, answer: float) -> bool:
    """Say whether a prediction counts as the answer: equal to three significant digits, as the course shows numbers.

    Parameters
    ----------
    prediction, answer : float

    Returns
    -------
    bool

    Examples
    --------
    >>> is_close(0.731, 0.7310586), is_close(0.7, 0.7310586), is_close(0.0, 0.0)
    (True, False, True)
    """
    return math.isclose(prediction, answer, rel_tol=2e-3, abs_tol=1e-9)


def predict(question: str, answer: float, explanation: str = "", *, picture: Any = None) -> None:
    """Ask for a number, and show the answer only once the reader has committed to a prediction.

    The static twin shows the question alone: a stored notebook never gives the answer away.

    Parameters
    ----------
    question : str
        What is to be predicted, in plain text.
    answer : float
        The number; shown with three significant digits beside the reader's own.
    explanation : str
        A sentence or two shown with the answer.
    picture : Picture or matplotlib figure, optional
        Shown with the answer.

    Raises
    ------
    TypeError
        If `answer` is not a number.

    Examples
    --------
    >>> from unittest import mock
    >>> with mock.patch.dict("os.environ", NNKIT_STATIC="1"):
    ...     predict("b = a + a, c = b + b, a = 3. What is ∂c/∂a?", 4, "Messages add up.")
    My prediction: b = a + a, c = b + b, a = 3. What is ∂c/∂a?
    """
    try:
        expected = float(answer)
    except (TypeError, ValueError):
        raise TypeError(f"The answer of a prediction is a number; got {answer!r}.") from None
    shown = "" if picture is None else base.picture_html(picture)
    base.show(base.Note(question, "My prediction:"), live=lambda: _live(question, expected, explanation, shown))


def _live(question: str, answer: float, explanation: str, picture: str) -> Any:
    """Make the widget: the question, a box, a button, and room for the answer."""
    import ipywidgets

    box = ipywidgets.Text(
        description="My prediction",
        placeholder="a number",
        style={"description_width": "initial"},
        layout=ipywidgets.Layout(width="18em"),
    )
    button = ipywidgets.Button(description="Commit", tooltip="Commit to this prediction and see the answer")
    reply = ipywidgets.HTML()

    def commit(_: Any = None) -> None:
        if button.disabled:
            return
        try:
            prediction = read_number(box.value)
        except ValueError as problem:
            reply.value = base.paragraph(str(problem))
            return
        box.disabled = button.disabled = True
        verdict = "right" if is_close(prediction, answer) else "a different number"
        reply.value = (
            f'<p style="margin:0.3em 0">You: <strong>{html.escape(style.number(prediction))}</strong>. '
            f"Answer: <strong>{html.escape(style.number(answer))}</strong> ({verdict}). "
            f"{html.escape(explanation)}</p>{picture}"
        )

    button.on_click(commit)
    return ipywidgets.VBox([ipywidgets.HTML(base.paragraph(question)), ipywidgets.HBox([box, button]), reply])
