"""A pretend Microsoft: the token endpoint of Entra ID and the parts of Graph that a directory reading needs."""
