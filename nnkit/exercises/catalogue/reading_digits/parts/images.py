"""The images that an open task is judged on: in a notebook the validation split, in grading images that nobody has."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np

from nnkit.data import mnist
from nnkit.exercises.terms import INSTRUCTOR_FOLDER_VARIABLE
from nnkit.installation import checkout

TRAINING = 8_000  # of the package's training images; the others are for validation
HELD_OUT = Path("07_mnist", "instructor", "held_out_digits.npz")


@functools.cache
def validation() -> tuple[np.ndarray, np.ndarray]:
    """The validation split: images (2000, 1, 28, 28) as bytes, and their labels."""
    images, labels = (part.numpy()[TRAINING:] for part in mnist())
    return np.round(images * 255).astype(np.uint8), labels


def held_out() -> tuple[np.ndarray, np.ndarray]:
    """The images that are kept with the instructor's notebooks: (2000, 1, 28, 28) as bytes, and their labels.

    Raises
    ------
    FileNotFoundError
        They are not there.
    """
    given = os.environ.get(INSTRUCTOR_FOLDER_VARIABLE)
    return _read((Path(given) if given else (checkout() or Path()) / "solutions") / HELD_OUT)


@functools.cache
def _read(path: Path) -> tuple[np.ndarray, np.ndarray]:
    if not path.is_file():
        raise FileNotFoundError(
            f"The images that grade this task are not in {path.parent}. They belong to the instructor's files of the "
            f"course; {INSTRUCTOR_FOLDER_VARIABLE} names the folder that holds 07_mnist."
        )
    with np.load(path, allow_pickle=False) as file:
        return file["images"][:, None], file["labels"].astype(np.int64)


def labels_of(images: np.ndarray) -> np.ndarray:
    """What images show that one of the two sets holds; the labels themselves never leave the judge."""
    return _labels_of(images.tobytes(), images[:1].nbytes).copy()


@functools.lru_cache(maxsize=2)
def _labels_of(images: bytes, size: int) -> np.ndarray:
    """The labels of images that stand one after the other, each of so many bytes.

    Whoever recognises a mistake asks for those of the same images with every one that is tried.
    """
    asked = [images[start : start + size] for start in range(0, len(images), size)]
    known = _shown_by(validation)
    if not all(image in known for image in asked):
        known = _shown_by(held_out)
    return np.array([known[image] for image in asked])


@functools.cache
def _shown_by(source: Callable[[], tuple[np.ndarray, np.ndarray]]) -> dict[bytes, int]:
    """The images of a set, each with what it shows."""
    return {picture.tobytes(): int(label) for picture, label in zip(*source(), strict=True)}
