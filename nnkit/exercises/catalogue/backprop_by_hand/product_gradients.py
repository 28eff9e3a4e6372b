"""The gradients of (x + y) z², node by node."""

from nnkit.exercises.catalogue.backprop_by_hand.parts.points import three_numbers
from nnkit.exercises.catalogue.families import times
from nnkit.exercises.catalogue.withheld import BY_HAND
from nnkit.exercises.exercise import exercise, wrong

EXERCISE = exercise(
    "product_gradients(x, y, z) -> dx, dy, dz",
    reference=lambda x, y, z: (z**2, z**2, 2 * (x + y) * z),
    cases=three_numbers((2.0, -3.0, 2.0), (1.0, 2.0, 3.0)),
    withheld=BY_HAND,
    hints=(
        """Give the results in between names: u = x + y, v = z², f = u v. Which message do u and v get from f?""",
        """A product sends each factor the other factor. u passes its message on to x and to y unchanged; v is a square,
        whose slope is twice what went in.""",
    ),
    mistakes=(
        wrong(
            "the other brackets",
            lambda x, y, z: (2 * (x + y) * z**2, 2 * (x + y) * z**2, 2 * (x + y) ** 2 * z),
        ).told("""
            Your numbers belong to ((x + y) z)², the square of the whole product. Here only z is squared."""),
        wrong("the square forgotten", lambda x, y, z: (z, z, x + y)).told("""
            Your numbers belong to (x + y) z. What does the other factor of x + y look like in the graph?"""),
        wrong("dx and dy: local slope alone", dx=1.0, dy=1.0).told("""
            Your dx and dy are 1, the slope of the sum by itself. Which message arrives at the sum from above?"""),
        wrong("dx and dy: multiplied by their own value", dx=lambda dx, x: x * dx, dy=lambda dy, y: y * dy).told("""
            Your dx is x times too large, your dy y times. How much does x + y change when x grows by 1, whatever x
            is?"""),
        times("dz: factor 2 missing", 1 / 2, "dz").told("""
            Your dz is half of what it should be. What is the slope of z² at z = 3?"""),
        wrong("dz: message from above missing", dz=lambda z: 2 * z).told("""
            Your dz is 2z, the slope of the square by itself. What does the product send to it?"""),
        wrong("dz: message alone", dz=lambda x, y: x + y).told("""
            Your dz is the message that arrives at the square. It has not passed the square yet."""),
        times("dz: exponent kept", lambda z: z, "dz").told("""
            Your dz is z times too large: the exponent stayed 2 when you took the slope of z²."""),
    ),
)
