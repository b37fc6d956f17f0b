"""What is compared before a run and after it: the rules that find what doesn't agree. Nothing here bills."""
