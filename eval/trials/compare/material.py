"""Briefs in Korean and Chinese by a seeded generator; each goal in them has a name, a number and a known place."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from pathlib import Path

GOAL = re.compile(
    r"[(（](?P<name>[^()（）\d]{2,8})[)）] ?\d{4}年?년?[^\d]{1,8}(?P<raw>\d{1,3}[가-힣一-鿿]{1,3} ?이?상?)"
)
"""A line with a goal, in a document as in a prompt that shows one: its name and its number phrase."""
_KO = "- ({name}) {year}년까지 {number}{counter} 이상을 {verb}\n"
_ZH = "- （{name}）{year}年前{verb}{number}{counter}以上\n"
_HEADS = {
    "ko": "01 {city}, ‘{subject} 발전계획’ 발표\n\n- {city} 정부는 ‘{subject} 발전계획’을 발표\n\n",
    "zh": "01 {city}发布《{subject}发展规划》\n\n- {city}人民政府发布《{subject}发展规划》\n\n",
}
_FACTS = {"ko": "- 지난해 {city}는 시험 센터 {number}곳을 운영\n", "zh": "- 去年{city}运营试验中心{number}个\n"}
_CITIES = {"ko": ("한빛시", "새솔시", "누리시"), "zh": ("北京市", "上海市", "江苏省")}
_SUBJECTS = {"ko": ("수소산업", "도시 하천", "지능형 로봇"), "zh": ("氢能产业", "智能机器人", "城市水系")}
_COUNTERS = {"ko": ("곳", "명", "건", "대"), "zh": ("个", "家", "项")}
_VERBS = {"ko": ("설치", "양성", "지원"), "zh": ("建设", "培育", "支持")}
_NAMES = {
    "ko": (
        "수소 충전소",
        "시험 센터",
        "양자 인력",
        "하천 정비",
        "창업 기업",
        "데이터 거점",
        "로봇 교육",
        "특허 상담",
        "청년 일자리",
    ),
    "zh": ("加氢站", "试验中心", "量子人才", "河道整治", "创业企业", "数据基地", "机器人培训", "专利服务", "青年就业"),
}
GOALS = 8
"""Of one document."""


@dataclass(frozen=True)
class Goal:
    """A goal's number phrase and where it stands, in code points."""

    start: int
    end: int
    raw: str


Gold = dict[tuple[str, str], Goal]
"""By document and name of the goal."""


def make(folder: Path, count: int) -> Gold:
    """Writes `count` documents into `folder`, half of them Korean, half Chinese; the same for the same count."""
    folder.mkdir(parents=True)
    chance = random.Random(23)  # noqa: S311 - documents to be compared on, nothing secret
    gold: Gold = {}
    for number in range(count):
        name, text = f"d{number:04}.txt", _document("zh" if number % 2 else "ko", chance)
        (folder / name).write_text(text, "utf-8")
        for found in GOAL.finditer(text):
            raw = found["raw"].strip()
            gold[name, found["name"]] = Goal(found.start("raw"), found.start("raw") + len(raw), raw)
    return gold


def _document(language: str, chance: random.Random) -> str:
    city, form = chance.choice(_CITIES[language]), _KO if language == "ko" else _ZH
    lines = [_HEADS[language].format(city=city, subject=chance.choice(_SUBJECTS[language]))]
    for goal, name in enumerate(chance.sample(_NAMES[language], GOALS)):
        year, number = chance.randrange(2026, 2031), chance.randrange(12, 60)
        counter, verb = chance.choice(_COUNTERS[language]), chance.choice(_VERBS[language])
        lines.append(form.format(name=name, year=year, number=number, counter=counter, verb=verb))
        if goal % 3 == 2:
            lines.append(_FACTS[language].format(city=city, number=chance.randrange(12, 60)))
    return "".join(lines)
