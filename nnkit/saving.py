"""Saving and loading: files that appear whole or not at all, and state dicts in `.npz` files, which NumPy can read.

Nothing is pickled: a file holds arrays and a line of JSON, so that opening one never runs code. Arrays that lie at the
top of a dict, as in `model.state_dict()`, keep their names: `np.load(file)["0.weight"]` finds them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np

from nnkit.engine import Array, Tensor, from_numpy

STRUCTURE = "__structure__"  # the name of the line of JSON; "array" in it stands for the array of that name


@contextmanager
def whole_file(path: str | os.PathLike[str], private: bool = False) -> Iterator[IO[bytes]]:
    """Open a file for writing that takes its place only when it is complete; until then what was there before stays.

    A full disk or Ctrl-C leaves no half of a file, because a file is renamed at once or not at all.

    Parameters
    ----------
    path : str or path
        The file's; its folder is there.
    private : bool
        Whether only its owner may read it, as what names students; at no moment can others.

    Yields
    ------
    file
        Takes bytes.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "note.txt"
    >>> with whole_file(path) as file:
    ...     _ = file.write(b"done")
    >>> path.read_text(), len(list(path.parent.iterdir()))
    ('done', 1)
    """
    path = Path(path)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        if private:
            unfinished.unlink(missing_ok=True)  # one of a process that was killed may be anybody's to read
        with open(unfinished, "wb", opener=_for_the_owner if private else None) as file:
            yield file
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def _for_the_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def save(obj: Any, f: str | os.PathLike[str]) -> None:
    """Write a state dict (dicts, lists and tuples of tensors, arrays, numbers, strings, None) into a file.

    Parameters
    ----------
    obj : object
        What to save.
    f : str or path
        The file's; the name is taken as it is, such as "model.npz".

    Raises
    ------
    TypeError
        If something else is in it, or a key is no string or integer.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "state.npz"
    >>> save({"weight": from_numpy(np.eye(2)), "step": 3}, path)
    >>> load(path)
    {'weight': tensor([[1., 0.],
           [0., 1.]], dtype=float64), 'step': 3}
    """
    arrays: dict[str, Array] = {}
    line = json.dumps(_described(obj, "", arrays))
    with whole_file(f) as file:
        np.savez(file, **{STRUCTURE: np.array(line)}, **arrays)  # type: ignore[arg-type]


def load(f: str | os.PathLike[str]) -> Any:
    """Return what `save` wrote, with tensors in the place of arrays.

    Parameters
    ----------
    f : str or path
        The file's.

    Returns
    -------
    object

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it was not written by `save`, or not completely.
    """
    try:
        with np.load(f, allow_pickle=False) as file:
            return _rebuilt(json.loads(str(file[STRUCTURE])), file)
    except FileNotFoundError:
        raise FileNotFoundError(f"There is no file {os.fspath(f)} to load.") from None
    except Exception as error:
        raise ValueError(
            f"{os.fspath(f)} is no whole file of nnkit.save ({type(error).__name__}: {error}); save it again."
        ) from None


def _described(value: Any, name: str, arrays: dict[str, Array]) -> Any:
    """Describe a value in JSON, and put its arrays aside under their names."""
    if isinstance(value, np.generic):
        value = np.asarray(value)
    if isinstance(value, Tensor | np.ndarray):
        array = value.detach().numpy() if isinstance(value, Tensor) else value
        if array.dtype.kind not in "biuf":
            raise TypeError(f"{name} cannot be saved: an array of {array.dtype} holds no numbers.")
        while not name or name in arrays or name in (STRUCTURE, "file"):
            name += "_"  # "a.b" may be a key at the top, and b in a
        arrays[name] = array
        return {"array": name}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    below = f"{name}." if name else ""
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str | int):
                raise TypeError(f"{name or 'The dict'} cannot be saved: its key {key!r} is no string or integer.")
        return {"dict": [[key, _described(part, f"{below}{key}", arrays)] for key, part in value.items()]}
    if isinstance(value, list | tuple):
        kind = "list" if isinstance(value, list) else "tuple"
        return {kind: [_described(part, f"{below}{i}", arrays) for i, part in enumerate(value)]}
    raise TypeError(
        f"{name or 'This'} cannot be saved: it is a {type(value).__name__}, not a tensor, number, string, list or dict."
    )


def _rebuilt(value: Any, file: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, content),) = value.items()
    if kind == "array":
        return from_numpy(file[content])
    if kind == "dict":
        return {key: _rebuilt(part, file) for key, part in content}
    parts = [_rebuilt(part, file) for part in content]
    return parts if kind == "list" else tuple(parts)
