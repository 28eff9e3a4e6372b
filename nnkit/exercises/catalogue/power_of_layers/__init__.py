"""Notebook 04, second part: XOR by bending the plane, and anything out of bumps."""
