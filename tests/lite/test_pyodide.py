"""Which files of Pyodide get into a site: the official ones that are needed, whole, or none and a sentence."""

from __future__ import annotations

import hashlib
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nnkit.lite import pyodide
from nnkit.lite.pyodide import LOCK, SiteError, fetched

pytest.importorskip("pooch")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# A small Pyodide: one file of its core, a package that depends on another, one that nobody asks for.
CONTENT = {"pyodide.js": b"core", "numpy-1.whl": b"numpy", "blas.zip": b"blas", "pandas-1.whl": b"pandas"}
PACKAGES = {
    name: {"name": name, "file_name": file, "depends": depends, "sha256": sha256(CONTENT[file]), "imports": [name]}
    for name, file, depends in (
        ("numpy", "numpy-1.whl", ["lib_blas"]),
        ("lib-blas", "blas.zip", []),
        ("pandas", "pandas-1.whl", ["numpy"]),
    )
}
FILES = CONTENT | {LOCK: json.dumps({"info": {}, "packages": PACKAGES}).encode()}


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyodide, "SHA256", {name: sha256(FILES[name]) for name in ("pyodide.js", LOCK)})
    monkeypatch.setattr(pyodide, "WANTED", ("numpy",))


@pytest.fixture
def given(tmp_path: Path) -> Path:
    folder = tmp_path / "given"
    folder.mkdir()
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "target"
    folder.mkdir()
    return folder


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_what_is_wanted_comes_with_all_that_it_depends_on_and_nothing_else(given: Path, target: Path) -> None:
    lock = fetched(target, given)
    assert set(lock["packages"]) == {"numpy", "lib-blas"}
    assert names(target) == {"pyodide.js", "numpy-1.whl", "blas.zip"}
    assert (target / "numpy-1.whl").read_bytes() == b"numpy"


@pytest.mark.parametrize("name", ["pyodide.js", LOCK, "blas.zip"])
def test_a_file_that_is_not_the_official_one_is_refused_by_name(given: Path, target: Path, name: str) -> None:
    (given / name).write_bytes(FILES[name] + b" ")
    with pytest.raises(SiteError, match=rf"{name} is not the official file .* its SHA-256 differs"):
        fetched(target, given)
    assert name not in names(target)
    assert not [one for one in names(target) if one.endswith(".part")]


def test_a_file_that_is_missing_is_named_with_what_to_do(given: Path, target: Path) -> None:
    (given / "numpy-1.whl").unlink()
    with pytest.raises(SiteError, match=r"there is no numpy-1\.whl in it\. Unpack the whole release"):
        fetched(target, given)


class Distribution:
    """A server of this machine that hands out the small Pyodide, or something else in its place."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.files, self.asked = dict(FILES), list[str]()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                name = self.path.lstrip("/")
                outer.asked.append(name)
                self.send_response(200 if name in outer.files else 404)
                self.send_header("Content-Length", str(len(outer.files.get(name, b""))))
                self.end_headers()
                self.wfile.write(outer.files.get(name, b""))

            def log_message(self, format: str, *arguments: Any) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        monkeypatch.setattr(pyodide, "DISTRIBUTION", f"http://127.0.0.1:{self.server.server_address[1]}/")

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def distribution(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Distribution]:
    import pooch

    monkeypatch.setattr(pooch, "os_cache", lambda project: tmp_path / "kept" / project)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    served = Distribution(monkeypatch)
    yield served
    served.close()


def test_files_are_fetched_once_and_kept(distribution: Distribution, target: Path, tmp_path: Path) -> None:
    fetched(target)
    assert sorted(distribution.asked) == sorted([LOCK, "pyodide.js", "numpy-1.whl", "blas.zip"])
    again = tmp_path / "again"
    again.mkdir()
    fetched(again)
    assert len(distribution.asked) == 4
    assert names(again) == names(target)


def test_what_was_fetched_and_is_another_file_is_refused(distribution: Distribution, target: Path) -> None:
    distribution.files["blas.zip"] = b"something else"
    with pytest.raises(SiteError, match=r"blas\.zip .* could not be fetched .* what came is not the official file"):
        fetched(target)


def test_a_file_that_the_distribution_lacks_is_told(distribution: Distribution, target: Path) -> None:
    del distribution.files["numpy-1.whl"]
    with pytest.raises(SiteError, match=r"numpy-1\.whl .* it answers 404\. What has been fetched is kept"):
        fetched(target)


def test_without_a_network_the_other_way_is_named_and_nothing_is_said_to_be_kept(
    distribution: Distribution, target: Path
) -> None:
    distribution.close()
    with pytest.raises(SiteError, match=r"no connection .* unpack the release .* name its folder with --pyod") as told:
        fetched(target)
    assert pyodide.RELEASE in str(told.value)
    assert "kept" not in str(told.value)


def test_the_guide_names_the_release_that_is_needed(repository: Path) -> None:
    guide = (repository / ".github/site/in_the_browser.md").read_text(encoding="utf-8")
    assert pyodide.RELEASE in guide
    assert f"`pyodide-{pyodide.VERSION}.tar.bz2`" in guide
