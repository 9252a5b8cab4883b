"""A run on disk, the thread that trains it, and the history that screens show."""

__all__: list[str] = []
