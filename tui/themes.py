"""The two looks of the app, dark and light: quiet greys and one accent.

The colours are taken from the 256 that most terminals have over SSH (the grey ramp 232 to 255 and the 6 x 6 x 6 cube),
so that a terminal without true colour shows the very same and no grey turns into a tint.
"""

from __future__ import annotations

from textual.theme import Theme

__all__ = ["DARK", "LIGHT"]

DARK = Theme(
    name="mnist-dark",
    primary="#5fafd7",
    secondary="#87afaf",
    accent="#5fafd7",
    success="#87d787",
    warning="#d7af5f",
    error="#ff8787",
    foreground="#d0d0d0",
    background="#121212",
    surface="#1c1c1c",
    panel="#262626",
    dark=True,
    variables={
        "block-cursor-foreground": "#ffffff",
        "block-cursor-background": "#005f87",
        "block-cursor-blurred-foreground": "#d0d0d0",
        "block-cursor-blurred-background": "#303030",
        "border": "#5fafd7",
        "border-blurred": "#444444",
        "scrollbar": "#444444",
        "scrollbar-background": "#1c1c1c",
        "footer-background": "#1c1c1c",
    },
)

LIGHT = Theme(
    name="mnist-light",
    primary="#005faf",
    secondary="#5f8787",
    accent="#005faf",
    success="#008700",
    warning="#875f00",
    error="#af0000",
    foreground="#303030",
    background="#ffffff",
    surface="#eeeeee",
    panel="#e4e4e4",
    dark=False,
    variables={
        "block-cursor-foreground": "#ffffff",
        "block-cursor-background": "#005faf",
        "block-cursor-blurred-foreground": "#303030",
        "block-cursor-blurred-background": "#dadada",
        "border": "#005faf",
        "border-blurred": "#bcbcbc",
        "scrollbar": "#bcbcbc",
        "scrollbar-background": "#eeeeee",
        "footer-background": "#eeeeee",
    },
)
