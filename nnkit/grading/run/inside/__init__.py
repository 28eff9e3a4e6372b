"""What runs inside the sandbox, beside a student's code, and nothing else; it knows no right answer.

A warm Python (`start`) makes one process for each notebook (`birth`), which runs the student's cells in an IPython
shell (`shell`) and puts the judge's questions to the student's functions (`conversation`). `frames` is the form in
which both sides speak, and `door` stands in the place of ``nnkit.exercises``.

These files are mounted into the sandbox as a package of their own, so they import each other relatively, and of nnkit
only what is in the worker's stripped copy of it.
"""
