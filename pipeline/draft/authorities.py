"""Whether words name a public authority, or the official who speaks for one."""

from __future__ import annotations

import re

from pipeline.draft.actors import is_no_authority
from pipeline.normalise import find_organisations

AUTHORITY = re.compile(
    r"(?:정부|당국|[가-힣]부|위원회|당위원회|위|국무원|[가-힣]국|[가-힣]청|[가-힣]처|의회|국회|집행위|사무실|사무국|판공실|관리위원회|[가-힣]{2}시|[가-힣]{2}성|[가-힣]{2}[구군]|^(?:시|도|군|구|성)(?=$)|[가-힣]{2}현|[가-힣]{2}도|백악관|부처)(?:\([^)]*\))?\s*$"
    r"|(?:部|委|局|厅|政府|国务院|委员会|办公厅|办公室|管委会)$|\b(?:Ministry|Department|Government|Commission|Agency|Council|Office|Cabinet|Parliament|White House|Administration|Treasury|Bureau|Secretary|Minister|Authority)\b"
)
OFFICIAL = re.compile(
    r"(?:장관|차관|국장|부국장|처장|서기|주석|총서기|시장|성장|부시장|총리|부총리|대통령|위원장|대변인)(?:\s[가-힣]{2,4})?\s*$"
)


def is_authority(subject: str) -> bool:
    """Whether the subject is an authority as a whole, and not only names one (`중국 빅 데이터 산업`)."""
    bare = re.sub(r"\s*(?:[（(][^()（）]*[)）])?\s*(?:등|도)?\s*$", "", subject)
    return AUTHORITY.search(bare) is not None or any(
        m.level is not None and m.end >= len(bare) for m in find_organisations(bare)
    )


def authority_score(words: str, start: int, end: int) -> float:
    """2 for a public authority as subject, 1 where an authority is named in it, negative for a firm or laboratory."""
    subject = re.sub(r"\s*(?:등|공동으로|및)?\s*$", "", words[start:end])
    subject = re.sub(r"\s*['‘][^'’]*['’]\s*$", "", subject) if re.search(r"(?:부처|정부)", subject) else subject
    head = OFFICIAL.search(subject)
    if is_no_authority(subject) and "국무원" not in subject[-4:]:
        return -1.0
    mentions = [m for m in find_organisations(words[start:end]) if m.level is not None]
    if head is not None:
        return 2.0 if mentions else 0.0
    if mentions and mentions[-1].end >= len(subject) - 14:
        return 2.0
    if AUTHORITY.search(subject) and end - start < 60:
        return 2.0
    return 1.0 if mentions else 0.0
