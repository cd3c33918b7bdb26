"""Files that are a zip of XML: parts within limits, parsed without entities, DTDs or connections."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Any

from lxml import etree

from pipeline.readers.lines import Unreadable

MOST_UNPACKED = 60_000_000
"""Bytes that one part of a file may unpack to."""


class Package:
    """A zip of parts. Raises `Unreadable` where it is none."""

    def __init__(self, raw: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as problem:  # the last: packed in a way unknown
            begun = raw.startswith(b"PK\x03\x04") and not zipfile.is_zipfile(io.BytesIO(raw))
            why = "its end is missing" if begun else f"{problem}, whatever its name says"
            raise Unreadable(f"is damaged ({why}); fetch it again, or open it and save it again") from problem
        self.names = self._zip.namelist()

    def part(self, name: str) -> bytes | None:
        """A part's bytes, None if there is no such part; the size that the zip's directory tells is not believed."""
        try:
            with self._zip.open(name) as file:
                raw = file.read(MOST_UNPACKED + 1)
        except KeyError:
            return None
        except NotImplementedError as problem:
            raise Unreadable(f"is packed in an unknown way ({problem}); open it and save it again") from problem
        except RuntimeError as problem:
            raise Unreadable("is protected by a password; open it with its password and save it without") from problem
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as problem:
            raise Unreadable(f"is damaged ({problem}); open it and save it again") from problem
        if len(raw) > MOST_UNPACKED:
            raise Unreadable(f"its part {name} unpacks to more than {MOST_UNPACKED / 1e6:.0f} MB; split the document")
        return raw


def parse(raw: bytes | None) -> Any:
    """The root of an XML part; None for no part. Raises `Unreadable`."""
    if raw is None:
        return None
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        return etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as problem:
        raise Unreadable(f"is damaged ({problem}); open it and save it again") from problem


def local(element: Any) -> str:
    """An element's name without its namespace; empty for comments."""
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def whole(value: str | None, otherwise: int = 0) -> int:
    """An attribute as a whole number."""
    try:
        return int(value) if value is not None else otherwise
    except ValueError:
        return otherwise
