"""Pure functions: arrays in, text or strips out."""

__all__: list[str] = []
