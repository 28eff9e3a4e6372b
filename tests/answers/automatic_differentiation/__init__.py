"""Answers to notebook 02: a class of numbers that remember what they were made from."""
