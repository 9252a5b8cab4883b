"""The commands, one a file. Textual is imported only when the app opens."""

__all__: list[str] = []
