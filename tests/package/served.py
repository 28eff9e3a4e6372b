"""Programs of another environment: run without this one's settings, or serving until the test is over."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

# Seconds: what takes a moment here may take many times as long on a slow and busy machine, but not for ever.
COMMAND, SERVER, ANSWER = 1200, 600, 120
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\S*\?token=\w+")


def clean(**further: str) -> dict[str, str]:
    """The environment variables of this process without those that would lead another Python to this one's packages."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "JUPYTER", "VIRTUAL"))}
    return kept | {"PYTHONUTF8": "1"} | further


def run(
    command: Sequence[str | Path], folder: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end in a folder."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=clean() if environment is None else dict(environment),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=COMMAND,
    )


@contextmanager
def serving(command: Sequence[str | Path], folder: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """A server as long as the block runs, ended by its own process id; gives the address that it prints."""
    with (folder / "log.txt").open("w+", encoding="utf-8") as log:
        process = subprocess.Popen(
            [str(part) for part in command], cwd=folder, env=dict(environment), stdout=log, stderr=subprocess.STDOUT
        )
        try:
            address = None
            end = time.monotonic() + SERVER
            while address is None and time.monotonic() < end and process.poll() is None:
                time.sleep(0.25)
                address = _ADDRESS.search(Path(log.name).read_text(encoding="utf-8", errors="replace"))
            assert address is not None, Path(log.name).read_text(encoding="utf-8", errors="replace")[-3000:]
            _wait_for(int(address.group(0).split(":")[2].partition("/")[0]), end)
            yield address.group(0)
        finally:
            process.terminate()
            try:
                process.wait(ANSWER)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(ANSWER)


def _wait_for(port: int, end: float) -> None:
    """Wait until somebody listens: a server may print its address a moment before."""
    while time.monotonic() < end:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=ANSWER):
            return
        time.sleep(0.25)
