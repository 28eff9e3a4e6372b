"""What the command `nnkit` answers to somebody who does not know its commands yet, or mistypes one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nnkit.cli import COMMANDS, GROUPS, main
from tests.grading.small_course import LONGEST

Said = pytest.CaptureFixture[str]


def exit_code(*typed: str) -> int:
    """The exit code, whether argparse ends the program or the command does."""
    try:
        return main(typed)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1


def help_of(capsys: Said, *typed: str) -> str:
    assert exit_code(*typed) == 0
    said = capsys.readouterr()
    assert said.err == ""
    return said.out


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("labb", "There is no command labb. Did you mean lab? `nnkit --help` shows all."),
        ("Doctor", "There is no command Doctor. Did you mean doctor? `nnkit --help` shows all."),
        ("repot", "There is no command repot. Did you mean report? `nnkit --help` shows all."),
        ("hlep", "There is no command hlep. Did you mean help? `nnkit --help` shows all."),
        ("xyzzy", "There is no command xyzzy. `nnkit --help` shows all."),
        ("", "There is no command ''. `nnkit --help` shows all."),
        ("two words", "There is no command 'two words'. `nnkit --help` shows all."),
    ],
)
def test_an_unknown_command_is_answered_with_the_nearest(typed: str, answer: str, capsys: Said) -> None:
    assert exit_code(typed) == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"{answer}\n")


def test_help_of_an_unknown_command_is_answered_like_the_command(capsys: Said) -> None:
    assert exit_code("help", "labb") == 2
    assert capsys.readouterr().err.startswith("There is no command labb. Did you mean lab?")


def test_what_comes_after_an_unknown_command_makes_no_difference(capsys: Said) -> None:
    assert exit_code("labb", "--reset", "neurons") == 2
    assert "Did you mean lab?" in capsys.readouterr().err


def test_help_can_be_asked_for_in_every_usual_way(capsys: Said) -> None:
    whole = help_of(capsys, "--help")
    for typed in (("-h",), ("help",), ("help", "help"), ("help", "--help")):
        assert help_of(capsys, *typed) == whole
    of_lab = help_of(capsys, "lab", "--help")
    assert of_lab.startswith("usage: nnkit lab ")
    assert help_of(capsys, "help", "lab") == of_lab
    assert help_of(capsys, "help", "lab", "progress") == of_lab


def test_the_bare_command_shows_the_help_and_has_done_nothing(capsys: Said) -> None:
    whole = help_of(capsys, "--help")
    assert exit_code() == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", whole)


@pytest.mark.parametrize("columns", [20, 80, 200])
def test_the_help_lists_every_command_once_below_whom_it_is_for(
    columns: int, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = help_of(capsys, "--help").splitlines()
    assert max(map(len, lines)) <= max(columns, 60)
    titles = [line for line in lines if line.endswith(":") and not line.startswith((" ", "options"))]
    assert titles == [f"{title}:" for title in GROUPS]
    begun = [line.split()[0] for line in lines if line.startswith("  ") and line[2].isalpha()]
    assert begun == list(COMMANDS)
    for title, group in GROUPS.items():
        at = lines.index(f"{title}:")
        assert lines[at + 1].startswith(f"  {next(iter(group))} ")
    assert lines[0] == "usage: nnkit [-h] [--version] COMMAND ..."


def test_what_a_student_needs_stands_first() -> None:
    first = next(iter(GROUPS))
    assert list(GROUPS[first]) == ["lab", "progress", "mine", "doctor"]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_does_and_where_it_works(name: str, capsys: Said) -> None:
    said = " ".join(help_of(capsys, name, "--help").split())
    assert said.startswith(f"usage: nnkit {name} ")
    assert COMMANDS[name][1:] in said
    in_a_checkout = any(name in group for title, group in GROUPS.items() if "checkout" in title)
    assert ("(in a checkout)" in said) is in_a_checkout


@pytest.mark.parametrize("typed", [("--reset", "neurons"), ("--reset",), ("-x", "lab")])
def test_an_option_without_its_command_is_answered_as_such(typed: tuple[str, ...], capsys: Said) -> None:
    assert exit_code(*typed) == 2
    assert capsys.readouterr().err.startswith(f"{typed[0]} is no option of `nnkit`; a command comes first")


@pytest.mark.skipif(os.name != "posix", reason="a pipe that nobody reads is another thing elsewhere")
def test_a_reader_who_has_seen_enough_ends_a_command_quietly(repository: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "nnkit", "times", "00_welcome"],
        cwd=repository,
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        timeout=LONGEST,
    )
    os.close(write)
    assert done.returncode == 1
    assert done.stderr == ""


def test_a_pipe_that_breaks_elsewhere_is_no_reader_who_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(arguments: object) -> int:
        raise BrokenPipeError("a worker is gone")

    monkeypatch.setattr("nnkit.cli.doctor.run", breaks)
    with pytest.raises(BrokenPipeError, match="a worker is gone"):
        main(["doctor"])
