"""Public bodies by the form of their name: what the rules find, and what they spare."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest

import pipeline.normalise
from pipeline.normalise import find_organisations

FORMS = tomllib.loads(Path(pipeline.normalise.__file__).with_name("forms.toml").read_text("utf-8"))
LANGUAGES = ("zh", "ko", "en")


def bodies(text: str) -> list[str]:
    return [text[m.start : m.end] for m in find_organisations(text) if not m.is_place]


@pytest.mark.parametrize("example", [tuple(e) for lang in LANGUAGES for e in FORMS[lang]["finds"]], ids=" ".join)
def test_finds(example: tuple[str, ...]) -> None:
    text, *names = example
    assert set(names) <= set(bodies(text))


@pytest.mark.parametrize("text", [text for lang in LANGUAGES for text in FORMS[lang]["spares"]])
def test_spares(text: str) -> None:
    assert bodies(text) == []


def test_a_body_by_form_alone_has_no_level_and_so_becomes_no_issuer() -> None:
    for text in ("由省住房和城乡建设厅负责", "한국환경공단이", "各级交通运输主管部门应当", "보라매경찰서는"):
        (body,) = (m for m in find_organisations(text) if not m.is_place)
        assert body.level is None and body.canonical is None


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("水利部办公厅关于", "Ministry of Water Resources (China)"),  # the general office acts for the ministry
        ("中华人民共和国财政部", "Ministry of Finance (China)"),
        ("交通运输部水运局", None),  # a bureau is another body
        ("报省发改委", None),  # and a province's commission is not the state's
    ],
)
def test_what_belongs_to_a_known_body(text: str, canonical: str | None) -> None:
    (body,) = (m for m in find_organisations(text) if not m.is_place)
    assert body.canonical == canonical


def test_bodies_in_time_linear_in_the_text() -> None:
    text = "由省住房和城乡建设厅、市财政局和交通运输监督管理规划建设服务、各级公安机关负责。市市市市交通交通运输"

    def seconds(copies: int, nth: int) -> float:
        words = f"{text * copies}{nth}"  # another text each time: one that was read is remembered
        started = time.process_time()
        find_organisations(words)
        return time.process_time() - started

    seconds(10, 0)
    assert min(seconds(800, n) for n in range(3)) < 30 * min(seconds(100, n) for n in range(3))
