"""Answers to the exercises of notebook 04, first part, in the styles that students write."""
