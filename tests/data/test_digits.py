"""The digits: those of the package, and the whole set from servers that are slow, wrong, truncated or gone."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import http.server
import os
import queue
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nnkit.data
from nnkit.data import build_mnist
from nnkit.data.mnist import EMBEDDED, MIRRORS, SHA256, find, official, read_idx

module = sys.modules["nnkit.data.mnist"]  # nnkit.data.mnist is the function
OFFICIAL = os.environ.get("NNKIT_DATA_DIR", "")  # read now: the tests themselves run without settings of the user


# ------------------------------------------------------------------------------------------- what the package carries


@pytest.mark.parametrize("train", [True, False])
def test_the_package_carries_ten_thousand_and_ten_thousand(train: bool) -> None:
    images, labels = nnkit.data.mnist(train)
    assert (images.shape, images.dtype) == ((10000, 1, 28, 28), nnkit.float32)
    assert (labels.shape, labels.dtype) == ((10000,), nnkit.int64)
    assert (images.min().item(), images.max().item()) == (0, 1)
    counts = np.bincount(labels.numpy())
    if train:
        assert counts.tolist() == [1000] * 10
    else:
        assert counts.tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
        assert labels[:5].tolist() == [7, 2, 1, 0, 4]
    images += 1  # each call gives numbers of its own
    assert nnkit.data.mnist(train)[0].max().item() == 1


def test_the_file_is_small_plain_and_licensed() -> None:
    assert EMBEDDED.stat().st_size < 3.5e6
    with np.load(EMBEDDED, allow_pickle=False) as file:
        assert {name: file[name].shape for name in file} == {
            "train_images": (10000, 28, 28),
            "train_labels": (10000,),
            "test_images": (10000, 28, 28),
            "test_labels": (10000,),
        }
        assert all(file[name].dtype == np.uint8 for name in file)
    note = (EMBEDDED.parent / "README.md").read_text(encoding="utf-8")
    for words in ("Yann LeCun and Corinna Cortes", "CC BY-SA 3.0", "subset, re-encoded"):
        assert words in note


def test_the_chosen_images_lie_evenly_in_the_official_order() -> None:
    labels = np.random.default_rng(0).integers(10, size=60000)
    chosen = build_mnist.chosen(labels)
    assert chosen.shape == (10000,)
    assert (np.diff(chosen) > 0).all()
    assert np.bincount(labels[chosen]).tolist() == [1000] * 10
    assert abs(np.median(chosen) - 30000) < 500


# ---------------------------------------------------------------------------------------------- servers, and folders


def idx(array: np.ndarray) -> bytes:
    return gzip.compress(struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes(), mtime=0)


rng = np.random.default_rng(0)
IMAGES, LABELS = rng.integers(256, size=(30, 28, 28), dtype=np.uint8), rng.integers(10, size=30, dtype=np.uint8)
NAMES = list(SHA256)
FILES = {name: idx(IMAGES if "images" in name else LABELS) for name in NAMES}
Handle = Callable[[Any, bytes], None]
# Seconds until a server answers, and between two pieces of a file: what answers at all answers in this time on any
# machine, and from a server that is stuck nothing comes however long one waits.
PATIENT, HASTY = (60.0, 60.0), (60.0, 0.3)


def right(request: Any, content: bytes) -> None:
    request.send_response(200)
    request.send_header("Content-Length", str(len(content)))
    request.end_headers()
    request.wfile.write(content)


def slow(request: Any, content: bytes) -> None:
    """Answer bit by bit, but answer."""
    request.send_response(200)
    request.send_header("Content-Length", str(len(content)))
    request.end_headers()
    for i in range(0, len(content), len(content) // 4 + 1):
        request.wfile.write(content[i : i + len(content) // 4 + 1])
        request.wfile.flush()
        time.sleep(0.05)


def stuck(request: Any, content: bytes) -> None:
    """Begin to answer, and then say nothing more for as long as the server runs."""
    request.send_response(200)
    request.send_header("Content-Length", str(len(content)))
    request.end_headers()
    request.wfile.write(content[:10])
    request.wfile.flush()
    request.server.ended.wait(120)


def wrong(request: Any, content: bytes) -> None:
    right(request, b"<html>Log in to the hotel's network</html>")


def truncated(request: Any, content: bytes) -> None:
    request.send_response(200)
    request.send_header("Content-Length", str(len(content)))
    request.end_headers()
    request.wfile.write(content[: len(content) // 2])


def missing(request: Any, content: bytes) -> None:
    request.send_error(404)


@contextlib.contextmanager
def server(handle: Handle) -> Iterator[tuple[str, queue.SimpleQueue[str]]]:
    """Serve the small stand-ins of the official files; yield the address and a queue of what was asked for."""
    asked: queue.SimpleQueue[str] = queue.SimpleQueue()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.put(self.path)
            with contextlib.suppress(OSError):
                handle(self, FILES[self.path.rsplit("/", 1)[1]])

        def log_message(self, *arguments: Any) -> None:
            pass

    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.daemon_threads = True
    running.ended = threading.Event()
    threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{running.server_port}/mnist/", asked
    finally:
        running.ended.set()
        running.shutdown()
        running.server_close()


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty cache, hashes of the stand-ins, much patience, no proxy."""
    pooch = pytest.importorskip("pooch", reason="pooch, which fetches the whole MNIST, is not installed")
    folder = tmp_path / "cache"
    monkeypatch.setattr(pooch, "os_cache", lambda name: folder)
    monkeypatch.setattr(module, "SHA256", {name: hashlib.sha256(FILES[name]).hexdigest() for name in NAMES})
    monkeypatch.setattr(module, "TIMEOUT", PATIENT)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("NNKIT_DATA_DIR", raising=False)
    return folder


def mirrors(monkeypatch: pytest.MonkeyPatch, *servers: tuple[Handle, str]) -> None:
    """Let nnkit ask these servers in turn, with little patience for one that is stuck."""

    def addresses() -> Iterator[str]:
        for handle, address in servers:
            monkeypatch.setattr(module, "TIMEOUT", HASTY if handle is stuck else PATIENT)
            yield address

    monkeypatch.setattr(module, "MIRRORS", addresses())


def test_what_was_fetched_is_kept_and_fetched_again_only_when_it_is_spoiled(
    cache: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with server(right) as (address, asked):
        monkeypatch.setattr(module, "MIRRORS", (address, "http://127.0.0.1:9/"))
        images, labels = nnkit.data.mnist(train=True, full=True)
        assert images.shape == (30, 1, 28, 28)
        np.testing.assert_array_equal(labels.numpy(), LABELS)
        np.testing.assert_array_equal(images.numpy()[:, 0] * 255, IMAGES)
        nnkit.data.mnist(train=True, full=True)
        assert asked.qsize() == 2, "the second time nothing is fetched"
        (cache / NAMES[0]).write_bytes(b"spoiled")
        nnkit.data.mnist(train=True, full=True)
        assert asked.qsize() == 3, "a spoiled file is fetched again"
    assert sorted(each.name for each in cache.iterdir()) == sorted(NAMES[:2])
    assert capfd.readouterr() == ("", "")


def test_a_file_that_comes_bit_by_bit_is_put_together(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with server(slow) as (address, asked):
        monkeypatch.setattr(module, "MIRRORS", (address,))
        assert find(NAMES[0]).read_bytes() == FILES[NAMES[0]]
    assert asked.qsize() == 1


@pytest.mark.parametrize("first", [stuck, wrong, truncated, missing])
def test_the_second_mirror_is_asked_when_the_first_fails(
    first: Handle, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server(first) as (bad, tried), server(right) as (good, asked):
        mirrors(monkeypatch, (first, bad), (right, good))
        assert find(NAMES[0]).read_bytes() == FILES[NAMES[0]]
        assert tried.get(timeout=60).endswith(NAMES[0])
    assert tried.empty()
    assert asked.qsize() == 1


@pytest.mark.parametrize(
    ("handle", "words"),
    [
        (stuck, "does not answer in time"),
        (wrong, "not the official file"),
        (truncated, "broke off half-way|not the official file"),
        (missing, "answers 404"),
    ],
)
def test_when_no_mirror_helps_one_sentence_says_what_to_do(
    handle: Handle, words: str, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server(handle) as (address, _):
        mirrors(monkeypatch, (handle, address))
        with pytest.raises(ConnectionError, match=words) as caught:
            nnkit.data.mnist(full=True)
    for what in (NAMES[0], address, "NNKIT_DATA_DIR", "without full=True"):
        assert what in str(caught.value)
    assert list(cache.iterdir()) == [], "nothing half-written stays"


def test_every_mirror_that_is_gone_is_named(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with server(right) as (address, _):
        pass
    monkeypatch.setattr(module, "MIRRORS", (address, address))
    with pytest.raises(ConnectionError, match="offline") as caught:
        nnkit.data.mnist(full=True)
    assert str(caught.value).count(address) == 2


def test_there_are_two_mirrors_with_secure_addresses() -> None:
    assert len(set(MIRRORS)) == 2
    assert all(mirror.startswith("https://") and mirror.endswith("/") for mirror in MIRRORS)


def test_without_pooch_a_sentence_says_how_to_get_it(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pooch", None)
    with pytest.raises(ModuleNotFoundError, match="pip install pooch"):
        nnkit.data.mnist(full=True)


def test_a_folder_of_ones_own_must_hold_the_official_files(
    cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NNKIT_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(module, "MIRRORS", ())
    with pytest.raises(FileNotFoundError, match=f"no {NAMES[0]} in it"):
        nnkit.data.mnist(full=True)
    for name in NAMES:
        (tmp_path / name).write_bytes(FILES[name])
    for train in (True, False):
        images, labels = official(train)
        np.testing.assert_array_equal(images, IMAGES)
        np.testing.assert_array_equal(labels, LABELS)
    (tmp_path / NAMES[1]).write_bytes(b"something else")
    with pytest.raises(ValueError, match="not the official file"):
        nnkit.data.mnist(full=True)


@pytest.mark.parametrize(
    "content",
    [idx(IMAGES)[:-200], gzip.compress(b"\0\0\x08\x01\0\0\0\x05abc"), b"no gzip"],
    ids=["cut off", "too few labels", "no gzip"],
)
def test_a_broken_idx_file_is_a_sentence(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "file.gz").write_bytes(content)
    with pytest.raises(ValueError, match="no whole IDX file"):
        read_idx(tmp_path / "file.gz")


@pytest.mark.skipif(not OFFICIAL, reason="NNKIT_DATA_DIR does not name a folder with the official files")
def test_the_package_file_is_what_the_script_builds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNKIT_DATA_DIR", OFFICIAL)
    built = build_mnist.build()
    with np.load(EMBEDDED, allow_pickle=False) as file:
        assert set(file) == set(built)
        for name in file:
            np.testing.assert_array_equal(file[name], built[name])
    images, labels = nnkit.data.mnist(full=True)
    assert images.shape == (60000, 1, 28, 28)
    assert labels[:5].tolist() == [5, 0, 4, 1, 9]
