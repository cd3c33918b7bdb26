"""Rules that are data: every example holds, and every alternative is needed by one."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

import pipeline.draft
from pipeline.draft.grammar.rules import Rule, Words

MODULES = [
    importlib.import_module(module.name) for module in pkgutil.walk_packages(pipeline.draft.__path__, "pipeline.draft.")
]


def rules_in(value: object) -> Iterator[Rule]:
    """Rules that stand alone, or in a table by kind."""
    if isinstance(value, Rule):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from rules_in(part)


PLAIN = re.compile(r"[\w-]+(?:\\s[\w-]+)*")
ALL = {id(rule): rule for module in MODULES for value in vars(module).values() for rule in rules_in(value)}
RULES = {rule.name: rule for rule in ALL.values()}


def test_there_are_rules_and_their_names_differ() -> None:
    assert len(RULES) > 100
    assert len(RULES) == len(ALL)


def groups(rule: Rule) -> Iterator[tuple[Words, int]]:
    """The groups of its alternatives, each with how case is looked at."""
    for listed, flags in ((rule.ko, 0), (rule.zh, 0), (rule.en, re.IGNORECASE | re.DOTALL)):
        for words in (Words(listed),) if isinstance(listed, str) else listed:
            yield words, flags


def alternatives(rule: Rule) -> list[re.Pattern[str]]:
    return [
        re.compile(f"{words.before}(?:{word}){words.behind}", flags)
        for words, flags in groups(rule)
        for word in words.listed.split()
    ]


def plain_words(words: Words) -> list[str]:
    """Each plain word as it is found."""
    shown = words.shown if words.shown is not None or words.before or words.behind else ""
    plain = [word for word in words.listed.split() if PLAIN.fullmatch(word)]
    return [] if shown is None else [word.replace(r"\s", " ") + shown for word in plain]


def found_by(rule: Rule) -> list[str]:
    """Examples of what it finds."""
    return [*filter(None, rule.finds.split(" / ")), *(word for words, _ in groups(rule) for word in plain_words(words))]


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_examples(rule: Rule) -> None:
    assert not [words for words in found_by(rule) if not rule.within(words)]
    assert not [words for words in filter(None, rule.spares.split(" / ")) if rule.within(words)]


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_each_alternative_is_the_only_one_that_finds_some_example(rule: Rule) -> None:
    ways = alternatives(rule)
    found = [[i for i, way in enumerate(ways) if way.search(words)] for words in found_by(rule)]
    needed = {alone for alone, *others in filter(None, found) if not others}
    assert not [way.pattern for i, way in enumerate(ways) if i not in needed]


def test_no_pattern_is_written_out_that_nobody_can_read() -> None:
    """Lists of words are rules or sets; what is left as a pattern takes no more than 200 signs."""
    long = {
        f"{module.__name__}.{name}": len(found.pattern)
        for module in MODULES
        for name, value in vars(module).items()
        for found in (value if isinstance(value, tuple) else (value,))
        if isinstance(found, re.Pattern) and len(found.pattern) > 200
    }
    assert long == {}
