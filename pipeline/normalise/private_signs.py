"""Signs of private use in Hancom's files and of symbol fonts: what each shows. The text keeps the sign itself.

Numbers in a box are one sign up to nine, from ten on two halves printed over each other (`U+F02BA U+F02C3` is 10).
Read off files of Korean ministries; the symbol fonts' are Wingdings as Windows places it at U+F000.
"""

from __future__ import annotations

_NINE = "123456789"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨"


def _run(first: int, shown: str) -> dict[int, str]:
    return {first + i: sign for i, sign in enumerate(shown)}


_BOXED = (0xF02B1, 0xF02CE)
"""Where the numbers in black and in white boxes begin: nine whole ones, nine left halves, ten right halves."""
SHOWN: dict[int, str] = {
    **{code: sign for at in _BOXED for code, sign in (_run(at, _CIRCLED) | _run(at + 9, _NINE + "0" + _NINE)).items()},
    0xF02EF: "·", 0xF03C5: "□", 0xF0854: "《", 0xF0855: "》",
    **_run(0xF06C, "●●■□□□□◆◆◆❖◆"), 0xF09E: "·", 0xF09F: "•", 0xF0A7: "▪", 0xF0A8: "□", 0xF0D8: "➢",
    0xF0E0: "→", 0xF0E8: "➔", 0xF0F0: "⇨", 0xF0F2: "⇩", 0xF0FC: "✓", 0xF0FE: "☑",
}  # fmt: skip
"""What a sign shows, one sign each, so that places in a text stay."""


def _signs(at: int, count: int) -> str:
    return "".join(f"{chr(first + at)}-{chr(first + at + count - 1)}" for first in _BOXED)


BOXED_NUMBER = f"[{_signs(0, 9)}]|[{_signs(9, 9)}][{_signs(18, 10)}]"
"""A pattern of a number in a box."""
BOXED_START = _signs(0, 18)
"""What such a number can start with, as in a class of a pattern."""


def as_shown(text: str) -> str:
    """The text with every sign of private use as it shows; as long as it was. Numbers in boxes have circles."""
    return text.translate(SHOWN)
