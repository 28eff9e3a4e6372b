"""nbgrader's settings for this course; nbgrader reads this file more than once, so it only sets values.

The commands are nbgrader's own: `nbgrader autograde ASSIGNMENT`, `nbgrader generate_feedback ASSIGNMENT`,
`nbgrader export`, or the same from the formgrader in JupyterLab.
"""

c = get_config()  # noqa: F821 (nbgrader provides it)

# The course's name in nbgrader's exchange and on a JupyterHub; a class of your own gets one of its own.
c.CourseDirectory.course_id = "nnkit"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "course"
# "instructor" holds what grades an open task and is never handed out.
c.CourseDirectory.ignore = [
    "instructor",
    ".ipynb_checkpoints",
    "__pycache__",
    "*.pyc",
    ".DS_Store",
    "Thumbs.db",
    "feedback",
    ".nnkit-*",
    "gradebook.db*",
]

# The stub that students see in place of a solution.
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError"}
c.ClearSolutions.text_stub = "*Your answer here.*"

# nbgrader's own steps, and before anything of a cell is kept in the gradebook: questions are handed out with their
# answers sealed, and checks may raise, so that Run All goes on to the end.
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.InstantiateTests",
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.ClearSolutions",
    "nbgrader.preprocessors.ClearOutput",
    "nnkit.grading.preprocessors.SealQuestions",
    "nnkit.grading.preprocessors.LetChecksRaise",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# A submission is read and repaired in memory; `submitted/` is never changed.
c.Autograde.exporter_class = "nnkit.grading.submissions.SubmissionExporter"
c.GenerateFeedback.exporter_class = "nnkit.grading.submissions.FeedbackExporter"
c.GenerateFeedback.preprocessors = ["nnkit.grading.preprocessors.ReadMarks"]
# What lies in the exchange is students' too: it is collected like that, and one submission keeps no other from it.
c.ExchangeFactory.collect = "nnkit.grading.submissions.CollectOneByOne"
c.ExchangeFactory.release_feedback = "nnkit.grading.submissions.ReleaseFeedbackOneByOne"
c.Autograde.sanitize_preprocessors = [
    "nnkit.grading.preprocessors.RepairSubmission",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "nnkit.grading.preprocessors.ExecuteSubmission",
    "nnkit.grading.preprocessors.RequireVerdict",
    "nbgrader.preprocessors.LimitOutput",
    "nnkit.grading.preprocessors.SaveOutcomes",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Students' code runs in a sandbox (bubblewrap) and is judged outside of it; `nnkit doctor` tells whether this machine
# has one. A cell gets 30 s, or what it was released with; a notebook gets 5 minutes.
c.ExecuteSubmission.timeout = 30
c.ExecuteSubmission.notebook_timeout = 300
