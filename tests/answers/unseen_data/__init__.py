"""Answers to notebook 04, fourth part: dropout."""
