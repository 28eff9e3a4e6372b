"""Builds the images that grade the open task of notebook `reading_digits`, from the four official files.

    NNKIT_DATA_DIR=folder/with/the/official/files python -m nnkit.grading.course.held_out_digits

Of each digit it takes 200 of the training images that the package does not carry, at equal distances through the
official order. They lie beside the instructor's notebooks, in a folder that is never released.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from nnkit.data.build_mnist import chosen, evenly
from nnkit.data.mnist import official
from nnkit.engine import Array
from nnkit.grading.course.folder import find_course
from nnkit.saving import whole_file

PER_DIGIT = 200


def held_out(labels: Array) -> Array:
    """Choose the training images that neither the package nor a student's notebook holds.

    Parameters
    ----------
    labels : (60000,) array
        The official labels of the training images.

    Returns
    -------
    (2000,) array
        Their indices, in rising order.

    Examples
    --------
    >>> labels = np.arange(60_000) % 10
    >>> indices = held_out(labels)
    >>> len(indices), len(np.intersect1d(indices, chosen(labels)))
    (2000, 0)
    """
    return evenly(labels, np.setdiff1d(np.arange(len(labels)), chosen(labels)), PER_DIGIT)


def main(course: Path) -> None:
    """Write the file anew.

    Parameters
    ----------
    course : Path
        The folder with ``solutions/``.
    """
    images, labels = official(train=True)
    keep = held_out(labels)
    path = course / "solutions" / "07_mnist" / "instructor" / "held_out_digits.npz"
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as file:
        np.savez_compressed(file, images=images[keep], labels=labels[keep])
    print(f"{path}: {len(keep):,} images, {path.stat().st_size:,} bytes.")


if __name__ == "__main__":
    main(find_course(Path(sys.argv[1]) if len(sys.argv) > 1 else Path.cwd()))
