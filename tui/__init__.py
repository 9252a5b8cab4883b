"""The terminal side of mnist-tui: commands, screens, widgets, and pure rendering."""

__all__: list[str] = []
