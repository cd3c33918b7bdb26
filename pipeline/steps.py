"""The orchestrator of one document: the one place that calls the steps, in order.

    read → outline → split → draft → ask → ground → weigh → merge          (write, and many documents: `run`)

`extract_document` is a pure function of the document, the settings and the ledger's answers; which document
runs where and when changes nothing in the result.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.ask import (
    FROM_EXAMPLE,
    Asked,
    Doubt,
    Form,
    PromptSet,
    as_written,
    ask_single,
    ask_whole,
    find_copies,
    first_messages,
    group,
    number_through,
    stands_in_example,
)
from pipeline.budgets import set_aside
from pipeline.confidence import OF_MODELS, certain_enough, overlooked, scales_of, weigh
from pipeline.draft import Drafted, Opinion, Printed, draft, drafted, opinion_of, opinion_on
from pipeline.ground import Grounded, ground
from pipeline.merge import merge
from pipeline.model import count_tokens
from pipeline.model.ledger import Json
from pipeline.model.shared import is_address
from pipeline.model.store import default_store_path
from pipeline.opened import Opened, open_document
from pipeline.read import Ocr, from_text, read
from pipeline.session import Session, open_session
from pipeline.settings import Endpoint, Settings
from pipeline.spans import mark_read_pictures, relocate, verify_spans
from schemas.answer import Answer
from schemas.document import Article, Document, Unit
from schemas.errors import Pending
from schemas.records import Policy, Provenance, Refusal
from schemas.vocabulary import Flag

_SHARE_IN_ROWS = 0.3
"""Tokens of an answer in rows over the same in objects: 0.25 on the recorded answers of the seeds, 0.35 on contrast."""
_LINES = """새솔시, ‘섬 전력 자립 계획(2026~2030)’ 발표(3.18)

- 새솔시 정부는 2030년까지 풍력 발전기를 40기 이상 설치하기로 하고 주민에게 설치비를 지원

北岭市人民政府印发《岛屿供电行动计划》，到2030年建设风力发电机40台以上。

The Ministry of Works published its Island Power Plan: it will install at least 40 turbines by 2030.
"""


@dataclass(frozen=True, repr=False)
class _Told:
    """An answer, and what was found out about it on the way."""

    asked: Asked
    opinion: Opinion | None = None
    """What the weights say of its article."""
    grounded: Grounded | None = None
    """Its records, if it was grounded to see what holds; which requests they rest on is not said yet."""
    silent: float | None = None
    """Log-odds that its article reports a policy, where the draft took none."""


@dataclass(frozen=True, repr=False)
class Extraction:
    """Everything that became of one document, from its units to its records."""

    document: Document
    units: tuple[Unit, ...]
    articles: tuple[Article, ...]
    answers: tuple[Answer, ...]
    grounded: tuple[Policy, ...]
    """Records before merging."""
    policies: tuple[Policy, ...]
    refusals: tuple[Refusal, ...]
    left_out: int = 0
    """Records that are less certain than the settings want."""
    overlooked: float | None = None
    """How likely it is that an article reports a policy of which the draft took none; null where none was so judged."""


def extract(source: str | Path, *, endpoint: Endpoint = "draft", **settings: object) -> tuple[Policy, ...]:
    """The policies of one document, given by path or as text.

    A `Path`, or a `str` that names an existing file, is read; any other `str` is taken as the text itself.
    `settings` are those of `Settings`. Raises `PamsError`; never touches an output folder.
    """
    chosen = Settings(endpoint=endpoint, **settings)  # type: ignore[arg-type]
    named = isinstance(source, Path) or _names_file(source)
    document = read(Path(source), ocr=ocr_of(chosen)) if named else from_text(str(source))
    return extract_document(document, chosen).policies


def ocr_of(settings: Settings) -> Ocr | None:
    """Whether and how long pages that are pictures are read; beside the answers it is kept what was."""
    if not settings.ocr:
        return None
    place = settings.cache
    folder = Path(place) if place is not None and not is_address(place) else default_store_path()
    return Ocr(total=settings.ocr_seconds, seen=folder / "pictures")


def _names_file(source: str) -> bool:
    """Whether a string is the path of a file; a text is none, even one too long or too odd for a path."""
    try:
        return "\n" not in source and Path(source).is_file()
    except (OSError, ValueError):
        return False


def extract_document(document: Document, settings: Settings) -> Extraction:
    """All steps for one document, with a model of its own if the settings ask for one."""

    async def alone() -> Extraction:
        async with open_session(settings) as session:
            return await extract_in(document, session)

    return asyncio.run(alone())


async def extract_in(document: Document, session: Session) -> Extraction:
    """All steps for one document within an open session."""
    return await finish(open_document(document), session)


def warm_up(session: Session) -> None:
    """Reads a line in each language and lets go of it: patterns are compiled and tables read at their first use."""
    document = from_text(_LINES)
    for article in open_document(document).articles:
        answer = draft(document.text, article, session.weights)
        ground(document, article, answer, session.provenance(document))


async def finish(opened: Opened, session: Session) -> Extraction:
    """The steps from the first question on. Raises `Pending` if answers are to come from files and one is missing."""
    extraction = await _extract_shown(opened, session)
    if opened.composed is not None:
        spanned = ("units", "articles", "grounded", "policies")
        moved = {name: relocate(getattr(extraction, name), opened.document, opened.composed) for name in spanned}
        extraction = dataclasses.replace(extraction, document=opened.document, **moved)
    if extraction.document.ocr:
        marked = tuple(mark_read_pictures(extraction.document, policy) for policy in extraction.policies)
        extraction = dataclasses.replace(extraction, policies=marked)
    verify_spans(extraction.document, extraction.policies)
    return extraction


async def _extract_shown(opened: Opened, session: Session) -> Extraction:
    """The extraction with offsets of the composed text."""
    document = opened.shown
    asked = [a for a in opened.articles if a.asked]
    answers = await _ask_all(document, asked, session)
    grounded: list[Policy] = []
    refusals: list[Refusal] = []
    for told in answers:
        given = told.asked
        result = told.grounded or _ground(document, given.article, given.answer, session)
        result = _resting_on(result, session.provenance(document, given.request_ids))
        policies = _weighed(result.policies, document, given.article, session, told.opinion)
        grounded += (_flagged(p) for p in policies) if opened.hostile else policies
        refusals += (*given.unread, *result.refusals)
    kept, left_out = certain_enough(merge(document, opened.articles, grounded), session.settings.min_confidence)
    kept = set_aside(document, opened.articles, kept)
    return Extraction(
        document=document,
        units=opened.units,
        articles=opened.articles,
        answers=tuple(told.asked.answer for told in answers),
        grounded=tuple(grounded),
        policies=kept,
        refusals=tuple(refusals),
        left_out=left_out,
        overlooked=overlooked([t.silent for t in answers if t.silent is not None], scales_of(session.weights)),
    )


def _weighed(
    policies: list[Policy], document: Document, article: Article, session: Session, opinion: Opinion | None
) -> list[Policy]:
    """The records of an article with their confidence."""
    if not policies:
        return policies
    opinion = opinion or opinion_on(document.text, article, session.weights)
    whole = session.prompts is not None and not session.prompts.stepwise
    return weigh(policies, opinion, OF_MODELS if whole else scales_of(session.weights))


def _resting_on(grounded: Grounded, provenance: Provenance) -> Grounded:
    """The same, with what it rests on: an answer is grounded before it is known which of several is the best."""
    request = provenance.request_ids[-1] if provenance.request_ids else None
    return Grounded(
        [policy.model_copy(update={"provenance": provenance}) for policy in grounded.policies],
        [refusal.model_copy(update={"request_id": request}) for refusal in grounded.refusals],
    )


def _ground(document: Document, article: Article, answer: Answer, session: Session) -> Grounded:
    """The answer's records; what it has from the prompt's examples is no evidence, and refused by that name."""
    provenance, prompts = session.provenance(document, ()), session.prompts
    if prompts is None or prompts.stepwise or not session.settings.examples:
        return ground(document, article, answer, provenance)
    copies = find_copies(answer, document.text[article.start : article.end], prompts)
    result = ground(document, article, answer, provenance, copies)
    return Grounded(result.policies, [_named(refusal, prompts) for refusal in result.refusals])


def _named(refusal: Refusal, prompts: PromptSet) -> Refusal:
    """The refusal of a quote says so where the quote is an example's."""
    given = json.loads(refusal.given)
    quotes = [given.get(key) for key in ("quote", "from", "to")] if isinstance(given, dict) else []
    if not any(isinstance(q, str) and stands_in_example(q, prompts) for q in quotes):
        return refusal
    return refusal.model_copy(update={"reason": f"{refusal.reason} (it {FROM_EXAMPLE})"})


def _flagged(policy: Policy) -> Policy:
    """The policy as one of a document whose text may have told the model what to answer."""
    return policy.model_copy(update={"flags": (*policy.flags, Flag.INSTRUCTION_LIKE_TEXT)})


async def _ask_all(document: Document, asked: Sequence[Article], session: Session) -> list[_Told]:
    """The answers about all articles, asked at once where they do not wait for each other.

    What is pending comes before what failed, so that every article is asked before the document ends, and ends
    alike however often the run was stopped on the way.
    """
    if session.model is None or session.prompts is None:
        drafts = ((a, drafted(document.text, a, session.weights)) for a in asked)
        return [_Told(Asked(a, found.answer, ()), _opinion(found), silent=_silent(found)) for a, found in drafts]
    together = group(asked, session.prompts.together)
    given = await asyncio.gather(*(_ask(document, g, session) for g in together), return_exceptions=True)
    for problem in sorted((g for g in given if isinstance(g, BaseException)), key=lambda g: not isinstance(g, Pending)):
        raise problem
    return [one for g in given if not isinstance(g, BaseException) for one in g]


def likely_answers(opened: Opened, session: Session, requests: Mapping[str, Json]) -> dict[str, int]:
    """Tokens that the answers to a document's `requests` will have, about, by request id.

    A model writes about as much of an article as the rules do, in the same form (on the recorded answers 7 % less and
    12 % more); in rows a third of it; asked again it repeats what it wrote. A single decision is one token.
    """
    document, prompts = opened.shown, session.prompts
    if prompts is None or prompts.stepwise:
        return dict.fromkeys(requests, 1)
    first: dict[str, int] = {}
    share = _SHARE_IN_ROWS if prompts.in_rows else 1.0
    for together in group([a for a in opened.articles if a.asked], prompts.together):
        _, user = first_messages(document.text, number_through(together), prompts, _hint(document, together, session))
        written = (as_written(draft(document.text, a, session.weights)) for a in together)
        first[user["content"]] = round(share * sum(count_tokens(w) for w in written))
    likely = {}
    for request_id, body in requests.items():
        said = [m["content"] for m in body["messages"]]
        likely[request_id] = first.get(said[1], 0) if len(said) == 2 else count_tokens(said[-2])
    return likely


def _hint(document: Document, articles: Sequence[Article], session: Session) -> str:
    """The draft of articles that are asked about together, where it is to be shown."""
    if not session.settings.hint:
        return ""
    return "\n".join(as_written(draft(document.text, a, session.weights)) for a in number_through(articles))


async def _ask(document: Document, articles: Sequence[Article], session: Session) -> list[_Told]:
    """The answers about articles that go together: by single decisions on the draft, or by one question."""
    text, settings = document.text, session.settings
    assert session.model is not None and session.prompts is not None
    if session.prompts.stepwise:
        told = []
        for article in articles:
            found = drafted(text, article, session.weights)
            asked = await ask_single(text, article, session.prompts, session.model, found.answer, _doubts(found))
            told.append(_Told(asked, _opinion(found), silent=_silent(found)))
        return told
    seen: dict[int, tuple[Answer, Grounded]] = {}  # by identity: the answer beside it keeps that from being used anew

    def check(article: Article, answer: Answer) -> Sequence[Refusal]:
        found = _ground(document, article, answer, session)
        seen[id(answer)] = (answer, found)
        return found.refusals

    form = Form(text, printed=lambda article: Printed(text, article), check=check)
    answers = await ask_whole(
        articles,
        session.prompts,
        session.model,
        form,
        _hint(document, articles, session),
        examples=settings.examples,
        patient=settings.endpoint != "files",
    )
    return [_Told(one, grounded=seen[id(one.answer)][1]) for one in answers]


def _opinion(found: Drafted) -> Opinion | None:
    """What the weights say of the article, from the look at it that drafted it."""
    return opinion_of(found.judged) if found.judged is not None else None


def _silent(found: Drafted) -> float | None:
    """How likely the article is to report a policy, where the draft took none."""
    return found.reports if not found.answer.policies else None


def _doubts(found: Drafted) -> list[Doubt]:
    """What the weights hold for less likely than not: that a measure is one, that its instrument is this one."""
    numbered = list(enumerate(found.odds))
    acts = [Doubt(v, p, m, "act") for p, odds in numbered for m, v in enumerate(odds.measures) if v < 0]
    return acts + [
        Doubt(v, p, m, "instrument") for p, odds in numbered for m, v in enumerate(odds.instruments) if v < 0
    ]
