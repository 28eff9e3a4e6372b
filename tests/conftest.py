"""What all tests share: the repository's folder, and an environment that no grading setting of the user leaks into."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(autouse=True, scope="session")
def no_settings_of_the_user() -> None:
    for name in [name for name in os.environ if name.startswith("NNKIT_")]:
        del os.environ[name]
