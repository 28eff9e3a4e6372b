"""Grading a class with nbgrader: what is plugged into it, and what is read back out of it.

nbgrader keeps its own commands, folders and gradebook. The modules here repair what comes in (`submissions`,
`preprocessors`), run it with a seed that students cannot know (`seeds`), say how every exercise ended (`outcomes`),
and make the students' notebooks from the instructors' (`release`, `execution`).
"""
