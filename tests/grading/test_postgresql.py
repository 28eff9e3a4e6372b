"""The gradebook in PostgreSQL: the same marks, several commands at once, and a server that goes away in the middle."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy
from nbformat.v4 import new_code_cell

from nnkit.cli import main
from nnkit.grading.course.steps import nbgrader_api, run_step
from nnkit.grading.run.record import RECORD
from nnkit.grading.run.sandbox import UNPRIVILEGED
from tests.grading import small_course
from tests.grading.small_course import ASSIGNMENT, LONGEST, hand_in, solved
from tests.grading.test_traps import TRAPS
from tests.grading.whole_class import (
    SECRET,
    counts,
    database,
    differences,
    ended,
    files,
    grade,
    gradebook,
    start,
    surroundings,
    until,
)

# PostgreSQL keeps to foreign keys: nbgrader needs a course there that has a name.
SETTINGS = 'c.CourseDirectory.course_id = "small"\n'
STUDENTS = ("perfect", "untouched", "check_rebound_to_a_number", "copies_of_every_cell", "cut_off")
SECONDS = 120  # that the server gets to start, and to end
OTHERS = ("02_small", "03_small", "04_small")


def programs() -> Path | None:
    """Where the server's programs are; Debian does not put them on the path."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: float(place.parent.name))
    found = shutil.which("initdb")
    places += [Path(found).parent] if found else []
    return places[-1] if places and (places[-1] / "postgres").exists() else None


pytestmark = pytest.mark.skipif(programs() is None, reason="no PostgreSQL server is installed here")


class Server:
    """A server of its own, on a free port of this machine only, in a temporary folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.databases = 0
        self.process: subprocess.Popen[bytes] | None = None
        if os.geteuid() == 0:  # it refuses to be root
            os.chown(folder, UNPRIVILEGED, UNPRIVILEGED)
        made = subprocess.run(
            self._command("initdb", "--auth=trust", "--username=grader", "--encoding=UTF8", "--locale=C", "--no-sync"),
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
        assert made.returncode == 0, made.stdout + made.stderr

    def _command(self, program: str, *arguments: str) -> list[str]:
        place = programs()
        assert place is not None
        as_user = ["setpriv", f"--reuid={UNPRIVILEGED}", f"--regid={UNPRIVILEGED}", "--clear-groups"]
        return [
            *(as_user if os.geteuid() == 0 else []),
            str(place / program),
            *("-D", str(self.folder / "data")),
            *arguments,
        ]

    def start(self) -> None:
        settings = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "max_connections=40")
        options = [part for setting in settings for part in ("-c", setting)]
        with (self.folder / "log.txt").open("ab") as log:
            self.process = subprocess.Popen(
                self._command("postgres", "-p", str(self.port), *options), cwd=self.folder, stdout=log, stderr=log
            )
        assert until(self._answers, SECONDS), (self.folder / "log.txt").read_text()

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1):
                self._say("SELECT 1")
        except (OSError, sqlalchemy.exc.OperationalError):
            return False
        return True

    def _say(self, statement: str) -> None:
        engine = sqlalchemy.create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                connection.execute(sqlalchemy.text(statement))
        finally:
            engine.dispose()

    def stop(self) -> None:
        """End it at once, as a crash would; connections are cut."""
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)
            try:
                self.process.wait(SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(SECONDS)
            self.process = None

    def url(self, name: str) -> str:
        return f"postgresql+psycopg2://grader@127.0.0.1:{self.port}/{name}"

    def new_database(self) -> str:
        """The address of an empty one."""
        self.databases += 1
        self._say(f"CREATE DATABASE grades{self.databases}")
        return self.url(f"grades{self.databases}")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    pytest.importorskip("psycopg2", reason="psycopg2 is not installed")
    with tempfile.TemporaryDirectory(prefix="postgresql-") as folder:
        made = Server(Path(folder))
        try:
            made.start()
            yield made
        finally:
            made.stop()


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    course = small_course.make_course(tmp_path_factory.mktemp("fresh") / "course", SETTINGS)
    released = small_course.nbgrader(course, "generate_assignment", ASSIGNMENT)
    assert released.returncode == 0, released.stderr
    for student in STUDENTS:
        hand_in(course, student, TRAPS[student][0](course))
    return course


def copy(course: Path, place: Path) -> Path:
    return Path(shutil.copytree(course, place))


def nbgrader(course: Path, *arguments: str) -> None:
    done = small_course.nbgrader(course, *arguments, NNKIT_GRADING_SECRET=SECRET)
    assert done.returncode == 0, done.stderr[-3000:]


def generate(course: Path, url: str, name: str = ASSIGNMENT) -> None:
    (course / "gradebook.db").unlink(missing_ok=True)
    run_step("generate", nbgrader_api(course, {"CourseDirectory": {"db_url": url}}).generate_assignment(name))
    assert not (course / "gradebook.db").exists()


@pytest.fixture(scope="module")
def in_sqlite(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    course = copy(fresh, tmp_path_factory.mktemp("sqlite") / "course")
    assert counts(grade(course)) == (5, 0)
    return course


def assert_same(url: str, course: Path, in_sqlite: Path) -> None:
    assert not differences(gradebook(url), gradebook(database(in_sqlite)))
    assert not differences(files(course), files(in_sqlite))


def test_nnkit_grade_gives_the_same_marks(server: Server, fresh: Path, in_sqlite: Path, tmp_path: Path) -> None:
    course, url = copy(fresh, tmp_path / "course"), server.new_database()
    generate(course, url)
    assert counts(grade(course, "--db", url)) == (5, 0)
    assert_same(url, course, in_sqlite)
    assert counts(grade(course, "--db", url)) == (0, 5)
    assert not (course / "gradebook.db").exists()


def test_nnkit_report_reads_the_same_marks_without_a_gradebook_in_the_folder(
    server: Server, fresh: Path, in_sqlite: Path, tmp_path: Path
) -> None:
    course, url = copy(fresh, tmp_path / "course"), server.new_database()
    generate(course, url)
    assert counts(grade(course, "--db", url)) == (5, 0)
    assert main(["report", "--course", str(course), "--db", url, "--canvas", "--provisional"]) == 0
    assert main(["report", "--course", str(in_sqlite), "--canvas", "--provisional", "--out", str(tmp_path)]) == 0
    for name in ("marks.csv", "canvas.csv", "overview.html", f"{ASSIGNMENT}.html"):
        assert (course / "reports" / name).read_bytes() == (tmp_path / name).read_bytes()
    assert not (course / "gradebook.db").exists()


def test_nbgrader_gives_the_same_marks(server: Server, fresh: Path, in_sqlite: Path, tmp_path: Path) -> None:
    course, url = copy(fresh, tmp_path / "course"), server.new_database()
    generate(course, url)
    nbgrader(course, "autograde", ASSIGNMENT, "--db", url)
    assert_same(url, course, in_sqlite)


def test_commands_at_once_do_not_disturb_each_other(
    server: Server, fresh: Path, in_sqlite: Path, tmp_path: Path
) -> None:
    """Different assignments of the same students, whom no gradebook knows yet."""
    course, url = copy(fresh, tmp_path / "course"), server.new_database()
    for name in OTHERS:
        shutil.copytree(course / "solutions" / ASSIGNMENT, course / "solutions" / name)
        for student in STUDENTS:
            shutil.copytree(course / "submitted" / student / ASSIGNMENT, course / "submitted" / student / name)
    for name in (ASSIGNMENT, *OTHERS):
        generate(course, url, name)
    # No two processes that grade in the sandbox for long: what is tested is the gradebook.
    commands = [["nnkit", "grade", ASSIGNMENT, "--jobs", "1"]] + [["nbgrader", "autograde", name] for name in OTHERS]
    running = []
    for number, (module, *arguments) in enumerate(commands):
        with (tmp_path / f"{number}.txt").open("w") as log:
            running.append(
                subprocess.Popen(
                    [sys.executable, "-m", module, *arguments, "--db", url],
                    cwd=course,
                    env=surroundings(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )
            )
    for number, process in enumerate(running):
        with ended(process):
            assert process.wait(LONGEST) == 0, (tmp_path / f"{number}.txt").read_text()[-3000:]
    rows = gradebook(url)
    assert len(rows["submitted_assignment"]) == 4 * len(STUDENTS)
    expected = gradebook(database(in_sqlite))
    for table in ("grade", "comment", "submitted_notebook"):
        for name in (ASSIGNMENT, *OTHERS):
            own = sorted(row.replace(name, ASSIGNMENT) for row in rows[table] if f"assignment({name})" in row)
            assert own == expected[table], (table, name)


def test_a_server_that_goes_away_is_told_and_the_next_run_finishes(
    server: Server, fresh: Path, in_sqlite: Path, tmp_path: Path
) -> None:
    course, url = copy(fresh, tmp_path / "course"), server.new_database()
    generate(course, url)
    slow = solved(course)
    slow.cells.insert(5, new_code_cell("import time\ntime.sleep(2)", id="slow"))
    for student in ("x", "y", "z"):
        hand_in(course, student, slow)
    with ended(start(course, "--jobs", "1", "--db", url)) as process:
        assert until(lambda: bool(list(course.glob(f"autograded/*/*/{RECORD}"))), SECONDS)
        server.stop()
        assert process.wait(LONGEST) == 1
    said = (course / "err.txt").read_text(encoding="utf-8")
    assert "The gradebook could not be written, so grading has stopped" in said
    assert "Traceback" not in said
    refused = grade(course, "--db", url)
    assert refused.returncode == 1
    assert "The gradebook" in refused.stderr
    assert "Traceback" not in refused.stderr
    server.start()
    graded, unchanged = counts(grade(course, "--db", url))
    assert unchanged >= 1
    assert graded + unchanged == 8
    for student in ("x", "y", "z"):
        shutil.rmtree(course / "autograded" / student)
    assert not differences(files(course), files(in_sqlite))
