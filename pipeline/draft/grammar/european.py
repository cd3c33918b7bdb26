"""Acts of the European Union, as its journal prints them: the title tells kind, who adopts, the day and what it is about."""

from __future__ import annotations

import re

from pipeline.draft.grammar.view import Lead, Placed, View
from pipeline.normalise import find_organisations
from schemas.document import ArticleUnit
from schemas.vocabulary import DocumentType

_ADOPTED = 6
"""So many units may stand before the title, and so many behind it say who adopts."""
_ARTICLES = 12
"""Within so many its first article begins, or it says that it has been adopted."""
_KIND = r"(?P<kind>Regulation|Directive|Decision|Recommendation)"
_NUMBER = r"(?:\((?:EU|EC|EEC|CFSP|Euratom)(?:,\s(?:EU|Euratom))?\)\s)?(?:No\s)?\d{1,4}/\d{1,4}(?:/(?:EU|EC|EEC|CFSP|Euratom))?"
_OLDER = re.compile(
    r"(?:\d{2,4}/\d{1,4}/[A-Z]{2,7}:\s)?(?:(?:First|Second|Third|Fourth|Fifth|Sixth)\s)?", re.IGNORECASE
)
"""What older acts have before their kind; their number stands behind the title, in brackets."""
_TITLE = re.compile(
    rf"(?P<title>(?:(?:Amended )?Proposal for a\s)?(?:(?:Commission|Council)\s)?(?:(?:Delegated|Implementing)\s)?){_KIND}\s",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    rf"(?:{_NUMBER}\b|No\s\d{{1,4}}\sof\sthe\b|of\s\d{{1,2}}\s[A-Z][a-z]+\s\d{{4}}\b)", re.IGNORECASE
)
_REST = re.compile(r"[^.;]{0,400}")
_TITLE_ENDS = re.compile(r"\s*\n\s*(?:\(|THE\s[A-Z]{2,}|The\s(?:Council|Commission)\sof\b|Article\s1\b)")
_DAY = re.compile(r"\bof\s(?P<day>\d{1,2}\s[A-Z][a-z]+\s\d{4})\b")
_ENACTS = re.compile(r"\bHA(?:S|VE)\sADOPTED\sTHIS\b|^Article\s1\b", re.MULTILINE)
_ADOPTS = re.compile(r"^\s*The\s(?P<who>[^\n,]{6,120}),?\s*$", re.MULTILINE | re.IGNORECASE)
_BY_TITLE = re.compile(
    r"(?:^|\bof\sthe\s)(?P<who>European\sParliament|Council|Commission)(?=\s(?:and\sof|of\s\d|\(?[^\s]*\d|Regul|Direct|Decis|Recom|Deleg|Implem|concern|on\s|lay|amend|exempt|apply)|\n)",
    re.IGNORECASE | re.MULTILINE,
)
"""Who adopts, by the title alone: `DIRECTIVE … OF THE EUROPEAN PARLIAMENT AND OF THE COUNCIL`, `COMMISSION REGULATION`."""


def european_act(view: View) -> Lead | None:
    """The act that the article is: its first units open with an act's name and say that it has been adopted."""
    for at, u in enumerate(view.units[:_ADOPTED]):
        words = view.words(u)
        older = _OLDER.match(words)
        act = _TITLE.match(words, older.end() if older is not None else 0)
        numbered = _NUMBERED.match(words, act.end()) if act is not None else None
        rest = _REST.match(words, numbered.end()) if numbered is not None else None
        if act is None or rest is None:
            continue
        following = view.units[at : at + 1 + _ADOPTED]
        if not any(_ENACTS.search(view.words(v)) for v in view.units[at : at + 1 + _ARTICLES]):
            return None
        kind = (
            DocumentType.OPINION_GUIDELINE if act["kind"].lower() == "recommendation" else DocumentType.LAW_REGULATION
        )
        ends = _TITLE_ENDS.search(words, *rest.span())
        stop = ends.start() if ends is not None else len(words[: rest.end()].rstrip())
        lead = Lead(u, title=(u, act.start("title"), stop), document_type=kind, score=4.0)
        lead.day = next((place for v in following[:3] if (place := _day(view, v)) is not None), None)
        lead.issuers = next((who for v in following if (who := _adopting(view, v))), []) or [
            (u, *m.span("who")) for m in _BY_TITLE.finditer(words, act.start("title"), stop)
        ]
        return lead
    return None


def _day(view: View, u: ArticleUnit) -> Placed | None:
    found = _DAY.search(view.words(u))
    return None if found is None else (u, *found.span("day"))


def _adopting(view: View, u: ArticleUnit) -> list[Placed]:
    """Who adopts it: `THE EUROPEAN PARLIAMENT AND THE COUNCIL OF THE EUROPEAN UNION,` on a line of its own."""
    for line in _ADOPTS.finditer(view.words(u)):
        who = find_organisations(line["who"])
        named = [(u, line.start("who") + m.start, line.start("who") + m.end) for m in who if m.level and not m.is_place]
        if named:
            return named
    return []
