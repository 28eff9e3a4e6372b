"""MNIST: handwritten digits, 28 × 28 pixels.

The package carries 10,000 training images (1,000 of each digit, picked evenly through the official 60,000) and all
10,000 test images. The whole set is fetched once, from the first of two official mirrors that answers, and kept.
"""

from __future__ import annotations

import gzip
import math
import os
import struct
import zlib
from pathlib import Path

import numpy as np

from nnkit.bar import bar as progress_bar
from nnkit.data.downloads import reason_of
from nnkit.engine import Array, Tensor, float32, from_numpy, int64

EMBEDDED = Path(__file__).parent / "files" / "mnist.npz"
MIRRORS = ("https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/")
SHA256 = {
    "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
}
TIMEOUT = (10.0, 30.0)  # seconds until a mirror answers, and between two pieces of a file
WITHOUT = "mnist() without full=True needs no internet: it reads the 10,000 + 10,000 images of the package."


def mnist(train: bool = True, full: bool = False) -> tuple[Tensor, Tensor]:
    """Return handwritten digits and what they show.

    Parameters
    ----------
    train : bool
        The training images; otherwise the 10,000 test images.
    full : bool
        All 60,000 training images instead of the 10,000 in the package. They are read from the folder that the
        environment variable ``NNKIT_DATA_DIR`` names (or its folder ``mnist``), if it is set; otherwise fetched once
        (12 MB) and kept.

    Returns
    -------
    images : (N, 1, 28, 28)
        float32, from 0 (paper) to 1 (ink).
    labels : (N,)
        int64, from 0 to 9.

    Raises
    ------
    ConnectionError
        If no mirror hands out the right files.
    FileNotFoundError, ValueError
        If a file in ``NNKIT_DATA_DIR`` is missing, or is not the official one.
    ModuleNotFoundError
        If something has to be fetched and pooch is not installed.

    Examples
    --------
    >>> images, labels = mnist(train=False)
    >>> images.shape, labels[:3].tolist()
    ((10000, 1, 28, 28), [7, 2, 1])
    """
    if full:
        images, labels = official(train)
    else:
        part = "train" if train else "test"
        with np.load(EMBEDDED, allow_pickle=False) as file:
            images, labels = file[f"{part}_images"], file[f"{part}_labels"]
    pixels = np.divide(images[:, None], 255, dtype=float32)
    return from_numpy(pixels), from_numpy(labels.astype(int64))


def official(train: bool) -> tuple[Array, Array]:
    """Return the official images (N, 28, 28) and labels (N,), as uint8."""
    part = "train" if train else "t10k"
    return read_idx(find(f"{part}-images-idx3-ubyte.gz")), read_idx(find(f"{part}-labels-idx1-ubyte.gz"))


def read_idx(path: Path) -> Array:
    """Read an array of bytes in IDX format: 0, 0, 8 (bytes), the number of dimensions, their sizes, the numbers."""
    broken = ValueError(f"{path} is no whole IDX file of bytes; delete it and fetch it again.")
    try:
        with gzip.open(path, "rb") as file:
            content = file.read()
        zero, kind, ndim = struct.unpack_from(">HBB", content)
        shape = struct.unpack_from(f">{ndim}I", content, 4)
    except (EOFError, OSError, struct.error, zlib.error):
        raise broken from None
    if (zero, kind) != (0, 8) or len(content) != 4 + 4 * ndim + math.prod(shape):
        raise broken
    return np.frombuffer(content, np.uint8, offset=4 + 4 * ndim).reshape(shape)


def find(name: str) -> Path:
    """Return the path of an official file, known to be whole: in NNKIT_DATA_DIR, kept from before, or fetched."""
    local = os.environ.get("NNKIT_DATA_DIR")
    if local:
        folder = Path(local).expanduser()
        return _checked((folder / "mnist" if (folder / "mnist").is_dir() else folder) / name)
    try:
        import pooch
    except ModuleNotFoundError:
        raise ModuleNotFoundError(f"Fetching MNIST needs pooch: `pip install pooch`. {WITHOUT}", name="pooch") from None

    pooch.get_logger().setLevel("WARNING")  # it would announce every download on standard error
    folder, reasons = Path(pooch.os_cache("nnkit")), []
    for mirror in MIRRORS:
        try:
            with progress_bar(1, name, unit="B", unit_scale=True) as bar:
                download = pooch.HTTPDownloader(progressbar=bar, chunk_size=65536, timeout=TIMEOUT)
                found = pooch.retrieve(mirror + name, f"sha256:{SHA256[name]}", name, folder, downloader=download)
            return Path(found)
        except (OSError, ValueError) as error:  # requests' errors are OSErrors, pooch's on a wrong hash a ValueError
            reasons.append(f"{mirror}: {_reason(error)}")
    raise ConnectionError(
        f"{name} of MNIST could not be fetched. {'; '.join(reasons)}. Try again later, or set NNKIT_DATA_DIR to a "
        f"folder that holds the four official files. {WITHOUT}"
    )


def _checked(path: Path) -> Path:
    if not path.is_file():
        raise FileNotFoundError(
            f"NNKIT_DATA_DIR is {path.parent}, but there is no {path.name} in it. It must hold {', '.join(SHA256)}; or "
            f"unset it, and the files are fetched. {WITHOUT}"
        )
    import hashlib

    if hashlib.sha256(path.read_bytes()).hexdigest() != SHA256[path.name]:
        raise ValueError(f"{path} is not the official file (its SHA-256 differs): put the right one there. {WITHOUT}")
    return path


def _reason(error: Exception) -> str:
    """Say in a few words what went wrong with a mirror."""
    if isinstance(error, ValueError) and "hash" in str(error):
        return "what it sent is not the official file"
    return reason_of(error)
