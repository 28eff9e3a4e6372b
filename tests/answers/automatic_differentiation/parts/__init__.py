"""Classes that work, whole and half done."""
