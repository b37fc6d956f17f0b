"""The demo: two pretended companies around the real bot, and a story that is played with them."""
