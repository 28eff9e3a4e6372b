"""What the site is made from: guides that hold, links that are rewritten, an up-to-date table, clear refusals."""

from __future__ import annotations

import ast
import doctest
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import nnkit
from nnkit.cli import main, site
from nnkit.exercises import index
from nnkit.installation import checkout
from tests.answers import answers_to

sys.path.insert(0, str(Path(__file__).parent))
import links_inside

SITE = Path(__file__).resolve().parents[2] / ".github" / "site"
pytestmark = pytest.mark.skipif(not SITE.is_dir(), reason="the site is made from a checkout")


@pytest.fixture(scope="module")
def pages() -> Iterator[ModuleType]:
    sys.path.insert(0, str(SITE))
    from nnkit_site import pages

    yield pages
    sys.path.remove(str(SITE))


@pytest.fixture(scope="module")
def reference(pages: ModuleType) -> ModuleType:
    from nnkit_site import reference

    return reference


@pytest.mark.parametrize("path", sorted(SITE.glob("*.md")), ids=lambda path: path.stem)
def test_what_a_guide_shows_in_python_is_what_python_answers(path: Path) -> None:
    examples = doctest.DocTestParser().get_doctest(
        "\n".join(line for line in path.read_text(encoding="utf-8").split("\n") if not line.startswith("```")),
        {},
        path.stem,
        str(path),
        0,
    )
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    runner.run(examples)
    assert runner.failures == 0


def test_some_guide_shows_something_in_python() -> None:
    assert ">>> " in (SITE / "first_hour.md").read_text(encoding="utf-8")


def test_both_commands_of_the_first_page_are_those_of_the_readme(repository: Path) -> None:
    readme = (repository / "README.md").read_text(encoding="utf-8")
    index_page = (SITE / "index.md").read_text(encoding="utf-8")
    commands = [block.strip("\n").split("\n")[0] for block in index_page.split("```sh")[1:]]
    assert len(commands) == 2
    assert [command for command in commands if command not in readme] == []


def test_the_table_of_soundness_has_every_exercise_as_it_is_today() -> None:
    """Made by python tests/soundness.py --table .github/site/generated/soundness.md."""
    table = SITE / "generated" / "soundness.md"
    assert table.is_file(), "Run `python tests/soundness.py --table .github/site/generated/soundness.md`."
    rows = [
        [cell.strip().strip("`*") for cell in line.strip("|").split("|")]
        for line in table.read_text(encoding="utf-8").splitlines()[2:]
    ]
    shown = {row[1]: tuple(row[2:]) for row in rows[:-1]}
    wanted = {}
    for name in index.names():
        mistakes, right = str(len(index.find(name).mistakes)), str(len(answers_to(name).right))
        wanted[name] = (mistakes, mistakes, mistakes, right, right)
    assert shown == wanted, "Run `python tests/soundness.py --table .github/site/generated/soundness.md`."


def test_the_reference_shows_every_public_name(reference: ModuleType) -> None:
    shown = reference.shown_names()
    for module in ("nnkit.functional", "nnkit.nn", "nnkit.optim", "nnkit.data", "nnkit.exercises", "nnkit.widgets"):
        for name in reference.public_names(module):
            value = getattr(sys.modules[module], name)
            at_home = {f"{module}.{name}", f"{getattr(value, '__module__', '')}.{name}"}
            assert isinstance(value, ModuleType) or at_home & shown, (
                f"{module}.{name} stands on no page of the reference"
            )
    # What is a function of nnkit itself, and not a method of Tensor under another name.
    own = [name for name in dir(nnkit) if callable(getattr(nnkit, name)) and not hasattr(nnkit.Tensor, name)]
    dtypes = {"bool", "double", "float", "float32", "float64", "int64", "long"}
    assert [name for name in own if f"nnkit.{name}" not in shown and name not in dtypes] == []


def test_an_include_takes_a_section_up_to_the_next_of_its_level(pages: ModuleType) -> None:
    text = "# T\n\n## A\none\n```sh\n## no heading\n```\n### B\ntwo\n## C\nthree"
    assert pages.section(text, "## A") == "one\n```sh\n## no heading\n```\n### B\ntwo"
    with pytest.raises(ValueError, match="has no heading '## D'"):
        pages.section(text, "## D")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("[g](../../GRADING.md#large-classes)", "[g](grading.md#large-classes)"),
        ("[g](../../tests/benchmarks/)", "[g](speed.md)"),
        ("[p](play.md)", "[p](play.md)"),
        ("[l](../../LICENSE)", "[l](https://github.com/nnkit-course/nnkit/blob/main/LICENSE)"),
        ("[r](../..)", "[r](https://github.com/nnkit-course/nnkit)"),
        ("[o](https://example.org/a.md)", "[o](https://example.org/a.md)"),
        ("`[c](x)` [f](../../nowhere.txt)", "`[c](x)` [f](../../nowhere.txt)"),
    ],
)
def test_a_link_to_a_file_leads_to_its_page_or_to_the_repository(pages: ModuleType, written: str, read: str) -> None:
    home = pages.repository(SITE.parents[1])
    read = read.replace(pages.HOME, home)
    fits: Any = lambda target, anchor: pages._on_the_site(target, anchor, SITE.parents[1], SITE, home)  # noqa: E731
    assert pages.relinked(written, fits) == read


def test_a_page_that_is_not_there_yet_is_in_no_table_and_no_link(pages: ModuleType, tmp_path: Path) -> None:
    folder, source = tmp_path / ".github" / "site", tmp_path / "source"
    folder.mkdir(parents=True)
    source.mkdir()
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    (folder / "index.md").write_text("# I\n\n```{toctree}\n? later\n? now\n? *\n```\n[words](later.md) [w](now.md)\n")
    (folder / "now.md").write_text("# N\n")
    (folder / "extra.md").write_text("# E\n")
    pages.write_pages(tmp_path, folder, source)
    written = (source / "index.md").read_text()
    assert written == "# I\n\n```{toctree}\nnow\nextra\n```\nwords [w](now.md)\n"


def test_the_checker_of_links_finds_what_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<a href="b.html#there">1</a><a href="b.html#gone">2</a><a href="c.html">3</a><a href="#self">4</a>'
        '<a href="lite/x">5</a><a href="https://example.org">6</a><img src="no.png"><p id="self">'
        '<script src="https://cdn.example.org/x.js"></script>'
    )
    (tmp_path / "b.html").write_text('<p id="there">text</p><script>no text</script>')
    found = links_inside.Site(tmp_path, without=("lite/",))
    assert found.broken() == ["a.html → b.html#gone", "a.html → c.html", "a.html → no.png"]
    assert found.outside() == {"https://example.org": {"a.html"}}
    assert found.loaded_from_outside() == ["a.html: https://cdn.example.org/x.js"]
    assert found.pages["b.html"].text == "text"


def test_without_a_checkout_or_a_package_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(site, "NEEDS", ("sphinx_of_no_kind",))
    assert "The site needs sphinx_of_no_kind, which is not installed." in site.what_hinders(tmp_path / "out")
    assert "[site]" in site.what_hinders(tmp_path / "out")
    monkeypatch.setattr(site, "_checkout", lambda: None)
    assert "git clone" in site.what_hinders(tmp_path / "out")


def test_a_folder_of_somebody_else_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(site, "NEEDS", ())
    (tmp_path / "thesis.tex").write_text("all of it")
    assert main(["site", str(tmp_path)]) == 1
    assert "was not made by this command" in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.tex"]
    home = checkout()
    assert home is not None
    assert site.what_hinders(home)


def test_a_site_that_cannot_be_made_leaves_the_last_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(site, "NEEDS", ())
    monkeypatch.setattr(site, "_built", lambda *arguments: False)
    out = tmp_path / "out"
    out.mkdir()
    (out / site.MARK).touch()
    (out / "index.html").write_text("the last one")
    assert main(["site", str(out)]) == 1
    assert f"{out} is as it was" in capsys.readouterr().err
    assert (out / "index.html").read_text() == "the last one"
    assert [file.name for file in tmp_path.iterdir()] == ["out"]


def test_everything_that_makes_the_site_is_python_that_can_be_read() -> None:
    for path in SITE.rglob("*.py"):
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path
