"""The words on which check and grading have to agree: how a verdict is called, and where each finds the other's.

`nnkit.grading` reads a check's report from the outputs of a cell and tells the check, by the environment, how to draw
its cases; both sides spell these names from here.
"""

from __future__ import annotations

from typing import Final

# How a check can end.
PASSED: Final = "passed"
WRONG: Final = "wrong"
CRASHED: Final = "crashed"
TIMED_OUT: Final = "timed out"
NOT_ATTEMPTED: Final = "not attempted"
BLOCKED: Final = "blocked"
STATUSES: Final = (PASSED, WRONG, CRASHED, TIMED_OUT, NOT_ATTEMPTED, BLOCKED)

# Under this type a report lies, as plain data, among the outputs of a notebook's cell.
REPORT_TYPE: Final = "application/vnd.nnkit.report+json"

# Environment variables: how many seconds an answer may take; the secret number of a submission from which grading has
# every exercise draw its cases; and the instructors' notebooks, where data lie that no student has.
TIME_LIMIT_VARIABLE: Final = "NNKIT_TIME_LIMIT"
INSTRUCTOR_FOLDER_VARIABLE: Final = "NNKIT_INSTRUCTOR_FOLDER"
