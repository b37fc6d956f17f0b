"""Socket Mode: what people do in Slack comes over WebSockets that we open; nothing must reach us from outside."""
