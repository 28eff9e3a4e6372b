"""Builds the file of images that the package carries, from the four official files.

    NNKIT_DATA_DIR=folder/with/the/official/files python -m nnkit.data.build_mnist

Of each digit's training images it takes 1,000, at equal distances through the official order, and keeps that order; of
the test images all: their first half is easier than the second, so a part of them would not say how good a network is.
"""

from __future__ import annotations

import numpy as np

from nnkit.data.mnist import EMBEDDED, official
from nnkit.engine import Array
from nnkit.saving import whole_file

PER_DIGIT = 1000


def chosen(labels: Array) -> Array:
    """Choose the training images that the package carries.

    Parameters
    ----------
    labels : (60000,) array

    Returns
    -------
    (10000,) array
        Their indices, in rising order.
    """
    return evenly(labels, np.arange(len(labels)), PER_DIGIT)


def evenly(labels: Array, among: Array, per_digit: int) -> Array:
    """Choose as many images of each digit, at equal distances through the order of those that may be chosen.

    Parameters
    ----------
    labels : (N,) array
        Those of all images.
    among : (M,) array
        The indices that may be chosen, in rising order.
    per_digit : int
        How many of each.

    Returns
    -------
    (10 · per_digit,) array
        Their indices, in rising order.

    Examples
    --------
    >>> evenly(np.arange(40) % 10, np.arange(10, 40), 1).tolist()
    [10, 11, 12, 13, 14, 15, 16, 17, 18, 19]
    """
    each = [among[labels[among] == digit] for digit in range(10)]
    picked = [indices[np.arange(per_digit) * len(indices) // per_digit] for indices in each]
    return np.sort(np.concatenate(picked))


def build() -> dict[str, Array]:
    """Take the arrays of the file from the official ones.

    Returns
    -------
    dict from name to array
        Images (10000, 28, 28) and labels (10000,) for training and for testing, as uint8.
    """
    (images, labels), (test_images, test_labels) = official(train=True), official(train=False)
    keep = chosen(labels)
    return {
        "train_images": images[keep],
        "train_labels": labels[keep],
        "test_images": test_images,
        "test_labels": test_labels,
    }


def main() -> None:
    """Write the file anew."""
    arrays = build()
    with whole_file(EMBEDDED) as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    sizes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
    print(f"{EMBEDDED.name}: {EMBEDDED.stat().st_size / 1e6:.1f} MB, {sizes}")


if __name__ == "__main__":
    main()
