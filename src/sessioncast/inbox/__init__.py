"""Recordings as recorders leave them, and which session each is of: read, explained, never guessed in silence."""
