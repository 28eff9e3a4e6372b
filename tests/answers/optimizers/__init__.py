"""Answers to notebook 03, second part: rules for a step."""
