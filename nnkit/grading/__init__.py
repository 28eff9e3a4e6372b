"""Grading a class with nbgrader: what is plugged into it, and what is read back out of it.

nbgrader keeps its own commands, folders and gradebook. The folders here follow a submission:

- `intake`: what was handed in becomes readable, complete and harmless;
- `run`: it is run, with a seed that students cannot know and within limits;
- `marks`: every exercise has an outcome and points, and the class a table;
- `course`: the students' notebooks are made from the instructors', and a sample class plays the cycle.

`preprocessors` and `submissions` hold the names that nbgrader's settings mention.
"""

from nnkit.grading.imports import leave_out_grammar

leave_out_grammar()
