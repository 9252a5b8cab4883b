"""The screens, each with its stylesheet beside it."""

__all__: list[str] = []
