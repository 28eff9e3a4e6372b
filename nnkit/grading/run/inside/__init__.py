"""What runs inside the sandbox, beside a student's code: nothing here knows a right answer, a seed or a verdict."""
