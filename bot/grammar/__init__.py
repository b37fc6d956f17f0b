"""What can be asked for by a slash command, a module for each noun: the requests, and how their words are read."""
