"""Right and wrong answers to `Value_functions`: whole classes, each with one slip."""

from nnkit.exercises import index
from tests.answers.automatic_differentiation import Value

RIGHT = Value.RIGHT

WRONG = {mistake.label: Value.WRONG[mistake.label] for mistake in index.find("Value_functions").mistakes}

# What the text promises → an answer that breaks only this.
PROMISES = {
    promise: source
    for promise, source in Value.PROMISES.items()
    if promise.startswith(("**", "unary", "exp", "sin", "tanh", "relu")) or promise.endswith(("2 − a", "2 / a"))
}
