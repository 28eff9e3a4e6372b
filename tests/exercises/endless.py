"""Answers to `neuron(x, w, b)` that have no end, as students write them: for tests of what stops them.

`FOREVER` runs until its time is over; `TOO_DEEP` calls itself until there is no room. Nothing but NumPy is needed, so
that they can be run anywhere.
"""

FOREVER = {
    "a loop that does nothing": """
def neuron(x, w, b):
    while True:
        pass
""",
    "nested loops": """
def neuron(x, w, b):
    total = 0
    while total >= 0:
        for i in range(3):
            for j in range(1, 3):
                total += i * j
""",
    "a loop that swallows everything": """
def neuron(x, w, b):
    while True:
        try:
            len(x)
        except BaseException:
            continue
""",
    "a loop inside what swallows everything": """
def neuron(x, w, b):
    while True:
        try:
            while True:
                pass
        except:
            pass
""",
    "a loop inside suppress": """
import contextlib

def neuron(x, w, b):
    while True:
        with contextlib.suppress(BaseException):
            while True:
                len(x)
""",
    "cleaning up without an end": """
def neuron(x, w, b):
    try:
        while True:
            pass
    finally:
        while True:
            pass
""",
    "a recursion that branches": """
def paths(n):
    return n if n < 2 else paths(n - 1) + paths(n - 2)

def neuron(x, w, b):
    return paths(80)
""",
    "a recursion that begins again": """
def neuron(x, w, b):
    try:
        return neuron(x, w, b)
    except RecursionError:
        return neuron(x, w, b)
""",
    "a recursion that swallows everything": """
def neuron(x, w, b):
    for step in range(10**9):
        try:
            neuron(x, w, b)
        except BaseException:
            pass
""",
    "a generator": """
def steps():
    while True:
        try:
            yield 1
        except BaseException:
            pass

def neuron(x, w, b):
    return sum(steps())
""",
    "a method": """
class Cell:
    def forward(self, z):
        while z * z >= 0:
            z = z / 2
        return z

def neuron(x, w, b):
    return Cell().forward(b)
""",
    "a sequence that never ends": """
class Inputs:
    def __getitem__(self, i):
        return 1.0

def neuron(x, w, b):
    return sum(Inputs())
""",
    "a lambda": """
neuron = lambda x, w, b: max((lambda v: v)(v) for v in iter(int, 1))
""",
    "a comprehension": """
def neuron(x, w, b):
    return any([0 for _ in iter(int, 1)])
""",
    "calls of NumPy": """
import numpy as np

def neuron(x, w, b):
    z = np.ones((30, 30))
    while np.all(np.isfinite(z)):
        z = np.tanh(z @ z + b)
""",
    "a loop in Python's own modules": """
import heapq
import itertools

def neuron(x, w, b):
    return sum(heapq.merge(itertools.count(), itertools.count()))
""",
}

TOO_DEEP = {
    "a function": """
def neuron(x, w, b):
    return neuron(x, w, b)
""",
    "an operator": """
class Value:
    def __add__(self, other):
        return Value() + other

def neuron(x, w, b):
    return Value() + b
""",
    "an attribute": """
class Value:
    def __getattr__(self, name):
        return getattr(Value(), name)

def neuron(x, w, b):
    return Value().data
""",
    "a sum": """
def neuron(x, w, b):
    return sum(neuron(x, w, b) for _ in x)
""",
    "a key": """
def neuron(x, w, b):
    return sorted([1, 2], key=lambda v: neuron(x, w, b))
""",
    "a function for each entry": """
import numpy as np

def neuron(x, w, b):
    return np.vectorize(lambda v: neuron(x, w, b))(x)
""",
}
