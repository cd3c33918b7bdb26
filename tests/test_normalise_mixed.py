"""Numerals in mixed notation, spelled by a generator of its own with a fixed seed, are read back whole."""

from __future__ import annotations

import random

from pipeline.normalise import find_quantities

_BIG = ((10**12, "조"), (10**8, "억"), (10**4, "만"))
_SMALL = ((1000, "천"), (100, "백"), (10, "십"))
_HANGUL = "영일이삼사오육칠팔구"
_HAN = "零一二三四五六七八九"


def _group(value: int, draw: random.Random, gap: str) -> str:
    """A number below 10,000: plain digits, or its thousands and hundreds with letters (2천 5백34)."""
    if draw.random() < 0.4:
        return f"{value:,}" if draw.random() < 0.5 else str(value)
    parts = []
    for worth, letter in _SMALL[: draw.randint(1, 2)]:
        if value >= worth:
            parts.append(f"{value // worth}{letter}")
            value %= worth
    if value:
        parts.append(str(value))
    return gap.join(parts)


def mixed(value: int, draw: random.Random) -> str:
    gap = draw.choice(("", " "))
    parts = []
    for worth, letter in _BIG:
        if value >= worth:
            parts.append(_group(value // worth, draw, gap) + letter)
            value %= worth
    if value:
        parts.append(_group(value, draw, gap))
    return gap.join(parts)


def words(value: int, digits: str, small: str, big: str) -> str:
    """A whole number in words alone: 삼천오백억, 三千五百亿; no gap of zeros (the caller draws none)."""
    said = ""
    for worth, letter in ((10**8, big[0]), (10**4, big[1]), (1, "")):
        group = value // worth
        value %= worth
        if group:
            for step, name in zip((1000, 100, 10), small, strict=True):
                if group >= step:
                    said += digits[group // step] + name
                    group %= step
            said += (digits[group] if group else "") + letter
    return said


def test_mixed_korean_numerals_are_read_back() -> None:
    draw = random.Random(20261128)
    wrong = []
    for _ in range(4000):
        value = draw.randint(2, 10 ** draw.randint(2, 16) - 1)
        printed = mixed(value, draw)
        found = find_quantities(f"예산은 {printed}원을 투입")
        if [(q.value, q.unit) for q in found] != [(value, "원")]:
            wrong.append((printed, value, [q.value for q in found]))
    assert wrong == []


def test_words_of_one_script_are_read_back() -> None:
    draw = random.Random(11)
    wrong = []
    for _ in range(2000):
        # Every place is filled, so that Chinese needs no 零 and no place is left out.
        value = int("".join(str(draw.randint(1, 9)) for _ in range(draw.randint(3, 12))))
        for printed, text, unit in (
            (korean := words(value, _HANGUL, "천백십", "억만"), f"예산은 {korean} 원을 투입", "원"),
            (chinese := words(value, _HAN, "千百十", "亿万"), f"总投资{chinese}元", "元"),
        ):
            found = find_quantities(text)
            if value >= 100 and [(q.value, q.unit) for q in found] != [(value, unit)]:
                wrong.append((printed, value, [q.value for q in found]))
    assert wrong == []
