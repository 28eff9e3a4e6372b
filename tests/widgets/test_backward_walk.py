"""A backward pass that is told: the reader's numbers, the message that is lost, the sum that is taken too early."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import nnkit
from nnkit import widgets
from nnkit.widgets.backward_walk import walk_back
from tests.answers.automatic_differentiation import Value, Value_backward

ANSWERS = Value.WRONG | Value_backward.WRONG | Value.RIGHT


def class_of(label: str) -> Any:
    names: dict[str, Any] = {"np": np, "math": math}
    exec(ANSWERS.get(label, label), names)
    return names["Value"]


def diamond(a: Any = 2.0, b: Any = 1.0) -> Any:
    u = a + b
    v = a * u
    f = u * v
    return f


def doubled(a: Any = 3.0) -> Any:
    b = a + a
    c = b + b
    return c


def formula(x: Any = 0.5, y: Any = 2.0) -> Any:
    return (2 - x).tanh() / y + x**3 - 1 / y


@pytest.mark.parametrize("label", Value.RIGHT)
@pytest.mark.parametrize("expression", [diamond, doubled, formula])
def test_a_right_walk_ends_without_a_fault(label: str, expression: Any) -> None:
    walk = walk_back(expression, class_of(label))
    assert walk.sentences[-1].startswith("Done: ")
    assert walk.sentences[-1].endswith("Moving each number a little says the same.")
    assert {mark for _, mark in walk.row} == {"right"}
    assert not any("✗" in picture.body for picture in walk.pictures)


def test_a_right_walk_says_what_goes_where() -> None:
    walk = walk_back(diamond, class_of("closures, recursive order"))
    assert walk.sentences == [
        "Forward: f = 18, from a = 2 and b = 1. Then your backward wrote 7 gradients, one in each step.",
        "f.grad is set to 1: here the walk starts.",
        "f sends 1 · 6 = 6 to u.",
        "f sends 1 · 3 = 3 to v.",
        "v sends 3 · 3 = 9 to a.",
        "v sends 3 · 2 = 6 to u. At u the messages add up: 6 + 6 = 12.",
        "u sends 12 · 1 = 12 to a. At a the messages add up: 9 + 12 = 21.",
        "u sends 12 · 1 = 12 to b.",
        "Done: ∂f/∂a = 21, ∂f/∂b = 12. Moving each number a little says the same.",
    ]


# A wrong class → what its last sentence says, in which no number stands that is not its own or measured.
FOUND = {
    "messages overwrite each other": "u lost the message 6: it was overwritten. a lost the message 9",
    "sends before everything has arrived": "u sent before everything had arrived: it lacked 6.",
    "sends again and again": "u sent more than once, and all that it held each time.",
    "wrong end first": "a.grad is 0, measured 21; b.grad is 0, measured 12. u sent before everything had arrived",
    "message from above not used": "v sends a as much as its slope alone; times the 3 that v holds it would be 9.",
    "message passed on unchanged": "f sends u as much as it holds itself; where u is moved a little, the slope is 6.",
    "no first message": "f.grad was never set to anything: all that was sent is a multiple of 0.",
    "first message: its own number": "The walk starts with 18 instead of 1.",
    "product: own factor": "v sends to a as if the slope were 2; where a is moved a little, it is 3.",
    "sum: half to each": "u sends to a as if the slope were 0.5; where a is moved a little, it is 1.",
    "sum: nothing to the second": "u never sent to b.",
    "product: nothing to the second": "f never sent to v.",
    "emptied after sending": "But: What had arrived at f, v and u was set to 0 afterwards.",
    "walks every way": "But: u sent once for every way that leads to it, each time what had just arrived.",
}


@pytest.mark.parametrize("label", FOUND)
def test_a_wrong_walk_is_shown_walking_wrongly(label: str) -> None:
    kind = class_of(label)
    walk = walk_back(diamond, kind)
    assert FOUND[label] in walk.sentences[-1]
    a, b = kind(2.0), kind(1.0)
    diamond(a, b).backward()
    for name, yours, measured in (("a", a.grad, 21), ("b", b.grad, 12)):
        own = f"∂f/∂{name} = {yours:g}" if yours == measured else f"{name}.grad is {yours:g}, measured {measured}"
        assert own in walk.sentences[-1], "the gradient that is shown is the class's own"


def test_a_value_that_is_used_twice_in_one_operation_lacks_a_message() -> None:
    walk = walk_back(doubled, class_of("one message for each operand"))
    assert "b uses a twice and sent it one message only." in walk.sentences[-1]
    assert walk.pictures[-1].body.count("✗ nothing") == 2


def test_what_comes_too_late_is_told_when_it_comes() -> None:
    walk = walk_back(diamond, class_of("sends before everything has arrived"))
    late = walk.sentences[7]
    assert late.endswith("Too late: u has sent to a and b already, and there this 6 is lacking.")
    assert walk.row[6] == ("u", "wrong")


def test_a_lost_message_is_told_when_it_is_lost() -> None:
    walk = walk_back(doubled, class_of("messages overwrite each other"))
    assert walk.sentences[3].endswith("b.grad is overwritten: the 1 that stood there is lost.")
    assert "✗ 1 lost, 1" in walk.pictures[3].body


def test_messages_that_are_gathered_elsewhere_are_said_to_be() -> None:
    walk = walk_back(diamond, class_of("a table of operations, messages collected apart"))
    told = [said for said in walk.sentences if "your backward gathers them elsewhere" in said]
    assert len(told) == 1


def test_a_walk_that_stops_is_shown_until_then() -> None:
    source = Value.RIGHT["closures, recursive order"].replace(
        "self.grad += other.data * out.grad", "self.grad += 1 / 0"
    )
    walk = walk_back(diamond, class_of(source))
    assert len(walk.pictures) == 3
    assert walk.sentences[-1] == (
        "backward() stopped with an error: division by zero (ZeroDivisionError). What it did until then is shown."
    )


def test_all_steps_have_the_same_size() -> None:
    for label in FOUND:
        walk = walk_back(diamond, class_of(label))
        assert len({(picture.width, picture.height) for picture in walk.pictures}) == 1
        assert len(walk.pictures) == len(walk.sentences) == len(walk.row) + 2


def test_a_class_that_is_not_written_yet_is_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setenv("NNKIT_STATIC", "1")
    widgets.backward_walk(diamond, class_of("class Value:\n    def __init__(self, data): raise NotImplementedError"))
    assert capsys.readouterr().out == (
        "Computation graph of f = ?.\nValue(2) is not written yet (NotImplementedError).\n"
    )


def test_the_static_picture_has_all_sentences(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setenv("NNKIT_STATIC", "1")
    expressions = {"a diamond": diamond, "doubled twice": doubled}
    widgets.backward_walk(expressions, class_of("closures, recursive order"), graph="doubled twice")
    picture, *said = capsys.readouterr().out.splitlines()
    assert picture.startswith("Computation graph of c = b + b, b = a + a; c = 12;")
    assert [line.split(".")[0] for line in said] == [str(number) for number in range(len(said))]
    assert said[-1].endswith("Done: ∂c/∂a = 4. Moving each number a little says the same.")


def test_the_engines_own_pass_is_stepped_through(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setenv("NNKIT_STATIC", "1")
    a = nnkit.tensor(3.0, requires_grad=True)
    b = a + a
    widgets.backward_walk(b + b, inputs={"a": a}, names={"b": b}, result="c", step=1)
    assert capsys.readouterr().out.endswith("At a the messages add up: 2 + 2 = 4. Done: ∂c/∂a = 4.\n")
    assert a.grad is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((diamond,), "backward_walk(expression, Value)"),
        ((diamond, 3), "Got a function and a int."),
        ((lambda a: a, class_of("closures, recursive order")), "a has none."),
    ],
)
def test_what_is_no_walk_is_refused(arguments: Any, said: str) -> None:
    with pytest.raises(TypeError) as refused:
        widgets.backward_walk(*arguments)
    assert said in str(refused.value)


SUMS = Value_backward.RIGHT["sums and products, and a walk"]
SUMS = SUMS[: SUMS.index("    def backward")]
TAKES = """    def backward(self):
        order, users = [], {}

        def visit(value):
            if id(value) not in users:
                users[id(value)] = []
                for source, slope in value.sources:
                    visit(source)
                    users[id(source)].append((value, slope))
                order.append(value)

        visit(self)
        self.grad = 1.0
        for value in reversed(order[:-1]):
            value.grad += sum(user.grad * slope for user, slope in users[id(value)])
"""
AT_ONCE = """    def backward(self):
        order, seen = [], set()

        def visit(value):
            if value not in seen:
                seen.add(value)
                for source, _ in value.sources:
                    visit(source)
                order.append(value)

        visit(self)
        self.grad = 1.0
        for value in reversed(order):
            slopes = {}
            for source, slope in value.sources:
                slopes[source] = slopes.get(source, 0.0) + slope
            for source, slope in slopes.items():
                source.grad += slope * value.grad
"""


def test_a_value_may_take_from_all_its_users_at_once() -> None:
    walk = walk_back(diamond, class_of(SUMS + TAKES))
    assert "u takes from f (which holds 1) and v (which holds 3) together 12." in walk.sentences
    assert walk.sentences[-1].startswith("Done: ∂f/∂a = 21, ∂f/∂b = 12.")
    wrong = walk_back(diamond, class_of(SUMS + TAKES.replace("user.grad * slope", "user.grad")))
    assert wrong.sentences[3] == (
        "u takes from f (which holds 1) and v (which holds 1) together 2. What they hold, times the slopes that moving "
        "u a little gives, is 8."
    )
    assert "is not the sum of what its users hold, times their slopes" in wrong.sentences[-1]


def test_a_value_that_is_used_twice_may_get_one_message_for_both() -> None:
    walk = walk_back(doubled, class_of(SUMS + AT_ONCE))
    assert walk.sentences[2:4] == [
        "c sends 1 · (1 + 1) = 2 to b, in one message.",
        "b sends 2 · (1 + 1) = 4 to a, in one message.",
    ]
    assert walk.sentences[-1] == "Done: ∂c/∂a = 4. Moving each number a little says the same."


def test_gradients_that_are_set_to_0_first_are_no_steps() -> None:
    walk = walk_back(diamond, class_of("gradients set back"))
    assert walk.sentences[0].endswith("Then your backward set 5 gradients to 0, and wrote 7, one in each step.")
    assert len(walk.row) == 7
    assert walk.sentences[-1].startswith("Done:")


def test_a_class_that_cannot_be_asked_again_is_said_to_be() -> None:
    fixed = SUMS.replace("self.data = data", "self.data = data if data in (2.0, 1.0) or sources else 1 / 0")
    walk = walk_back(diamond, class_of(fixed + AT_ONCE))
    assert "could not be asked what moving each number a little gives" in walk.sentences[-1]


def of_rule(rule: str, head: str = "self.grad = 1.0") -> Any:
    """A class whose walk takes its values in the right order and does this for each operand."""
    walk = AT_ONCE[: AT_ONCE.index("        self.grad = 1.0")]
    return class_of(
        f"{SUMS}{walk}        {head}\n        for value in reversed(order):\n"
        f"            for source, slope in value.sources:\n                {rule}\n"
    )


def test_a_rule_that_does_not_add_is_no_wrong_slope() -> None:
    walk = walk_back(diamond, of_rule("source.grad = max(source.grad, slope * value.grad)"))
    assert walk.sentences[5] == (
        "v sends 3 · 0 = 0 to u, as if the slope were 0; where u is moved a little, it is 2. With the slope 2 the "
        "gradient would have gone from 6 to 12. At u the messages add up: 6 + 0 = 6."
    )
    assert not any("uses the slope" in said for said in walk.sentences)


def test_a_number_that_happens_to_be_the_one_held_is_not_said_to_be_passed_on() -> None:
    walk = walk_back(diamond, of_rule("source.grad += 0.5 * slope * value.grad"))
    assert (
        "v sends 1.5 to u, as much as it holds itself; where u is moved a little, the slope is 2." in walk.sentences[5]
    )


def test_gradients_that_only_the_leaves_get_are_not_called_multiples_of_0() -> None:
    rule = "held[source] = held.get(source, 0.0) + slope * held[value]"
    only = "            if not value.sources:\n                value.grad = held[value]"
    walk = walk_back(diamond, of_rule(f"{rule}\n{only}", "held = {self: 1.0}"))
    assert walk.sentences[-1] == (
        "Done: ∂f/∂a = 21, ∂f/∂b = 12. Moving each number a little says the same. But: f.grad was never set to "
        "anything."
    )


def test_a_sum_of_many_messages_is_written_out() -> None:
    def often(a: Any = 2.0) -> Any:
        return a + a + (a + a)

    walk = walk_back(often, of_rule("source.grad += slope * value.grad"))
    assert any(said.endswith("At a the messages add up: 1 + 1 + 1 + 1 = 4.") for said in walk.sentences)


def test_one_message_is_no_sum() -> None:
    walk = walk_back(diamond, of_rule("source.grad = 0.0; source.grad += slope * value.grad"))
    assert not any("add up" in said for said in walk.sentences)


def test_as_many_steps_are_told_as_there_were() -> None:
    endless = SUMS + "    def backward(self):\n        while True:\n            self.grad += 1.0\n"
    walk = walk_back(diamond, class_of(endless))
    assert "wrote 150 gradients" in walk.sentences[0]
    assert "has written 150 gradients" in walk.sentences[-1]
    assert len(walk.row) == 150


def test_who_sends_is_seen_where_no_gradient_is_read() -> None:
    apart = "held[source] = held.get(source, 0.0) + slope * held[value]; source.grad += slope * held[value]"
    walk = walk_back(diamond, of_rule(apart, "self.grad = 1.0; held = {self: 1.0}"))
    assert "v sends 3 · 2 = 6 to u. At u the messages add up: 6 + 6 = 12." in walk.sentences
    assert walk.sentences[-1].endswith("Moving each number a little says the same.")
    wrong = walk_back(diamond, of_rule("source.grad += slope * value.data"))
    assert not any("more than once" in said for said in wrong.sentences), "f is at hand as self and has sent nothing"


def test_a_backward_that_begins_anew_at_every_value_is_not_a_message() -> None:
    calls = "    def backward(self):\n        self.grad = 1.0\n        for source, slope in self.sources:\n"
    calls += "            source.backward()\n            source.grad = slope * self.grad\n"
    walk = walk_back(diamond, class_of(SUMS + calls))
    assert walk.sentences[2] == "u.grad is set to 1 by u's own backward, as if the walk started there."
    assert walk.row[1] == ("u", "wrong")
    assert "backward was called for u, a, b and v, too, and began there as if each were the end." in walk.sentences[-1]
    hands_on = calls.replace("self):", "self, message=1.0):").replace("= 1.0\n", "= message\n")
    hands_on = hands_on.replace("backward()", "backward(slope * self.grad)").replace(
        "source.grad = slope * self.grad", "pass"
    )
    assert "as if the walk started" not in " ".join(walk_back(diamond, class_of(SUMS + hands_on)).sentences)


def test_a_gradient_that_does_not_begin_at_0_is_in_the_sum() -> None:
    walk = walk_back(diamond, class_of((SUMS + AT_ONCE).replace("self.grad = 0.0", "self.grad = 1.0")))
    assert walk.sentences[2] == (
        "f sends 1 · 6 = 6 to u. 1 stood there before anything had arrived. At u the messages add up: 1 + 6 = 7."
    )
    assert "u.grad was 1 before anything had arrived, and not 0." in walk.sentences[-1]


def test_what_nobody_sent_is_not_called_gathered() -> None:
    head = "for value in order:\n            value.grad = 1.0"
    walk = walk_back(diamond, of_rule("source.grad += slope * value.grad", head))
    assert walk.sentences[1] == "a.grad becomes 1. Nobody is seen to send that."
    assert walk.sentences[-1].endswith("Nobody is seen to have sent all that was written to a, b, u and v.")


def test_two_messages_are_two_even_if_each_is_as_large_as_both() -> None:
    walk = walk_back(doubled, of_rule("source.grad += slope * value.grad**2"))
    assert not any("in one message" in said or "more than once" in said for said in walk.sentences)


def test_a_walk_that_starts_wrongly_is_told_what_the_start_is() -> None:
    walk = walk_back(diamond, of_rule("source.grad += slope * value.grad", "self.grad = -1.0"))
    assert walk.sentences[1] == "f.grad is set to −1: here the walk starts, and ∂f/∂f is 1."


def test_an_edge_that_is_used_again_shows_both_messages() -> None:
    walk = walk_back(diamond, class_of("sends again and again"))
    assert "6, then 12 · 1 = 12" in walk.pictures[-1].body


def test_a_slip_that_takes_from_several_and_then_from_one_is_gone_through() -> None:
    closures = ANSWERS["closures, recursive order"]
    slip = closures.replace("other.data * out.grad", "other.grad * out.grad").replace(
        "self.data * out.grad", "self.grad * out.grad"
    )
    assert slip != closures
    for expression in (diamond, doubled):
        walk = walk_back(expression, class_of(slip))
        assert len(walk.pictures) == len(walk.sentences)


def test_a_start_that_comes_after_the_walk_is_not_called_the_start() -> None:
    late = of_rule("source.grad += slope * value.grad\n        self.grad = 1.0", "pass")
    walk = walk_back(diamond, late)
    assert walk.sentences[-2] == "f.grad is set to 1, after f has sent to u and v. It held 0."
    assert walk.sentences[-1].endswith("f held 0 when it sent; its 1 came only afterwards.")


def test_what_is_put_in_the_place_of_messages_is_told_with_what_is_lost() -> None:
    rule = "source.grad += slope * value.grad"
    source = SUMS + AT_ONCE[: AT_ONCE.index("        self.grad = 1.0")]
    source += "        for value in reversed(order):\n            value.grad = 1.0\n"
    source += f"            for source, slope in value.sources:\n                {rule}\n"
    walk = walk_back(diamond, class_of(source))
    assert "v.grad becomes 1. 3 stood there, and is lost. Nobody is seen to send that." in walk.sentences
