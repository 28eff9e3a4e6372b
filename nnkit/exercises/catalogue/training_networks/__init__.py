"""Notebook 04, second half: a whole network's gradients, dropout, and scaling."""
