"""One widget a file; a widget only asks tui.render and shows."""

__all__: list[str] = []
