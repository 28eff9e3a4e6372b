"""The judges of this notebook's exercises."""
