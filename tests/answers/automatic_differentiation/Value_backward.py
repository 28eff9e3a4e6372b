"""Right and wrong answers to `Value_backward`: classes that add, multiply and walk back, and whole ones."""

from tests.answers import changed
from tests.answers.automatic_differentiation import Value
from tests.answers.automatic_differentiation.parts.classes import CLOSURES, SUMS_AND_PRODUCTS, WALK

RIGHT = Value.RIGHT | {"sums and products, and a walk": SUMS_AND_PRODUCTS + WALK}

OF_VALUE = (
    "messages overwrite each other",
    "one message for each operand",
    "sends again and again",
    "sends before everything has arrived",
    "wrong end first",
    "message from above not used",
    "message passed on unchanged",
    "no first message",
    "first message: its own number",
    "emptied after sending",
    "product: own factor",
)
HALF_DONE = SUMS_AND_PRODUCTS + WALK

WRONG = {label: Value.WRONG[label] for label in OF_VALUE} | {
    "product: the product to both": changed(
        CLOSURES,
        ("self.grad += other.data * out.grad", "self.grad += out.data * out.grad"),
        ("other.grad += self.data * out.grad", "other.grad += out.data * out.grad"),
    ),
    "sum: half to each": changed(HALF_DONE, ("(self, 1.0), (other, 1.0)", "(self, 0.5), (other, 0.5)")),
    "sum: nothing to the second": changed(HALF_DONE, (", (other, 1.0))", ",)")),
    "product: nothing to the second": changed(HALF_DONE, (", (other, self.data))", ",)")),
}

# What the text promises → an answer that breaks only this.
PROMISES = {
    "the result itself has the gradient 1": WRONG["no first message"],
    "the order is walked from the end": WRONG["wrong end first"],
    "every value after all its users": WRONG["sends before everything has arrived"],
    "its own gradient times the slope (the gradient)": WRONG["message from above not used"],
    "its own gradient times the slope (the slope)": WRONG["message passed on unchanged"],
    "the operand adds that to what it has": WRONG["messages overwrite each other"],
    "also in a + a": WRONG["one message for each operand"],
    "fills in .grad of everything that the result depends on": WRONG["emptied after sending"],
    "equal numbers are different values": changed(
        HALF_DONE, ("id(value) in seen", "value.data in seen"), ("seen.add(id(value))", "seen.add(value.data)")
    ),
}
