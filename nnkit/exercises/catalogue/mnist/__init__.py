"""Notebook 07, mnist: a data set of digits, a loop that trains, and figures that say how well."""
