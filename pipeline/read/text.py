"""Bytes of a text file become a `Document`: text, offsets in code points, encoding, sha256 of the raw bytes."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterator

from pipeline.readers.charsets import east_asian
from pipeline.readers.front_matter import front_matter
from schemas.document import Document, Format
from schemas.errors import InputError

_SAMPLE = 20_000
"""Characters at the head of a text by which it is judged."""
_UNLIKELY = re.compile("[\x01-\x08\x0e-\x1f\ue000-\uefff\uf100-\uf8ff\ud800-\udfff]")
"""Control characters, private use but for symbol fonts, lone surrogates: one in fifty at most."""
_ZEROS = {"utf-8": 10, "utf-16-le": 100, "utf-16-be": 100}
"""Zero characters: one in so many at most. In UTF-8 more are let pass, since hardly anything else is valid UTF-8."""
_PADDING = b"\0" * 64
"""No text has so many; archives of texts have."""


def from_bytes(raw: bytes, name: str, kind: Format = "text") -> Document:
    """The document that these bytes hold. Raises `InputError`."""
    if not raw.strip():
        raise InputError(f"{name}: the file is empty")
    text, encoding = _decode(raw, name)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if not text.strip():
        raise InputError(f"{name}: the file holds nothing but white space")
    return Document(
        name=name,
        text=text,
        sha256=hashlib.sha256(raw).hexdigest(),
        encoding=encoding,
        format=kind,
        furniture=front_matter(text),
    )


def from_text(text: str, name: str = "text") -> Document:
    """A document made from a string; its sha256 is that of the UTF-8 bytes."""
    return from_bytes(text.encode("utf-8"), name)


def _decode(raw: bytes, name: str) -> tuple[str, str]:
    """Text and encoding. UTF-8 first: text in CP949 or GB 18030 is practically never valid UTF-8."""
    if raw.startswith(codecs.BOM_UTF8):
        return _strictly(raw, "utf-8-sig", name)
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(raw, "utf-16", name)
    zeros = b"\0" in raw  # Most of UTF-16 has some, and of other texts a few that their programs left there.
    for encoding in _candidates(raw, zeros=zeros):
        if (text := _plausible(raw, encoding)) is not None:
            return text, encoding
    if zeros:
        raise InputError(f"{name}: this is a binary file, not a text; save it as plain text (UTF-8) first")
    if _is_cut(raw):
        raise InputError(f"{name}: ends in the middle of a character: its end is missing; fetch it again")
    raise InputError(f"{name}: neither UTF-8, UTF-16, CP949/EUC-KR nor GB 18030 text; save it as UTF-8 and try again")


def _candidates(raw: bytes, *, zeros: bool) -> Iterator[str]:
    if _PADDING in raw:
        return
    yield "utf-8"
    if zeros:
        yield from ("utf-16-le", "utf-16-be")
    if (encoding := east_asian(raw)) is not None:
        yield encoding


def _is_cut(raw: bytes) -> bool:
    """Whether bytes are UTF-8 but for the last character, of which some are missing."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(raw)
    except UnicodeDecodeError:
        return False
    return decoder.getstate()[0] != b""


def _strictly(raw: bytes, encoding: str, name: str) -> tuple[str, str]:
    try:
        return raw.decode(encoding), encoding
    except UnicodeDecodeError as problem:
        raise InputError(
            f"{name}: says it is {encoding} but byte {problem.start} does not fit; save it as UTF-8"
        ) from None


def _plausible(raw: bytes, encoding: str) -> str | None:
    """The decoded text if it decodes and reads like text (control characters are rare), else None."""
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        return None
    sample = text[:_SAMPLE]
    unlikely, zeros = len(_UNLIKELY.findall(sample)), sample.count("\0")
    return text if unlikely * 50 <= len(sample) and zeros * _ZEROS.get(encoding, 50) <= len(sample) else None
