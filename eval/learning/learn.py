"""From files of rows to a file of weights."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eval.labelled.labels import DocumentLabels
from eval.labelled.load import load_gold
from eval.learning.calibrate import scales
from eval.learning.looked_at import Places, only
from eval.learning.marks import examples_of
from eval.learning.move import move
from eval.learning.rows import Labelled, Row, read_rows
from eval.learning.told import Told, as_dict, cross_validated
from eval.learning.train import Crossed, Crosses, check_rows, cross_validate, fit_all, judged_by
from pipeline.draft import fits
from pipeline.draft.seen.traits import language_of
from pipeline.learn.weights import SHIPPED, Vectors, Weights, read_weights, to_bytes
from pipeline.opened import open_document
from pipeline.read import read
from schemas.document import Document
from schemas.errors import UsageError

ROWS = Path(__file__).resolve().parents[1] / "rows"
"""Rows that the package brings along."""
_OF_FILE = ("format", "judges", "trees", "dense", "cross_validated by meaning")
"""What the head of weights says of the file itself, or of no user's documents."""
_LANGUAGES = ("other", "ko", "zh", "en")


@dataclass(frozen=True)
class Learned:
    """A file of weights, and what cross-validation says of it."""

    data: bytes
    told: tuple[Told, ...]
    head: dict[str, Any]
    meant: tuple[Told, ...] = ()
    """The same with vectors of sentences, where rows have them."""
    before: tuple[Told, ...] = ()
    """What the weights of pams say of the user's own documents; empty without any."""
    known: int = 0
    """Own documents that the rows knew already."""
    strengths: Mapping[str, float] = field(default_factory=dict)
    """How far each part was moved towards the user's documents; empty where all was learned anew."""


def shipped_rows() -> list[Path]:
    """The files of rows in the package."""
    return sorted(ROWS.glob("*.rows"))


def all_rows(files: Sequence[Path]) -> list[Row]:
    """The rows of files. Raises `UsageError`."""
    if not files:
        raise UsageError(f"no rows to learn from in {ROWS}: name a file with --rows")
    return [row for path in files for row in read_rows(path)]


def rows_from_gold(gold: Path, docs: Path, source: str, vectors: Vectors | None = None) -> Iterator[Row]:
    """Rows of documents with gold files; each document is a group of its own. Raises `UsageError`, `GoldInvalid`."""
    for labels in load_gold(gold, docs):
        about = Labelled("", source, f"{source}: {labels.document}", "", "", labels.document)
        yield from rows_from(labels, read(docs / labels.document), about, vectors=vectors)


def rows_from(
    labels: DocumentLabels,
    document: Document,
    about: Labelled,
    looked_at: Places | None = None,
    vectors: Vectors | None = None,
) -> Iterator[Row]:
    """The rows of one labelled document; hash and language are filled in.

    `looked_at`: the places that were labelled; null: all of it. Raises `UsageError` for decomposed Hangul.
    """
    opened = open_document(document)
    if opened.composed is not None:
        raise UsageError(f"{document.name} is in decomposed Hangul; save it composed (NFC) to learn from it")
    language = about.language or _LANGUAGES[language_of(document.text)]
    known = dataclasses.replace(about, sha256=document.sha256, language=language)
    articles = [a for a in opened.articles if a.asked and a.units]
    for article, example in zip(articles, examples_of(labels, articles, vectors), strict=True):
        yield Row(known, example if looked_at is None else only(example, document.text, article, looked_at))


def learn(
    rows: Sequence[Row], about: Mapping[str, Any], without: Sequence[str] = (), own: Sequence[Row] = ()
) -> Learned:
    """All weights anew, from the rows, less those of some sources, and from the user's own rows.

    `about`: what else the head is to say, such as the command. Where both know a document, the own labels hold.
    Raises `UsageError` where the rows cannot teach.
    """
    mine = {r.document.sha256 for r in own}
    known = {r.document.sha256 for r in rows} & mine
    every = [*(r for r in rows if r.document.sha256 not in mine), *own]
    sources = sorted({r.document.source for r in every})
    unknown = sorted(set(without) - set(sources))
    if unknown:
        raise UsageError(f"--without {unknown[0]}: the rows are of {', '.join(sources)}")
    used = [r for r in every if r.document.source not in without]
    check_rows(used)
    crossed = cross_validate(used)
    told, meant = (tuple(cross_validated(used, way)) for way in crossed)
    judges = fit_all(used)
    before = _before(read_weights(SHIPPED), own) if own else ()
    documents = list(dict.fromkeys(r.document for r in used))
    head = {
        **about,
        "learned_from": dict(sorted(Counter(d.source for d in documents).items())),
        "documents": _short(documents),
        "left_out": _short([r.document for r in rows if r.document.source in without]),
        "cross_validated": [as_dict(line) for line in told],
        "confidence": scales(used, crossed.plain),
    }
    if judges.dense:
        head["cross_validated by meaning"] = [as_dict(line) for line in meant]
        head["confidence by meaning"] = scales(used, crossed.meant)
    if before:
        head["before"] = [as_dict(line) for line in before]
    return Learned(to_bytes(judges, head), told, head, meant if judges.dense else (), before, len(known))


def learn_from_own(base: Weights, own: Sequence[Row], about: Mapping[str, Any]) -> Learned:
    """The weights of pams, moved towards the user's own rows. Raises `UsageError` where there are none."""
    if not own:
        raise UsageError("no labels to learn from: your documents have no article that is asked about")
    moved = move(base.judges, own)
    told = () if moved.crossed is None else tuple(cross_validated(own, _as_used(moved.crossed, base)))
    before = _before(base, own)
    documents = list(dict.fromkeys(r.document for r in own))
    known = set(_short(documents)) & set(base.head["documents"])
    head = {
        **{k: v for k, v in base.head.items() if k not in _OF_FILE},
        **about,
        "moved_from": base.name,
        "moved": moved.strengths,
        "learned_from": {**base.head["learned_from"], **Counter(d.source for d in documents)},
        "documents": sorted({*base.head["documents"], *_short(documents)}),
        "cross_validated": [as_dict(line) for line in told],
        "before": [as_dict(line) for line in before],
    }
    data = to_bytes(moved.judges, head, rounded=False)
    return Learned(data, told, head, (), before, len(known), moved.strengths)


def _as_used(crosses: Crosses, weights: Weights) -> Crossed:
    """With vectors where the weights know any; rows without are judged without."""
    return crosses.meant if weights.judges.dense else crosses.plain


def _before(shipped: Weights, own: Sequence[Row]) -> tuple[Told, ...]:
    """The user's own documents as the weights of pams judge them, those that they were learned from left out."""
    new = [r for r in own if r.document.sha256[:16] not in shipped.head["documents"]]
    if not new or not fits(shipped):
        return ()
    return tuple(cross_validated(new, _as_used(judged_by(shipped.judges, new), shipped)))


def _short(documents: Sequence[Labelled]) -> list[str]:
    return sorted({d.sha256[:16] for d in documents})
