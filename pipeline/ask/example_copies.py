"""Answers that repeat a prompt set's example instead of reading the article.

A quote from an example that does not stand in the document is refused by grounding. What no span gives away is the
example's structure: its unit numbers and closed values fit any article that is long enough. Such a policy is told by
what it shares with the example and by the want of anything that was read: of its quotes, few or none stand in the
article. An article that is itself like the example has its quotes, and its answer stands.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator

from pydantic import ValidationError

from pipeline.ask.prompt_set import PromptSet
from schemas.answer import Answer, PolicyA, Ref

MOST_READ = 0.5
"""Share of a policy's quotes that must stand in the article for the policy to have been read there."""
TELLING = 2
"""Measures that two policies without any quote must share to be a copy: fewer agree by chance."""
LONG_ENOUGH = 4
"""Characters from which a quote is recognised as an example's."""

COPIED = "repeats the prompt's example; say what this article states, or leave the policy out"
FROM_EXAMPLE = "stands in the prompt's example, not in the document"


def find_copies(answer: Answer, article: str, prompts: PromptSet) -> dict[int, str]:
    """Positions of the answer's policies that repeat an example of the set, with the reason. `article`: its text."""
    known = [policy for example in _examples(prompts) for policy in example.policies]
    if not known:
        return {}
    words = _squeezed(article)
    return {i: COPIED for i, p in enumerate(answer.policies) if any(_copies(p, example, words) for example in known)}


def stands_in_example(quote: str, prompts: PromptSet) -> bool:
    """Whether these words are an example's: long enough to be told, and printed in one of its articles."""
    wanted = _squeezed(quote)
    return len(wanted) >= LONG_ENOUGH and any(wanted in words for words in _articles(prompts))


def _copies(policy: PolicyA, example: PolicyA, words: str) -> bool:
    if _structure(policy) != _structure(example) and policy != example:
        return False
    quotes = [_squeezed(quote) for ref in _refs(policy) for quote in (ref.quote, ref.from_, ref.to) if quote]
    if not quotes:
        return len(policy.measures) >= TELLING
    return sum(quote in words for quote in quotes) < MOST_READ * len(quotes)


def _structure(policy: PolicyA) -> object:
    """The units of the announcement and of the measures, and what the measures are."""
    measures = [(measure.at.u, measure.instrument) for measure in policy.measures]
    return (policy.announcement.u, measures) if measures else policy


def _refs(value: object) -> Iterator[Ref]:
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _refs(item)
    elif hasattr(value, "model_fields_set"):
        for item in vars(value).values():
            yield from _refs(item)


def _squeezed(text: str) -> str:
    return "".join(text.split())


@functools.cache
def _examples(prompts: PromptSet) -> tuple[Answer, ...]:
    """The answers of a set's examples; a set for single decisions has none."""
    found = []
    for example in prompts.examples if isinstance(prompts.examples, list) else ():
        try:
            found.append(Answer.model_validate_json(json.dumps(example["answer"])))
        except (ValidationError, KeyError, TypeError):
            continue  # an example that is no answer cannot be taken for one
    return tuple(found)


@functools.cache
def _articles(prompts: PromptSet) -> tuple[str, ...]:
    examples = prompts.examples if isinstance(prompts.examples, list) else ()
    return tuple(_squeezed("\n".join(e["article"])) for e in examples if isinstance(e, dict) and "article" in e)
