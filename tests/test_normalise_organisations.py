"""Organisations, places, spelling: one entry for all names of a body, and words that only look like names."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import pipeline.normalise
from pipeline.normalise import (
    canonical,
    find_organisations,
    find_place,
    fold,
    home_of,
    is_code,
    is_shared,
    jurisdiction_of,
    level_of,
    place_code,
)
from pipeline.normalise.hanja import _TABLE
from pipeline.normalise.jurisdictions import places

FOLDER = Path(pipeline.normalise.__file__).parent


@pytest.mark.parametrize(
    "spellings",
    [
        "발개위 국가발개위 국가발전개혁위원회 国家发展改革委 國家發展改革委 国家发展和改革委员会 NDRC",
        "공업정보화부 공업신식화부 工信部 工业和信息化部 工業和信息化部 MIIT",
        "과기부 과학기술부 科技部 科學技術部 科学技术部",
        "재정부 재무부 财政部 財政部",
        "국가지적재산권국 중국지재국 국가지식재산권국 国家知识产权局 CNIPA",
        "베이징 북경 베이징시 북경시 北京 北京市 Beijing 베이징시정부 北京市人民政府",
        "톈진 텐진 천진 톈진시 天津 Tianjin",
        "광둥 광동 광둥성 广东 廣東省 Guangdong",
        "중국과학원 中国科学院 中科院 CAS",
        "과학기술정보통신부 과기정통부 MSIT",
        "산업통상자원부 산업통상부",
        "중국인민은행 인민은행 中国人民银行 PBoC",
        "산시(陕西)성 산시(陝西)성 섬서성 陕西省",
        "선전시 심천시 선전(深圳) 深圳 Shenzhen",
    ],
)
def test_all_spellings_lead_to_one_entry(spellings: str) -> None:
    names = {canonical(spelling) for spelling in spellings.split()}
    assert len(names) == 1
    assert None not in names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("산시(陕西)성", "산시(山西)성"),
        ("허난성", "후난성"),
        ("과기부", "과기정통부"),
        ("광저우", "광주"),
        ("미국 상무부", "상무부"),
        ("发改委", "北京市发改委"),
    ],
)
def test_like_names_stay_apart(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    "role",
    ["정부", "당국", "부처", "관계부처", "지방정부", "20개 부처", "政府", "government", "위원회", "중앙정부", "업체"],
)
def test_roles_have_no_canonical_name(role: str) -> None:
    assert canonical(role) is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("국가발전개혁위원회와 베이징시정부는 공동으로", ["국가발전개혁위원회", "베이징시정부"]),
        ("광저우시 정부는 계획을 발표", ["광저우시 정부"]),
        ("북경시발전개혁위원회 산업처 처장", ["북경시발전개혁위원회"]),
        ("톈진 빈하이(滨海) 고신구는", ["톈진 빈하이(滨海) 고신구"]),
        ("상하이 푸둥(浦東)신구, 허베이 송안(雄安)신구", ["상하이 푸둥(浦東)신구", "허베이 송안(雄安)신구"]),
        ("베이징 과학기술혁신센터 구축 사무실은", ["베이징 과학기술혁신센터 구축 사무실"]),
        ("장시(江西)성과학원 과학기술전략연구소는", ["장시(江西)성과학원"]),
        ("중국 공업정보화부는", ["공업정보화부"]),
        ("국무원국자위, 세무총국, 시장감독관리총국", ["국무원국자위", "세무총국", "시장감독관리총국"]),
        ("순이(顺义)구의 역량", ["순이(顺义)구"]),
        ("工业和信息化部等八部门", ["工业和信息化部"]),
        ("杭州市余杭区人民政府", ["杭州市余杭区人民政府"]),
        ("과학기술정보통신부(장관 홍길동)는", ["과학기술정보통신부"]),
        ("쑤저우공업원구 관리위원회", ["쑤저우공업원구 관리위원회"]),
        ("The European Commission presented", ["European Commission"]),
        ("선전은 광저우와", ["선전", "광저우"]),
        ("홍콩과기대학(광저우)", ["광저우"]),
        ("난사(南沙) 개발", ["난사(南沙)"]),
        ("광둥·홍콩·마카오", ["광둥", "홍콩", "마카오"]),
        ("수원시 정부와 강남구청", ["수원시 정부", "강남구청"]),
    ],
)
def test_mentions(text: str, names: list[str]) -> None:
    assert [text[m.start : m.end] for m in find_organisations(text)] == names


@pytest.mark.parametrize(
    "text",
    [
        "재정부담 완화",
        "중국인 유학생",
        "선전하다",
        "적극적인 선전 활동",
        "장시간 논의",
        "신장을 이식",
        "성도 여러분",
        "국가급 신구 질적 발전",
        "발전하는 도시",
        "호남지역",
        "연구기관의 역할",
        "发展中国家",
        "정부는 발표",
        "대전은 치열",
        "MOSTLY",
        "반드시 정부",
        "도시 정부",
        "창평실험실",
    ],
)
def test_no_mentions(text: str) -> None:
    assert [text[m.start : m.end] for m in find_organisations(text)] == []


@pytest.mark.parametrize(
    ("name", "level", "jurisdiction"),
    [
        ("국무원", "national", "CN"),
        ("발개위", "national", "CN"),
        ("베이징시", "provincial", "CN-BJ"),
        ("광둥성 정부", "provincial", "CN-GD"),
        ("광저우시", "prefecture", "CN-GD"),
        ("선전시", "prefecture", "CN-GD"),
        ("하이뎬구", "district_county", "CN-BJ"),
        ("余杭区", "district_county", None),
        ("푸둥신구", "development_zone", "CN-SH"),
        ("텐진 빈하이 고신구", "development_zone", "CN-TJ"),
        ("경제기술개발구", "development_zone", None),
        ("유럽연합 집행위원회", "supranational", "EU"),
        ("과기정통부", "national", "KR"),
        ("서울시", "provincial", "KR-11"),
        ("난사(南沙)", "district_county", "CN-GD"),
        ("미국 상무부", "national", "US"),
        ("경제산업성", "national", "JP"),
        ("DSIT", "national", "GB"),
        ("BMFTR", "national", "DE"),
        ("베이징 경제정보화국", "provincial", "CN-BJ"),
        ("安徽省", "provincial", "CN-AH"),
        ("홍콩", "provincial", "CN-HK"),
        ("정부", None, None),
        ("EU", "supranational", "EU"),
    ],
)
def test_level_and_jurisdiction(name: str, level: str | None, jurisdiction: str | None) -> None:
    assert (level_of(name), jurisdiction_of(name)) == (level, jurisdiction)


def test_a_shared_name_goes_to_the_country_before_it_or_at_home() -> None:
    assert canonical("교육부") == "Ministry of Education (China)"
    assert canonical("교육부", home="KR") == "Ministry of Education (Korea)"
    assert canonical("미국 교육부", home="KR") == "Department of Education (United States)"
    text = "과기정통부와 교육부는 서울시에서"
    assert home_of(text) == "KR"
    assert [m.jurisdiction for m in find_organisations(text)] == ["KR", "KR", "KR-11"]


def test_a_bare_place_is_told_from_its_government() -> None:
    place, body = find_organisations("베이징시는 상하이시 정부와")
    assert (place.is_place, body.is_place) == (True, False)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("광저우", "CN-GD"),
        ("广东省", "CN-GD"),
        ("廣東", "CN-GD"),
        ("Guangdong", "CN-GD"),
        ("하남성", "CN-HA"),
        ("제주", "KR-49"),
        ("경기도", "KR-41"),
        ("독일", "DE"),
        ("德國", "DE"),
        ("Germany", "DE"),
        ("유럽연합", "EU"),
        ("Portugal", "PT"),
        ("Slovenia", "SI"),
        ("산시", None),
        ("없는곳", None),
        ("", None),
    ],
)
def test_place_codes(name: str, code: str | None) -> None:
    assert place_code(name) == code


def test_every_code_of_the_table_is_iso() -> None:
    assert {place.code for found in places().values() for place in found if not is_code(place.code)} == set()
    assert not is_code("CN-XX")


def test_the_tables_are_complete_and_name_their_source() -> None:
    tables = {name: tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8")) for name in ("places", "organisations")}
    assert all(table["source"] for table in tables.values())
    provinces = {code for code, level, _, _ in tables["places"]["places"] if level == "provincial"}
    assert sum(code.startswith("CN-") for code in provinces) == 34
    assert sum(code.startswith("KR-") for code in provinces) == 17
    assert len(tables["organisations"]["CN"]) > 80


def test_ambiguous_places_need_hanja() -> None:
    assert find_place("산시") is None
    found = find_place("산시(陝西)")
    assert found is not None
    assert found.code == "CN-SN"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("廣東省", "广东省"),
        ("國務院", "国务院"),
        ("中關村科學城", "中关村科学城"),
        ("１０％", "10%"),
        ("‘23’ ʼ24 ＇25 `26 ´27", "'23' '24 '25 '26 '27"),
        ("14・5 14‧5 14ㆍ5", "14·5 14·5 14·5"),
        ("～∼〜", "~~~"),
        ("硏究 敎育 淸華", "研究 教育 清华"),
        ("베이징", "베이징"),
        ("plain", "plain"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert len(fold(text)) == len(text)


def test_the_folding_table_is_large_and_idempotent() -> None:
    hanja = {letter for letter in _TABLE if "\u4e00" <= letter <= "\u9fff"}
    assert len(hanja) >= 400
    assert all(fold(fold(letter)) == fold(letter) for letter in _TABLE)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("광저우 경제개발구는", "광저우 경제개발구"),
        ("허페이 고신기술산업개발구가", "허페이 고신기술산업개발구"),
        ("청두 하이테크구", "청두 하이테크구"),
        ("광저우 개발구", "광저우 개발구"),
    ],
)
def test_zones_of_a_city(text: str, name: str) -> None:
    (mention,) = find_organisations(text)
    assert (text[mention.start : mention.end], mention.level) == (name, "development_zone")


def test_a_kind_of_zone_is_no_zone() -> None:
    assert find_organisations("국가급 경제기술개발구") == []
    assert [m.level for m in find_organisations("베이징 국가급 신구")] == ["provincial"]


@pytest.mark.parametrize(
    ("text", "home"),
    [
        ("외교부(장관 김하나)는 종합계획을 발표했다.", "KR"),
        ("베트남과 협력해 온 외교부는 계획을 발표했다.", "KR"),  # Vietnam has no body of such a name here
        ("중국 상무부는 조치를 발표했다. 베이징시도 따른다.", "CN"),
        ("미국 상무부와 국무부는 규칙을 발표했다.", "US"),
        ("外交部发布通知。", "CN"),
        ("The ministry announced a plan.", None),
    ],
)
def test_the_country_that_shared_names_belong_to(text: str, home: str | None) -> None:
    assert home_of(text) == home


def test_which_names_are_shared() -> None:
    assert is_shared("교육부") and is_shared("외교부")
    assert not is_shared("과학기술정보통신부") and not is_shared("한빛시")
    assert canonical("외교부", "KR") != canonical("외교부", "CN")


@pytest.mark.parametrize(
    ("name", "jurisdiction"),
    [
        ("아부다비 에너지부(DoE)", "AE-AZ"),
        ("인도 에너지부", None),  # 인도 is also another word: what is left is not American
        ("미국 에너지부", "US"),
        ("캘리포니아주 에너지부", "US"),
        ("에너지부(DOE)", "US"),
    ],
)
def test_a_body_of_a_common_name_behind_a_place_of_another_country_is_not_the_tables(
    name: str, jurisdiction: str | None
) -> None:
    assert jurisdiction_of(name) == jurisdiction
