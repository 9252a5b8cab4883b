"""The way to the terminal: only what has changed is written, and no faster than the connection takes it."""
