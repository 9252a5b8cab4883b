"""A stylesheet that reads each of its parts once."""

from __future__ import annotations

from textual.css.stylesheet import Stylesheet

__all__ = ["LastingStylesheet"]


class LastingStylesheet(Stylesheet):
    """Textual's, which keeps what it has read until the colours change.

    Textual reads all that there is, twice, whenever a screen is opened that brings a part of its own.
    """

    def set_variables(self, variables: dict[str, str]) -> None:
        """Forget what was read with other variables."""
        if variables != self._variables:
            super().set_variables(variables)

    def reparse(self) -> None:
        """Read what is new.

        Raises:
            StylesheetError: It cannot be read.
        """
        self.parse()
