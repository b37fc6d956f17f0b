"""The page that plays Slack in a browser."""
