"""What the exercises of this notebook share."""
