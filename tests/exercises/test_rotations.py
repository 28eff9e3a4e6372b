"""Notebook 08: references on attitudes, against differences, nnkit's own and what a rotation is; some messages."""

from __future__ import annotations

import math

import numpy as np
import pytest

import nnkit
from nnkit.exercises import evaluate, index
from nnkit.exercises.catalogue.rotations import any_axis, any_rotation, turn
from tests.answers import answers_to, changed, namespace_of

MATRIX, ANGLE, JACOBIAN, PROJECT = (
    index.find(name) for name in ("quat_to_matrix", "rotation_angle", "quat_normalize_jacobian", "project_so3")
)
CLIPPED = answers_to("rotation_angle").right["clipped"]
SEEDS = range(3, 9)


def is_rotation(R: np.ndarray) -> bool:
    return np.allclose(R.T @ R, np.eye(3), atol=1e-12) and np.linalg.det(R) > 0


def report(name: str, source: str):
    return evaluate(name, namespace_of(source))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_matrix_of_a_quaternion_turns_about_its_vector_by_twice_the_angle_of_its_scalar(seed: int) -> None:
    for case in MATRIX.draw(seed, True):
        q = case.arguments["q"]
        R = MATRIX.reference(q)
        assert q @ q == pytest.approx(1)
        assert is_rotation(R)
        np.testing.assert_allclose(R, MATRIX.reference(-q))
        if q[:3].any():
            np.testing.assert_allclose(R, turn(q[:3], 2 * math.atan2(np.linalg.norm(q[:3]), q[3])), atol=1e-12)


@pytest.mark.parametrize("degrees", [0, 0.01, 30, 90, 135, 179.99, 180])
def test_the_angle_is_that_of_the_turn_between(degrees: float) -> None:
    rng = np.random.default_rng(5)
    for _ in range(20):
        R1 = any_rotation(rng)
        R2 = R1 @ turn(any_axis(rng), math.radians(degrees))
        assert ANGLE.reference(R1, R2) == pytest.approx(math.radians(degrees), abs=1e-12)
        assert ANGLE.reference(R2, R1) == pytest.approx(math.radians(degrees), abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_clipped_arc_cosine_is_right_to_a_millionth_where_the_cosine_is_rounded_beyond_1_too(seed: int) -> None:
    beyond = set()
    for case in ANGLE.draw(seed, True):
        R1, R2 = case.arguments["R1"], case.arguments["R2"]
        cosine = (np.trace(R1.T @ R2) - 1) / 2
        beyond |= {1} if cosine > 1 else {-1} if cosine < -1 else set()
        assert np.arccos(np.clip(cosine, -1, 1)) == pytest.approx(ANGLE.reference(R1, R2), abs=3e-7)
    assert beyond == {1, -1}


@pytest.mark.parametrize("cosine", ["(np.trace(R1.T @ R2) - 1) / 2", "(np.sum(R1 * R2) - 1) / 2"])
@pytest.mark.parametrize(("arccos", "said"), [("np.arccos", "gives nan"), ("math.acos", "stops with an error")])
def test_who_does_not_clip_is_told_why(cosine: str, arccos: str, said: str) -> None:
    found = report("rotation_angle", f"def rotation_angle(R1, R2):\n    return {arccos}({cosine})\n")
    assert found.cause.startswith("Your formula is right")
    assert said in found.cause


@pytest.mark.parametrize("small", [1e-6, 1e-7, 1e-8])
def test_who_clips_too_early_is_told_so(small: float) -> None:
    found = report("rotation_angle", changed(CLIPPED, ("-1, 1)", f"-1 + {small}, 1 - {small})")))
    assert "cut off before ±1" in found.cause


def test_an_arc_cosine_of_float32_is_not_right_to_a_millionth() -> None:
    source = changed(CLIPPED, ("R1.T @ R2", "R1.astype(np.float32).T @ R2.astype(np.float32)"))
    assert report("rotation_angle", source).status == "wrong"


def differences(q: np.ndarray) -> np.ndarray:
    """Central differences of q / ‖q‖, with a step that goes with the length of q."""
    h = 1e-5 * np.linalg.norm(q)
    columns = [
        ((q + step) / np.linalg.norm(q + step) - (q - step) / np.linalg.norm(q - step)) / (2 * h)
        for step in h * np.eye(4)
    ]
    return np.stack(columns, axis=1)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_jacobian_is_that_of_differences_and_of_nnkit(seed: int) -> None:
    for case in JACOBIAN.draw(seed, True):
        q = case.arguments["q"]
        J, tolerance = JACOBIAN.reference(q), 1e-8 / np.linalg.norm(q)
        np.testing.assert_allclose(J, differences(q), atol=tolerance)
        np.testing.assert_allclose(J @ q, 0, atol=1e-12)
        for row in range(4):
            x = nnkit.tensor(q[None], dtype=nnkit.float64, requires_grad=True)
            nnkit.functional.normalize(x)[0, row].backward()
            np.testing.assert_allclose(J[row], x.grad.numpy()[0], atol=tolerance)


@pytest.mark.parametrize("step", [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-8])
def test_differences_with_a_step_of_ones_own_are_refused(step: float) -> None:
    source = answers_to("quat_normalize_jacobian").promises["the formula, no differences"]
    found = report("quat_normalize_jacobian", source.replace("2e-5", f"{2 * step}").replace("1e-5", f"{step}"))
    assert found.status == "wrong"
    if 1e-7 < step < 1e-4:
        assert "Asked for is the formula" in found.cause


@pytest.mark.parametrize("seed", SEEDS)
def test_the_projection_is_nnkits_and_nearer_than_rotations_beside_it(seed: int) -> None:
    rng = np.random.default_rng(seed)
    for case in PROJECT.draw(seed, True):
        M = case.arguments["M"]
        R = PROJECT.reference(M)
        assert is_rotation(R)
        np.testing.assert_allclose(
            R, nnkit.functional.project_so3(nnkit.tensor(M, dtype=nnkit.float64)).numpy(), atol=1e-10
        )
        distance = np.linalg.norm(M - R)
        for angle in (0.01, 0.3, 3.0):
            assert np.linalg.norm(M - R @ turn(rng.standard_normal(3), angle)) > distance


@pytest.mark.parametrize("seed", SEEDS)
def test_matrices_are_invertible_with_singular_values_that_lie_apart(seed: int) -> None:
    signs = set()
    for case in PROJECT.draw(seed, True):
        sizes = np.linalg.svd(case.arguments["M"])[1]
        assert sizes[2] > 0
        assert (np.diff(sizes) < -0.05 * sizes[0] * (sizes[0] < 10)).all()
        signs.add(np.sign(np.linalg.det(case.arguments["M"])))
    assert signs == {1, -1}


def test_the_librarys_own_projection_is_not_the_readers() -> None:
    source = """
def project_so3(M):
    import nnkit
    return nnkit.functional.project_so3(nnkit.tensor(M)).numpy()
"""
    assert report("project_so3", source).words == "not counted"


def test_a_backward_pass_is_not_the_jacobian_that_is_asked_for() -> None:
    source = """
def quat_normalize_jacobian(q):
    import nnkit
    rows = []
    for k in range(4):
        x = nnkit.tensor(q[None], requires_grad=True)
        nnkit.functional.normalize(x)[0, k].backward()
        rows.append(x.grad.numpy()[0])
    return rows
"""
    assert report("quat_normalize_jacobian", source).words == "not counted"


@pytest.mark.parametrize(
    "angle", ["np.degrees(np.arccos(c))", "np.arccos(c) * 180 / np.pi", "np.rad2deg(np.arccos(c))"]
)
def test_degrees_by_the_arc_cosine_are_called_so_and_shown_at_a_right_angle(angle: str) -> None:
    cosine = "c = np.clip((np.trace(R1.T @ R2) - 1) / 2, -1, 1)"
    found = evaluate("rotation_angle", namespace_of(f"def rotation_angle(R1, R2):\n    {cosine}\n    return {angle}\n"))
    assert "in degrees" in found.cause
    assert "yours 90" in found.message


def test_a_wrong_sign_in_the_cross_matrix_is_named() -> None:
    source = """
def quat_to_matrix(q):
    (x, y, z), n = q[:3], q[3]
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return (n * n - q[:3] @ q[:3]) * np.eye(3) + 2 * np.outer(q[:3], q[:3]) + 2 * n * cross
"""
    assert evaluate("quat_to_matrix", namespace_of(source)).passed
    one = evaluate("quat_to_matrix", namespace_of(source.replace("[-y, x, 0]", "[y, x, 0]")))
    assert "Only entry [2, 0] of yours is wrong" in one.cause
    two = evaluate("quat_to_matrix", namespace_of(source.replace("-z, y], [z,", "z, y], [-z,")))
    assert "Only the entries [0, 1] and [1, 0] of yours are wrong" in two.cause


def test_numbers_of_a_very_long_quaternion_look_as_in_the_table() -> None:
    texts = [case.text for case in index.find("quat_normalize_jacobian").draw(1)]
    assert not any("e+" in text for text in texts)
    assert any("·10¹²" in text for text in texts)
