"""merge: the records of one document become one record a policy: summary pages, leads and repeats fall into place.

The body wins: title, values and all else come from the article that reports the policy; a summary page
only adds evidence (guideline 5). The same goal worded twice is one target, and a table beats prose on the
comparator (guideline 25).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

from schemas.document import Article, Document
from schemas.records import Measure, Policy, Span, Target
from schemas.vocabulary import Comparator, UnitKind

_WORD = re.compile(r"[가-힣A-Za-z\u4e00-\u9fff]{2,}|\d+")
_PARTICLE = re.compile(r"(?:으로|에서|까지|하고|하여|했다|하였다|은|는|이|가|을|를|의|에|와|과|로)$")
SAME_TITLE = 0.8
"""Share of a title's words that must stand in another title for the two to be one policy (within one document)."""
SAME_STATEMENT = 0.45
"""Share of an announcement's words that a summary line must repeat to be evidence for it."""
SAME_INDICATOR = 0.5


def merge(document: Document, articles: Sequence[Article], policies: Sequence[Policy]) -> tuple[Policy, ...]:
    """One record per policy of the document, sorted by offset."""
    merged: list[Policy] = []
    for policy in sorted(policies, key=lambda p: (-len(p.measures), p.announcement.start)):
        same = next((i for i, other in enumerate(merged) if _same_policy(policy, other)), None)
        if same is None:
            merged.append(policy)
        else:
            merged[same] = _join(merged[same], policy)
    with_summary = _add_summaries(document, articles, merged)
    tidy = [
        p.model_copy(update={"measures": _distinct_measures(p.measures), "targets": _distinct_targets(p.targets)})
        for p in with_summary
    ]
    return tuple(sorted(tidy, key=lambda p: (p.announcement.start, p.id)))


@lru_cache(maxsize=4096)
def words_of(text: str) -> frozenset[str]:
    """The content words of a text, without Korean particles."""
    return frozenset(_PARTICLE.sub("", w) or w for w in _WORD.findall(text))


def _share(of: frozenset[str], among: frozenset[str]) -> float:
    return len(of & among) / len(of) if of else 0.0


def _same_policy(one: Policy, other: Policy) -> bool:
    if one.title is None or other.title is None:
        return one.announcement == other.announcement and one.title is other.title
    if one.document_type is not other.document_type:
        return False
    a, b = words_of(one.title.text), words_of(other.title.text)
    return min(_share(a, b), _share(b, a)) >= SAME_TITLE


def join(body: Policy, repeat: Policy) -> Policy:
    """The body's record, with the repeat as evidence; nulls of the body are filled from the repeat.

    Measures and targets of both are kept, each once by its id.
    """
    fields = (
        "title_original",
        "announced_on",
        "objective",
        "government_level",
        "jurisdiction",
        "jurisdiction_basis",
        "status",
        "period_basis",
        "period_start",
        "period_end",
    )
    filled = {f: getattr(repeat, f) for f in fields if getattr(body, f) is None and getattr(repeat, f) is not None}
    return body.model_copy(
        update={
            **filled,
            "issuers": body.issuers or repeat.issuers,
            "measures": tuple({m.id: m for m in (*body.measures, *repeat.measures)}.values()),
            "targets": tuple({t.id: t for t in (*body.targets, *repeat.targets)}.values()),
            "budgets": tuple({b.id: b for b in (*body.budgets, *repeat.budgets)}.values()),
            "references": body.references or repeat.references,
            "evidence": _with_evidence(body, [repeat.announcement, *repeat.evidence]),
            "flags": tuple(dict.fromkeys((*body.flags, *repeat.flags))),
        }
    )


def _join(body: Policy, repeat: Policy) -> Policy:
    """The same without the measures that the body says already."""
    new = tuple(m for m in repeat.measures if not _covered(m, body.measures))
    return join(body, repeat.model_copy(update={"measures": new}))


def _covered(measure: Measure, among: Sequence[Measure]) -> bool:
    own = words_of(measure.text.text)
    return any(_share(own, words_of(m.text.text)) >= SAME_TITLE for m in among)


def _with_evidence(policy: Policy, spans: Sequence[Span]) -> tuple[Span, ...]:
    known = {(s.start, s.end): s for s in (*policy.evidence, *spans)}
    known.pop((policy.announcement.start, policy.announcement.end), None)
    return tuple(known[k] for k in sorted(known))


def _add_summaries(document: Document, articles: Sequence[Article], policies: list[Policy]) -> list[Policy]:
    """Each line of a summary page becomes evidence of the policy it repeats most of."""
    result = list(policies)
    for article in articles:
        if article.kind != "summary":
            continue
        for line in article.units:
            if line.unit.kind not in (UnitKind.BULLET, UnitKind.SENTENCE):
                continue
            span = Span(start=line.unit.start, end=line.unit.end, text=document.text[line.unit.start : line.unit.end])
            best = max(range(len(result)), key=lambda i: _repeats(result[i], span), default=None)
            if best is not None and _repeats(result[best], span) >= SAME_STATEMENT:
                result[best] = result[best].model_copy(update={"evidence": _with_evidence(result[best], [span])})
    return result


def _repeats(policy: Policy, line: Span) -> float:
    """How much of the policy's title (or announcement) a summary line says again."""
    stated = words_of(line.text)
    title = _share(words_of(policy.title.text), stated) * 0.9 if policy.title is not None else 0.0
    return max(title, _share(words_of(policy.announcement.text), stated))


def _distinct_measures(measures: Sequence[Measure]) -> tuple[Measure, ...]:
    unique = {m.id: m for m in sorted(measures, key=lambda m: (m.text.start, m.text.end, m.id))}
    return tuple(unique.values())


def _distinct_targets(targets: Sequence[Target]) -> tuple[Target, ...]:
    kept: list[Target] = []
    near: dict[object, list[int]] = defaultdict(list)
    """Places in `kept` by what two statements of one goal have in common."""
    groups: dict[object, set[object]] = defaultdict(set)
    for target in sorted(targets, key=lambda t: (t.text.start, t.raw.start, t.id)):
        value = (target.value, target.value_max, target.unit)
        unit = (value, target.text.start, target.text.end, target.measure_id)
        exact = (unit, target.indicator.start, target.indicator.end)
        keys = [target.raw.start, exact, *(u for u in groups[value] if u != unit)]
        found = sorted({i for key in keys for i in near.get(key, ())})
        same = next((i for i in found if _same_goal(target, kept[i])), None)
        if same is None:
            same = len(kept)
            kept.append(target)
        elif _rank(target) > _rank(kept[same]):
            kept[same] = target
        else:
            continue
        groups[value].add(unit)
        for key in (target.raw.start, unit, exact):
            near[key].append(same)
    return tuple(sorted(kept, key=lambda t: (t.text.start, t.raw.start, t.id)))


def _same_goal(one: Target, other: Target) -> bool:
    """Indicator, value and deadline agree; a deadline that is not stated agrees with any."""
    if one.raw == other.raw:
        return one.indicator == other.indicator
    if one.value is None or (one.value, one.value_max, one.unit) != (other.value, other.value_max, other.unit):
        return False
    if one.deadline != other.deadline and one.deadline is not None and other.deadline is not None:
        return False
    if one.text == other.text and one.raw.start != other.raw.start and one.measure_id == other.measure_id:
        return one.indicator == other.indicator
    a, b = words_of(one.indicator.text), words_of(other.indicator.text)
    squeezed = "".join(one.indicator.text.split()), "".join(other.indicator.text.split())
    contained = squeezed[0] in squeezed[1] or squeezed[1] in squeezed[0]
    return contained or max(_share(a, b), _share(b, a)) > SAME_INDICATOR


def _rank(target: Target) -> tuple[bool, bool, bool]:
    """Which of two statements stands: the table's, the one with a comparator, the one that belongs to a measure."""
    return (
        "\t" in target.text.text or "|" in target.text.text,
        target.comparator is not Comparator.EQ,
        target.measure_id is not None,
    )
