"""Notebook 07, third part: trainings judged by what their steps do to a watched network."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

import nnkit
from nnkit import functional as F  # noqa: N812
from nnkit.exercises import evaluate, index
from nnkit.exercises.beside.probes.watched import gradient
from nnkit.exercises.beside.watched_network import Watched
from nnkit.exercises.catalogue.training_gone_wrong.parts import neighbours
from nnkit.exercises.catalogue.training_gone_wrong.parts.judging import BY_CHANCE
from tests.answers import answers_to, changed, namespace_of


def report(name: str, *pairs: tuple[str, str], seed: int = 1, hidden: bool = False) -> Any:
    known = answers_to(name)
    return evaluate(name, namespace_of(changed(known.right["the one line"], *pairs), known.provided), seed, hidden)


def test_the_gradient_by_hand_is_that_of_nnkit() -> None:
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=shape) for shape in ((6, 5), (6,), (3, 6), (3,))]
    model = Watched(weights, drop=0.5)
    labels = np.array([0, 2, 1, 1])
    F.cross_entropy(model(rng.normal(size=(4, 5)).astype(np.float32)), nnkit.tensor(labels)).backward()
    by_hand = gradient(model.record.questions[0], labels)[1]
    for parameter, expected in zip(model.parameters(), by_hand, strict=True):
        np.testing.assert_allclose(parameter.grad.numpy(), expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("rate", ["0.05", "0.1", "0.5"])
def test_any_rate_of_a_wide_range_mends_b(rate: str) -> None:
    assert report("mended_b", ("lr=0.2", f"lr={rate}")).passed


@pytest.mark.parametrize("name", [f"mended_{letter}" for letter in "abcde"])
def test_weights_made_smaller_before_the_first_step_are_told(name: str) -> None:
    pair = ("    for epoch", "    for p in model.parameters():\n        p.data[...] = p.data * 0.1\n    for epoch")
    assert "before the first step" in report(name, pair).cause


def test_momentum_is_not_told_to_be_a_sum_that_was_not_taken_away() -> None:
    assert "taken away" not in report("mended_c", ("lr=0.2", "lr=0.2, momentum=0.9")).cause


@pytest.mark.parametrize("name", [f"mended_{letter}" for letter in "abcde"])
def test_the_shuffling_stays_as_it_was(name: str) -> None:
    draw = "        order = rng.permutation(len(X))\n"
    once = (draw, ""), ("    for epoch", f"{draw[4:]}    for epoch")
    assert "a new one for each epoch" in report(name, *once).cause
    assert "draws nothing from it" in report(name, ("rng.permutation", "np.random.permutation")).cause
    whole = "rng.permutation(np.arange(-(-len(X) // 32) * 32).reshape(-1, 32)).ravel()"
    neighbours = f"np.array([row for row in {whole} if row < len(X)])"
    told = report(name, ("rng.permutation(len(X))", neighbours)).cause
    assert "neighbours" in told or "in which the images were given" in told  # two batches, in order by chance
    assert "backwards" in report(name, ("rng.permutation(len(X))", "np.arange(len(X))[::-1]")).cause


@pytest.mark.parametrize("name", [f"mended_{letter}" for letter in "abcde"])
def test_new_images_may_be_read_in_parts(name: str) -> None:
    parts = "np.concatenate([model(X_new[i : i + 4]).numpy() for i in range(0, len(X_new), 4)])"
    assert report(name, ("model(X_new).numpy()", parts)).passed


def test_a_sentence_about_inputs_does_not_speak_of_a_first_loss_that_is_right() -> None:
    told = report("mended_a", ("X_new / 255", "X_new / 65025")).cause
    assert "both places" in told
    assert "first loss" not in told


def told(name: str, *pairs: tuple[str, str]) -> str:
    """What a changed right answer is told."""
    found = report(name, *pairs)
    assert found.status == "wrong"
    return str(found.cause)


# ---------------------------------------------------------------------------------------------------------------------
# Dropout
# ---------------------------------------------------------------------------------------------------------------------

READ = (
    "        model.eval()\n        with nnkit.no_grad():\n"
    "            scores.append(model(X_new).numpy())\n        model.train()"
)
BEFORE = "    losses, scores = [], []"


def reading(*lines: str, copied: str = "copy.deepcopy(model)") -> tuple[str, str]:
    """New images are read by a copy; `lines` say how."""
    return READ, "\n".join(
        ["        import copy, pickle", f"        twin = {copied}", *(f"        {line}" for line in lines)]
    )


@pytest.mark.parametrize(
    "pair",
    [
        reading("twin.eval()", "scores.append(twin(X_new).detach().numpy())"),
        reading("scores.append(twin(X_new).detach().numpy())", "model.train()", copied="copy.deepcopy(model.eval())"),
        reading(
            "with nnkit.no_grad():",
            "    scores.append(twin.eval()(X_new).numpy())",
            copied="pickle.loads(pickle.dumps(model))",
        ),
        reading(
            "twin.eval()", "scores.append(twin(X_new).detach().numpy())", "twin.train()", copied="copy.copy(model)"
        ),
        reading(
            "twin.train(False)",
            "parts = [twin(X_new[i : i + 3]).detach().numpy() for i in range(0, len(X_new), 3)]",
            "scores.append(np.concatenate(parts))",
        ),
        reading(
            "for part in twin.modules(): part.training = False", "scores.append(twin.forward(X_new).detach().numpy())"
        ),
    ],
)
def test_a_copy_in_use_mode_may_read(pair: tuple[str, str]) -> None:
    assert report("mended_e", pair, seed=7, hidden=True).passed


def test_a_copy_in_training_mode_drops_too() -> None:
    assert "still in training mode" in told("mended_e", reading("scores.append(twin(X_new).detach().numpy())"))


def test_a_copy_that_does_not_learn_with_the_network_is_told_so() -> None:
    kept = (
        (BEFORE, "    import copy\n    twin = copy.deepcopy(model).eval()\n" + BEFORE),
        ("model(X_new)", "twin(X_new)"),
    )
    assert "whatever the network learns" in told("mended_e", *kept)


def to_dropout(done: str) -> tuple[str, str]:
    loop = ("for part in model.modules():", "    if isinstance(part, nn.Dropout):", f"        part.{done}")
    return BEFORE, "".join(f"    {line}\n" for line in loop) + BEFORE


@pytest.mark.parametrize("p", ["0.0", "0.1"])
def test_dropout_keeps_its_p(p: str) -> None:
    assert "keep its p" in told("mended_e", to_dropout(f"p = {p}"))


def test_dropout_that_was_made_to_do_nothing_is_told() -> None:
    assert "drops nothing" in told("mended_e", to_dropout("forward = lambda x: x"))


def test_the_mode_of_the_outermost_module_alone_is_told() -> None:
    pairs = ("model.eval()", "model.training = False"), ("model.train()", "model.training = True")
    assert "reaches all of them" in told("mended_e", *pairs)


def test_whether_other_layers_are_in_use_mode_makes_no_difference_here() -> None:
    layers = "for part in model.modules():\n            if isinstance(part, nn.Dropout):\n                part.eval()"
    assert report("mended_e", ("model.eval()", layers)).passed


def test_a_name_of_the_notebooks_network_is_told_to_be_one() -> None:
    assert "another one than the notebook's" in report("mended_e", ("model.eval()", "model.dropout.eval()")).message
    assert "Did you mean 'eval'" in report("mended_e", ("model.eval()", "model.evl()")).message


def test_dropout_of_the_library_goes_on_as_before() -> None:
    nnkit.manual_seed(3)
    expected = nnkit.rand(4).tolist()
    nnkit.manual_seed(3)
    assert report("mended_e").passed
    assert nnkit.rand(4).tolist() == expected


# ---------------------------------------------------------------------------------------------------------------------
# Orders
# ---------------------------------------------------------------------------------------------------------------------

ORDER = "rng.permutation(len(X))"


@pytest.mark.parametrize(
    "order",
    [
        "np.roll(np.arange(len(X)), rng.integers(len(X)))",
        "np.argsort(np.arange(len(X)) + rng.uniform(0, 10, len(X)))",
        "np.concatenate([rng.permutation(range(i, min(i + 5, len(X)))) for i in range(0, len(X), 5)])",
    ],
)
def test_an_order_that_leaves_neighbours_together_is_told(order: str) -> None:
    assert "share a batch far more often" in told("mended_d", (ORDER, order))


@pytest.mark.parametrize(
    "order",
    [
        "rng.choice(len(X), len(X), replace=False)",
        "np.array(sorted(range(len(X)), key=lambda k: rng.random()))",
        "np.concatenate([np.sort(part) for part in np.split(rng.permutation(len(X)), range(32, len(X), 32))])",
    ],
)
def test_any_way_to_a_random_order_is_right(order: str) -> None:
    assert report("mended_d", (ORDER, order)).passed


def test_a_random_order_is_refused_less_than_once_in_a_thousand_million() -> None:
    """Exactly: the probabilities of all numbers of neighbours that would be refused, of all cases together."""
    total = 0.0
    for case in index.find("mended_d").draw(3, hidden=True):
        images, epochs = len(case.arguments["X"]), case.arguments["epochs"]
        sizes = [min(32, images - start) for start in range(0, images, 32)]
        chances = [neighbours.chance(sizes, epochs, found) for found in range(epochs * (images - 1) + 1)]
        total += max(one for one in chances if one < BY_CHANCE)
    assert 0 < total < 1e-9


@pytest.mark.parametrize("sizes", [(2, 1), (3, 3, 1), (2, 2, 3), (4, 4)])
def test_how_often_neighbours_share_a_batch_is_counted_rightly(sizes: tuple[int, ...]) -> None:
    batch = [number for number, size in enumerate(sizes) for _ in range(size)]
    every = [sum(a == b for a, b in itertools.pairwise(order)) for order in itertools.permutations(batch)]
    for found in range(len(batch)):
        assert neighbours.chance(sizes, 1, found) == pytest.approx(np.mean(np.array(every) >= found))
    assert neighbours.expected(sizes, 3) == pytest.approx(3 * np.mean(every))


# ---------------------------------------------------------------------------------------------------------------------
# Inputs, steps, results
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [f"mended_{letter}" for letter in "bcde"])
def test_whoever_changes_inputs_that_were_in_order_is_told_that_they_were(name: str) -> None:
    cause = told(name, (BEFORE, "    X, X_new = X / 255, X_new / 255\n" + BEFORE))
    assert "were in order in this program" in cause
    assert "can mend" not in cause


@pytest.mark.parametrize("name", ["mended_a", "mended_d"])
def test_new_images_in_another_order_are_not_told_to_be_other_numbers(name: str) -> None:
    cause = told(name, ("model(X_new)", "model(X_new[rng.permutation(len(X_new))])"))
    assert "row k of the scores" in cause


def test_the_largest_number_of_each_array_is_told_though_one_case_might_not_show_it() -> None:
    own = "    X, X_new = (X / X.max()).astype(np.float32), (X_new / X_new.max()).astype(np.float32)"
    line = "    X, X_new = (X / 255).astype(np.float32), (X_new / 255).astype(np.float32)"
    assert "with the same constants" in told("mended_a", (line, own))


def test_a_batch_of_its_own_scale_is_not_told_to_be_scaled_again_and_again() -> None:
    pair = "model(X[batch])", "model((X[batch] - X[batch].mean()) / X[batch].std())"
    assert "according to where it stands" in told("mended_a", pair)


OLD = {
    "the sum": ("if start:\n                optimizer.zero_grad()", "taken away, and how often"),
    "some parameters": (
        "for p in model.parameters():\n                p.grad = None if p.ndim > 1 else p.grad",
        "From which of them",
    ),
    "a part": (
        "for p in model.parameters():\n                p.grad = p.grad * 0.3 if p.grad is not None else None",
        "older ones",
    ),
}


@pytest.mark.parametrize("kind", OLD)
def test_old_gradients_are_seen_in_steps_that_hold_some_of_them(kind: str) -> None:
    lines, words = OLD[kind]
    assert words in told("mended_c", ("optimizer.zero_grad()", lines))


def test_other_causes_of_another_direction_are_not_told_to_be_labels() -> None:
    for setting in (
        "optim.SGD(model.parameters(), lr=0.2, weight_decay=0.05)",
        "optim.Adam(model.parameters(), lr=0.01)",
    ):
        cause = told("mended_d", ("optim.SGD(model.parameters(), lr=0.2)", setting))
        assert "labels that do not belong" not in cause
    squares = "((model(X[batch]) - nnkit.tensor(np.eye(y.max() + 1, dtype=np.float32)[y[batch]])) ** 2).mean()"
    other_loss = told("mended_d", ("F.cross_entropy(model(X[batch]), nnkit.tensor(y[batch]))", squares))
    assert "Another loss does that" in other_loss


@pytest.mark.parametrize("labels", ["y[batch - 1]", "y[start : start + 32]", "y[rng.permutation(len(y))][batch]"])
def test_labels_that_do_not_belong_are_told_to_be_labels(labels: str) -> None:
    assert "labels that do not belong" in told("mended_d", ("y[batch]", labels))


def test_a_step_for_each_epoch_is_not_told_to_be_a_schedule() -> None:
    pairs = (
        ("            optimizer.step()\n", ""),
        ("        model.eval()", "        optimizer.step()\n        model.eval()"),
    )
    assert "no weight changes" in told("mended_c", *pairs)


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        (("loss.item()", "loss.item() / 10"), "times one number"),
        (("loss.item()", "loss.item() * len(batch)"), "not the sum"),
        (("return losses, scores", "return scores, losses"), "each other's place"),
        (("model(X_new).numpy()", "F.softmax(model(X_new), 1).numpy()"), "softmax"),
        (("    return", "        return"), "first epoch"),
    ],
)
def test_what_is_returned_is_told_as_what_it_is(pair: tuple[str, str], words: str) -> None:
    assert words in told("mended_b", pair)
