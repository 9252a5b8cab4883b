"""What is kept of a stylesheet, and what is read again."""

from __future__ import annotations

from textual.color import Color
from textual.css.model import RuleSet

from tui.stylesheet import LastingStylesheet


def sheet() -> LastingStylesheet:
    made = LastingStylesheet(variables={"ink": "red"})
    made.add_source("A { color: $ink; }", read_from=("a", ""))
    made.add_source("B { color: $ink; }", read_from=("b", ""))
    return made


def colours(rules: list[RuleSet]) -> list[Color]:
    return [rule.styles.color for rule in rules]


def test_only_what_is_new_is_read() -> None:
    styles = sheet()
    before = styles.rules
    styles.add_source("C { color: $ink; }", read_from=("c", ""))
    styles.set_variables({"ink": "red"})
    styles.reparse()
    assert colours(styles.rules) == [Color.parse("red")] * 3
    assert all(rule is known for rule, known in zip(styles.rules, before, strict=False))


def test_other_colours_are_seen() -> None:
    styles = sheet()
    assert colours(styles.rules) == [Color.parse("red")] * 2
    styles.set_variables({"ink": "blue"})
    styles.reparse()
    assert colours(styles.rules) == [Color.parse("blue")] * 2
    assert "A" in styles.rules_map
