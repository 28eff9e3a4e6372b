"""Sources that several answers are made of."""
