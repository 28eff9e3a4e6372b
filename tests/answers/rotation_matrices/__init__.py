"""Answers to the exercises of notebook 08, attitudes by rotation matrices."""
