"""A lead: the unit that reports an act, with what its grammar says of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from schemas.document import ArticleUnit
from schemas.vocabulary import DocumentType


@dataclass
class Lead:
    """A unit that reports an act. Offsets are within the unit's words."""

    unit: ArticleUnit
    title: tuple[ArticleUnit, int, int] | None = None
    document_type: DocumentType = DocumentType.UNNAMED_ACTION
    subject: tuple[ArticleUnit, int, int] | None = None
    issuers: list[tuple[ArticleUnit, int, int]] = field(default_factory=list)
    day: tuple[ArticleUnit, int, int] | None = None
    """The day on which it is signed, where it is told apart from the announcement."""
    score: float = 0.0
