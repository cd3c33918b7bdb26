"""What the site that documents came from knew of them, by document: a list beside them (`--manifest`).

A CSV file with a head, or JSON lines; only `file` must be there: file, date, publisher, url, title.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.normalise.dates import find_dates
from pipeline.read.text import from_bytes
from schemas.document import Portal
from schemas.errors import InputError, UsageError

_FIELDS = {
    "file": ("file", "파일", "파일명", "文件"),
    "date": ("date", "날짜", "등록일", "게시일", "发布日期"),
    "publisher": ("publisher", "기관", "발행기관", "发布机构"),
    "url": ("url", "주소", "链接"),
    "title": ("title", "제목", "标题"),
}
"""The fields and how lists name them; other columns are not looked at."""
_MOST_TOLD = 10
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")


class Portals:
    """What is known, by the names that documents have in the results."""

    def __init__(self, known: Mapping[str, Portal]) -> None:
        self._known = dict(known)
        self._used: set[str] = set()

    def of(self, document: str) -> Portal | None:
        """What is known of a document; None where the list does not name it."""
        key = _key(document)
        found = self._known.get(key)
        self._used.add(key)
        return found

    @property
    def unused(self) -> list[str]:
        """What the list names and nobody has asked for: no such document."""
        return sorted(self._known.keys() - self._used)


def read_portals(path: Path) -> Portals:
    """The list at `path`. Raises `UsageError` that names the lines which cannot be used, before anything is begun."""
    try:
        text = from_bytes(path.read_bytes(), str(path)).text
    except OSError as problem:
        raise UsageError(f"{path}: cannot be read ({problem.strerror}); check the path") from problem
    except InputError as problem:
        raise UsageError(str(problem)) from problem
    known: dict[str, Portal] = {}
    bad: list[str] = []
    for line, row in _json_lines(text) if text.lstrip().startswith("{") else _csv_rows(path, text):
        try:
            key, portal = _entry(row)
            if key in known:
                raise ValueError(f"“{key}” stands in the list twice")
            known[key] = portal
        except ValueError as problem:
            bad.append(f"line {line}: {problem}")
    if bad:
        more = f"; and {len(bad) - _MOST_TOLD} more lines" if len(bad) > _MOST_TOLD else ""
        raise UsageError(f"{path}: {'; '.join(bad[:_MOST_TOLD])}{more}; mend or remove them")
    return Portals(known)


def _csv_rows(path: Path, text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    if not any(name.strip().lower() in _FIELDS["file"] for name in rows.fieldnames or ()):
        raise UsageError(f"{path}: its first line names no column `file`; begin it with file,date,publisher,url,title")
    try:
        for row in rows:
            yield rows.line_num, row
    except csv.Error as problem:
        raise UsageError(f"{path}: line {rows.line_num}: {problem}; save it as CSV again") from problem


def _json_lines(text: str) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError):
                yield number, None


def _entry(row: Any) -> tuple[str, Portal]:
    """A row's document and what it says of it. Raises `ValueError` with the reason why it cannot be used."""
    if not isinstance(row, Mapping):
        raise ValueError("is no JSON object")
    named = {str(name).strip().lower(): value for name, value in row.items() if name is not None}
    said: dict[str, str] = {}
    for field, names in _FIELDS.items():
        value = next((named[name] for name in names if named.get(name) not in (None, "")), "")
        if not isinstance(value, str | int):
            raise ValueError(f"its {field} is no text")
        said[field] = str(value).strip()
    if not said["file"]:
        raise ValueError("names no file")
    date = _date(said["date"]) if said["date"] else None
    words = {name: said[name] or None for name in ("publisher", "url", "title")}
    return _key(said["file"]), Portal(date=date, **words)


def _date(words: str) -> dt.date:
    """A day as lists print it: `2025-03-04`, `2025. 3. 4.`, `20250304`, a time behind it."""
    found = find_dates(_COMPACT.sub(r"\1-\2-\3", words) if words.isdecimal() else words)
    day = found[0].date() if found and found[0].start == 0 else None
    if day is None:
        raise ValueError(f"“{words[:40]}” is no date; write it as 2025-03-04")
    return day


def _key(name: str) -> str:
    """A document's name, however it is composed and whatever separates its folders."""
    return unicodedata.normalize("NFC", name).replace("\\", "/").removeprefix("./")
