"""A pretend Slack and a pretend Microsoft, to run the bot against and to test it with on one machine."""
