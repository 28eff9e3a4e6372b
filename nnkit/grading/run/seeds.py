"""The hidden seed of a submission: unknown to its author, and the same whenever it is graded again.

The instructor has one secret. A submission's seed is the HMAC of that secret with everything that makes the submission
what it is, so it tells nothing about the seed of any other.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

SECRET_VARIABLE = "NNKIT_GRADING_SECRET"
SECRET_FILE = ".nnkit-secret"
SHORTEST_SECRET = 16


def secret_folder(database_url: str, course: Path | None = None) -> Path:
    """The folder of the gradebook; the course's when the gradebook is not a file.

    Parameters
    ----------
    database_url : str
        Where nbgrader keeps the gradebook.
    course : Path or None
        The course folder; the working folder when left out.

    Examples
    --------
    >>> secret_folder("sqlite:////srv/course/gradebook.db").as_posix()
    '/srv/course'
    >>> secret_folder("postgresql://host/grades") == Path.cwd()
    True
    """
    scheme, _, path = database_url.partition(":///")
    return Path(path).parent if scheme == "sqlite" and path else course or Path.cwd()


def instructor_secret(folder: Path) -> bytes:
    """The secret of this course: from the environment, else from the file in `folder`, made when it is missing.

    Parameters
    ----------
    folder : Path
        Where the gradebook is; the file is called ``.nnkit-secret`` and readable by its owner alone.

    Raises
    ------
    ValueError
        The secret is too short to be one.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     first, again = instructor_secret(Path(folder)), instructor_secret(Path(folder))
    >>> first == again
    True
    """
    given = os.environ.get(SECRET_VARIABLE)
    if given is not None:
        return _long_enough(given.strip().encode(), f"The environment variable {SECRET_VARIABLE}")
    path = folder / SECRET_FILE
    if not path.exists():
        _create_once(path, secrets.token_hex(32) + "\n")
    return _long_enough(path.read_bytes().strip(), f"The file {path}")


def _long_enough(secret: bytes, place: str) -> bytes:
    if len(secret) < SHORTEST_SECRET:
        raise ValueError(
            f"{place} should hold the secret from which hidden seeds are made, at least {SHORTEST_SECRET} characters, "
            f"but holds {len(secret)}. Remove it, and a new one is made; grading again then draws other cases."
        )
    return secret


def _create_once(path: Path, text: str) -> None:
    """Write a private file whole or not at all; when another process was quicker, its file stands."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii", newline="\n") as file:
            file.write(text)
        try:
            os.link(temporary, path)
        except FileExistsError:
            pass
        except OSError:  # a file system without hard links
            if not path.exists():
                os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def notebook_key(secret: bytes, student: str, assignment: str, notebook: str) -> bytes:
    """What the seed of one student's notebook is made from; it tells nothing about the secret or about other students.

    Parameters
    ----------
    secret : bytes
        See `instructor_secret`.
    student, assignment, notebook : str
        Whose, and which.
    """
    return hmac.new(secret, _digest((student, assignment, notebook)), hashlib.sha256).digest()


def submission_seed(key: bytes, sources: Iterable[str]) -> str:
    """The seed of one submitted notebook, as 64 hexadecimal digits.

    Parameters
    ----------
    key : bytes
        See `notebook_key`.
    sources : Iterable[str]
        The text of every cell, in order.

    Examples
    --------
    >>> ada, bob = (notebook_key(b"0123456789abcdef", name, "01", "graphs") for name in ("ada", "bob"))
    >>> len(submission_seed(ada, ["x = 1"])), submission_seed(ada, ["x = 1"]) == submission_seed(bob, ["x = 1"])
    (64, False)
    """
    return hmac.new(key, _digest(sources), hashlib.sha256).hexdigest()


def _digest(parts: Iterable[str]) -> bytes:
    message = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        message.update(len(data).to_bytes(8, "big"))
        message.update(data)
    return message.digest()


def exercise_seed(submission: str, exercise: str) -> int:
    """The number from which the cases of one exercise are drawn.

    Parameters
    ----------
    submission : str
        See `submission_seed`.
    exercise : str
        Its name.

    Examples
    --------
    >>> exercise_seed("a" * 64, "neuron") == exercise_seed("a" * 64, "double")
    False
    """
    digest = hmac.new(submission.encode(), exercise.encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:7], "big")
