"""The `article` way: one question for the whole answer, asked again with the reasons of what did not hold."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.ask.prompt_set import PromptSet
from pipeline.ask.show_units import show_units
from pipeline.model import Completed, Message, Model
from schemas.answer import Answer
from schemas.document import Article
from schemas.errors import ModelError, Pending
from schemas.records import Refusal
from schemas.vocabulary import TargetGroup, TechnologyField

Check = Callable[[Answer], Sequence[Refusal]]
"""Tells what of an answer grounding would refuse; the orchestrator gives it, so that ask does not know ground."""

MOST_REASKS = 2
MOST_SAID = 60_000
"""Characters of a refused answer that a re-ask gives back: any that may be mended fits, and the cost is bounded."""
MOST_PART = 2_000
"""Characters of one part that did not hold, and of the reason, that a re-ask repeats."""


@dataclass(frozen=True)
class Asked:
    """An answer and the requests it rests on, in the order asked."""

    answer: Answer
    request_ids: tuple[str, ...]


async def ask_whole(
    text: str,
    article: Article,
    prompts: PromptSet,
    model: Model,
    check: Check,
    hint: Answer | None = None,
    *,
    examples: bool = True,
    patient: bool = True,
) -> Asked:
    """The model's answer about one article. Raises `ModelError` if no attempt could be read.

    Not `patient`: where a re-ask waits for an answer in a file, what holds of the answers so far is taken.
    """
    messages = first_messages(text, article, prompts, hint, examples=examples)
    ids: list[str] = []
    best: tuple[int, Answer] | None = None
    problem = ""
    for _ in range(1 + MOST_REASKS):
        try:
            completed = await model.complete(messages, Answer, max_tokens=int(prompts.head["max_tokens"]))
        except Pending:
            if patient or best is None:
                raise
            break
        ids.append(completed.request_id)
        refusals = list(check(completed.value)) if completed.value is not None else []
        if completed.value is not None and (best is None or len(refusals) < best[0]):
            best = (len(refusals), completed.value)
        if completed.value is not None and not refusals:
            break
        problem = completed.problem or f"{len(refusals)} parts refused"
        if completed.hopeless:
            break
        messages = [*messages, *_reask(prompts, completed, refusals)]
    if best is None:
        raise ModelError(
            f"article {article.number}: no usable answer after {_attempts(len(ids))} ({_in_short(problem)}); "
            "try another model or prompt set"
        )
    return Asked(best[1], tuple(ids))


def as_written(answer: Answer) -> str:
    """An answer as a model would write it."""
    return _compact(answer)


def _attempts(number: int) -> str:
    return "1 attempt" if number == 1 else f"{number} attempts"


def _in_short(problem: str) -> str:
    """What was wrong without what was answered: a message goes into results and onto terminals."""
    return problem.partition(":")[0]


def first_messages(
    text: str, article: Article, prompts: PromptSet, hint: Answer | None = None, *, examples: bool = True
) -> list[Message]:
    """System and user message; what is the same for all articles stands first, for a provider's prompt cache."""
    user = prompts.render(
        "user",
        document=article.document,
        number=article.number,
        issue_date=article.issue_date.isoformat() if article.issue_date else "",
        units=show_units(text, article),
        hint=_compact(hint) if hint is not None else "",
    )
    return [{"role": "system", "content": _system(prompts, examples)}, {"role": "user", "content": user}]


@lru_cache(maxsize=4)
def _system(prompts: PromptSet, examples: bool) -> str:
    """What is the same for every article."""
    return prompts.render(
        "system",
        examples=_examples(prompts) if examples else [],
        target_groups=", ".join(TargetGroup),
        technology_fields=", ".join(TechnologyField),
    )


def _examples(prompts: PromptSet) -> list[dict[str, str]]:
    return [
        {"article": "\n".join(e["article"]), "answer": json.dumps(e["answer"], ensure_ascii=False)}
        for e in prompts.examples
    ]


def _reask(prompts: PromptSet, completed: Completed[Answer], refusals: Sequence[Refusal]) -> list[Message]:
    said = completed.text[:MOST_SAID] if completed.text.strip() else "(empty)"
    parts = [{"field": r.field, "given": r.given[:MOST_PART], "reason": r.reason[:MOST_PART]} for r in refusals[:20]]
    again = prompts.render("reask", problem=(completed.problem or "")[:MOST_PART], refusals=parts)
    return [{"role": "assistant", "content": said}, {"role": "user", "content": again}]


def _compact(answer: Answer) -> str:
    return json.dumps(
        answer.model_dump(mode="json", by_alias=True, exclude_defaults=True), ensure_ascii=False, separators=(",", ":")
    )
