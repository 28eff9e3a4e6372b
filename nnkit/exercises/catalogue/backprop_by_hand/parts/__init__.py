"""What the exercises of this assignment that ask for a formula share."""
