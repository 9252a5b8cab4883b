"""The keys that work on the screen below, made from the bindings themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from textual.app import App
from textual.binding import Binding, BindingsMap, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Static

from tui.render.glyphs import writable
from tui.widgets.strips import tier_of

__all__ = ["HelpScreen", "keys_of"]


def keys_of(screen: Screen[Any]) -> dict[str, list[tuple[str, str]]]:
    """Keys and what they do, those of a screen first, then those that work everywhere.

    Keys that Textual brings along, such as those that scroll, are left out unless a class of ours names them too.
    """
    groups: dict[str, dict[str, list[str]]] = {"On this screen": {}, "Everywhere": {}}
    for node, binding, _, tooltip in screen.active_bindings.values():
        words = tooltip or binding.description
        if words and binding.key in _own_keys(type(node)):
            keys = groups["Everywhere" if isinstance(node, App) else "On this screen"].setdefault(words, [])
            key = screen.app.get_key_display(binding)
            if key not in keys:  # two keys of one binding may share a display
                keys.append(key)
    return {title: [(" ".join(keys), words) for words, keys in group.items()] for title, group in groups.items()}


def _own_keys(node: type) -> set[str]:
    """Keys that classes of this program bind for such a node."""
    own = (kind.__dict__.get("BINDINGS", ()) for kind in node.__mro__ if kind.__module__.startswith("tui."))
    return {key for bindings in own for key in BindingsMap(bindings).key_to_bindings}


class HelpScreen(ModalScreen[None]):
    """Shows the keys; any of its own closes it."""

    CSS_PATH = "help.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q,enter", "dismiss", "Close", show=False),
    ]

    def __init__(self, screen: Screen[Any]) -> None:
        """Tell of this screen."""
        super().__init__()
        self._groups = keys_of(screen)

    def compose(self) -> Iterable[Widget]:
        """The groups of keys."""
        with VerticalScroll(id="help") as frame:
            frame.border_title, frame.border_subtitle = "Keys", "escape closes"
            tier = tier_of(self)
            groups = {
                title: [(writable(key, tier), words) for key, words in keys] for title, keys in self._groups.items()
            }
            width = max(len(key) for keys in groups.values() for key, _ in keys)
            for title, keys in groups.items():
                yield Static(title, classes="title")
                lines = [Content.assemble((f"{key:>{width}}", "bold $accent"), f"  {words}") for key, words in keys]
                yield Static(Content("\n").join(lines))
