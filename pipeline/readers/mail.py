"""Electronic mail (`.eml`): subject, sender and date as printed in its head, and its body; attachments are named.

Vocabulary: RFC 5322, MIME.
"""

from __future__ import annotations

import codecs
from email import message_from_bytes, policy
from email.message import EmailMessage

from pipeline.readers.html import decode, html
from pipeline.readers.lines import Converted, Unreadable

_HEAD = (("subject", "제목"), ("from", "보낸 사람"), ("date", "날짜"))


def mail(raw: bytes) -> Converted:
    """The text of a mail. Raises `Unreadable`."""
    message = message_from_bytes(raw, policy=policy.default)
    body = message.get_body(preferencelist=("plain", "html")) if isinstance(message, EmailMessage) else None
    if body is None:
        raise Unreadable("is a mail without a text; save what is attached to it as files of their own")
    content = body.get_payload(decode=True)
    words = decode(content if isinstance(content, bytes) else b"", body.get_content_charset())
    page = html(codecs.BOM_UTF8 + words.encode()) if body.get_content_subtype() == "html" else None
    head = [f"{name}: {message[key]}" for key, name in _HEAD if message[key]]
    attached = [str(part.get_filename()) for part in message.iter_attachments() if part.get_filename()]
    foot = ["", *(f"첨부파일: {name}" for name in attached)] if attached else []
    text = "\n".join([*head, "", (page.text if page else words).replace("\r\n", "\n").strip("\n"), *foot]) + "\n"
    return Converted(text, hidden=page.hidden if page else "", concealed=page.concealed if page else False)
