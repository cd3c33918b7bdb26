"""Electronic mail (`.eml`): subject, sender and date as printed in its head, and its body; attachments are named.

Vocabulary: RFC 5322, MIME.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import EmailMessage, Message
from typing import Any

from pipeline.readers.html import decode, html
from pipeline.readers.lines import Converted, Unreadable

_HEAD = (("subject", "제목"), ("from", "보낸 사람"), ("date", "날짜"))


def mail(raw: bytes) -> Converted:
    """The text of a mail. Raises `Unreadable`."""
    message = message_from_bytes(raw, policy=policy.default)
    body = message.get_body(preferencelist=("plain", "html")) if isinstance(message, EmailMessage) else None
    if body is None:
        raise Unreadable("is a mail without a text; save what is attached to it as files of their own")
    page = _page(body)
    if not page.text.strip() and (other := message.get_body(preferencelist=("html",))) is not None:
        page = _page(other)  # programs write an empty plain part beside it
    head = [f"{name}: {words}" for key, name in _HEAD if (words := _printed(message, key))]
    beside = list(_beside(message, body))
    more = [_page(part).text.strip("\n") for part in beside if _is_shown(part)]
    attached = [name for part in beside if not _is_shown(part) and (name := _name(part))]
    foot = ["", *(f"첨부파일: {name}" for name in attached)] if attached else []
    words = "\n\n".join(text for text in (page.text.strip("\n"), *more) if text)
    return Converted("\n".join([*head, "", words, *foot]) + "\n", hidden=page.hidden, concealed=page.concealed)


def _printed(message: Message, key: str) -> str:
    """A field of the head as its reader sees it, in whatever charset its words are; empty where there is none."""
    if key == "date":
        return str(message[key] or "")
    raw = next((value for name, value in message.raw_items() if name.lower() == key), "")
    raw = " ".join(raw.split())
    try:
        pieces: list[tuple[Any, str | None]] = decode_header(raw)
        words = ((p.encode("utf-8", "surrogateescape") if isinstance(p, str) else p, charset) for p, charset in pieces)
        return "".join(decode(part, charset) for part, charset in words).strip()
    except (HeaderParseError, Unreadable):  # damaged, or in no charset that there is: as it stands
        return raw.encode(errors="replace").decode()


def _beside(message: Message, body: Message) -> Iterator[Message]:
    """The parts that are neither the body nor its other forms."""
    forms = message.get_content_type() == "multipart/alternative" and any(part is body for part in message.walk())
    parts: Any = message.get_payload() if message.is_multipart() and not forms else ()
    for part in parts:
        if part.get_content_maintype() == "multipart":
            yield from _beside(part, body)
        elif part is not body:
            yield part


def _page(part: Message) -> Converted:
    """The text of a plain or HTML part."""
    content = part.get_payload(decode=True)
    words = decode(content if isinstance(content, bytes) else b"", part.get_content_charset())
    if part.get_content_subtype() == "html":
        return html(codecs.BOM_UTF8 + words.encode())
    return Converted(words.replace("\r\n", "\n"))


def _is_shown(part: Message) -> bool:
    """Whether a part behind the body is printed with it: a text that is no file."""
    kind = part.get_content_type() in ("text/plain", "text/html")
    return kind and part.get_content_disposition() != "attachment" and not part.get_filename()


def _name(part: Message) -> str:
    """What an attachment is called; a mail that is sent on, by its subject."""
    inner: Any = part.get_payload()
    sent_on = inner[0]["subject"] if part.get_content_type() == "message/rfc822" and isinstance(inner, list) else ""
    return str(part.get_filename() or sent_on or "")
