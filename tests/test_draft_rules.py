"""Rules that are data: every example holds, and every alternative is needed by one."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import pipeline.draft
from pipeline.draft import acts
from pipeline.draft.rules import Rule

MODULES = [
    importlib.import_module(f"pipeline.draft.{module.name}") for module in pkgutil.iter_modules(pipeline.draft.__path__)
]


def rules_in(value: object) -> Iterator[Rule]:
    """Rules that stand alone, or in a table by kind."""
    if isinstance(value, Rule):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from rules_in(part)


ALL = {id(rule): rule for module in MODULES for value in vars(module).values() for rule in rules_in(value)}
RULES = {rule.name: rule for rule in ALL.values()}


def test_there_are_rules_and_their_names_differ() -> None:
    assert len(RULES) > 100
    assert len(RULES) == len(ALL)


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


@pytest.mark.parametrize(
    ("listed", "sentence"),
    [
        (acts.ACTION, "새로운 장비와 시설의 {}"),
        (acts.CHINESE_VERBS, "{}相关工作机制"),
        (acts.ENGLISH_VERBS, "{} new rules for small firms"),
    ],
)
def test_each_word_of_an_act_states_one_and_stands_once(listed: str, sentence: str) -> None:
    words = [word.replace("\\s", " ") for word in listed.split() if "?" not in word]
    assert len(words) > 40
    assert len(set(words)) == len(words)
    assert not [word for word in words if not acts.is_act(sentence.format(word))]
