"""From files of rows to a file of weights."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.labelled.labels import DocumentLabels
from eval.labelled.load import load_gold
from eval.learning.marks import examples_of
from eval.learning.rows import Labelled, Row, read_rows
from eval.learning.told import Told, as_dict, cross_validated
from eval.learning.train import check_rows, cross_validate, fit_all
from pipeline.draft.traits import language_of
from pipeline.learn.weights import to_bytes
from pipeline.read import read
from pipeline.steps import open_document
from schemas.document import Document
from schemas.errors import UsageError

ROWS = Path(__file__).resolve().parents[1] / "rows"
"""Rows that the package brings along."""
_LANGUAGES = ("other", "ko", "zh", "en")


@dataclass(frozen=True)
class Learned:
    """A file of weights, and what cross-validation says of it."""

    data: bytes
    told: tuple[Told, ...]
    head: dict[str, Any]


def shipped_rows() -> list[Path]:
    """The files of rows in the package."""
    return sorted(ROWS.glob("*.rows"))


def all_rows(files: Sequence[Path]) -> list[Row]:
    """The rows of files. Raises `UsageError`."""
    if not files:
        raise UsageError(f"no rows to learn from in {ROWS}: name a file with --rows")
    return [row for path in files for row in read_rows(path)]


def rows_from_gold(gold: Path, docs: Path, source: str) -> Iterator[Row]:
    """Rows of documents with gold files; each document is a group of its own. Raises `UsageError`, `GoldInvalid`."""
    for labels in load_gold(gold, docs):
        about = Labelled("", source, f"{source}: {labels.document}", "", "", labels.document)
        yield from rows_from(labels, read(docs / labels.document), about)


def rows_from(labels: DocumentLabels, document: Document, about: Labelled) -> Iterator[Row]:
    """The rows of one labelled document; hash and language are filled in."""
    opened = open_document(document)
    if opened.composed is not None:
        raise UsageError(f"{document.name} is in decomposed Hangul; save it composed (NFC) to learn from it")
    language = about.language or _LANGUAGES[language_of(document.text)]
    known = dataclasses.replace(about, sha256=document.sha256, language=language)
    yield from (Row(known, example) for example in examples_of(labels, opened.articles))


def learn(rows: Sequence[Row], about: Mapping[str, Any], without: Sequence[str] = ()) -> Learned:
    """Weights from the rows, less those of some sources. `about`: what else the head is to say, such as the command.

    Raises `UsageError` where the rows cannot teach.
    """
    sources = sorted({r.document.source for r in rows})
    unknown = sorted(set(without) - set(sources))
    if unknown:
        raise UsageError(f"--without {unknown[0]}: the rows are of {', '.join(sources)}")
    used = [r for r in rows if r.document.source not in without]
    check_rows(used)
    told = tuple(cross_validated(used, cross_validate(used)))
    documents = list(dict.fromkeys(r.document for r in used))
    head = {
        **about,
        "learned_from": dict(sorted(Counter(d.source for d in documents).items())),
        "documents": _short(documents),
        "left_out": _short([r.document for r in rows if r.document.source in without]),
        "cross_validated": [as_dict(line) for line in told],
    }
    return Learned(to_bytes(fit_all(used), head), told, head)


def _short(documents: Sequence[Labelled]) -> list[str]:
    return sorted({d.sha256[:16] for d in documents})
