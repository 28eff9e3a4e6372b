"""What compares an answer with the right one and words the verdict. It never touches the student's code."""
