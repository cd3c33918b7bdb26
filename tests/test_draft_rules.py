"""Rules that are data: every example holds, and every alternative is needed by one."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import pipeline.draft
from pipeline.draft.rules import Rule

MODULES = [
    importlib.import_module(f"pipeline.draft.{module.name}") for module in pkgutil.iter_modules(pipeline.draft.__path__)
]
RULES = {rule.name: rule for module in MODULES for rule in vars(module).values() if isinstance(rule, Rule)}


def test_there_are_rules_and_their_names_differ() -> None:
    assert len(RULES) > 10
    assert len({id(rule) for module in MODULES for rule in vars(module).values() if isinstance(rule, Rule)}) == len(
        RULES
    )


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_examples(rule: Rule) -> None:
    finds, spares = rule.examples
    assert not [words for words in finds if not rule.within(words)]
    assert not [words for words in spares if rule.within(words)]


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_each_alternative_is_the_only_one_that_finds_some_example(rule: Rule) -> None:
    found = [[i for i, way in enumerate(rule.alternatives) if way.search(words)] for words in rule.examples[0]]
    needed = {ways[0] for ways in found if len(ways) == 1}
    assert not [way.pattern for i, way in enumerate(rule.alternatives) if i not in needed]
