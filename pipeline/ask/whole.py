"""One question for the whole answer, asked again with the reasons of what did not hold.

The sets differ in the form of the answer (objects, or rows), and in whether short articles go together.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.ask.prompt_set import PromptSet
from pipeline.ask.rows import Printed, Read, read_rows
from pipeline.ask.show_units import show_units
from pipeline.ask.together import number_through
from pipeline.model import Completed, Message, Model
from pipeline.model.ledger import compact
from schemas.answer import Answer
from schemas.document import Article
from schemas.errors import ModelError, Pending
from schemas.records import Refusal
from schemas.rows import AnswerR
from schemas.vocabulary import TargetGroup, TechnologyField

Check = Callable[[Article, Answer], Sequence[Refusal]]
"""Tells what of an answer grounding would refuse; the orchestrator gives it, so that ask does not know ground."""

MOST_REASKS = 2
MOST_SAID = 60_000
"""Characters of a refused answer that a re-ask gives back: any that may be mended fits, and the cost is bounded."""
MOST_PART = 2_000
"""Characters of one part that did not hold, and of the reason, that a re-ask repeats."""


@dataclass(frozen=True)
class Asked:
    """An answer and the requests it rests on, in the order asked."""

    article: Article
    """The article as it was shown: the answer's unit ids are its."""
    answer: Answer
    request_ids: tuple[str, ...]
    unread: tuple[Refusal, ...] = ()
    """Parts of the answer that could not be read."""


@dataclass(frozen=True)
class Form:
    """What goes with an answer that is to be read: where the words stand, and what tells whether it holds."""

    text: str
    printed: Callable[[Article], Printed]
    check: Check


async def ask_whole(
    articles: Sequence[Article],
    prompts: PromptSet,
    model: Model,
    form: Form,
    hint: str = "",
    *,
    examples: bool = True,
    patient: bool = True,
) -> list[Asked]:
    """The model's answers about articles of one document. Raises `ModelError` if no attempt could be read.

    Not `patient`: where a re-ask waits for an answer in a file, what holds of the answers so far is taken.
    """
    shown = number_through(articles)
    messages = first_messages(form.text, shown, prompts, hint, examples=examples)
    ids: list[str] = []
    best: tuple[int, list[Read]] | None = None
    problem = ""
    for _ in range(1 + MOST_REASKS):
        try:
            completed = await _complete(model, prompts, messages)
        except Pending:
            if patient or best is None:
                raise
            break
        ids.append(completed.request_id)
        refusals: list[Refusal] = []
        if completed.value is not None:
            read = _read(completed.value, shown, form)
            refusals = [r for one in read for r in _refused(one, form.check)]
            if best is None or len(refusals) < best[0]:
                best = (len(refusals), read)
            if not refusals:
                break
        problem = completed.problem or f"{len(refusals)} parts refused"
        if completed.hopeless:
            break
        messages = [*messages, *_reask(prompts, completed, refusals)]
    if best is None:
        first = articles[0].number
        raise ModelError(
            f"article {first}: no usable answer after {_attempts(len(ids))} ({_in_short(problem)}); "
            "try another model or prompt set"
        )
    return [
        Asked(r.article, r.answer, tuple(ids), tuple(u.model_copy(update={"request_id": ids[-1]}) for u in r.unread))
        for r in best[1]
    ]


async def _complete(
    model: Model, prompts: PromptSet, messages: list[Message]
) -> Completed[Answer] | Completed[AnswerR]:
    most = int(prompts.head["max_tokens"])
    if prompts.in_rows:
        return await model.complete(messages, AnswerR, max_tokens=most)
    return await model.complete(messages, Answer, max_tokens=most)


def _read(value: Answer | AnswerR, shown: Sequence[Article], form: Form) -> list[Read]:
    """What was answered about each article."""
    if isinstance(value, AnswerR):
        return read_rows(form.text, shown, value, form.printed)
    return [Read(shown[0], value, tuple(range(len(value.policies))))]


def _refused(read: Read, check: Check) -> list[Refusal]:
    """What does not hold of one article's answer; policies are counted as the model did, over all articles."""

    def as_answered(found: re.Match[str]) -> str:
        return f"policies[{read.positions[int(found[1])]}]"

    held = check(read.article, read.answer)
    named = [r.model_copy(update={"field": re.sub(r"^policies\[(\d+)\]", as_answered, r.field)}) for r in held]
    return [*read.unread, *named]


def as_written(answer: Answer) -> str:
    """An answer as a model would write it."""
    return compact(answer.model_dump(mode="json", by_alias=True, exclude_defaults=True))


def _attempts(number: int) -> str:
    return "1 attempt" if number == 1 else f"{number} attempts"


def _in_short(problem: str) -> str:
    """What was wrong without what was answered: a message goes into results and onto terminals."""
    return problem.partition(":")[0]


def first_messages(
    text: str, about: Article | Sequence[Article], prompts: PromptSet, hint: str = "", *, examples: bool = True
) -> list[Message]:
    """System and user message about an article, or about several that go together.

    What is the same for all articles stands first, for a provider's prompt cache.
    """
    articles = [about] if isinstance(about, Article) else about
    shown = [{"number": a.number, "units": show_units(text, a)} for a in articles]
    first = articles[0]
    user = prompts.render(
        "user",
        document=first.document,
        number=first.number,
        issue_date=first.issue_date.isoformat() if first.issue_date else "",
        units=shown[0]["units"],
        articles=shown,
        hint=hint,
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
        {
            "article": "\n".join(e["article"]),
            "answer": compact(e["rows"]) if prompts.in_rows else json.dumps(e["answer"], ensure_ascii=False),
        }
        for e in prompts.examples
    ]


def _reask(
    prompts: PromptSet, completed: Completed[Answer] | Completed[AnswerR], refusals: Sequence[Refusal]
) -> list[Message]:
    said = completed.text[:MOST_SAID] if completed.text.strip() else "(empty)"
    parts = [{"field": r.field, "given": r.given[:MOST_PART], "reason": r.reason[:MOST_PART]} for r in refusals[:20]]
    again = prompts.render("reask", problem=(completed.problem or "")[:MOST_PART], refusals=parts)
    return [{"role": "assistant", "content": said}, {"role": "user", "content": again}]
