"""A judge of Block Kit which shares no code with what builds the bot's blocks, and so doesn't share its mistakes."""
