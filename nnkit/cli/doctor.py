"""`nnkit doctor`: what is installed, what is missing or out of range, and the command that mends it.

What should be there is read from nnkit's own package metadata, so this list cannot grow old. In a notebook,
`table()` shows the same.
"""

from __future__ import annotations

import argparse
import html
import platform
import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import Any

from nnkit.bar import must_repeat
from nnkit.cli.tools import text_table
from nnkit.installation import DISTRIBUTION, complete, install_command, intruder, repair_command
from nnkit.lite.wheels import NNKIT as IN_THE_BROWSER

# Extra → what it is for, and whether the course works without it.
EXTRAS = {"": ("the library", True), "course": ("the course", True), "test": ("the tests", False)}
PROGRAMS = {
    "bwrap": ("bubblewrap", "a sandbox for grading; not needed to learn", "sudo apt install bubblewrap"),
    "chromium": ("Chromium", "the browser tests only", "sudo apt install chromium"),
}
_CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


@dataclass(frozen=True)
class Row:
    """One thing that nnkit stands on.

    Parameters
    ----------
    name : str
        What it is.
    found : str
        The version or place, "" when it is missing.
    wanted : str
        The range that fits, or what it is for.
    needed : bool
        Whether the course works without it.
    mend : str
        The command that mends it; "" when nothing is off.
    """

    name: str
    found: str
    wanted: str
    needed: bool
    mend: str = ""

    @property
    def state(self) -> str:
        """ "ok", "off" (needed, and missing or out of range) or "not there" (optional)."""
        if not self.mend:
            return "ok"
        return "off" if self.needed else "not there"


@dataclass(frozen=True)
class Table:
    """The rows of an examination, as a text and as an HTML table.

    Parameters
    ----------
    rows : tuple[Row, ...]
        In the order in which they are shown.
    """

    rows: tuple[Row, ...]

    @property
    def healthy(self) -> bool:
        """Whether everything that is needed is there and fits."""
        return all(row.state != "off" for row in self.rows)

    @property
    def conclusion(self) -> str:
        """One sentence, and the commands that mend what is off."""
        commands = list(dict.fromkeys(row.mend for row in self.rows if row.state == "off"))
        if not commands:
            return "Everything that the course needs is there and fits together."
        names = ", ".join(row.name for row in self.rows if row.state == "off")
        return "\n".join([f"Off: {names}. This mends it:", *(textwrap.indent(command, "  ") for command in commands)])

    def __str__(self) -> str:
        signs = {"ok": "✓", "off": "✗"}
        shown = [row for row in self.rows if row.state in signs]
        rows = [[signs[row.state], row.name, row.found or "missing", row.wanted] for row in shown]
        absent: dict[tuple[str, str], list[str]] = {}
        for row in self.rows:
            if row.state == "not there":
                absent.setdefault((row.wanted.rpartition("(")[2].rstrip(")"), row.mend), []).append(row.name)
        optional = [
            f"Missing or out of range, for {use}: {', '.join(names)}.\n  {mend}"
            for (use, mend), names in absent.items()
        ]
        return "\n".join([text_table(rows, ["", "what", "found", "wanted"]), "", self.conclusion, *optional])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        cells = "".join(
            f"<tr><td>{html.escape(row.name)}</td><td>{html.escape(row.found or 'missing')}</td>"
            f"<td>{html.escape(row.wanted)}</td><td>{row.state}</td></tr>"
            for row in self.rows
            if row.state != "not there"
        )
        head = "<tr><th>what</th><th>found</th><th>wanted</th><th></th></tr>"
        return f"<table><thead>{head}</thead><tbody>{cells}</tbody></table><pre>{html.escape(self.conclusion)}</pre>"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare nothing: the command has no arguments of its own."""


def run(arguments: argparse.Namespace) -> int:
    """Print the examination.

    Parameters
    ----------
    arguments : argparse.Namespace
        None of them matters.

    Returns
    -------
    int
        The exit code: 1 when something needed is off.
    """
    examined = table()
    print(examined)
    return 0 if examined.healthy else 1


def table() -> Table:
    """Examine this installation.

    Returns
    -------
    Table
        Shows itself in a terminal and in a notebook; ``.healthy`` says whether all is well. Where outputs are stored
        (``NNKIT_STATIC`` is set) it names no versions and no places, which differ from machine to machine.
    """
    if sys.platform == "emscripten":  # a notebook in the browser: no server, no grading, nothing that pip could mend
        own = [row for row in _own_rows() if row.name == "nnkit" or row.name in IN_THE_BROWSER]
        return Table((_python(), *own, _notebooks()))
    rows = [_python(), *_own_rows()]
    rows += conflict_rows([row.name for row in rows if row.needed and row.found])
    if installed_version("ipykernel"):
        rows.append(kernel_row())
    if must_repeat():
        return Table(tuple(replace(row, found="there" if row.found else "") for row in rows if row.needed))
    rows.append(_notebooks())
    rows += [_program(program) for program in PROGRAMS]
    return Table(tuple(rows))


def essentials() -> Table:
    """What the course cannot do without, examined in a moment: nnkit itself, and the packages that it names.

    Returns
    -------
    Table
        A part of `table`: without packages further down, programs and notebooks.
    """
    return Table((_python(), *(row for row in _own_rows() if row.needed)))


def _own_rows() -> list[Row]:
    """nnkit, what stands in its place, and what it needs."""
    version = installed_version(DISTRIBUTION)
    rows = [Row("nnkit", version or "", "", True, "" if version else install_command())]
    if other := intruder():
        rows.append(Row("nnkit, another project of this name", other, "not there", True, repair_command()))
    elif not complete():
        rows.append(Row("nnkit/__init__.py", "", "removed with another project", True, repair_command()))
    return rows + requirement_rows(metadata.requires(DISTRIBUTION) or [] if version else [], installed_version)


def requirement_rows(requirements: Iterable[str], version: Callable[[str], str | None]) -> list[Row]:
    """One row for each requirement of nnkit that applies here.

    Parameters
    ----------
    requirements : Iterable[str]
        As the package's metadata states them, such as ``"numpy>=1.26,<3"`` or ``'nbval>=0.11; extra == "test"'``.
    version : Callable[[str], str or None]
        Gives the installed version of a package, or None.

    Examples
    --------
    >>> row, = requirement_rows(["numpy>=1.26,<3"], lambda name: "1.20.0")
    >>> row.state, row.found, row.wanted
    ('off', '1.20.0', '>=1.26,<3')
    """
    rows: list[Row] = []
    for name, specifier, extra in sorted(
        _applicable(requirements), key=lambda entry: (list(EXTRAS).index(entry[2]), entry)
    ):
        if any(row.name == name for row in rows):  # the tests need what the course needs, too
            continue
        found = version(name)
        suits = found is not None and fits(found, specifier)
        purpose, needed = EXTRAS[extra]
        wanted = specifier or "any version"
        if needed:
            mend = f'"{sys.executable}" -m pip install "{name}{specifier}"' if found else install_command()
        else:
            wanted, mend = f"{wanted} ({purpose})", install_command(extra)
        rows.append(Row(name, found or "", wanted, needed, "" if suits else mend))
    return rows


def conflict_rows(names: Iterable[str]) -> list[Row]:
    """One row for each package that some other one, however far down, needs in another version or at all.

    Parameters
    ----------
    names : Iterable[str]
        The installed packages to start from.
    """
    try:
        from packaging.requirements import InvalidRequirement, Requirement
    except ImportError:  # it comes with JupyterLab; without that, other rows are off
        return []
    rows: dict[str, Row] = {}
    waiting, seen = list(names), set()
    while waiting:
        name = waiting.pop()
        if name.lower() in seen or installed_version(name) is None:
            continue
        seen.add(name.lower())
        if name == DISTRIBUTION:
            continue
        for text in metadata.requires(name) or []:
            try:
                requirement = Requirement(text)
            except InvalidRequirement:
                continue
            if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
                continue
            found = installed_version(requirement.name)
            if found is None or not requirement.specifier.contains(found, prereleases=True):
                mend = f'"{sys.executable}" -m pip install "{requirement.name}{requirement.specifier}"'
                wanted = f"{requirement.specifier or 'any version'} (for {name})"
                rows[requirement.name] = Row(requirement.name, found or "", wanted, True, mend)
            waiting.append(requirement.name)
    return list(rows.values())


def _applicable(requirements: Iterable[str]) -> list[tuple[str, str, str]]:
    """(name, range, extra) of the requirements that this system has; nnkit's own extras are left out."""
    found = []
    for text in requirements:
        requirement, _, marker = text.partition(";")
        match = re.match(r"\s*([A-Za-z0-9._-]+)\s*(?:\[[^\]]*\])?\s*\(?([^;()]*)\)?\s*$", requirement)
        if match is None or match.group(1).lower() == DISTRIBUTION:
            continue
        extra = re.search(r"extra\s*==\s*['\"](\w+)['\"]", marker)
        system = re.search(r"sys_platform\s*==\s*['\"](\w+)['\"]", marker)
        if system is not None and system.group(1) != sys.platform:
            continue
        name = extra.group(1) if extra else ""
        if name in EXTRAS:
            parts = sorted(part.strip() for part in match.group(2).split(",") if part.strip())
            found.append((match.group(1), ",".join(sorted(parts, key=lambda part: not part.startswith(">"))), name))
    return found


def fits(found: str, specifier: str) -> bool:
    """Whether a version lies in a range; a range that cannot be read counts as kept.

    Parameters
    ----------
    found : str
        A version, such as "2.1.0".
    specifier : str
        A range as package metadata state it.

    Examples
    --------
    >>> fits("2.1.0", ">=1.26,<3"), fits("3.0", ">=1.26,<3")
    (True, False)
    """
    compare: dict[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
        ">=": lambda a, b: a >= b,
        "<=": lambda a, b: a <= b,
        ">": lambda a, b: a > b,
        "<": lambda a, b: a < b,
        "==": lambda a, b: a == b,
        "!=": lambda a, b: a != b,
    }
    for part in filter(None, specifier.split(",")):
        match = re.fullmatch(r"(>=|<=|==|!=|>|<)\s*([\d.]+)", part.strip())
        if match is None:
            continue
        one, other = _numbers(found), _numbers(match.group(2))
        length = max(len(one), len(other))
        padded = [numbers + (0,) * (length - len(numbers)) for numbers in (one, other)]
        if not compare[match.group(1)](*padded):
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    match = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(int(part) for part in match.group(0).split(".")) if match else (0,)


def installed_version(name: str) -> str | None:
    """The version of a package that is installed here, None when it is not.

    Parameters
    ----------
    name : str
        The package.
    """
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _python() -> Row:
    wanted = ">=3.11"
    if installed_version(DISTRIBUTION):
        wanted = metadata.metadata(DISTRIBUTION)["Requires-Python"] or wanted
    found = platform.python_version()
    mend = "" if fits(found, wanted) else "install Python 3.11 or newer and make a new environment with it"
    return Row("Python", found, wanted, True, mend)


def kernel_row() -> Row:
    """Whether the kernel "python3" runs this Python: another one would not find nnkit."""
    wanted = "runs this Python"
    mend = f'"{sys.executable}" -m ipykernel install --sys-prefix'
    try:
        from jupyter_client.kernelspec import KernelSpecManager

        command: list[Any] = KernelSpecManager().get_kernel_spec("python3").argv
    except Exception as problem:
        return Row("kernel python3", "", f"{wanted} ({type(problem).__name__})", True, mend)
    program = shutil.which(str(command[0])) or str(command[0])
    # A bare "python" is replaced by the running interpreter when the kernel starts.
    if str(command[0]) in ("python", "python3", f"python3.{sys.version_info[1]}") or _same_file(
        program, sys.executable
    ):
        return Row("kernel python3", "this Python", wanted, True)
    return Row("kernel python3", program, wanted, True, mend)


def _same_file(one: str, other: str) -> bool:
    """The same program of the same environment: a link to one base Python serves many environments."""
    return Path(one).absolute() == Path(other).absolute() or (
        Path(one).exists()
        and Path(one).resolve() == Path(other).resolve()
        and Path(one).absolute().parent == Path(other).absolute().parent
    )


def _notebooks() -> Row:
    from nnkit.exercises.outline import packaged_notebooks
    from nnkit.installation import checkout

    try:
        count = len(list(packaged_notebooks().glob("*/*.ipynb")))
    except FileNotFoundError:
        mend = "nnkit release" if checkout() else f"{install_command()} --force-reinstall"
        return Row("the notebooks", "", "the students' notebooks", True, mend)
    return Row("the notebooks", str(count), "the students' notebooks", True)


def _program(program: str) -> Row:
    name, purpose, mend = PROGRAMS[program]
    names = _CHROMIUM_NAMES if program == "chromium" else (program,)
    place = next((found for found in map(shutil.which, names) if found), None)
    return Row(name, place or "", purpose, False, "" if place else mend)
