"""CSV files of learning platforms, read as they come and written as they were: separator, byte order mark, columns."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nnkit.grading.marks.class_table import cell_text

LARGEST_CELL = 20_000_000  # letters; a worksheet of Moodle's holds the texts that students have typed
SEPARATORS = (",", ";", "\t")
# What no spreadsheet computes with more than arithmetic: a name such as -ada or @ada, a telephone number.
_HARMLESS = re.compile(r"[-+@][\w.@+-]*")


class PlatformError(Exception):
    """A platform's file is not what it should be, or cannot be filled in; the message says why and what to do."""


@dataclass(frozen=True)
class Sheet:
    """A table with a header.

    Parameters
    ----------
    name : str
        What the file is called.
    header : tuple[str, ...]
        The names of the columns, without blanks around them.
    rows : tuple[tuple[str, ...], ...]
        The others, each as long as the header.
    separator : str
        What stands between cells.
    mark : bool
        Whether the file begins with a byte order mark.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    separator: str = ","
    mark: bool = False


def read_sheet(path: Path) -> Sheet:
    """Read a CSV file as platforms write it.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    PlatformError
        It is missing, no text, in no encoding that can be told, or no table.
    """
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise PlatformError(f"{path} cannot be read: {problem.strerror or problem}. Name the exported file.") from None
    if content.startswith(b"PK\x03\x04"):
        raise PlatformError(f"{path} is an Excel workbook or an archive; what is needed is the export as CSV.")
    mark = content.startswith(codecs.BOM_UTF8)
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise PlatformError(
            f"{path} is not text in UTF-8, perhaps because a spreadsheet has saved it. Export it again and give it as "
            "it comes, or save it as «CSV UTF-8»."
        )
    first = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max(SEPARATORS, key=lambda one: len(next(csv.reader([first], delimiter=one), [])))
    rows = _rows(path, text, separator)
    if not rows:
        raise PlatformError(f"{path} is empty; what is needed is the platform's export, with its first line.")
    header = tuple(name.strip() for name in rows[0])
    found = []
    for place, row in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in row[len(header) :]):
            raise PlatformError(
                f"Row {place} of {path} should have {len(header)} cells, but has {len(row)}. Export it again."
            )
        found.append((*row[: len(header)], *[""] * (len(header) - len(row))))
    return Sheet(path.name, header, tuple(found), separator, mark)


def _rows(path: Path, text: str, separator: str) -> list[list[str]]:
    before = csv.field_size_limit(LARGEST_CELL)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        return [row for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as problem:
        raise PlatformError(f"{path} cannot be read as CSV: {problem}. Export it again.") from None
    finally:
        csv.field_size_limit(before)


def sheet_bytes(
    header: Sequence[str], rows: Iterable[Sequence[str]], separator: str = ",", mark: bool = False
) -> bytes:
    """A table as a CSV file in UTF-8.

    Parameters
    ----------
    header : Sequence[str]
        The first line.
    rows : Iterable[Sequence[str]]
        The others.
    separator : str
        What stands between cells.
    mark : bool
        Whether the file begins with a byte order mark, by which Excel knows UTF-8.

    Examples
    --------
    >>> sheet_bytes(["Student", "ID"], [["Lovelace, Ada", "7"]])
    b'Student,ID\\n"Lovelace, Ada",7\\n'
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return (codecs.BOM_UTF8 if mark else b"") + text.getvalue().encode("utf-8")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would compute a text, so that it cannot be written as it is.

    A platform finds a student by such a text, so it can only be left as it is or left out.

    Parameters
    ----------
    text : str
        By whomever.

    Examples
    --------
    >>> is_formula("=1+1"), is_formula("@SUM(A1)"), is_formula("-ada"), is_formula("ada@example.org")
    (True, True, False, False)
    """
    return cell_text(text) != text and _HARMLESS.fullmatch(text) is None
