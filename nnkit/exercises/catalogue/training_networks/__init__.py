"""Notebook 04, third part: the gradients of a whole network, and scaling."""
