"""Results of commands as Block Kit: pure functions that place finished values and compute nothing."""
