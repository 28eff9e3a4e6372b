"""A student who knows only the Assignment List: fetches, submits, and reads the feedback on what `nnkit grade` graded.

The server extension is asked over HTTP, as its page in JupyterLab asks it. The course and the student have the settings
that `.github/site/jupyterhub.md` gives them, with other folders.
"""

from __future__ import annotations

import json
import os
import pwd
import re
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nbformat
import pytest

from tests.browser.lab import free_port
from tests.grading import small_course
from tests.grading.small_course import ASSIGNMENT, NOTEBOOK, cell

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="nbgrader has no exchange on Windows")

GUIDE = small_course.REPOSITORY / ".github" / "site" / "jupyterhub.md"
PATIENCE = 300  # seconds


def settings_of(heading: str) -> str:
    """The settings that the guide gives under a heading."""
    found = re.search(rf"^### {re.escape(heading)}\n.*?```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL | re.M)
    assert found is not None, heading
    return found[1]


class Student:
    """A home folder, and a server in it with the Assignment List."""

    def __init__(self, home: Path, settings: str) -> None:
        self.home, self.token = home, secrets.token_hex(16)
        home.mkdir()
        (home / ".jupyter").mkdir()
        (home / ".jupyter" / "nbgrader_config.py").write_text(settings)
        own = {"HOME": home, "JUPYTER_CONFIG_DIR": home / ".jupyter", "JUPYTER_DATA_DIR": home / ".data"}
        on = "{'nbgrader.server_extensions.assignment_list': True}"
        port = free_port()
        options = ("ip=127.0.0.1", f"port={port}", "port_retries=0", f"root_dir={home}", f"jpserver_extensions={on}")
        command = [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root"]
        command += [f"--IdentityProvider.token={self.token}", *(f"--ServerApp.{option}" for option in options)]
        environment = os.environ | {name: str(path) for name, path in own.items()}
        self.address = f"http://127.0.0.1:{port}"
        with open(home / "server.log", "wb") as log:
            self.server = subprocess.Popen(
                command, cwd=home, env=environment, stdout=log, stderr=log, start_new_session=True
            )

    def ask(self, path: str, **sent: str) -> Any:
        """What the server answers."""
        request = urllib.request.Request(f"{self.address}/{path}", headers={"Authorization": f"token {self.token}"})
        if sent:
            request.data = json.dumps(sent).encode()
        end = time.monotonic() + PATIENCE
        while True:
            try:
                with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                    return json.load(answer)
            except urllib.error.URLError as problem:
                refused = isinstance(problem.reason, ConnectionRefusedError)
                if not refused or self.server.poll() is not None or time.monotonic() > end:
                    raise  # the log beside the home folder's notebooks says more
                time.sleep(0.3)

    def end(self) -> None:
        os.killpg(self.server.pid, signal.SIGTERM)
        self.server.wait(PATIENCE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hub")


@pytest.fixture(scope="module")
def course(folder: Path) -> Path:
    """A released assignment. Only the folder of the exchange is another than in the guide."""
    (folder / "course").mkdir()
    made = small_course.make_course(folder / "course", elsewhere(settings_of("Everybody"), folder))
    for step in ("generate_assignment", "release_assignment"):
        instructor(made, step, ASSIGNMENT)
    return made


def elsewhere(settings: str, folder: Path) -> str:
    changed = settings.replace("/srv/nbgrader/exchange", str(folder / "exchange"))
    assert changed != settings
    return changed


def instructor(course: Path, *arguments: str) -> str:
    done = small_course.nbgrader(course, *arguments)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stderr


@pytest.fixture(scope="module")
def student(folder: Path, course: Path) -> Iterator[Student]:
    made = Student(folder / "home", elsewhere(settings_of("Everybody"), folder))
    yield made
    made.end()


def course_id() -> str:
    found = re.search(
        r'^c\.CourseDirectory\.course_id = "(\w+)"', (small_course.REPOSITORY / "nbgrader_config.py").read_text(), re.M
    )
    assert found is not None
    return found[1]


@pytest.mark.slow
def test_a_student_fetches_submits_and_reads_the_feedback(folder: Path, course: Path, student: Student) -> None:
    mine = {"course_id": course_id(), "assignment_id": ASSIGNMENT}
    listed = student.ask(f"assignments?course_id={quote(mine['course_id'])}")
    assert [(one["assignment_id"], one["status"]) for one in listed["value"]] == [(ASSIGNMENT, "released")]

    fetched = student.ask("assignments/fetch", **mine)
    (entry,) = fetched["value"]
    assert entry["status"] == "fetched"
    path = student.home / entry["notebooks"][0]["path"]
    assert path == student.home / mine["course_id"] / ASSIGNMENT / f"{NOTEBOOK}.ipynb"

    notebook = nbformat.read(path, as_version=4)
    cell(notebook, "double").source = "def double(x):\n    return 2 * x"
    cell(notebook, "triple").source = "def triple(x):\n    return x"
    nbformat.write(notebook, path)
    submitted = student.ask("assignments/submit", **mine)
    assert submitted["success"]
    assert [one["status"] for one in submitted["value"]] == ["fetched", "submitted"]

    who = pwd.getpwuid(os.getuid()).pw_name  # to the exchange a student is who the files belong to
    instructor(course, "collect", ASSIGNMENT)
    command = [sys.executable, "-m", "nnkit", "grade", ASSIGNMENT, "--course", str(course), "--feedback"]
    command += ["--unsafe-no-sandbox"] if small_course.why_no_sandbox() else []
    done = subprocess.run(command, capture_output=True, text=True, timeout=small_course.LONGEST)
    assert done.returncode == 0, done.stdout + done.stderr
    instructor(course, "release_feedback", ASSIGNMENT)

    back = student.ask("assignments/fetch_feedback", **mine)
    (one,) = [one for entry in back["value"] for one in entry.get("submissions", [])]
    assert one["has_local_feedback"]
    (page,) = (student.home / one["local_feedback_path"]).glob("*.html")
    text = page.read_text("utf-8")
    assert text == (course / "feedback" / who / ASSIGNMENT / f"{NOTEBOOK}.html").read_text("utf-8")
    assert "2 of 2 points" in text
    assert "0 of 1 point" in text
    assert f"Feedback for <strong>{who}</strong>" in text
    assert "double: right." in unescape(text)


@pytest.mark.slow
def test_the_exchange_is_open_to_everybody_and_the_submissions_are_not_listed(folder: Path, course: Path) -> None:
    exchange = folder / "exchange"
    modes = {path: (exchange / path).stat().st_mode & 0o777 for path in (".", course_id(), f"{course_id()}/inbound")}
    assert modes == {".": 0o777, course_id(): 0o755, f"{course_id()}/inbound": 0o733}


def test_the_settings_in_the_guide_can_be_read_by_python() -> None:
    blocks = re.findall(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    assert len(blocks) >= 4
    for block in blocks:
        compile(block, str(GUIDE), "exec")
