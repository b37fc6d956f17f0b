"""The Slack edge, the command line, and the process that serves both."""
