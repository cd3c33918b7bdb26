"""Lines of pages that are pictures: bullets that Tesseract does not know, ends of lines, heights."""

from __future__ import annotations

import pytest

from pipeline.readers.ocr import _lines, _Word


@pytest.mark.parametrize(
    ("seen", "line"),
    [
        ("(〉) 낡은 보도 14km를 정비한다.", "○ 낡은 보도 14km를 정비한다. "),
        ("(< 낡은 보도 14km를 정비한다.", "○ 낡은 보도 14km를 정비한다. "),
        ("미 낡은 보도 14km를 정비한다.", "□ 낡은 보도 14km를 정비한다. "),
        ("(낡은 보도 14km를 모두 정비한다.", "○ 낡은 보도 14km를 모두 정비한다. "),
        ("(보도) 낡은 보도 14km를 정비한다.", "(보도) 낡은 보도 14km를 정비한다. "),
        ("(2) 낡은 보도 14km를 정비한다.", "(2) 낡은 보도 14km를 정비한다. "),
        ("디자인 거리를 14km 정비한다.", "디자인 거리를 14km 정비한다. "),
        ("建设步道十四公里，安装信号灯", "建设步道十四公里，安装信号灯"),
    ],
)
def test_bullets_that_tesseract_does_not_know_and_the_end_of_a_line(seen: str, line: str) -> None:
    words = [_Word(("1",), 20.0 * n, 0, 20.0 * n + 18, 10, 0.9, word) for n, word in enumerate(seen.split())]
    (made,) = _lines(words, iter([seen]), 0, 1.0, 800.0)
    assert made.text == line


def test_a_short_line_is_no_heading_however_high() -> None:
    def line(number: int, text: str, height: float) -> list[_Word]:
        return [_Word((str(number),), 0, 30.0 * number, 90, 30.0 * number + height, 0.9, text)]

    plain = [word for number in (1, 2, 3) for word in line(number, "노후보도십사킬로미터정비", 10)]
    made = _lines([*plain, *line(4, "보조한다.", 18), *line(5, "보행로정비추진계획전문", 18)], iter(()), 0, 1.0, 800.0)
    assert [one.size for one in made] == [10, 10, 10, 10, 18]
