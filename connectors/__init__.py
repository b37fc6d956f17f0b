"""The outside world that is not Slack: each kind of source is a port with adapters."""
