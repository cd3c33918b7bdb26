"""Rows: labelled articles as the learner sees them, in a file without any text.

A zip of arrays as numpy writes it, read without pickle, with a head in JSON: for each document its hash, its group,
source, language and genre. N-grams are folded into buckets and sorted within each text, so their order is gone.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from eval.learning.choices import Choices, grouped
from eval.learning.marks import NO_MEANING, Example, Meaning
from pipeline.draft.seen import sheets as looks
from pipeline.draft.seen.bodies import TRAITS as BODIES
from pipeline.draft.seen.due import DUE
from pipeline.draft.seen.indicators import TRAITS as PHRASES
from pipeline.draft.seen.issuing import TRAITS as ISSUERS
from pipeline.draft.seen.naming import TRAITS as TITLES
from pipeline.draft.seen.numbers import OWN
from pipeline.draft.seen.objectives import TRAITS as OBJECTIVES
from pipeline.draft.seen.sheets import Sheets
from pipeline.draft.seen.traits import LIKE, TRAITS
from pipeline.learn import grams as hashing
from pipeline.learn.grams import Grams
from pipeline.learn.sheet import Sheet, joined, slice_of
from pipeline.learn.weights import DAMAGED
from schemas.errors import UsageError

FORMAT = "pams rows 3"
_EARLIER = "5bc5d4813527d413"
"""The schema before: units had a trait more, articles too; none was tied to the head of its column, or told to be like
the headline; no phrases were kept that may name an issuer or an objective.

Such rows are read without those traits, as if no table had heads (of real documents, whose texts are not at hand, they
hold 147 cells in 1,504 articles), as if no unit were like the headline, and without such phrases.
"""
_TRAITS_GONE = {"units": 27, "article": 4}
_HEAD = "head"
_CHOICES = (
    ("issuers", looks.ISSUER_SIZES, looks.ISSUER_FIELDS),
    ("objectives", looks.OBJECTIVE_SIZES, looks.OBJECTIVE_FIELDS),
)
_LABELS = ("roles", "goals", "instruments", "due", "named", "of", "titled", "leads", "carries")


@dataclass(frozen=True)
class Labelled:
    """A document that rows were made of. `group`: documents that are alike, judged by weights that saw none of them."""

    sha256: str
    source: str
    """`real`, `written`, `layouts`, `contrast`, `seeds`, or what its maker calls it."""
    group: str
    language: str
    genre: str
    name: str = ""
    """Only where the document is part of the project, or the maker's own."""


@dataclass(frozen=True)
class Row:
    """One labelled article of a document."""

    document: Labelled
    example: Example


def schema() -> str:
    """Identity of what is looked at: rows of another schema cannot be learned from."""
    described = [
        TRAITS, OWN, looks.ROLES, looks.ARTICLE_SIZES, looks.NUMBER_SIZES, looks.MEASURE_SIZES, DUE, hashing.ORDERS,
        hashing.HEAD, hashing.TAIL, hashing.BUCKETS, looks.UNIT_FIELDS, looks.ARTICLE_FIELDS, looks.NUMBER_FIELDS,
        looks.MEASURE_FIELDS, PHRASES, looks.PHRASE_FIELDS, TITLES, looks.TITLE_FIELDS, BODIES, looks.BODY_FIELDS,
        ISSUERS, looks.ISSUER_FIELDS, OBJECTIVES, looks.OBJECTIVE_FIELDS,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(described).encode()).hexdigest()[:16]


def rows_bytes(rows: Sequence[Row], about: Mapping[str, Any]) -> bytes:
    """The file's bytes: equal rows give equal bytes. `about` goes into the head (licence, who labelled)."""
    documents = list(dict.fromkeys(r.document for r in rows))
    place = {d: i for i, d in enumerate(documents)}
    examples = [r.example for r in rows]
    head = {"format": FORMAT, "schema": schema(), **about, "documents": [asdict(d) for d in documents]}
    shown = json.dumps(head, ensure_ascii=False, sort_keys=True)
    arrays: dict[str, np.ndarray[Any, Any]] = {
        _HEAD: np.frombuffer(shown.encode(), dtype=np.uint8),
        "document": np.array([place[r.document] for r in rows], dtype=np.int32),
        "reports": np.array([e.reports for e in examples], dtype=np.int8),
        "at": np.concatenate([e.sheets.at for e in examples]),
        **{name: np.concatenate([getattr(e, name) for e in examples]) for name in _LABELS},
        **{f"{name}/marks": np.concatenate([getattr(e, name).marks for e in examples]) for name, *_ in _CHOICES},
        **{f"{name}/groups": np.concatenate([getattr(e, name).groups for e in examples]) for name, *_ in _CHOICES},
        "meaning/units": np.concatenate([e.meaning.units for e in examples]),
        "meaning/measures": np.concatenate([e.meaning.measures for e in examples]),
        "meaning/known": np.array([e.meaning.known for e in examples], dtype=np.bool_),
    }
    for name, sheets in _sheets(examples).items():
        arrays[f"{name}/counts"] = np.array([len(s) for s in sheets], dtype=np.int32)
        arrays.update(_pack(name, joined(sheets)))
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)  # type: ignore[arg-type]
    return out.getvalue()


def _sheets(examples: Sequence[Example]) -> dict[str, list[Sheet]]:
    return {
        "units": [e.sheets.units for e in examples],
        "article": [e.sheets.article for e in examples],
        "numbers": [e.sheets.numbers for e in examples],
        "measures": [e.measures for e in examples],
        "dates": [e.dates for e in examples],
        "phrases": [e.phrases for e in examples],
        "titles": [e.titles for e in examples],
        "bodies": [e.bodies for e in examples],
        **{name: [getattr(e, name).sheet for e in examples] for name, *_ in _CHOICES},
    }


def _pack(name: str, sheet: Sheet) -> dict[str, np.ndarray[Any, Any]]:
    arrays: dict[str, np.ndarray[Any, Any]] = {f"{name}/traits": sheet.traits}
    for kind, grams in sheet.grams.items():
        counts = np.diff(grams.starts)
        order = np.lexsort((grams.ids, np.repeat(np.arange(len(counts)), counts)))
        arrays[f"{name}/grams/{kind}"] = grams.ids[order]
        arrays[f"{name}/number/{kind}"] = counts.astype(np.uint16)
    arrays.update({f"{name}/links/{kind}": link for kind, link in sheet.links.items()})
    return arrays


def read_rows(path: Path) -> list[Row]:
    """The rows of a file. Raises `UsageError` where it is none, damaged, or of another schema."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read the rows {path}: {error.strerror}") from error
    try:
        arrays = dict(np.load(io.BytesIO(data), allow_pickle=False))
        head = json.loads(bytes(arrays[_HEAD]))
        if head["format"] != FORMAT or head["schema"] not in (schema(), _EARLIER):
            raise UsageError(f"{path} was made by another version of pams; make it anew with `pams learn --rows-out`")
        if head["schema"] == _EARLIER:
            _bring_up(arrays)
        return _rows(arrays, [Labelled(**d) for d in head["documents"]])
    except DAMAGED as error:
        raise UsageError(f"{path} is no file of rows, or damaged: {error}") from error


def _bring_up(arrays: dict[str, Any]) -> None:
    """Rows of the earlier schema become rows of this one."""
    for name, trait in _TRAITS_GONE.items():
        arrays[f"{name}/traits"] = np.delete(arrays[f"{name}/traits"], trait, axis=1)
    count, documents = len(arrays["units/traits"]), len(arrays["document"])
    arrays["units/traits"] = np.pad(arrays["units/traits"], ((0, 0), (0, len(LIKE))))
    arrays["units/links/column"] = np.full(count, -1, dtype=np.int32)
    for name, sizes, fields in _CHOICES:
        none = grouped([], [], sizes, fields)
        arrays.update(_pack(name, none.sheet))
        arrays[f"{name}/counts"] = np.zeros(documents, dtype=np.int32)
        arrays[f"{name}/marks"], arrays[f"{name}/groups"] = none.marks, none.groups


def about_rows(path: Path) -> dict[str, Any]:
    """A file of rows for the head of weights: its name and hash, and what its maker said of it."""
    data = path.read_bytes()
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        head = json.loads(bytes(arrays[_HEAD]))
    said = {k: v for k, v in head.items() if k not in ("format", "documents")}
    return {"file": path.name, "sha256": hashlib.sha256(data).hexdigest(), **said}


def _rows(arrays: Mapping[str, Any], documents: Sequence[Labelled]) -> list[Row]:
    names = ("units", "article", "numbers", "measures", "dates", "phrases", "titles", "bodies")
    units, article, numbers, measures, dates, phrases, titles, bodies = (_unpack(arrays, n) for n in names)
    roles = _cut(arrays["roles"], units)
    goals, at = _cut(arrays["goals"], numbers), _cut(arrays["at"], numbers)
    instruments = _cut(arrays["instruments"], measures)
    due = _cut(arrays["due"], dates)
    named, of = _cut(arrays["named"], phrases), _cut(arrays["of"], phrases)
    titled, leads = _cut(arrays["titled"], titles), _cut(arrays["leads"], titles)
    carries = _cut(arrays["carries"], bodies)
    issuers, objectives = (_choices(arrays, name) for name, *_ in _CHOICES)
    meaning = list(_meanings(arrays, units, measures))
    return [
        Row(
            documents[document],
            Example(
                Sheets(units[i], article[i], numbers[i], at[i]),
                roles[i], int(reports), goals[i], measures[i], instruments[i], dates[i], due[i], phrases[i],
                named[i], of[i], titles[i], titled[i], leads[i], bodies[i], carries[i], issuers[i],
                objectives[i], meaning[i],
            ),
        )
        for i, (document, reports) in enumerate(zip(arrays["document"], arrays["reports"], strict=True))
    ]  # fmt: skip


def _choices(arrays: Mapping[str, Any], name: str) -> list[Choices]:
    sheets = _unpack(arrays, name)
    marks, groups = (_cut(arrays[f"{name}/{part}"], sheets) for part in ("marks", "groups"))
    return [Choices(*each) for each in zip(sheets, marks, groups, strict=True)]


def _meanings(arrays: Mapping[str, Any], units: Sequence[Sheet], measures: Sequence[Sheet]) -> Iterator[Meaning]:
    known = arrays["meaning/known"].tolist()
    of_units = iter(_cut(arrays["meaning/units"], [s for s, k in zip(units, known, strict=True) if k]))
    of_measures = iter(_cut(arrays["meaning/measures"], [s for s, k in zip(measures, known, strict=True) if k]))
    for each in known:
        yield Meaning(next(of_units), next(of_measures)) if each else NO_MEANING


def _cut(array: Any, sheets: Sequence[Sheet]) -> list[Any]:
    """An array's rows as they belong to the sheets; raises `ValueError` where they do not add up."""
    ends = np.cumsum([len(s) for s in sheets])
    if len(array) != (ends[-1] if len(ends) else 0):
        raise ValueError("labels and rows differ in number")
    return np.split(array, ends[:-1])


def _unpack(arrays: Mapping[str, Any], name: str) -> list[Sheet]:
    kinds = [k.removeprefix(f"{name}/grams/") for k in arrays if k.startswith(f"{name}/grams/")]
    links = {k.removeprefix(f"{name}/links/"): v for k, v in arrays.items() if k.startswith(f"{name}/links/")}
    grams = {}
    for kind in kinds:
        starts = np.concatenate(([0], np.cumsum(arrays[f"{name}/number/{kind}"].astype(np.int64))))
        grams[kind] = Grams(arrays[f"{name}/grams/{kind}"], starts)
    whole = Sheet(arrays[f"{name}/traits"], grams, links)
    edges = np.cumsum([0, *arrays[f"{name}/counts"].tolist()])
    if edges[-1] != len(whole) or any(
        len(g.ids) != g.starts[-1] or len(g.starts) != len(whole) + 1 for g in grams.values()
    ):
        raise ValueError("rows and their n-grams differ in number")
    return [slice_of(whole, int(a), int(b)) for a, b in pairwise(edges)]
