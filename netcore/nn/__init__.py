"""The network itself: architecture, parameters, forward and backward pass, optimizers."""

__all__: list[str] = []
