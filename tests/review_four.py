"""A press digest of four policies as a model left it: one missed, one merged into another, and one that is none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from chat_service import ChatService, completion

from pipeline.run import run
from pipeline.settings import Settings

DIGEST = """■ 환경부, 하천 수질 개선 대책 발표(2026.5.12)

- 환경부는 하천 오염을 줄이기 위해 '하천 수질 개선 대책(2026~2030)'을 발표
- (하수 정비) 노후 하수관 120km를 2028년까지 교체
- (감시망) 하천마다 수질 감시망을 구축

□ 교육부, 학교 급식 안전 방안 발표(2026.5.14)

- 교육부는 '학교 급식 안전 방안'을 발표
- (조리실) 조리실 환기 설비 300곳을 교체
- (교육) 조리 종사자 안전 교육을 실시

■ 국토교통부, 도시 숲 조성 계획 공개(2026.5.20)

- 국토교통부는 '도시 숲 조성 계획'을 공개
- (숲길) 2029년까지 숲길 80km를 조성
- (기금) 도시 숲 기금을 신설

◆ 지난주 하천 걷기 행사 성황리 개최

- 한빛시에서 시민들이 하천을 걷는 행사가 열림

○ 산업통상부, 전력망 보강 계획 확정(2026.5.22)

- 산업통상부는 '전력망 보강 계획'을 확정
- (송전선로) 송전선로 400km를 보강
- (인력) 전력망 전문 인력 양성 과정을 개설
"""


def _measure(unit: int, instrument: str) -> dict[str, Any]:
    return {"at": str(unit), "instrument": instrument}


def _policy(unit: int, title: str, kind: str, measures: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    named = {"title": {"u": str(unit), "quote": title}} if title else {}
    return {"announcement": str(unit), "document_type": kind, **named, "measures": measures, **more}


ANSWER = {
    "policies": [
        _policy(2, "하천 수질 개선 대책(2026~2030)", "plan",
                [_measure(3, "infrastructure_platform"), _measure(4, "other")],
                issuers=[{"name": {"u": "1", "quote": "하천"}}]),
        _policy(6, "학교 급식 안전 방안", "action_plan",
                [_measure(n, "infrastructure_platform") for n in (7, 8, 11, 12)],
                issuers=[{"name": {"u": "6", "quote": "교육부"}}],
                targets=[{"at": "11", "indicator": {"u": "11", "quote": "숲길"},
                          "raw": {"u": "11", "quote": "80km"}, "comparator": "eq", "measure": 2},
                         {"at": "7", "indicator": "7", "raw": {"u": "7", "quote": "300동"}, "comparator": "eq",
                          "measure": 0}]),
        _policy(14, "", "unnamed_action", [_measure(14, "intelligence_outreach")]),
    ]
}  # fmt: skip
"""Issuer of the first and number of a target are wrong, the third policy is the second's, the last is none, one is missed."""


def digest(folder: Path) -> Path:
    """The folder of results; the document lies beside it. Given again, it is extracted anew, from the same answer."""
    docs, out = folder / "docs", folder / "out"
    docs.mkdir(exist_ok=True)
    (docs / "digest.txt").write_text(DIGEST, encoding="utf-8")
    with ChatService(usual=completion(json.dumps(ANSWER, ensure_ascii=False))) as service:
        settings = Settings(
            endpoint="openai", model="test", base_url=service.url, cache=folder / "store", prompts="article"
        )
        run([docs], out, settings)
    return out


def span(words: str) -> dict[str, int]:
    """Where words stand in the digest."""
    start = DIGEST.index(words)
    return {"start": start, "end": start + len(words)}
