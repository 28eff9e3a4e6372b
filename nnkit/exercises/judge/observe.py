"""Observations on wrong values that match no known mistake: how they relate to the right ones, everywhere."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnkit.exercises.judge.finding import Finding
from nnkit.exercises.judge.wording import number
from nnkit.languages import marked, say


def observe(findings: Sequence[Finding | None], output: str) -> str:
    """A true sentence about how the wrong values relate to the right ones; "" when nothing simple holds everywhere."""
    pairs = [
        (np.asarray(f.expected, dtype=float), np.asarray(f.got, dtype=float))
        for f in findings
        if f is not None and f.rung == "value" and f.output == output and _is_numeric_pair(f)
    ]
    if not pairs:
        return ""
    everywhere = len(pairs) == len(findings)

    def observed(template: str, **values: str) -> str:
        return say(template, where=say("everywhere") if everywhere else say("in every case that fails"), **values)

    raw = [np.concatenate([pair[side].ravel() for pair in pairs]) for side in (0, 1)]
    # Each case on its own scale: beside one of 10²⁵ all others would be nothing, and nothing would be said of them.
    scales = [np.max(np.abs(right), initial=0.0) or 1.0 for right, _ in pairs]
    right, got = (
        np.concatenate([pair[side].ravel() / own for pair, own in zip(pairs, scales, strict=True)]) for side in (0, 1)
    )
    if len(right) < 2 or not np.isfinite(got).all() or not np.isfinite(right).all():
        return ""
    scale = np.max(np.abs(right))
    if scale == 0:
        return ""
    if not got.any():
        return say("Yours is 0, everywhere.") if everywhere else say("Yours is 0 in every case that fails.")
    if np.allclose(got, right, rtol=1e-4, atol=1e-7 * scale):
        return observed(marked("The differences are tiny, {where}. Is something rounded, or approximated?"))
    if np.allclose(got, -right, rtol=1e-4, atol=1e-7 * scale):
        return observed(marked("Yours has the right size and the opposite sign, {where}."))
    sizeable = np.abs(right) > 1e-6 * scale
    ratios = got[sizeable] / right[sizeable]
    if np.allclose(ratios, ratios[0], rtol=1e-4) and np.allclose(got[~sizeable], 0, atol=1e-5 * scale):
        if np.isclose(ratios[0], 1, rtol=1e-3):
            return observed(marked("The differences are tiny, {where}. Is something rounded, or approximated?"))
        return observed(marked("Yours is {ratio} times the expected value, {where}."), ratio=number(float(ratios[0])))
    offsets = raw[1] - raw[0]
    if np.allclose(offsets, offsets[0], rtol=1e-4, atol=1e-7 * min(scales)):
        return observed(marked("Yours is the expected value plus {offset}, {where}."), offset=number(float(offsets[0])))
    square = [pair for pair in pairs if pair[0].ndim == 2]
    if len(square) == len(pairs) and all(
        r.shape[0] == r.shape[1] and np.allclose(g, r.T, rtol=1e-4, atol=1e-7 * np.max(np.abs(r))) for r, g in square
    ):
        return observed(marked("Yours is the expected matrix transposed, {where}."))
    if np.allclose(np.abs(got), np.abs(right), rtol=1e-4, atol=1e-7 * scale):
        return observed(marked("Yours has the right size, {where}; some signs are wrong."))
    return ""


def _is_numeric_pair(finding: Finding) -> bool:
    """Whether numbers stand beside numbers; that False is there in the place of True says all there is to say."""
    kinds = [np.asarray(value).dtype.kind for value in (finding.expected, finding.got)]
    return kinds[0] in "iuf" and kinds[1] in "biuf"
