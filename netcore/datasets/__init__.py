"""Datasets: file formats, the library of them, importing one's own, and a picture of one's own."""

__all__: list[str] = []
