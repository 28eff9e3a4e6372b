"""What answers to several exercises of this notebook begin with."""
