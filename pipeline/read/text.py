"""Bytes of a text file become a `Document`: text, offsets in code points, encoding, sha256 of the raw bytes."""

from __future__ import annotations

import codecs
import hashlib
import re

from pipeline.readers.charsets import east_asian
from schemas.document import Document, Format
from schemas.errors import InputError

_SAMPLE = 20_000
"""Characters at the head of a text by which it is judged."""
_UNLIKELY = re.compile("[\x00-\x08\x0e-\x1f\ue000-\uf8ff\ud800-\udfff]")
"""Control characters, private use, lone surrogates."""


def from_bytes(raw: bytes, name: str, kind: Format = "text") -> Document:
    """The document that these bytes hold. Raises `InputError`."""
    if not raw.strip():
        raise InputError(f"{name}: the file is empty")
    text, encoding = _decode(raw, name)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if not text.strip():
        raise InputError(f"{name}: the file holds nothing but white space")
    return Document(name=name, text=text, sha256=hashlib.sha256(raw).hexdigest(), encoding=encoding, format=kind)


def from_text(text: str, name: str = "text") -> Document:
    """A document made from a string; its sha256 is that of the UTF-8 bytes."""
    return from_bytes(text.encode("utf-8"), name)


def _decode(raw: bytes, name: str) -> tuple[str, str]:
    """Text and encoding. UTF-8 first: text in CP949 or GB 18030 is practically never valid UTF-8."""
    if raw.startswith(codecs.BOM_UTF8):
        return _strictly(raw, "utf-8-sig", name)
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(raw, "utf-16", name)
    if b"\x00" in raw:
        for encoding in ("utf-16-le", "utf-16-be"):
            if (text := _plausible(raw, encoding)) is not None:
                return text, encoding
        raise InputError(f"{name}: this is a binary file, not a text; save it as plain text (UTF-8) first")
    for encoding in ("utf-8", *filter(None, [east_asian(raw)])):
        if (text := _plausible(raw, encoding)) is not None:
            return text, encoding
    raise InputError(f"{name}: neither UTF-8, UTF-16, CP949/EUC-KR nor GB 18030 text; save it as UTF-8 and try again")


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
    unlikely = len(_UNLIKELY.findall(sample)) + sample.count("\x00")  # a zero byte counts twice
    return text if unlikely * 50 <= len(sample) else None
