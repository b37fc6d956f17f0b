"""Who counts, and the changes that open and close seats."""
