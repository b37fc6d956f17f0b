"""A directory kept as a CSV file: the Microsoft 365 admin centre's export, or a plain one with an id column."""
