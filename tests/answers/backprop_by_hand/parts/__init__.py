"""Sources that the answers to several exercises of this notebook share."""
