"""What the exercises of this notebook share, and the judges of two that have more than one right answer."""
