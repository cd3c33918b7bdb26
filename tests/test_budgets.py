"""Amounts set aside: found by cues, with their currency, years and purpose; what is something else is spared."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from test_corrections import decide

from pipeline import extract
from pipeline.export import FORMATS, export, read_back
from pipeline.results import Results
from pipeline.run import run
from pipeline.settings import Settings
from schemas.records import ADDED, Budget, Policy

FRAME = """■ 한빛시, 골목 숲 조성 계획 발표

- 한빛시 정부는 '골목 숲 조성 계획(2025~2028)'을 발표

1) 나무와 쉼터

- (가로수) 골목에 나무를 심고 쉼터 설치
- (시설) {}
"""
CHINESE = """■ 海州市印发《小巷绿化实施方案》

海州市人民政府近日印发《小巷绿化实施方案》。

（一）完善设施。{}
"""


def budgets(line: str, frame: str = FRAME) -> list[Budget]:
    return [b for p in extract(frame.format(line)) for b in p.budgets]


FOUND: list[tuple[str, float, str | None]] = [
    ("쉼터 신설에 총 120억 원을 투입", 12_000_000_000, "KRW"),
    ("쉼터 신설에 **총 1,487억원**을 투입", 148_700_000_000, "KRW"),
    ("2026년 예산 1조 4천억 원을 편성해 산책로 시설을 확충", 1_400_000_000_000, "KRW"),
    ("총사업비 500억원 규모의 숲 가꾸기 사업 추진", 50_000_000_000, "KRW"),
    ("묘목 연구에 20억 위안을 배정하고 시험장 구축", 2_000_000_000, "CNY"),
    ("약 3,000만 달러를 지원해 물 관리 시설 구축", 30_000_000, "USD"),
    ("5억 유로 규모의 기금을 조성", 500_000_000, "EUR"),
    ("국비 80억원을 들여 산책로 정비", 8_000_000_000, "KRW"),
    ("상인에게 정비 자금 3조 7,700억원을 공급", 3_770_000_000_000, "KRW"),
    ("바다 모래를 되살리는 기술을 개발한다.(223.9억원)", 22_390_000_000, "KRW"),
    ("예산이 ’21년도 975억원보다 121억원 증액된 1,096억원 규모로 국회 의결을 통해 확정", 109_600_000_000, "KRW"),
    ("산책로 정비 예산(1,438→2,233억원)을 확대", 223_300_000_000, "KRW"),
    ("산책로 정비 예산을 50억 원에서 138억 원으로 늘려 투입", 13_800_000_000, "KRW"),
    ("정비 예산을 올해 6,433억원보다 190억원 늘어난 6,623억원으로 편성", 662_300_000_000, "KRW"),
]
SPARED = [
    "시장 규모 500억 원 달성을 위해 판로 개척 지원",
    "매출 120억 원 이상 기업을 지정해 컨설팅 지원",
    "기업당 최대 5억 원을 지원",
    "가구당 300만 원을 지원해 화분 설치",
    "수출 20억 달러 지원 체계 구축",
    "위반한 업체에 벌금 500만 원을 부과하는 규정 신설",
    "운전자금 30억원까지 신청할 수 있는 제도 신설",
    "13개 분야에 평균 111억 원을 지원하는 체계 구축",
    "훈련수당 우대(40만원) 지원 체계 구축",
    "투자 보조 한도 상향(150억 원) 체계 신설",
    "쓰레기를 버리면 과태료(5만원) 부과 체계 구축",
    "자립한 청년에게 월 30만원을 지원",
    "지난해 40억 원을 투입한 공원 관리 체계 개선",
    "10억 원 이하 사업의 심사를 간소화해 지원",
    "나무 300그루를 심는 데 12명을 투입",
    "산책로 정비 예산(3,245억원, 51개 지구 → 3,751, 60)을 확대",
    "쉼터 설치 사업비(본예산 6,433억 원)보다 늘어난 시설을 확충",
]


@pytest.mark.parametrize(("line", "value", "currency"), FOUND, ids=[line for line, *_ in FOUND])
def test_an_amount_that_is_set_aside_is_a_budget(line: str, value: float, currency: str | None) -> None:
    (budget,) = budgets(line)
    assert (budget.value, budget.currency) == (value, currency)
    assert budget.raw.text in line and budget.text.text.endswith(line.rstrip("."))


@pytest.mark.parametrize("line", SPARED)
def test_other_amounts_are_none(line: str) -> None:
    assert budgets(line) == []


@pytest.mark.parametrize(
    ("line", "value"),
    [("安排专项资金5亿元，支持绿道建设。", 500_000_000), ("市财政投入3000万元用于苗木培育。", 30_000_000)],
)
def test_chinese_amounts(line: str, value: float) -> None:
    (budget,) = budgets(line, CHINESE)
    assert (budget.value, budget.currency) == (value, "CNY")


@pytest.mark.parametrize("line", ["力争绿色产业营收突破5亿元。", "对每个项目最高补助50万元。", "罚款3000元。"])
def test_chinese_amounts_of_something_else(line: str) -> None:
    assert budgets(line, CHINESE) == []


def test_what_it_is_for_the_years_and_the_measure_are_read_from_the_words_beside_it() -> None:
    (budget,) = budgets("쉼터 신설에 총 120억 원을 투입(2026~2028)")
    assert budget.purpose is not None and budget.purpose.text == "쉼터 신설"
    assert (budget.period_start, budget.period_end) == (2026, 2028) and budget.years is not None
    assert budget.measure_id is not None
    (budget,) = budgets("2026년 예산 80억 원을 편성해 산책로 정비")
    assert (budget.period_start, budget.period_end, budget.purpose) == (2026, 2026, None)
    (budget,) = budgets("市财政投入3000万元用于苗木培育。", CHINESE)
    assert budget.purpose is not None and budget.purpose.text == "苗木培育"


PLANS = """해상교통 투자계획 확정

해온부는 『제2차 해상교통망 계획(2031~2040)』 및 그 하위 계획인 『제3차 항만시설 투자계획(2031~2035)』을 확정하고 5월 14일 발표하였다.

① 뱃길 확충

섬 사이를 잇는 쾌속선 항로를 늘리고 낡은 터미널을 새로 짓는다.

제3차 항만시설 투자계획은 뱃길의 회복을 위해 5년간 총 160.1조원(국비 116.1조원)의 투자계획을 담고 있으며, 이는 제2차 항만시설 투자계획보다 21.6% 늘어난 것이다.
"""


def test_an_amount_in_a_sentence_about_a_plan_by_name_is_that_plans() -> None:
    told = {p.title.text: [b.raw.text for b in p.budgets] for p in extract(PLANS) if p.title is not None}
    assert told == {
        "제2차 해상교통망 계획(2031~2040)": [],
        "제3차 항만시설 투자계획(2031~2035)": ["160.1조원(국비 116.1조원)"],
    }


def test_an_amount_of_several_currencies_has_no_code_and_a_target_is_no_budget() -> None:
    english = "# Grove Act\n\nThe city of Harrow announced the Grove Act on 3 March 2025.\n\n- {}\n"
    for budget in budgets("Provide $5 million of funding for shade trees", english):
        assert budget.currency is None and budget.value == 5_000_000
    policies = extract(FRAME.format("2030년까지 100억 위안을 투자해 숲 조성"))
    targets = {(t.raw.start, t.raw.end) for p in policies for t in p.targets}
    assert not targets & {(b.raw.start, b.raw.end) for p in policies for b in p.budgets}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "brief.txt").write_text(FRAME.format("쉼터 신설에 총 120억 원을 투입"), encoding="utf-8")
    run([tmp_path / "docs"], tmp_path / "out", Settings())
    return tmp_path / "out"


def test_every_export_that_is_read_back_holds_them(out: Path, tmp_path: Path) -> None:
    results = Results(out)
    assert [len(p.budgets) for p in results.policies] == [1]
    for format in FORMATS:
        export(results, tmp_path / format, format)
        if format in ("csv", "parquet", "sqlite", "jsonl"):
            assert read_back(tmp_path / format, format)[0] == results.policies


def test_the_budget_of_a_measure_that_a_person_rejects_is_the_policys(out: Path) -> None:
    (policy,) = Results(out).policies
    (budget,) = policy.budgets
    measure = next(m for m in policy.measures if m.id == budget.measure_id)
    decide(out, "reject", policy, measure)
    (after,) = Results(out).policies
    assert [(b.id, b.measure_id) for b in after.budgets] == [(budget.id, None)]


def test_results_of_before_are_read_without_them(out: Path, tmp_path: Path) -> None:
    older = shutil.copytree(out, tmp_path / "older")
    lines = [json.loads(line) for line in (older / "policies.jsonl").read_text("utf-8").splitlines()]
    for line in lines:
        del line["budgets"]
    (older / "policies.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    assert [p.budgets for p in Results(older).policies] == [()]
    assert "Policy.budgets" in ADDED[2] and Policy.model_fields["budgets"].default == ()


def test_a_note_that_opens_with_the_years_budget() -> None:
    told = budgets("산책로 정비 계획 수립\n\n ※ (2026년 예산) 13개 분야 평균 111억 원 = 총 1,443억 원 지원")
    assert [b.raw.text for b in told] == ["1,443억 원"]
