"""Trained networks and their cards, the library of them, and their evaluation."""

__all__: list[str] = []
