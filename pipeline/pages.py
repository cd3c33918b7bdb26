"""Pages of the documents behind the records: where words stand on them, and as pictures, while their files are at hand.

The review page shows them, exports cite them. Records hold no places: those follow from the file and a span.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pipeline.read import Places, find_sources, picture_of, places_of
from pipeline.results import Results
from schemas.document import PageBox
from schemas.errors import InputError

_NO_FILES = (
    "its page can be shown while its file is at hand: `pams review … --sources FOLDER` names the documents' folder"
)
_NOT_AMONG = "is not among the files of --sources"


class Pages:
    """The files that results were made of, where the user named their folder."""

    def __init__(self, sources: Sequence[Path] = ()) -> None:
        """Raises `UsageError` for a path that does not exist, or holds no document."""
        self._sources = {source.name: source for source in (find_sources(sources) if sources else ())}
        self._places: tuple[str, Places] | None = None
        """Of the document at hand, by the sha256 of its file."""
        self._without: dict[str, str] = {}
        """Documents whose words were looked for on their pages in vain, and why."""

    def words(self, results: Results, name: str, start: int, end: int) -> dict[str, Any]:
        """The boxes of a document's words from `start` to `end`, and the sizes of the pages that these stand on.

        Raises `InputError` where the file is not at hand, or is another one.
        """
        places = self._places_on(results, name)
        boxes = places.boxes(start, end)
        sizes = {page: list(places.sizes[page - 1]) for page in sorted({box.page for box in boxes})}
        return {"boxes": [box.model_dump() for box in boxes], "sizes": sizes}

    def picture(self, results: Results, name: str, page: int) -> bytes:
        """A page as a PNG picture. Raises `InputError` as `words` does."""
        return picture_of(self._file(results, name)[0], name, page)

    def boxes(self, results: Results, name: str, start: int, end: int) -> tuple[PageBox, ...] | None:
        """The boxes of words of a PDF; None for other formats, and where `words` raises, which `missing` then tells."""
        row = results.rows.get(name)
        if row is None or row.format != "pdf" or not self._sources or name in self._without:
            return None
        try:
            return self._places_on(results, name).boxes(start, end)
        except InputError as problem:
            self._without[name] = str(problem) if name in self._sources else f"{name}: {_NOT_AMONG}"
            return None

    def missing(self) -> Iterable[str]:
        """Why the words of some documents have no boxes; one sentence each."""
        return (f"no boxes: {why}" for why in self._without.values())

    def _places_on(self, results: Results, name: str) -> Places:
        raw, sha256 = self._file(results, name)
        if self._places is None or self._places[0] != sha256:
            self._places = (sha256, places_of(raw, results.source(name)))
        return self._places[1]

    def _file(self, results: Results, name: str) -> tuple[bytes, str]:
        row, source = results.rows.get(name), self._sources.get(name)
        if row is None or source is None:
            raise InputError(f"{name}: {_NO_FILES}")
        raw = source.content()
        sha256 = hashlib.sha256(raw).hexdigest()
        if sha256 != row.sha256:
            raise InputError(f"{name}: the file is not the one that the records were made of; run `pams extract` again")
        return raw, sha256
