"""Who counts, the changes that open and close seats and who may approve them, and what a change would cost."""
