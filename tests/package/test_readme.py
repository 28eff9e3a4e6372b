"""The README's numbers are those of the tables that they are read from."""

from __future__ import annotations

import pytest

from tests.package.write_readme import README, one_row, with_proof


def test_the_table_of_proof_is_up_to_date() -> None:
    text = README.read_text(encoding="utf-8")
    assert with_proof(text) == text, "python tests/package/write_readme.py brings it up to date"


def test_a_table_of_another_form_is_noticed() -> None:
    with pytest.raises(ValueError, match="should have one row"):
        one_row("| all | 1 |\n| all | 2 |", "all", README)
