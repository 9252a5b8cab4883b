"""The engine of mnist-tui: a neural network from scratch on NumPy, its training, its models and its data.

Nothing in here knows of a terminal. Importing this package imports nothing else, not even NumPy: the app's first
screen needs only cards and names, and a person waits for it.
"""

__all__ = ["__version__"]

__version__ = "0.1.0"
