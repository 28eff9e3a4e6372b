"""The gradients of (x + y) z², node by node."""

from nnkit.exercises.catalogue.backprop_by_hand.parts.points import LARGE, lost_beside, three_numbers
from nnkit.exercises.catalogue.families import in_other_order, step_in_the_place_of, times
from nnkit.exercises.catalogue.withheld import BY_HAND
from nnkit.exercises.exercise import exercise, wrong

EXERCISE = exercise(
    "product_gradients(x, y, z) -> dx, dy, dz",
    reference=lambda x, y, z: (z**2, z**2, 2 * (x + y) * z),
    cases=three_numbers((2.0, -3.0, 2.0), (1.0, 2.0, 3.0), large=(100 * LARGE, 1.5, 0.5)),
    withheld=BY_HAND,
    hints=(
        """Give the results in between names: u = x + y, v = z², f = u v. Which message do u and v get from f?""",
        """A product sends each factor the other factor. u passes its message on to x and to y unchanged; v is a square,
        whose slope is twice what went in.""",
    ),
    mistakes=(
        wrong("differences", dx=lambda x, dx: lost_beside(x, dx), dy=lambda x, dy: lost_beside(x, dy)).told("""
            Where x is 4·10¹⁵ your slope is 0: whatever is added to x or y is lost there, unless it is huge. Do you take
            a difference of two values somewhere? The walk back through the graph needs none."""),
        wrong(
            "the other brackets",
            lambda x, y, z: (2 * (x + y) * z**2, 2 * (x + y) * z**2, 2 * (x + y) ** 2 * z),
        ).told("""
            Your numbers belong to ((x + y) z)², the square of the whole product. Here only z is squared."""),
        wrong("the values of the way forward", lambda x, y, z: (x + y, z**2, (x + y) * z**2)).told("""
            Your three numbers are x + y, z² and f, the values of the way forward. The gradients are found on the way
            back, which begins at f with 1."""),
        wrong("the square forgotten", lambda x, y, z: (z, z, x + y)).told("""
            Your numbers belong to (x + y) z. What does the other factor of x + y look like in the graph?"""),
        wrong("a product of x and y", lambda x, y, z: (y * z**2, x * z**2, 2 * x * y * z)).told("""
            Your numbers belong to x y z². In the graph x and y enter a sum."""),
        wrong("own factors", lambda x, y, z: (x + y, x + y, 2 * z**3)).told("""
            Your product sends each factor its own value, x + y to the sum and z² to the square. Which of its two
            numbers tells how much the product grows when x + y grows by 1?"""),
        wrong("dx and dy: local slope alone", dx=1.0, dy=1.0).told("""
            Your dx and dy are 1, the slope of the sum by itself. Which message arrives at the sum from above?"""),
        wrong("dx and dy: multiplied by their own value", dx=lambda dx, x: x * dx, dy=lambda dy, y: y * dy).told("""
            Your dx is x times too large, your dy y times. How much does x + y change when x grows by 1, whatever x
            is?"""),
        wrong("dx and dy: z not squared", dx="z", dy="z").told("""
            Your dx and dy are z. What the product sends to the sum is its other factor; is that z itself?"""),
        wrong("dx and dy: slope of the square", dx=lambda z: 2 * z, dy=lambda z: 2 * z).told("""
            Your dx and dy are 2z. What the product sends to the sum is the value of its other factor; is that 2z?"""),
        wrong("dx and dy: cubes", dx=lambda z: z**3, dy=lambda z: z**3).told("""
            Your dx and dy are z³. What the product sends to the sum is its other factor."""),
        wrong("dx: nothing", dx=0.0).told("""
            Your dx is 0. Does f stay the same when x grows?"""),
        wrong("dy: nothing", dy=0.0).told("""
            Your dy is 0. Does f stay the same when y grows?"""),
        times("dx and dy: shared between them", 1 / 2, "dx", "dy").told("""
            Your dx and dy are half of what they should be. A sum copies its message; it does not divide it among its
            terms."""),
        times("dy: sign", -1, "dy").told("""
            Your dy has the wrong sign. What happens to x + y when y grows?"""),
        times("dz: factor 2 missing", 1 / 2, "dz").told("""
            Your dz is half of what it should be. What is the slope of z² at z = 3?"""),
        wrong("dz: message from above missing", dz=lambda z: 2 * z).told("""
            Your dz is 2z, the slope of the square by itself. What does the product send to it?"""),
        wrong("dz: message alone", dz=lambda x, y: x + y).told("""
            Your dz is the message that arrives at the square. It has not passed the square yet."""),
        wrong("dz: z missing", dz=lambda x, y: 2 * (x + y)).told("""
            Your dz is 2 (x + y) and does not depend on z. The slope of z² is not the same everywhere."""),
        times("dz: exponent kept", lambda z: z, "dz").told("""
            Your dz is z times too large. The slope of z² is 2 times what goes into the square: what stands there in
            yours?"""),
        wrong("dz: a product of x and y", dz=lambda x, y, z: 2 * x * y * z).told("""
            Your dz has x y where x + y belongs: the message to the square is the product's other factor."""),
        wrong("dz: a difference of x and y", dz=lambda x, y, z: 2 * (x - y) * z).told("""
            Your dz has x − y where x + y belongs: the message to the square is the product's other factor."""),
        times("dz: twice", 2, "dz").told("""
            Your dz is twice what it should be. How often does z² give its message to z?"""),
        wrong("dz: the value of f", dz=lambda x, y, z: (x + y) * z**2).told("""
            Your dz is the value of f. Asked for is how much f changes when z grows by 1: which message arrives at the
            square, and by which slope is it multiplied there?"""),
        wrong("dz: brackets, x alone", dz=lambda x, y, z: 2 * z * x + y).told("""
            In your dz only x is multiplied by 2z, and y is added afterwards. The message is the whole of x + y."""),
        wrong("dz: brackets, y alone", dz=lambda x, y, z: x + y * 2 * z).told("""
            In your dz only y is multiplied by 2z, and x is added afterwards. The message is the whole of x + y."""),
        step_in_the_place_of(1.0, dx="x", dy="y", dz="z").told("""
            Yours are x, y, z less their gradients: a step of descent, already taken. Asked for are the gradients."""),
        in_other_order().told("""
            The three numbers are right, in another order: first dx, then dy, then dz."""),
    ),
)
