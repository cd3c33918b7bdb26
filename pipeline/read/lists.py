"""Lists of documents (`--inputs`): a file that names them line by line, or rows that hold them.

They are gone through one at a time, so that a list may be longer than the memory.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from pipeline.read.remote import files_at, is_address, name_at
from pipeline.read.rows import each_row, holds_rows
from pipeline.read.sources import Source, is_document, printable, sources_below
from schemas.errors import InputError, UsageError


def listed(path: Path) -> Iterator[Source]:
    """The documents of a list. Raises `UsageError` if the list itself cannot be read; a document that is not there
    fails alone.

    Paths in a list of paths are relative to the list's folder, and documents are called as they are named there.
    """
    empty = True
    for source in _rows_of(path) if holds_rows(path) else _named_in(path):
        empty = False
        yield source
    if empty:
        raise UsageError(f"{path}: no document in this list; give one a line")


def _rows_of(path: Path) -> Iterator[Source]:
    for row in each_row(path):
        yield Source(path, printable(row.id), row=row, problem=row.problem)


def _named_in(path: Path) -> Iterator[Source]:
    try:
        with path.open("rb") as file:
            for line in file:
                words = os.fsdecode(line.removeprefix(b"\xef\xbb\xbf").rstrip(b"\r\n"))
                if words.strip():
                    yield from _at_address(words.strip()) if is_address(words.strip()) else _at_path(path.parent, words)
    except OSError as problem:
        raise UsageError(f"{path}: cannot be read ({problem.strerror}); check the path") from problem


def _at_address(address: str) -> Iterator[Source]:
    """What is at an address: a file, or the documents below a folder that is named with `/` at its end."""
    if not address.endswith("/"):
        yield Source(Path(name_at(address)), printable(name_at(address)), address=address)
        return
    try:
        for found in files_at(address):
            if is_document(PurePosixPath(found)):
                yield Source(Path(name_at(found)), printable(name_at(found)), address=found)
    except InputError as problem:
        yield Source(Path(name_at(address)), printable(name_at(address)), problem=str(problem))


def _at_path(folder: Path, words: str) -> Iterator[Source]:
    """What is at a path: a file, or the documents in a folder or zip."""
    path = folder / words
    parts = [part for part in PurePosixPath(words.replace(os.sep, "/")).parts if part not in (".", "..", "/")]
    name = printable("/".join(parts))
    try:
        for source in sources_below(path, prefix=f"{name}/"):
            yield replace(source, name=name) if source.path == path and source.member is None else source
    except UsageError as problem:
        yield Source(path, name, problem=str(problem).partition(": ")[2])
