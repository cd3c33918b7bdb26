"""Acts of the European Union, as its journal prints them: the title tells kind, who adopts, the day and what it is about."""

from __future__ import annotations

import re

from pipeline.draft.view import Lead, Placed, View
from pipeline.normalise import find_organisations
from schemas.document import ArticleUnit
from schemas.vocabulary import DocumentType

_ADOPTED = 6
"""So many units may stand before the title, and so many behind it say who adopts."""
_ARTICLES = 12
"""Within so many its first article begins, or it says that it has been adopted."""
_KIND = r"(?P<kind>Regulation|Directive|Decision|Recommendation)"
_NUMBER = r"(?:\((?:EU|EC|EEC|CFSP|Euratom)(?:,\s(?:EU|Euratom))?\)\s)?(?:No\s)?\d{1,4}/\d{1,4}(?:/(?:EU|EC|EEC|CFSP|Euratom))?"
_ACT = re.compile(
    rf"(?:(?:Amended )?Proposal for a\s)?(?:(?:Commission|Council)\s)?(?:(?:Delegated|Implementing)\s)?{_KIND}\s{_NUMBER}\b"
    r"(?P<rest>[^.;]{0,400})",
    re.IGNORECASE,
)
_DAY = re.compile(r"\bof\s(?P<day>\d{1,2}\s[A-Z][a-z]+\s\d{4})\b")
_ENACTS = re.compile(r"\bHA(?:S|VE)\sADOPTED\sTHIS\b|^Article\s1\b", re.MULTILINE)


def european_act(view: View) -> Lead | None:
    """The act that the article is: its first units open with an act's name and say that it has been adopted."""
    for at, u in enumerate(view.units[:_ADOPTED]):
        words = view.words(u)
        act = _ACT.match(words)
        if act is None:
            continue
        following = view.units[at : at + 1 + _ADOPTED]
        if not any(_ENACTS.search(view.words(v)) for v in view.units[at : at + 1 + _ARTICLES]):
            return None
        kind = (
            DocumentType.OPINION_GUIDELINE if act["kind"].lower() == "recommendation" else DocumentType.LAW_REGULATION
        )
        lead = Lead(u, title=(u, 0, len(words[: act.end()].rstrip())), document_type=kind, score=4.0)
        lead.day = next((place for v in following[:3] if (place := _day(view, v)) is not None), None)
        lead.issuers = next((who for v in following if (who := _adopting(view, v))), [])
        return lead
    return None


def _day(view: View, u: ArticleUnit) -> Placed | None:
    found = _DAY.search(view.words(u))
    return None if found is None else (u, *found.span("day"))


def _adopting(view: View, u: ArticleUnit) -> list[Placed]:
    """Who adopts it: `THE EUROPEAN PARLIAMENT AND THE COUNCIL OF THE EUROPEAN UNION,` on a line of its own."""
    first = view.words(u).split("\n", 1)[0]
    if not first.startswith("THE ") or not first.rstrip().endswith(","):
        return []
    return [(u, m.start, m.end) for m in find_organisations(first) if m.level is not None and not m.is_place]
