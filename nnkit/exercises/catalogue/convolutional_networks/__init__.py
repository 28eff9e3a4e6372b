"""Notebook 05, convolutional networks: pooling, its way back, and how many parameters a network has."""
