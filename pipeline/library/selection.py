"""What the page shows, as results that the exporters take."""

from __future__ import annotations

import dataclasses
import io
import itertools
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from pipeline.export import export
from pipeline.library.index import Index
from pipeline.library.wish import Wish
from pipeline.results import Results
from schemas.errors import UsageError
from schemas.records import DocumentRow

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "application/zip",
}
"""What can be downloaded, and what kind of file it is: the tables of CSV are one zip."""


class Selection:
    """The policies wished for, document by document. Texts are named by no address: a download lies elsewhere."""

    def __init__(self, index: Index, wish: Wish) -> None:
        self.folder = index.folders[0].path if index.folders else Path()
        self._index, self._wish = index, wish

    def documents(self) -> Iterator[DocumentRow]:
        """None: there is no text beside a download."""
        yield from ()

    def parts(self) -> Iterator[Results]:
        """Each document with the policies that are shown. With several folders its name begins with the folder's."""
        where, given = self._wish.where()
        with self._index.database() as database:
            query = f"SELECT folder, document, id FROM policies p WHERE {where} ORDER BY 1, 2"  # noqa: S608
            rows = [tuple(row) for row in database.execute(query, given)]
        for (folder, document), chosen in itertools.groupby(rows, key=lambda row: row[:2]):
            ids = {row[2] for row in chosen}
            part = self._index.part(folder, document)
            kept = tuple(p for p in part.policies if p.id in ids)
            part.corrected = dataclasses.replace(part.corrected, policies=kept)
            yield part if len(self._index.folders) == 1 else _renamed(part, self._index.folders[folder].label)


def _renamed(part: Results, label: str) -> Results:
    """The same under names that two folders cannot share."""
    rows = [row.model_copy(update={"document": f"{label}/{row.document}"}) for row in part.rows.values()]
    part.rows = {row.document: row for row in rows}
    named = (p.model_copy(update={"document": f"{label}/{p.document}"}) for p in part.corrected.policies)
    part.corrected = dataclasses.replace(part.corrected, policies=tuple(named))
    return part


def download(selection: Selection, format: str, language: str) -> tuple[bytes, str, str]:
    """The file of what is shown, its kind and name. Raises `UsageError`, `InputError`."""
    if format not in FORMATS:
        raise UsageError(f"there is no download as {format!r}; choose one of {', '.join(FORMATS)}")
    with tempfile.TemporaryDirectory(prefix="pams-download-") as room:
        made = export(selection, Path(room), format, language)
        if len(made) == 1:
            return made[0].read_bytes(), FORMATS[format], f"pams.{format}"
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in made:
                archive.write(file, file.name)
    return packed.getvalue(), FORMATS[format], f"pams-{format}.zip"
