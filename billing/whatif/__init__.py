"""What would be owed if: quotes before anything is done, and what new terms alter."""
