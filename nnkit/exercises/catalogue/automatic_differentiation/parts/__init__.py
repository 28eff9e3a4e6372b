"""What the steps of the class of numbers share, and their judges."""
