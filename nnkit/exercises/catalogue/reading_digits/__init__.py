"""Notebook 07, reading digits: a network of the reader's own, judged by what it reads."""
