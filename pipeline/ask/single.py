"""The `stepwise` way, for small models: the draft stands, and single decisions are asked where it is unsure.

Measured (`docs/decisions.md`): a 1.5 B model asked for a list of ids collapses; asked one label at a time it is a
second opinion, and worse than the draft where that is sure. So it is asked only where the draft's weights are unsure,
least certain first; it decides where they name nothing, and elsewhere a contradiction becomes the flag
`model_disagrees`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from pipeline.ask.prompt_set import PromptSet
from pipeline.ask.whole import Asked
from pipeline.model import Model
from schemas.answer import Answer, MeasureA, Ref
from schemas.document import Article
from schemas.errors import Pending
from schemas.vocabulary import Flag, Instrument

_LETTERS = "ABCDEFGHIJKLMNOPQRST"
SURE = 1.0
"""Lead of the best label's log-probability (natural logarithm) over the draft's from which a contradiction counts."""


@dataclass
class _Decisions:
    """What was asked so far in one article."""

    prompts: PromptSet
    model: Model
    left: int
    ids: list[str] = field(default_factory=list)
    pending: Pending | None = None
    """The first question that waits for its answer."""

    async def choose(self, template: str, labels: str, **values: object) -> dict[str, float] | None:
        """Log-probabilities of the labels, or None where the article's share of decisions is spent.

        None too where the answer has to be waited for: the questions do not rest on each other, and all are noted.
        """
        if self.left <= 0:
            return None
        self.left -= 1
        prompt = self.prompts.render(template, **values)
        try:
            scored = await self.model.score([{"role": "user", "content": prompt}], tuple(labels))
        except Pending as problem:
            self.pending = self.pending or problem
            return None
        self.ids.append(scored.request_id)
        return scored.logprobs


class Doubt(NamedTuple):
    """What the draft is unsure of: whether a measure is one, or what instrument it is."""

    odds: float
    policy: int
    measure: int
    kind: Literal["act", "instrument"]


async def ask_single(
    text: str, article: Article, prompts: PromptSet, model: Model, draft: Answer, doubts: Sequence[Doubt]
) -> Asked:
    """The draft with the model's single decisions worked in. Raises `ModelError` if a question got no answer.

    Raises `Pending` once every question has been put, so that they can be answered together.
    """
    decisions = _Decisions(prompts, model, int(prompts.head["most_decisions"]))
    answer = draft.model_copy(deep=True)
    for doubt in sorted(doubts):
        measure = answer.policies[doubt.policy].measures[doubt.measure]
        decide = _decide_act if doubt.kind == "act" else _decide_instrument
        await decide(decisions, measure, _words(text, article, measure.at))
    if decisions.pending is not None:
        raise decisions.pending
    return Asked(article, answer, tuple(decisions.ids))


async def _decide_act(decisions: _Decisions, measure: MeasureA, words: str) -> None:
    """A sure no is worth a look."""
    scores = await decisions.choose("act", "AB", text=words, examples=_lettered(decisions.prompts))
    if scores is not None and scores["B"] - scores["A"] > SURE:
        _flag(measure)


async def _decide_instrument(decisions: _Decisions, measure: MeasureA, words: str) -> None:
    """`other` names nothing: the model decides. Another instrument is only questioned."""
    options = [{"letter": letter, "en": i.en, "ko": i.ko} for letter, i in zip(_LETTERS, Instrument, strict=True)]
    scores = await decisions.choose(
        "instrument", _LETTERS, text=words, options=options, examples=_lettered(decisions.prompts)
    )
    if scores is None:
        return
    best = max(scores, key=lambda letter: scores[letter])
    chosen = list(Instrument)[_LETTERS.index(best)]
    own = _LETTERS[list(Instrument).index(measure.instrument)]
    if measure.instrument is Instrument.OTHER:
        measure.instrument = chosen
    elif chosen is not measure.instrument and scores[best] - scores[own] > SURE:
        _flag(measure)


def _lettered(prompts: PromptSet) -> dict[str, list[dict[str, str]]]:
    """The examples with the letter of their value."""
    order = [i.value for i in Instrument]
    instrument = [
        {"text": e["text"], "letter": _LETTERS[order.index(e["value"])]} for e in prompts.examples["instrument"]
    ]
    act = [{"text": e["text"], "letter": e["value"]} for e in prompts.examples["act"]]
    return {"instrument": instrument, "act": act}


def _flag(measure: MeasureA) -> None:
    if Flag.MODEL_DISAGREES not in measure.flags:
        measure.flags.append(Flag.MODEL_DISAGREES)


def _words(text: str, article: Article, at: Ref) -> str:
    unit = article.unit(at.u)
    whole = text[unit.start : unit.end] if unit is not None else ""
    return re.sub(r"\s+", " ", at.quote or whole)[:400]
