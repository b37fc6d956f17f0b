"""The demo: two pretend companies around the real bot, and a story that is played with them."""
