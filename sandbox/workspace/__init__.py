"""A pretend Slack workspace: its state, its wire protocol towards a bot, and the hands of its people."""
