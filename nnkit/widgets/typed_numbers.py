"""Reading a number as a person types it: 30,730, 4^10, √1000, 1/3, "about 14 m", 50 %.

A text can have several readings: 30,730 is thirty thousand where the comma parts thousands, and 30.73 where it is a
decimal comma; 50 % is one half, or 50 where a percentage was asked for. `readings` gives all of them, the likeliest
first. What is typed is read by the small grammar below and never run as code:

    text    →  sum [scale words] [%] [unit]
    sum     →  product { (+ | −) product }
    product →  signed { (· | * | × | /) signed | power }        2π and 3√2 need no sign
    signed  →  [+ | −] power
    power   →  atom [(^ | **) signed]  |  atom superscripts
    atom    →  number  |  π  |  e  |  √ power  |  function power  |  ( sum )
"""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

LONGEST = 100  # characters; nobody types more, and the grammar is read by recursion
MOST_READINGS = 16

_MINUS = "−–—‐‑﹣－"
_SPACES = "\u00a0\u2007\u2009\u202f"
_GROUPS = f" '’_{_SPACES}"
_SIGNS = str.maketrans(dict.fromkeys(_MINUS, "-") | dict.fromkeys("·×⋅∙•✕", "*") | dict.fromkeys("÷⁄∕", "/"))
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_LEADING = re.compile(
    r"(?:i(?: think|'d say|’d say| guess)|the answer is|it(?: is|'s|’s|)|a factor of|factor|maybe|perhaps|exactly|only|"
    r"just|about|approximately|approx\.?|around|roughly|circa|ca\.?|nearly|almost|some|is|by)(?=[\s\d√π(.,+*-])|[≈~≃∼=]",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?:[^\W\d]|∂)[\w∂/]{0,8}\s*[=≈]")
_NUMBER = re.compile(rf"(?:\d+(?:[{_GROUPS}]\d{{3}}(?!\d))*(?:[.,]\d+)*[.,]?|[.,]\d+)(?:[eE][+-]?\d+(?!\w))?")
_WORD = re.compile(r"log(?:2|10)(?=\s*\()|[^\W\d_]+")
_UNIT = re.compile(
    r"(?:°|[^\W\d_]|[€$£])(?:[^\W\d_]|[°²³⁻¹/*.]|\^-?\d)*(?:\s+(?:[^\W\d_]|[€$£])(?:[^\W\d_]|[°²³⁻¹/*.]|\^-?\d)*){0,5}"
)
_TWO_ANSWERS = {"or", "to", "between", "than", "not"}
# "3-4" and "11–12": who means a difference puts the larger one first, or spaces around the sign.
_RANGE = re.compile(r"(\d+(?:[.,]\d+)?)-(\d+(?:[.,]\d+)?)(?![\d.,]*\s*[\d^*/(])")

_FUNCTIONS: dict[str, Callable[[float], float]] = {
    "√": math.sqrt,
    "sqrt": math.sqrt,
    "root": math.sqrt,
    "exp": math.exp,
    "log": math.log,
    "ln": math.log,
    "log2": math.log2,
    "log10": math.log10,
    "sin": math.sin,
    "cos": math.cos,
    "tanh": math.tanh,
}
_NAMED = {"pi": math.pi, "π": math.pi, "e": math.e}
_COUNTS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_WORDS = {word: float(value) for value, word in enumerate(_COUNTS.split())} | {
    "none": 0.0,
    "nothing": 0.0,
    "once": 1.0,
    "twice": 2.0,
    "a": 1.0,
    "an": 1.0,
}
_SCALES = {
    "half": 1 / 2,
    "third": 1 / 3,
    "quarter": 1 / 4,
    "fifth": 1 / 5,
    "tenth": 1 / 10,
    "hundredth": 1e-2,
    "thousandth": 1e-3,
    "millionth": 1e-6,
    "dozen": 12.0,
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
}
# Behind a number these are no unit but more of the number: "one hundred seventeen", "eleven point seven".
_GOES_ON = _WORDS.keys() - {"a", "an", "none", "nothing", "once", "twice"} | _SCALES.keys() | {"point", "over", "and"}
_SIGN_WORDS = {"minus": "-", "negative": "-"}
_SHORT_SCALES = {"k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9}


class UnreadableError(ValueError):
    """What was typed is no number; the message is a sentence for the reader."""


@dataclass(frozen=True)
class _Token:
    """A piece of the text: a number with its readings, a sign, or a word."""

    text: str
    numbers: tuple[float, ...] = ()

    @property
    def is_fraction(self) -> bool:
        """Whether it is one sign such as ½."""
        return bool(self.numbers) and unicodedata.category(self.text[0]) == "No"


def readings(text: str) -> tuple[float, ...]:
    """Give every number that a typed text can mean, the likeliest first.

    Parameters
    ----------
    text : str

    Returns
    -------
    tuple of float
        At least one, all finite, none twice.

    Raises
    ------
    ValueError
        If it is not a finite number, with a sentence for the reader.

    Examples
    --------
    >>> readings("30,730"), readings("0,5"), readings("50 %")
    ((30730.0, 30.73), (0.5,), (0.5, 50.0))
    >>> readings("about 4^10"), readings("10⁶"), readings("√1000 m"), readings("−1/3")
    ((1048576.0,), (1000000.0,), (31.622776601683793,), (-0.3333333333333333,))
    """
    asked = text.strip()
    if not asked:
        raise UnreadableError(_sentence("there is nothing in the box yet"))
    if len(asked) > LONGEST:
        raise UnreadableError(_sentence("what is in the box is too long to be one"))
    plain = _without_lead(asked.translate(_SIGNS))
    if (ends := _RANGE.match(plain)) and float(ends[1].replace(",", ".")) < float(ends[2].replace(",", ".")):
        raise UnreadableError(_sentence(f"“{asked}” leaves it open. Commit to one"))
    tokens, rest = _tokens(plain)
    choices = itertools.islice(itertools.product(*(token.numbers or (0.0,) for token in tokens)), MOST_READINGS)
    found: dict[float, None] = {}
    try:
        for numbers in choices:
            found |= dict.fromkeys(_Reader(tokens, numbers, rest).read())
    except _UnexpectedError:
        raise UnreadableError(_not_understood(asked)) from None
    except (ArithmeticError, ValueError):
        raise UnreadableError(_sentence(f"“{asked}” has no finite value")) from None
    finite = tuple(number + 0.0 for number in found if math.isfinite(number))  # −0 becomes 0
    if not finite:
        raise UnreadableError(_sentence(f"“{asked}” has no finite value"))
    return finite


def read_number(text: str) -> float:
    """Read a number as people write it, and take the likeliest reading where there are several.

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
    >>> read_number("−6"), read_number(" 0,5 "), read_number("1/4"), read_number("30,730")
    (-6.0, 0.5, 0.25, 30730.0)
    """
    return readings(text)[0]


def _sentence(what: str) -> str:
    return f"Your prediction is a number, such as −2, 0.5, 1/3, 10^6 or √2; {what}."


def _not_understood(asked: str) -> str:
    if _TWO_ANSWERS & set(re.findall(r"[a-z]+", asked.lower())) or re.search(r"[<>≤≥±?]|\.\.|…", asked):
        return _sentence(f"“{asked}” leaves it open. Commit to one")
    return _sentence(f"“{asked}” cannot be read as one")


def _without_lead(text: str) -> str:
    """Take away what people write before a number: "about", "x =", "≈"."""
    while True:
        text = text.strip()
        found = _LEADING.match(text) or _NAME.match(text)
        if found is None or found.end() == len(text):
            return text
        text = text[found.end() :]


# ---------------------------------------------------------------------------------------------------------------------
# Pieces
# ---------------------------------------------------------------------------------------------------------------------


def _tokens(text: str) -> tuple[list[_Token], list[str]]:
    """Cut a text into tokens; beside each, what follows it, which is where a unit can begin."""
    tokens, rests, place = [], [], 0
    while place < len(text):
        while place < len(text) and (text[place].isspace() or text[place] in _SPACES):
            place += 1
        if place == len(text):
            break
        mark = text[place]
        rests.append(text[place:])
        if found := _NUMBER.match(text, place):
            token = _Token(found.group(), _number_readings(found.group()))
        elif mark in "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺":
            found = re.compile("[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]*").match(text, place)
            token = _Token(found.group() if found and found.group() else mark)
        elif unicodedata.category(mark) == "No":  # ½, ⅓, ¾
            token = _Token(mark, (unicodedata.numeric(mark),))
        elif text.startswith("**", place):
            token = _Token("**")
        elif found := _WORD.match(text, place):
            word = found.group()
            token = _Token(_SIGN_WORDS.get(word.lower(), word))
            tokens.append(token)
            place += len(word)
            continue
        else:
            token = _Token(mark)
        tokens.append(token)
        place += len(token.text)
    rests.append("")
    return tokens, rests


def _number_readings(text: str) -> tuple[float, ...]:
    """What digits with separators can mean; none where the separators make no sense."""
    mantissa, power = re.fullmatch(r"(.*?)((?:[eE].*)?)", text, re.DOTALL).groups()  # type: ignore[union-attr]
    digits = re.sub(f"[{_GROUPS}]", "", mantissa)
    commas, dots = digits.count(","), digits.count(".")
    grouped = digits != mantissa
    thousands = re.fullmatch(r"[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*", digits) is not None
    if commas and dots:
        decimal = max(",.", key=digits.rindex)
        other = "," if decimal == "." else "."
        well_formed = re.fullmatch(rf"\d{{1,3}}(?:\{other}\d{{3}})+\{decimal}\d*", digits) is not None
        written = [digits.replace(other, "").replace(decimal, ".")] if well_formed and not grouped else []
    elif commas + dots > 1:
        written = [re.sub("[.,]", "", digits)] if thousands and not grouped else []
    elif thousands and not grouped:
        written = [digits.replace(",", ""), digits.replace(",", ".")] if commas else [digits, digits.replace(".", "")]
    else:
        written = [digits.replace(",", ".")]
    return tuple(float(one + power) for one in written) or (math.nan,)


# ---------------------------------------------------------------------------------------------------------------------
# The grammar
# ---------------------------------------------------------------------------------------------------------------------


class _UnexpectedError(Exception):
    """A token that the grammar has no place for."""


class _Reader:
    """Reads one choice of readings by the grammar that stands at the head of this file.

    Parameters
    ----------
    tokens : list of _Token
    numbers : tuple of float
        The reading of each token that is a number.
    rests : list of str
        The text from each token on.
    """

    def __init__(self, tokens: list[_Token], numbers: tuple[float, ...], rests: list[str]) -> None:
        if any(math.isnan(number) for number in numbers):
            raise _UnexpectedError
        self.tokens = tokens
        self.numbers = numbers
        self.rests = rests
        self.place = 0

    def read(self) -> tuple[float, ...]:
        """The values of the whole text; several where a sign behind the number can mean two things."""
        value = self.sum()
        if self.word() in ("a", "an") and self.tokens[self.place - 1].text.lower() == "half":  # half a percent
            self.place += 1
            if self.singular() not in (*_SCALES, "percent"):
                self.place -= 1
        while (scale := _SCALES.get(self.singular())) is not None:
            value *= scale
            self.place += 1
        found: tuple[float, ...] = (value,)
        if self.seen("%") or self.word() in ("percent", "per", "pct"):
            self.place += 2 if self.word() == "per" else 1
            if self.tokens[self.place - 1].text.lower() not in ("%", "percent", "pct", "cent"):
                raise _UnexpectedError
            found = (value / 100, value)
        elif (short := _SHORT_SCALES.get(self.rests[self.place].rstrip())) is not None:
            self.place += 1
            found = (value * short, value)
        if self.seen(".", "*") and self.place == len(self.tokens) - 1:  # the end of a sentence; "4×", four times
            self.place += 1
        if rest := self.rests[self.place].strip():
            words = set(rest.lower().split())
            if not _UNIT.fullmatch(rest) or (_TWO_ANSWERS | _GOES_ON) & words:
                raise _UnexpectedError
            if re.match(r"(?:inf|nan)", rest, re.IGNORECASE):
                raise _UnexpectedError
        return found

    def sum(self) -> float:
        value = self.product()
        while self.seen("+", "-"):
            sign = self.take()
            other = self.product()
            value = value + other if sign == "+" else value - other
        return value

    def product(self) -> float:
        value = self.signed()
        while True:
            if self.seen("*", "/") or (self.word() == "x" and self.followed_by_a_number()):
                if self.place == len(self.tokens) - 1:
                    return value
                if self.take() == "/":
                    value /= self.signed()
                else:
                    value *= self.signed()
            elif self.word() in _FUNCTIONS or self.seen("(", "√") or self.word() in ("pi", "π"):
                value *= self.power()
            else:
                return value

    def signed(self) -> float:
        if self.seen("+", "-"):
            return -self.signed() if self.take() == "-" else self.signed()
        return self.power()

    def power(self) -> float:
        base = self.atom()
        if self.seen("^", "**"):
            self.take()
            exponent = self.signed()
        elif self.place < len(self.tokens) and self.tokens[self.place].text[0] in "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺":
            try:
                exponent = float(self.take().translate(_SUPERSCRIPT))
            except ValueError:
                raise _UnexpectedError from None
        else:
            return base
        return math.pow(base, exponent)

    def atom(self) -> float:
        if self.place == len(self.tokens):
            raise _UnexpectedError
        token, number = self.tokens[self.place], self.numbers[self.place]
        self.place += 1
        word = token.text.lower()
        if token.numbers:
            if self.place < len(self.tokens) and self.tokens[self.place].is_fraction and not token.is_fraction:  # 3½
                self.place += 1
                return number + self.numbers[self.place - 1]
            return number
        if word == "(":
            value = self.sum()
            if not self.seen(")"):
                raise _UnexpectedError
            self.place += 1
            return value
        if word in _FUNCTIONS:
            if self.word() == "of":
                self.place += 1
            return _FUNCTIONS[word](self.power())
        if word in _NAMED:
            return _NAMED[word]
        if word in _WORDS and (word not in ("a", "an") or self.singular() in _SCALES):
            return _WORDS[word]
        if word in _SCALES:
            return _SCALES[word]
        raise _UnexpectedError

    def seen(self, *texts: str) -> bool:
        return self.place < len(self.tokens) and self.tokens[self.place].text in texts

    def take(self) -> str:
        self.place += 1
        return self.tokens[self.place - 1].text

    def word(self) -> str:
        return self.tokens[self.place].text.lower() if self.place < len(self.tokens) else ""

    def singular(self) -> str:
        word = self.word()
        return "half" if word == "halves" else word.removesuffix("s")

    def followed_by_a_number(self) -> bool:
        return self.place + 1 < len(self.tokens) and bool(self.tokens[self.place + 1].numbers)
