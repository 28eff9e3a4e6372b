"""What the exercises of this notebook share, and the judge of one of them."""
