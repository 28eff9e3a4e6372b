"""How every exercise ended, the points for it, and the table of the class."""
