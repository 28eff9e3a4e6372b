"""An error of the student's code in words: what Python says, and what that means here."""

from __future__ import annotations

import re

from nnkit.exercises.exercise import Exercise
from nnkit.exercises.judge.answer import Raised
from nnkit.exercises.judge.finding import Finding
from nnkit.exercises.judge.from_beside import from_beside
from nnkit.languages import joined, marked, say, sentences

# NumPy names the signature of a compiled function there, which tells a reader nothing.
_MATMUL = re.compile(r"matmul: Input operand .*\(size (?P<one>\d+) is different from (?P<other>\d+)\)", re.DOTALL)

# What Python's own words for common errors mean here: pieces of its text, and what to tell.
PYTHONS_WORDS = (
    (("NameError",), "Python does not know this name. Is it spelled as where it is defined, and was that cell run?"),
    (
        ("OverflowError",),
        "A number became too large: floats end near 10³⁰⁸. Which exponent is it, and is there a form in which it is "
        "small?",
    ),
    (("operand type(s) for ^:",), "Python writes a power as `**`; `^` does something else, and to integers only."),
    (("bitwise_xor",), "A power is written as `**`, with arrays too; `^` does something else, and to integers only."),
    (
        ("numpy boolean", "is not supported"),
        "An array of True and False has no sign, and cannot be subtracted. `.astype(float)` makes numbers of it first.",
    ),
    (
        ("axis", "is out of bounds for array of dimension"),
        "Axes are counted from 0: an array with one dimension has axis 0 only, one with two has 0 and 1.",
    ),
    (
        ("truth value of an array",),
        "An `if` asks one question, but an array holds many answers. `np.where`, or an array of True and False as an "
        "index, asks for each element.",
    ),
    (
        ("the sizes do not fit in a product with @",),
        "In A @ B the last axis of A meets the first axis of B; their lengths must be equal.",
    ),
    (
        ("could not be broadcast together",),
        "Element by element, shapes are compared from their last axis on: two lengths must be equal, or one of them 1.",
    ),
    (
        ("setting an array element with a sequence",),
        "One place of an array holds one number; several were put there.",
    ),
    (
        ("can be converted to Python scalars",),
        "A function for one number received an array. `math` works on single numbers, `np` on arrays.",
    ),
    (
        ("unsupported operand type", "'NoneType'"),
        "Something in this line is None: what a function without `return` gave, or a value that nobody has set yet.",
    ),
    (
        ("Integers to negative integer powers",),
        "NumPy makes an integer of a power of integers, and 2⁻¹ is none. What does Python's own `**` make of it?",
    ),
    (("'function' object is not subscriptable",), "A function is called with ( ); [ ] picks an entry of an array."),
    (
        ("'NoneType' object is not subscriptable",),
        "Something before a [ is None. A function without `return` gives None, and so do methods that change their "
        "argument in place, such as `shuffle` and `sort`.",
    ),
    (
        ("'Node' object is not iterable",),
        "The parents of a node are a tuple or a list, also when there is only one: a comma makes `(a,)` a tuple.",
    ),
    (
        ("is not callable",),
        "A value followed by a bracket is called like a function. Is an operator missing between them?",
    ),
)


def error_finding(exercise: Exercise, raised: Raised) -> Finding:
    """What is said about an error: the line, what was in it, and what Python's words mean here."""
    line, where = raised.line, raised.where
    text = _said(raised)
    if raised.type == "NotImplementedError" and where:
        owner = where.split(".")[0]
        cause = say("{where} still has its `raise NotImplementedError`: this part is not written yet.", where=where)
        if owner != exercise.student_name:
            cause = say("It calls {where}, which is not written yet; write that one first.", where=where)
        return Finding("raised", cause, cause=cause, symptom="not written")
    if raised.type == "RecursionError":
        text = say("It calls itself again and again without an end. When does the recursion stop?")
    told = text if text.endswith((".", "?")) else joined([text, "."], "")
    if raised.variables:
        told = sentences(say("{variables}.", variables=_variables_text(raised.variables)), told)
    owner = where.split(".")[0] if where.isascii() and "<" not in where else ""
    place = _place(line, raised.caller, owner)
    if place:
        told = say("{place}: {told}", place=place, told=told)
    cause = next((words for pieces, words in PYTHONS_WORDS if all(piece in text for piece in pieces)), text)
    if not line and "argument" in text:
        cause = say(
            "It is called as `{signature}`. Does your first line take the same arguments?", signature=exercise.signature
        )
    return Finding("raised", told, cause=cause, symptom=raised.type)


def _said(raised: Raised) -> str:
    """What Python says. It stays as it is in every language: that is what a reader looks for elsewhere."""
    text = raised.text.strip()
    if not text:
        return joined([raised.type, "."], "")
    matmul = _MATMUL.fullmatch(text)
    if matmul is not None:
        sizes = say(
            "the sizes do not fit in a product with @ (size {one} is different from {other})", **matmul.groupdict()
        )
        return joined([raised.type, sizes], ": ")
    return joined([f"{raised.type}: {text}"])


def _place(line: str, caller: str, owner: str) -> str:
    """Where it was: the innermost line, in the function `owner`, and the answer's own line that led to it."""
    if not caller:
        return say("In your line `{line}`", line=line) if line else ""
    if not line:
        # Where the code of the innermost function is not known, the line that calls it is all there is to quote.
        if owner:
            return say("In your line `{line}`, inside {function}", line=caller, function=owner)
        return say("In your line `{line}`", line=caller)
    if owner:
        return say(
            "In your line `{line}` of {function}, called from your line `{caller}`",
            line=line,
            function=owner,
            caller=caller,
        )
    return say("In your line `{line}`, called from your line `{caller}`", line=line, caller=caller)


def _variables_text(variables: tuple[tuple[str, str], ...]) -> str:
    """'`x` has shape (5, 2, 3) there, `Wx` (3, 4), `h` is 0.5'."""
    texts: list[str] = []
    mode = ""
    for variable, words in variables:
        name = f"`{variable}`"
        if words.startswith("shape "):
            shape = words.removeprefix("shape ")
            if mode == "shape":
                texts.append(f"{name} {shape}")
            elif not texts:
                texts.append(say("{name} has shape {shape} there", name=name, shape=shape))
            else:
                texts.append(say("{name} has shape {shape}", name=name, shape=shape))
            mode = "shape"
        else:
            form = marked("{name} is {what}") if texts else marked("{name} is {what} there")
            texts.append(say(form, name=name, what=from_beside(words)))
            mode = "is"
    return joined(texts)
