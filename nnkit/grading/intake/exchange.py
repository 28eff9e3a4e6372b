"""nbgrader's exchange on the instructor's side: submissions are collected and feedback is released one by one.

The folder into which students submit can be written by all of them, so what lies in it may be anything under any name.
nbgrader follows links there with the instructor's rights, and gives the class up at the first pipe, at a name that
holds no time, and at feedback for work that did not come through the exchange. The settings name the two classes here
in place of its own; the commands and the formgrader's buttons are the same.
"""

from __future__ import annotations

import glob
import os
import re
import shutil
import traceback
from pathlib import Path
from typing import Any

from nbgrader.exchange.default import ExchangeCollect, ExchangeReleaseFeedback

from nnkit.grading.intake.gathering import Gathered, Parts, gather, read_regular, shown
from nnkit.grading.intake.places import LEFT_OUT, OWN_FILES
from nnkit.grading.intake.plugging import CourseElsewhere
from nnkit.grading.intake.shadow import SECRET, TIMESTAMP, is_timestamp

LARGEST_SECRET = 1_000  # bytes
# What a student may be called: the name becomes that of a folder.
_NAME = re.compile(r"(?!\.)[^/\\\0]+")
UNFINISHED = ".nnkit-collecting-"


class CollectOneByOne(ExchangeCollect):
    """nbgrader's ``ExchangeCollect``: regular files only, and what is wrong with one submission is no other's."""

    coursedir: Any
    src_records: list[dict[str, Any]]

    def init_src(self) -> None:
        """Find the submissions; what is called as no submission is stays where it is."""
        self.coursedir = CourseElsewhere(self.coursedir)  # which can read any timestamp
        super().init_src()
        self.src_records = [record for record in self.src_records if record["timestamp"] is not None]

    def _path_to_record(self, path: str) -> dict[str, Any]:
        name = os.path.basename(path)
        parts = name.rsplit("+", 3)
        stamp = parts[2].encode("utf-8", "replace") if len(parts) >= 3 else b""
        # nbgrader sorts the records of a student by their times, so those that have none need a student of their own.
        well_named = bool(_NAME.fullmatch(parts[0])) and parts[1] == self.coursedir.assignment_id
        if not well_named or not stamp.strip() or not is_timestamp(stamp):
            self.log.warning("%s was left where it is: it is not called as a submission is.", shown((name,)))
            return {"username": "", "filename": name, "timestamp": None}
        record: dict[str, Any] = super()._path_to_record(path)
        return record

    def _sort_by_timestamp(self, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if any(record["timestamp"] is None for record in records):
            return records
        found: list[dict[str, Any]] = super()._sort_by_timestamp(records)
        return found

    def copy_files(self) -> None:
        """Collect what every student has submitted; none of them keeps the others from it."""
        records = self.src_records
        self.log.info("Processing %s submissions of '%s'", len(records), self.coursedir.assignment_id)
        failed = []
        for record in records:
            self.src_records = [record]
            try:
                super().copy_files()
            except Exception:
                self.log.error("There was an error collecting %r:\n%s", record["filename"], traceback.format_exc())
                failed.append(record["username"])
        self.src_records = records
        if failed:
            self.fail(f"The submissions of {', '.join(map(repr, failed))} could not be collected; the log says why.")

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Copy the regular files of a submission; a note for the person who grades says what was left out.

        Parameters
        ----------
        src, dest, log
            nbgrader's own.
        """
        found = gather(Path(src), (*self.coursedir.ignore, OWN_FILES))
        found.files = {parts: content for parts, content in found.files.items() if not _is_in_archive(parts, found)}
        _note_the_time(Path(src), found)
        unfinished = Path(dest).with_name(UNFINISHED + Path(dest).name)
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        try:
            for parts, content in found.files.items():
                path = unfinished.joinpath(*parts)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            if found.notes:
                for note in found.notes:
                    self.log.warning("%s: %s", Path(src).name, note)
                (unfinished / LEFT_OUT).write_text("\n".join(found.notes), "utf-8")
            super().do_copy(str(unfinished), dest, log)
            if found.notes:  # nbgrader copies nothing that a course ignores
                shutil.copyfile(unfinished / LEFT_OUT, Path(dest, LEFT_OUT))
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)


def _note_the_time(source: Path, found: Gathered) -> None:
    """The name of the folder says when it was submitted, where the file that should does not."""
    stamp = source.name.rsplit("+", 3)[2]
    noted = found.files.get((TIMESTAMP,), b"")
    if not noted.strip() or not is_timestamp(noted):
        found.notes.append(f"{TIMESTAMP} did not hold a time; the name of the submission says {stamp}.")
        found.files[TIMESTAMP,] = stamp.encode()


def _is_in_archive(parts: Parts, found: Gathered) -> bool:
    """What is in an archive is looked at when it is graded; here the archive itself is copied."""
    return any(parts[:end] in found.files for end in range(1, len(parts)))


class ReleaseFeedbackOneByOne(ExchangeReleaseFeedback):
    """nbgrader's ``ExchangeReleaseFeedback``: work that did not come through the exchange keeps nobody from theirs."""

    src_path: str

    def copy_files(self) -> None:
        """Release the feedback of every student who has submitted through the exchange."""
        pattern = self.src_path
        # A student may be called as a pattern is.
        folders = [pattern] if os.path.isdir(pattern) else sorted(glob.glob(pattern))
        failed = []
        for name in folders:
            folder = Path(name)
            try:
                if self._is_from_the_exchange(folder):
                    self.src_path = glob.escape(name)
                    super().copy_files()
            except Exception:
                self.log.error("There was an error releasing what is in %s:\n%s", folder, traceback.format_exc())
                failed.append(name)
        self.src_path = pattern
        if failed:
            self.fail(f"What is in {', '.join(failed)} could not be released; the log says why.")

    def _is_from_the_exchange(self, folder: Path) -> bool:
        """Whether nbgrader can release what is in a folder; the log says why not."""
        try:
            secret = read_regular(folder / SECRET, LARGEST_SECRET).strip()
        except OSError as problem:
            reason = problem.strerror or str(problem)
        else:
            reason = "" if secret else "it is empty"
        if reason:
            self.log.warning(
                "Nothing in %s is released: its %s should say where the student looks for it, but %s. Work that did "
                "not come through the exchange has no such file; its feedback has to be handed out by other means.",
                folder,
                SECRET,
                reason,
            )
            return False
        if not (folder / TIMESTAMP).exists():  # nbgrader logs what it holds
            (folder / TIMESTAMP).touch()
        return True
