"""Electronic mail (`.eml`): subject, sender and date as printed in its head, and its body; attachments are named.

Vocabulary: RFC 5322, MIME.
"""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

from pipeline.readers.html import html
from pipeline.readers.lines import Converted, Unreadable

_HEAD = (("subject", "제목"), ("from", "보낸 사람"), ("date", "날짜"))


def mail(raw: bytes) -> Converted:
    """The text of a mail. Raises `Unreadable`."""
    message = message_from_bytes(raw, policy=policy.default)
    body = message.get_body(preferencelist=("plain", "html")) if isinstance(message, EmailMessage) else None
    if body is None:
        raise Unreadable("is a mail without a text; save what is attached to it as files of their own")
    try:
        content = body.get_content()
    except (LookupError, UnicodeError, ValueError) as problem:
        raise Unreadable(f"its text is in an unknown encoding ({problem}); save it as PDF") from problem
    words = str(content) if body.get_content_subtype() != "html" else ""
    page = html(str(content).encode()) if body.get_content_subtype() == "html" else None
    head = [f"{name}: {message[key]}" for key, name in _HEAD if message[key]]
    attached = [str(part.get_filename()) for part in message.iter_attachments() if part.get_filename()]
    foot = ["", *(f"첨부파일: {name}" for name in attached)] if attached else []
    text = "\n".join([*head, "", (page.text if page else words).replace("\r\n", "\n").strip("\n"), *foot]) + "\n"
    return Converted(text, hidden=page.hidden if page else "", concealed=page.concealed if page else False)
