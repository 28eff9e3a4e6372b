"""The marks of a class as files that learning platforms import: what may be written, to whom, and in which form."""
