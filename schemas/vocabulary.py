"""The closed vocabularies: every enumeration value that can come out, with its labels.

Sources: EC-OECD *STIP Compass* taxonomy, 2025 edition (instrument and target-group codes); UNFCCC/EEA
*policies and measures* (status); Climate Policy Radar (family and document). `local` marks values that
the standards lack and that science-policy briefs need. Programs see the value, people the label.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self

LANGUAGES = ("ko", "en")
"""Languages that labels are in."""


class Term(StrEnum):
    """A value of a closed vocabulary. `ko` and `en` are its labels for people."""

    ko: str
    en: str

    def __new__(cls, value: str, ko: str, en: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.ko = ko
        member.en = en
        return member

    def label(self, language: str = "en") -> str:
        """The label in `language`: `"ko"` or `"en"`."""
        return self.ko if language == "ko" else self.en


class DocumentType(Term):
    """Kind of the policy document, decided by the title's noun as printed (guideline 7)."""

    PLAN = "plan", "계획·전략", "plan or strategy"
    ACTION_PLAN = "action_plan", "실시계획·방안", "action plan"
    OPINION_GUIDELINE = "opinion_guideline", "의견·지침", "opinion or guideline"
    SUPPORT_MEASURES = "support_measures", "지원정책·조치", "support measures"
    LAW_REGULATION = "law_regulation", "법·조례·규정", "law or regulation"
    UNNAMED_ACTION = "unnamed_action", "문서명 없는 행위", "act without a named document"


class Status(Term):
    """Status of a policy (EEA reporting vocabulary)."""

    PLANNED = "planned", "계획", "planned"
    ADOPTED = "adopted", "채택", "adopted"
    IMPLEMENTED = "implemented", "시행", "implemented"
    EXPIRED = "expired", "종료", "expired"


class GovernmentLevel(Term):
    """Level of the issuer (not of the place); highest first, so that joint issuers take the first that fits."""

    SUPRANATIONAL = "supranational", "초국가", "supranational"
    NATIONAL = "national", "국가", "national"
    PROVINCIAL = "provincial", "성급(직할시 포함)", "provincial"
    PREFECTURE = "prefecture", "지급시", "prefecture"
    DISTRICT_COUNTY = "district_county", "구·현", "district or county"
    DEVELOPMENT_ZONE = "development_zone", "개발구·신구", "development zone"


class InstrumentCategory(Term):
    """Category of an instrument group, derived from the group and never answered."""

    GOVERNANCE = "governance", "거버넌스", "governance"
    DIRECT_FINANCE = "direct_finance", "직접 재정지원", "direct finance"
    INDIRECT_FINANCE = "indirect_finance", "간접 재정지원", "indirect finance"
    GUIDANCE_INCENTIVES = "guidance_incentives", "규제·안내·유인", "guidance, regulation and incentives"
    COLLABORATIVE_INFRASTRUCTURE = "collaborative_infrastructure", "협력 인프라", "collaborative infrastructure"
    DEMAND_DEPLOYMENT = "demand_deployment", "수요·실증", "demand and deployment"
    TECHNOLOGY_PUSH = "technology_push", "기술개발", "technology push"
    OTHER = "other", "기타", "other"


class Instrument(Term):
    """The 20 instrument groups. `stip`: the STIP Compass codes a group merges; empty for local groups."""

    category: InstrumentCategory
    stip: tuple[str, ...]

    def __new__(cls, value: str, ko: str, en: str, category: InstrumentCategory, stip: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.ko, member.en, member.category = ko, en, category
        member.stip = tuple(stip.split())
        return member

    STRATEGY_PLAN = "strategy_plan", "전략·계획 수립", "strategy or plan", InstrumentCategory.GOVERNANCE, "PI024"
    GOVERNANCE_BODY = (
        "governance_body", "조직·조정 체계", "governance body", InstrumentCategory.GOVERNANCE, "PI025 PI026 PI030 PI033",
    )  # fmt: skip
    INTELLIGENCE_OUTREACH = (
        "intelligence_outreach", "평가·통계·홍보", "policy intelligence and outreach", InstrumentCategory.GOVERNANCE,
        "PI028 PI031",
    )  # fmt: skip
    STANDARDS_CERTIFICATION = (
        "standards_certification", "표준·인증", "standards and certification", InstrumentCategory.GOVERNANCE, "PI027",
    )  # fmt: skip
    PUBLIC_RESEARCH_FUNDING = (
        "public_research_funding", "공공연구 지원", "public research funding", InstrumentCategory.DIRECT_FINANCE,
        "PI006 PI007 PI009",
    )  # fmt: skip
    BUSINESS_GRANT = (
        "business_grant", "기업 보조금", "business grant", InstrumentCategory.DIRECT_FINANCE, "PI008 PI014",
    )  # fmt: skip
    PROCUREMENT = "procurement", "공공조달", "public procurement", InstrumentCategory.DIRECT_FINANCE, "PI010"
    FINANCE = (
        "finance", "융자·투자·보증", "credit, equity and guarantees", InstrumentCategory.DIRECT_FINANCE,
        "PI012 PI013 PI029",
    )  # fmt: skip
    TAX_RELIEF = "tax_relief", "조세 감면", "tax relief", InstrumentCategory.INDIRECT_FINANCE, "PI015 PI016"
    TALENT = "talent", "인재", "talent and mobility", InstrumentCategory.GUIDANCE_INCENTIVES, "PI011 PI018"
    NETWORK_CLUSTER = (
        "network_cluster", "네트워크·클러스터", "networks and clusters",
        InstrumentCategory.COLLABORATIVE_INFRASTRUCTURE, "PI021",
    )  # fmt: skip
    INFRASTRUCTURE_PLATFORM = (
        "infrastructure_platform", "인프라·플랫폼 구축", "infrastructure and platforms",
        InstrumentCategory.COLLABORATIVE_INFRASTRUCTURE, "PI022",
    )  # fmt: skip
    DATA_INFORMATION = (
        "data_information", "데이터·정보 서비스", "data and information services",
        InstrumentCategory.COLLABORATIVE_INFRASTRUCTURE, "PI023",
    )  # fmt: skip
    ADVISORY_INCUBATION = (
        "advisory_incubation", "자문·매칭·보육", "advice, matching and incubation",
        InstrumentCategory.GUIDANCE_INCENTIVES, "PI017",
    )  # fmt: skip
    REGULATION_MARKET_ACCESS = (
        "regulation_market_access", "규제·시장접근", "regulation and market access",
        InstrumentCategory.GUIDANCE_INCENTIVES, "PI032",
    )  # fmt: skip
    INTELLECTUAL_PROPERTY = (
        "intellectual_property", "지식재산", "intellectual property", InstrumentCategory.GUIDANCE_INCENTIVES, "PI019",
    )  # fmt: skip
    AWARDS_DESIGNATION = (
        "awards_designation", "포상·지정·선정", "awards and designation", InstrumentCategory.GUIDANCE_INCENTIVES, "PI020",
    )  # fmt: skip
    DEMONSTRATION_APPLICATION = (
        "demonstration_application", "시범·응용", "demonstration and application", InstrumentCategory.DEMAND_DEPLOYMENT, "",
    )  # fmt: skip
    TECHNOLOGY_DEVELOPMENT = (
        "technology_development", "기술개발", "technology development", InstrumentCategory.TECHNOLOGY_PUSH, "",
    )  # fmt: skip
    OTHER = "other", "기타", "other", InstrumentCategory.OTHER, ""


class TargetGroup(Term):
    """Whom a measure addresses. `stip`: the STIP Compass target-group codes."""

    stip: tuple[str, ...]

    def __new__(cls, value: str, ko: str, en: str, stip: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.ko, member.en = ko, en
        member.stip = tuple(stip.split())
        return member

    UNIVERSITIES = "universities", "대학", "universities", "TG20"
    PUBLIC_RESEARCH = "public_research", "공공연구기관", "public research institutes", "TG21 TG22"
    RESEARCHERS = "researchers", "연구자", "researchers", "TG9 TG11 TG12 TG41"
    STUDENTS_TEACHERS = "students_teachers", "학생·교원", "students and teachers", "TG10 TG13 TG38"
    FIRMS = "firms", "기업", "firms", "TG25 TG29"
    SMES = "smes", "중소기업", "SMEs", "TG30 TG31"
    LARGE_FIRMS = "large_firms", "대기업", "large firms", "TG28 TG32"
    FOREIGN_FIRMS = "foreign_firms", "외국기업", "foreign firms", "TG33"
    STARTUPS = "startups", "창업기업", "startups", "TG18 TG26 TG27"
    INVESTORS = "investors", "투자자", "investors", "TG17"
    INTERMEDIARIES = "intermediaries", "중개기관", "intermediaries", "TG34 TG35 TG36 TG37 TG42"
    GOVERNMENT = "government", "정부", "government", "TG23 TG24 TG40"
    SOCIETY = "society", "사회·시민", "society", "TG14 TG15 TG16 TG19"


class TechnologyField(Term):
    """Technology field of a policy or measure (local list)."""

    ICT_TELECOM = "ict_telecom", "정보통신", "ICT and telecom"
    AI_DATA_SOFTWARE = "ai_data_software", "인공지능·데이터·SW", "AI, data and software"
    SEMICONDUCTORS = "semiconductors", "반도체", "semiconductors"
    ROBOTICS_MANUFACTURING = "robotics_manufacturing", "로봇·제조", "robotics and manufacturing"
    BIO_HEALTH = "bio_health", "바이오·보건", "bio and health"
    ENERGY = "energy", "에너지", "energy"
    TRANSPORT_NEV = "transport_nev", "교통·신에너지차", "transport and new-energy vehicles"
    NEW_MATERIALS = "new_materials", "신소재", "new materials"
    AEROSPACE = "aerospace", "항공우주", "aerospace"
    MARINE = "marine", "해양", "marine"
    QUANTUM = "quantum", "양자", "quantum"
    ENVIRONMENT = "environment", "환경", "environment"
    AGRICULTURE = "agriculture", "농업", "agriculture"
    BASIC_SCIENCE = "basic_science", "기초과학", "basic science"
    BUSINESS_SERVICES = "business_services", "비즈니스 서비스", "business services"
    CROSS_CUTTING = "cross_cutting", "공통·융합", "cross-cutting"


class ActionStatus(Term):
    """State of a measure by its predicate; noun-ending bullets are `planned` (guideline 19)."""

    PLANNED = "planned", "예정", "planned"
    ONGOING = "ongoing", "추진 중", "ongoing"
    COMPLETED = "completed", "완료", "completed"


class Comparator(Term):
    """How a target's number binds. `eliminate` and `reference` carry no number."""

    EQ = "eq", "=", "equal to"
    GE = "ge", "이상", "at least"
    GT = "gt", "초과", "more than"
    LE = "le", "이하", "at most"
    LT = "lt", "미만", "less than"
    APPROX = "approx", "약", "about"
    RANGE = "range", "범위", "between"
    ELIMINATE = "eliminate", "전면 폐지", "eliminate"
    REFERENCE = "reference", "기준 대비", "relative to a reference"


class DeadlineBasis(Term):
    """Where a target's deadline comes from."""

    STATED = "stated", "명시", "stated with the target"
    POLICY_PERIOD = "policy_period", "정책 기간", "implied by the policy's period"


class Role(Term):
    """What an organisation does for a record."""

    ISSUER = "issuer", "발표기관", "issuer"
    JOINT_ISSUER = "joint_issuer", "공동 발표기관", "joint issuer"
    IMPLEMENTER = "implementer", "이행기관", "implementer"


class ReferenceKind(Term):
    """What a reference is to the policy."""

    SOURCE = "source", "출처", "source"
    RELATED_POLICY = "related_policy", "관련 정책", "related policy"
    BACKGROUND = "background", "배경 자료", "background"


class Flag(Term):
    """Reasons to look at a record before using it."""

    MODEL_DISAGREES = "model_disagrees", "모델 이견", "the model disagrees with the rule"
    DATE_CONFLICT = "date_conflict", "날짜 불일치", "dates in the document conflict"
    SUSPECT_SOURCE = "suspect_source", "원문 의심", "the source looks damaged"
    OCR = "ocr", "그림에서 읽음", "read from the picture of a page"
    INSTRUCTION_LIKE_TEXT = "instruction_like_text", "지시문 의심", "the text addresses a machine"


class UnitKind(StrEnum):
    """Layout role of a unit, found by `outline`."""

    HEADING = "heading"
    BULLET = "bullet"
    CELL = "cell"
    ROW = "row"
    NOTE = "note"
    BOX = "box"
    SENTENCE = "sentence"
    CLAUSE = "clause"
    ITEM = "item"
    LINK = "link"
    FURNITURE = "furniture"
