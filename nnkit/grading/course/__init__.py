"""The course folder: the instructors' notebooks, the students' that are made from them, and the sample class."""
