"""Which of two East Asian encodings bytes are in, where both decode: by the signs that each language uses most."""

from __future__ import annotations

import itertools

_SAMPLE = 20_000
"""So many signs that are no ASCII are looked at, wherever they begin."""
_OFTEN = {
    "cp949": frozenset("이다의에는을가고하지로한사기도서대를은으과시자인수정보공제원부용성장및해"),
    "gb18030": frozenset(
        "的一是在不了有和人这中大为上国以要时来用生到作地于出分对成会可主发年动工能行学法所业市部政府通知关展加强建设管理实施"
    ),
}


def east_asian(raw: bytes) -> str | None:
    """`cp949` or `gb18030`; None where neither decodes.

    Chinese in GB 18030 is nearly always valid CP949 too, and reads as rare Hangul there.
    """
    fits = [encoding for encoding in ("cp949", "gb18030") if _decodes(raw, encoding)]
    return max(fits, key=lambda encoding: (_share(raw, encoding), encoding == "cp949"), default=None)


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _share(raw: bytes, encoding: str) -> float:
    """Share of the language's usual signs among those that are no ASCII."""
    signs = list(itertools.islice((sign for sign in raw.decode(encoding) if ord(sign) > 0x2FFF), _SAMPLE))
    return sum(sign in _OFTEN[encoding] for sign in signs) / len(signs) if signs else 0.0
