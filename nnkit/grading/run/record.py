"""What a submission was graded from, so that only what has changed is graded again.

Changed can be the files that were handed in, what was released, the settings, how late it is, the gradebook, or nnkit.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from traitlets.utils.importstring import import_item

import nnkit
from nnkit.grading.run.assignment import Assignment
from nnkit.grading.run.submission import Submission

RECORD = ".nnkit-graded"


def assignment_digest(assignment: Assignment) -> str:
    """Stands for everything but the submission on which a grade depends.

    Parameters
    ----------
    assignment : Assignment
        What was released.
    """
    parts: list[Any] = [assignment.name, assignment.database, _own_digest()]
    for name, one in assignment.notebooks.items():
        text = nbformat.writes(one.notebook, version=4) if one.notebook is not None else ""
        parts += [name, text, repr(sorted(one.masters.items())), one.kernelspec]
    parts += [["/".join(path), hashlib.sha256(content).hexdigest()] for path, content in assignment.masters.items()]
    parts += [[name, hashlib.sha256(content).hexdigest()] for name, content in assignment.instructor_files.items()]
    for path in (*assignment.sanitizing, *assignment.autograding):
        step = import_item(path)(config=assignment.config)
        parts.append([path, _settings(step)])
        if hasattr(step, "init_plugin"):
            step.init_plugin()
            parts.append(_settings(step.plugin_inst))
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _settings(configurable: Any) -> list[list[str]]:
    values = {name: getattr(configurable, name) for name in configurable.trait_names(config=True)}
    # A set is in another order in every process.
    return [[name, repr(sorted(one) if isinstance(one, set) else one)] for name, one in sorted(values.items())]


@cache
def _own_digest() -> str:
    """Stands for nnkit itself: a mended check grades anew."""
    digest = hashlib.sha256()
    folder = Path(nnkit.__file__).parent
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def fingerprint(digest: str, submission: Submission) -> str:
    """Stands for everything on which the grade of one submission depends, but for how late it is.

    Parameters
    ----------
    digest : str
        See `assignment_digest`.
    submission : Submission
        What was handed in.
    """
    found = hashlib.sha256(digest.encode())
    parts: list[bytes] = [submission.student.encode("utf-8", "surrogateescape")]
    for path, content in sorted(submission.gathered.files.items()):
        parts += ["/".join(path).encode("utf-8", "surrogateescape"), content]
    parts += [note.encode("utf-8", "surrogateescape") for note in submission.gathered.notes]
    parts += [key for _, key in sorted(submission.keys.items())]
    for part in parts:
        found.update(len(part).to_bytes(8, "big"))
        found.update(part)
    return found.hexdigest()


def record_text(fingerprint: str, late: float) -> str:
    """What is noted in a graded folder.

    Parameters
    ----------
    fingerprint : str
        See `fingerprint`.
    late : float
        By how many seconds the submission is late in the gradebook, which is only told when it has been handed in.

    Examples
    --------
    >>> record_text("ab12", 3600.0)
    'ab12, 3600.0 s late'
    """
    return f"{fingerprint}, {late!r} s late"


def read_record(folder: Path) -> str:
    """What is noted in a graded folder, see `record_text`; "" where there is nothing.

    Parameters
    ----------
    folder : Path
        The graded folder of one student.
    """
    try:
        return (folder / RECORD).read_text("ascii")
    except (OSError, ValueError):
        return ""
