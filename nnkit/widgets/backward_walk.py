"""A backward pass, message by message: the reader's own, as it really happened, or the engine's.

A class of the reader's is recorded by `record`; here its walk is told. Every number is the class's own. Beside it
stands what the same expression says when its numbers are moved a little, where that differs: a local slope, or in the
end a gradient. Which message was lost, and where a sum was taken too early, follows from the order of what was written.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nnkit.draw import style
from nnkit.draw.graph import sequence
from nnkit.draw.svg import Diagram, Part, Wire
from nnkit.widgets.recording import Recording, Write, fits, record, slope
from nnkit.widgets.walks import Walk, Walks, drawn, listed


def backward_walk(
    result: Any,
    kind: type | Mapping[str, Any] | None = None,
    settings: Mapping[str, Any] | None = None,
    /,
    **changes: Any,
) -> None:
    """Step through a backward pass on its drawn graph.

    Parameters
    ----------
    result : Tensor, callable, or mapping of str to callable
        A Tensor shows the engine's own pass. With a class of the reader's, an expression: a function whose parameters
        have numbers as defaults; or several by name, to choose from.
    kind : type, optional
        The reader's class, not for a Tensor: ``kind(number)`` is a value with ``data``, ``grad`` and operators, and a
        result has ``backward()``. It is as it was afterwards.
    settings : mapping, optional
        ``graph`` (the name of the expression) and ``step``.
    **changes : Any
        Single settings; they win. For a Tensor also what `nnkit.draw.sequence` takes: inputs, weights, targets, names,
        gradient, result.

    Raises
    ------
    TypeError
        If it is neither a Tensor nor an expression and a class.

    Examples
    --------
    >>> import nnkit
    >>> from unittest import mock
    >>> a = nnkit.tensor(3.0, requires_grad=True)
    >>> with mock.patch.dict("os.environ", NNKIT_STATIC="1"):
    ...     backward_walk(a + a, inputs={"a": a})
    Computation graph of f = a + a; f = 6; operations +; inputs a = 3; gradients a 2; + (value 6) receives 1 and sends \
1 · 1 = 1 to a; 1 · 1 = 1 to a. At a the messages add up: 1 + 1 = 2.
    0. Forward: f = 6. The backward pass starts at f with ∂f/∂f = 1.
    1. + (value 6) receives 1 and sends 1 · 1 = 1 to a; 1 · 1 = 1 to a. At a the messages add up: 1 + 1 = 2. \
Done: ∂f/∂a = 2.
    """
    if hasattr(result, "operation") and hasattr(result, "parents"):
        if settings is None and isinstance(kind, Mapping):
            settings = kind
        drawing = {name: changes.pop(name) for name in _DRAWING if name in changes}
        steps = sequence(result, **drawing)
        Walks(
            {"": Walk(steps.pictures, steps.sentences)},
            {**(settings or {}), **changes},
            title="The backward pass, step by step",
            call="widgets.backward_walk(result, …)",
            full=True,
        ).show()
        return
    if not isinstance(kind, type):
        raise TypeError(
            "A backward pass is that of a Tensor, or of an expression and a class: backward_walk(expression, Value). "
            f"Got a {type(result).__name__} and {'no class' if kind is None else f'a {type(kind).__name__}'}."
        )
    given = "expressions" if isinstance(result, Mapping) else getattr(result, "__name__", "expression")
    expressions = result if isinstance(result, Mapping) else {given: result}
    name = kind.__name__
    Walks(
        {label: walk_back(expression, kind) for label, expression in expressions.items()},
        {**(settings or {}), **changes},
        title=f"The backward of your {name}, message by message",
        call=f"widgets.backward_walk({given}, {name}, …)",
        row_name="the gradients that backward wrote, in their order",
        full=True,
    ).show()


MOST_PRODUCTS = 9
"""In a graph of more values than this an edge shows the message alone; the product stands in the sentence."""

_DRAWING = ("inputs", "weights", "targets", "names", "gradient", "result")


def walk_back(expression: Callable[..., Any], kind: type) -> Walk:
    """Record a class's walk back through an expression, and tell it step by step.

    Parameters
    ----------
    expression : callable
        Its parameters have numbers as defaults.
    kind : type

    Returns
    -------
    Walk
        Step 0 is the way forward, step n the n-th gradient that was written, the last step what came of it.

    Raises
    ------
    TypeError
        If a parameter has no number.
    """
    numbers = {}
    for name, parameter in inspect.signature(expression).parameters.items():
        if not isinstance(parameter.default, int | float):
            raise TypeError(
                f"Every parameter of an expression has a number to begin with, such as a=2.0; {name} has none."
            )
        numbers[name] = float(parameter.default)
    recording = record(expression, kind, numbers)
    if not recording.made:
        return Walk(drawn([Diagram([Part("constant", "?"), Part("result", "f")], [Wire(0, 1)])]), [recording.problem])
    return _Telling(recording, kind.__name__).walk()


class _Telling:
    """Goes through the writings of one recording and makes a picture and a sentence of each."""

    def __init__(self, recording: Recording, kind: str) -> None:
        self.recording, self.kind = recording, kind
        made = recording.made
        self.last = len(made) - 1
        self.end = style.name(made[self.last].name) or "f"
        self.names = [self._call(number) for number in range(len(made))]
        self.held = [0.0] * len(made)
        self.arrived: list[list[float]] = [[] for _ in made]  # the messages that a gradient is the sum of
        self.arrivals = [0] * len(made)  # how many there have been, the lost ones too
        self.sent: list[list[int]] = [[] for _ in made]  # to whom each has sent
        self.had_sent = [False] * len(made)  # whether it had sent already when the last message arrived
        self.sent_last: dict[tuple[int, int], float] = {}  # the last message along this edge
        self.filled: dict[tuple[int, int], int] = {}  # (node, position of its operand) → messages along this edge
        self.under = [""] * len(made)
        self.sums = [""] * len(made)  # the same with every message written out
        self.edges: dict[tuple[int, int], str] = {}
        self.wrong_edges: set[tuple[int, int]] = set()
        self.wrong_parts: set[int] = set()
        self.findings: list[str] = []
        self.emptied: list[str] = []
        self.begun: list[str] = []  # which values between began a walk of their own
        self.nobodys: list[str] = []  # which got something that nobody is seen to have sent
        self.step, self.unseen = 0, False
        self.wrong = False
        self.now: set[tuple[int, int]] = set()

    def _call(self, number: int) -> str:
        made = self.recording.made[number]
        if made.name:
            return style.name(made.name)
        if number == self.last:
            return self.end
        return (
            f"{made.symbol} (value {style.number(made.data)})"
            if made.operands
            else f"the constant {style.number(made.data)}"
        )

    def _gradient(self, number: int) -> str:
        """Name a gradient at the beginning of a sentence."""
        named = self.recording.made[number].name or number == self.last
        return f"{self.names[number]}.grad" if named else f"The gradient of {self.names[number]}"

    def walk(self) -> Walk:
        """Tell all of it."""
        recording, made = self.recording, self.recording.made
        leaves = [
            f"{self.names[n]} = {style.number(one.data)}" for n, one in enumerate(made) if one.name and not one.operands
        ]
        forward = f"Forward: {self.end} = {style.number(made[-1].data)}" + (
            f", from {listed(leaves)}." if leaves else "."
        )
        writes = list(recording.writes)
        while writes and writes[0].clears and not writes[0].before:
            writes.pop(0)
        count, cleared = len(writes), len(recording.writes) - len(writes)
        told = f"Then your backward wrote {_gradients(count)}, one in each step."
        if cleared:
            told = f"Then your backward set {_gradients(cleared)} to 0, and wrote {count}, one in each step."
        diagrams = [self._diagram()]
        sentences = [f"{forward} {told}" if count else forward]
        row: list[tuple[str, str]] = []
        for self.step, write in enumerate(writes, start=cleared):
            self.wrong, self.now = False, set()
            sentences.append(self._tell(write))
            diagrams.append(self._diagram(write))
            row.append((self.names[write.target], "wrong" if self.wrong else "right"))
        sentences.append(self._sum_up())
        diagrams.append(self._diagram())
        for diagram, said in zip(diagrams, sentences, strict=True):
            diagram.notes.append(said.removesuffix("."))
        return Walk(drawn(diagrams), sentences, row)

    # ---- one message -------------------------------------------------------------------------------------------------

    def _tell(self, write: Write) -> str:
        """Take one writing in, and say what it was."""
        target, name = write.target, self.names[write.target]
        before, after = style.number(write.before), style.number(write.after)
        if write.clears:
            lost = f" {before} stood there." if write.before else ""
            told = f"{self._gradient(target)} is set to {after}.{lost}"
            if self.arrivals[target]:
                self.emptied.append(name)
            self._take(write, [])
            return told
        if not write.senders:
            return self._without_sender(write, name, before, after)
        said = self._send(write.senders[0], write) if len(write.senders) == 1 else self._take_together(write)
        return " ".join([said, *self._receive(write, name, before, after)])

    def _take_together(self, write: Write) -> str:
        """Say what a value takes from several users at once."""
        target, name, expected = write.target, self.names[write.target], 0.0
        for sender in write.senders:
            self.sent[sender].append(target)
            for place, operand in enumerate(self.recording.made[sender].operands):
                if operand == target:
                    self.filled[sender, place] = self.filled.get((sender, place), 0) + 1
                    self.now.add((sender, place))
                    expected += self.held[sender] * slope(self.recording, sender, place)
        holding = listed([f"{self.names[one]} (which holds {style.number(self.held[one])})" for one in write.senders])
        said = f"{name} takes from {holding} together {style.number(write.message)}."
        if math.isnan(expected) or fits(write.message, expected):
            return said
        self.wrong = True
        self._fault(f"What {name} takes is not the sum of what its users hold, times their slopes.")
        return (
            f"{said} What they hold, times the slopes that moving {name} a little gives, is {style.number(expected)}."
        )

    def _without_sender(self, write: Write, name: str, before: str, after: str) -> str:
        if write.target == self.last and not write.adds:
            self._take(write, [write.after])
            if self.sent[self.last] and not fits(write.before, write.after):
                to = listed(list(dict.fromkeys(self.names[one] for one in self.sent[self.last])))
                self.wrong = True
                self._fault(f"{name} held {before} when it sent; its {after} came only afterwards.")
                told = f"{self._gradient(write.target)} is set to {after}, after {name} has sent to {to}."
                return f"{told} It held {before}."
            if fits(write.after, 1.0):
                return f"{self._gradient(write.target)} is set to 1: here the walk starts."
            self._fault(f"The walk starts with {after} instead of 1.")
            return f"{self._gradient(write.target)} is set to {after}: here the walk starts, and ∂{name}/∂{name} is 1."
        added = f"{before} + {style.number(write.message)} = {after}" if write.adds and write.before else after
        if write.begins and write.target != self.last:
            return self._begin_anew(write, name, before, after)
        self._take(write, [write.message])
        said = f"{self._gradient(write.target)} becomes {added}."
        if write.target == self.last or self.unseen:
            return said
        if any(other.senders for other in self.recording.writes):
            if write.message:
                self.nobodys.append(name)
            lost = f" {before} stood there, and is lost." if write.before and not write.adds else ""
            return f"{said}{lost} Nobody is seen to send that."
        self.unseen = True
        return (
            f"{said} Whose messages these are cannot be seen: your backward gathers them elsewhere, and writes what "
            "came of it."
        )

    def _begin_anew(self, write: Write, name: str, before: str, after: str) -> str:
        """Say that a value between the ends begins a walk of its own."""
        lost = f" {before} stood there, and is lost." if write.before else ""
        arrivals = self.arrivals[write.target]
        self._take(write, [write.after])
        self.arrivals[write.target] = arrivals  # nothing has arrived
        self.wrong = True
        self.begun.append(name)
        told = (
            f"{self._gradient(write.target)} is set to {after} by {name}'s own backward, as if the walk started there."
        )
        return told + lost

    def _send(self, sender: int, write: Write) -> str:
        """Say what a node sends: what it holds, times a slope."""
        made, target, name = self.recording.made[sender], write.target, self.names[sender]
        places = [place for place, operand in enumerate(made.operands) if operand == target]
        place = min(places, key=lambda one: (self.filled.get((sender, one), 0), one))
        sent = sum(one.senders == (sender,) and one.target == target for one in self.recording.writes)
        if 1 < len(places) != sent and not any((sender, one) in self.filled for one in places):
            slopes = [slope(self.recording, sender, one) for one in places]
            if fits(write.message, self.held[sender] * sum(slopes)) and self.held[sender] * sum(slopes):
                return self._send_at_once(sender, write, places, slopes)
        again = self.filled.get((sender, place), 0)
        self.filled[sender, place] = again + 1
        self.now.add((sender, place))
        message, held = write.message, self.held[sender]
        self.sent[sender].append(target)
        measured = slope(self.recording, sender, place)
        # What arrives after it has sent may go on by itself, way by way.
        latest = self.arrived[sender][-1] if self.arrived[sender] and self.had_sent[sender] else held
        label, said = self._product(message, held, latest, measured, name, self.names[target])
        if label.startswith("✗"):
            self.wrong_edges.add((sender, place))
            self.wrong = True
            if write.adds and write.before:
                due = style.number(write.before + held * measured)
                factor, before = style.number(measured), style.number(write.before)
                said += f" With the slope {factor} the gradient would have gone from {before} to {due}."
        if len(self.recording.made) > MOST_PRODUCTS:
            label = f"{'✗ ' if label.startswith('✗') else ''}{style.number(message)}"
        if again:
            known = self.sent_last.get((sender, place)) if again == 1 else None  # what is taken at once has no number
            earlier = "…" if known is None else style.number(known)
            mark = "✗ " if label.startswith("✗") else ""
            label = f"{mark}{earlier}, then {label.removeprefix('✗ ')}"
        self.edges[sender, place], self.sent_last[sender, place] = label, message
        said = f"{name} sends {said}"
        if not self.arrivals[sender] and sender != self.last:
            said += f" Nothing has arrived at {name} yet."
        if again and fits(message, latest * measured) and not fits(held, latest):
            self._fault(f"{name} sent once for every way that leads to it, each time what had just arrived.")
            said += f" It has sent to {self.names[target]} before, and passes on only what has just arrived."
        elif again:
            self.wrong = True
            said += f" It has sent to {self.names[target]} before: what it sent then is counted once more."
            self._fault(f"{name} sent more than once, and all that it held each time.")
        return said

    def _send_at_once(self, sender: int, write: Write, places: Sequence[int], slopes: Sequence[float]) -> str:
        """Say what a node sends to a value that it uses several times, in one message."""
        held = self.held[sender]
        for place, one in zip(places, slopes, strict=True):
            self.filled[sender, place] = 1
            self.now.add((sender, place))
            self.sent_last[sender, place] = held * one
            self.edges[sender, place] = f"{_times(held, one)} = {style.number(held * one)}"
        self.sent[sender].append(write.target)
        factors = " + ".join(style.number(one) for one in slopes).replace("+ −", "− ")
        product = f"{style.number(held)} · ({factors}) = {style.number(write.message)}"
        return f"{self.names[sender]} sends {product} to {self.names[write.target]}, in one message."

    def _product(
        self, message: float, held: float, latest: float, measured: float, name: str, to: str
    ) -> tuple[str, str]:
        """Return what stands on the edge and what is said of a message: which number times which slope it is."""
        # What is said is true of the number. How it came about cannot be seen: a slope, or a rule that does not add.
        out, there = style.number(message), f"where {to} is moved a little, the slope is {style.number(measured)}"
        if math.isnan(measured):
            product = f"{_times(held, message / held)} = {out}" if held else out
            return product, f"{product} to {to}."
        for incoming in (held, latest):
            if fits(message, incoming * measured):
                product = f"{_times(incoming, measured)} = {out}"
                return product, f"{product} to {to}."
        if fits(message, measured):
            due = f"times the {style.number(held)} that {name} holds it would be {style.number(held * measured)}"
            self._fault(f"{name} sends {to} as much as its slope alone; {due}.")
            return f"✗ {out}", f"{out} to {to}, as much as its slope alone; {due}."
        if fits(message, held):
            self._fault(f"{name} sends {to} as much as it holds itself; {there}.")
            return f"✗ {out}", f"{out} to {to}, as much as it holds itself; {there}."
        if held:
            used = message / held
            product = f"{_times(held, used)} = {out}"
            seems = f"as if the slope were {style.number(used)}"
            self._fault(f"{name} sends to {to} {seems}; {there.replace('the slope', 'it')}.")
            return f"✗ {product}", f"{product} to {to}, {seems}; {there.replace('the slope', 'it')}."
        return f"✗ {out}", f"{out} to {to}, although it holds 0; {there}."

    def _receive(self, write: Write, name: str, before: str, after: str) -> list[str]:
        """Say what becomes of a message where it arrives."""
        target, told = write.target, []
        if write.adds:
            if write.before and not self.arrived[target]:
                told.append(f"{before} stood there before anything had arrived.")
                self._fault(f"{self._gradient(target)} was {before} before anything had arrived, and not 0.")
                self.arrived[target] = [write.before]
            self._take(write, [*self.arrived[target], write.message])
            if len(self.arrived[target]) > 1:
                told.append(f"At {name} the messages add up: {self.sums[target]}.")
        else:
            lost = bool(self.arrivals[target])
            self._take(write, [write.message])
            if lost:
                self.wrong = True
                self.wrong_parts.add(target)
                self.under[target] = f"✗ {before} lost, {after}"
                told.append(f"{self._gradient(target)} is overwritten: the {before} that stood there is lost.")
                self._fault(f"{name} lost the message {before}: it was overwritten.")
        if self.sent[target] and not self._is_passed_on():
            self.wrong = True
            self.wrong_parts.add(target)
            to = listed(list(dict.fromkeys(self.names[one] for one in self.sent[target])))
            lacking = style.number(write.message)
            told.append(f"Too late: {name} has sent to {to} already, and there this {lacking} is lacking.")
            if write.message:
                for place, edge in enumerate(self.recording.made[target].operands):
                    if (target, place) in self.edges and edge in self.sent[target]:
                        self.wrong_edges.add((target, place))
                        self.edges[target, place] = f"✗ {self.edges[target, place].removeprefix('✗ ')}"
                self._fault(f"{name} sent before everything had arrived: it lacked {lacking}.")
        return told

    def _is_passed_on(self) -> bool:
        """Say whether the message of this step goes on by itself later, apart from what else its receiver holds."""
        writes = self.recording.writes
        target, message = writes[self.step].target, writes[self.step].message
        for later in writes[self.step + 1 :]:
            if target in later.senders:
                made = self.recording.made[target]
                slopes = [
                    slope(self.recording, target, p) for p, one in enumerate(made.operands) if one == later.target
                ]
                return any(
                    fits(later.message, message * one) and not fits(later.message, self.held[target] * one)
                    for one in slopes
                )
            if later.target == target:
                return False
        return False

    def _take(self, write: Write, messages: Sequence[float]) -> None:
        """Write a gradient down, and beneath its node how it came about."""
        target = write.target
        self.held[target], self.arrived[target] = write.after, list(messages)
        self.arrivals[target] += not write.clears
        self.had_sent[target] = bool(self.sent[target])
        terms = [style.number(one) for one in messages]
        after = style.number(write.after)
        if len(terms) > 1:
            total = terms[0] + "".join(f" − {t[1:]}" if t.startswith("−") else f" + {t}" for t in terms[1:])
            self.sums[target] = f"{total} = {after}"
            self.under[target] = self.sums[target] if len(terms) < 4 else f"Σ = {after}"
        else:
            self.under[target] = after

    def _fault(self, sentence: str) -> None:
        if sentence not in self.findings:
            self.findings.append(sentence)

    # ---- the end -----------------------------------------------------------------------------------------------------

    def _sum_up(self) -> str:
        """Compare with the differences, and name what was found on the way."""
        recording = self.recording
        if recording.problem:
            begun = " What it did until then is shown." if recording.writes else ""
            return recording.problem + begun
        self._silent()
        if not self.held[self.last] and not self.arrivals[self.last]:
            sent = [write.message for write in recording.writes if write.senders]
            nothing = ": all that was sent is a multiple of 0" if sent and not any(sent) else ""
            self._fault(f"{self.end}.grad was never set to anything{nothing}.")
        if self.emptied:
            self._fault(f"What had arrived at {listed(list(dict.fromkeys(self.emptied)))} was set to 0 afterwards.")
        right, wrong = [], []
        for number, measured in recording.measured.items():
            yours = recording.gradients[number]
            name, told = self.names[number], style.number(yours) if yours is not None else "no number"
            if yours is not None and fits(yours, measured):
                right.append(f"∂{self.end}/∂{name} = {told}")
                self.under[number] = f"✓ {self.under[number] or told}"
            else:
                wrong.append(f"{name}.grad is {told}, measured {style.number(measured)}")
                self.wrong_parts.add(number)
                self.under[number] = f"✗ {told}, not {style.number(measured)}"
        if not recording.measured:
            return " ".join(
                ["Done. The class could not be asked what moving each number a little gives.", *self.findings]
            )
        if not wrong:
            done = f"Done: {', '.join(right)}. Moving each number a little says the same."
            return " ".join([done, *(["But:", *self.findings[:3]] if self.findings else [])])
        if self.begun:
            names = list(dict.fromkeys(self.begun))
            each = "it" if len(names) == 1 else "each"
            self.findings.insert(
                0, f"backward was called for {listed(names)}, too, and began there as if {each} were the end."
            )
        if self.nobodys:
            names = list(dict.fromkeys(self.nobodys))
            self._fault(f"Nobody is seen to have sent all that was written to {listed(names)}.")
        also = f" Right: {', '.join(right)}." if right else ""
        told = f"Moving each number a little says otherwise: {'; '.join(wrong)}.{also}"
        return " ".join([told, *self.findings[:4]])

    def _silent(self) -> None:
        """Find the edges along which no message went."""
        made = self.recording.made
        if not any(write.senders for write in self.recording.writes):
            if len(made) > 1 and not self.recording.writes:
                self._fault("Your backward wrote no gradient at all.")
            return
        for number, one in enumerate(made):
            for place, operand in enumerate(one.operands):
                known = made[operand].value is not None and (made[operand].name or made[operand].operands)
                if known and (number, place) not in self.filled and self.held[number]:
                    self.edges[number, place] = "✗ nothing"
                    self.wrong_edges.add((number, place))
                    twice = one.operands.count(operand) > 1
                    self._fault(
                        f"{self.names[number]} uses {self.names[operand]} twice and sent it one message only."
                        if twice and any((number, other) in self.filled for other in range(len(one.operands)))
                        else f"{self.names[number]} never sent to {self.names[operand]}."
                    )

    def _diagram(self, write: Write | None = None) -> Diagram:
        """The graph as it stands now; the edges of a message are at work."""
        parts: list[Part] = []
        wires: list[Wire] = []
        active = self.now if write is not None and write.senders else set()
        for number, made in enumerate(self.recording.made):
            value, name = style.number(made.data), style.name(made.name)
            if made.operands:
                part = Part("operation", name if number != self.last else "", made.symbol, value)
            else:
                part = Part("input" if name else "constant", name, "", value)
            part.told = self.under[number]
            if self.arrivals[number]:
                part.total = style.number(self.held[number])
            if number in self.wrong_parts:
                part.mark = "wrong"
            elif write is not None and write.target == number:
                part.mark = "now"
            part.active = bool(made.operands) and any(sender == number for sender, _ in active)
            parts.append(part)
            for place, operand in enumerate(made.operands):
                told = self.edges.get((number, place), "")
                wire = Wire(operand, number, style.number(self.recording.made[operand].data), told=told)
                wire.active = (number, place) in active
                wire.mark = "wrong" if (number, place) in self.wrong_edges and not wire.active else ""
                wires.append(wire)
        start = style.number(self.held[self.last]) if self.arrivals[self.last] else ""
        parts.append(Part("result", self.end, "", parts[-1].value, told=""))
        wires.append(Wire(len(parts) - 2, len(parts) - 1, parts[-1].value, told=start))
        parts[-2].told = "" if parts[-2].told == start else parts[-2].told
        return Diagram(parts, wires, with_gradients=True)


def _gradients(number: int) -> str:
    return f"{number} gradient{'' if number == 1 else 's'}"


def _times(first: float, second: float) -> str:
    """Write a product, its second factor in brackets where it is negative."""
    factor = style.number(second)
    return f"{style.number(first)} · {f'({factor})' if factor.startswith('−') else factor}"
