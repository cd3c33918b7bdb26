"""The tables of an export: their columns, keys and what each column means. Every format follows this list.

A span `title` becomes three columns: `title` (the words), `title_start` and `title_end` (code points in the document's
text, end exclusive). Lists are joined by `;`. A new field of a record gets its column here, else no export is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Cell = str | int | float | None
Row = Mapping[str, Cell]
Tables = Mapping[str, list[dict[str, Cell]]]
"""By table name: the rows in order, each with every column."""

Kind = Literal["text", "integer", "number"]


@dataclass(frozen=True)
class Column:
    """A column. `ko` and `en` are its headings for people, `meaning` its line in docs/tables.md."""

    name: str
    kind: Kind
    ko: str
    en: str
    meaning: str
    required: bool = False
    """Never null."""
    folded: bool = False
    """For programs: a spreadsheet folds it away."""


@dataclass(frozen=True)
class ForeignKey:
    """`columns` of one table hold the key `of` another (or are null)."""

    columns: tuple[str, ...]
    table: str
    of: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table. `key`: the columns that name a row, on every run over the same documents."""

    name: str
    ko: str
    en: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    foreign: tuple[ForeignKey, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns in order."""
        return tuple(c.name for c in self.columns)

    def label(self, language: str) -> str:
        """The table's name for people, in `ko` or `en`."""
        return self.ko if language == "ko" else self.en


def _text(name: str, ko: str, en: str, meaning: str, *, required: bool = False, folded: bool = False) -> Column:
    return Column(name, "text", ko, en, meaning, required, folded)


def _count(name: str, ko: str, en: str, meaning: str, *, required: bool = True, folded: bool = False) -> Column:
    return Column(name, "integer", ko, en, meaning, required, folded)


def _span(name: str, ko: str, en: str, meaning: str, *, required: bool = False) -> tuple[Column, ...]:
    return (_text(name, ko, en, meaning, required=required), *_extent(name, ko, en, required=required))


def _extent(name: str, ko: str, en: str, *, required: bool = False) -> tuple[Column, ...]:
    begins = f"where `{name}` begins in the text, in code points"
    return (
        _count(f"{name}_start", f"{ko} 시작", f"{en}, start", begins, required=required, folded=True),
        _count(f"{name}_end", f"{ko} 끝", f"{en}, end", "where it ends, exclusive", required=required, folded=True),
    )


_ID = _text("id", "식별자", "id", "stable identifier, as in the records", required=True, folded=True)
_POLICY = _text("policy_id", "정책 식별자", "policy id", "the policy it belongs to", required=True, folded=True)
_MEASURE = _text(
    "measure_id", "시책 식별자", "measure id", "the measure it belongs to; null: the whole policy", folded=True
)
_POSITION = _count("position", "순서", "position", "place in the list, from 1", folded=True)
_FLAGS = _text("flags", "확인 사유", "flags", "reasons to look at the record first, joined by `;`", required=True)
_CONFIDENCE = Column(
    "confidence", "number", "확신도", "confidence", "how likely it is right, 0 to 1; null where nobody knows"
)
_FIELDS = _text(
    "technology_fields", "기술 분야", "technology fields", "technology fields, joined by `;`", required=True
)
_BOXES = _text(
    "boxes", "쪽 위의 자리", "boxes",
    "where the words stand, `[[page,x0,y0,x1,y1],…]`: points from the page's upper left, a box a line (`--sources`)",
    folded=True,
)  # fmt: skip
"""Null where nobody asked, for formats without pages, and where the file is not at hand."""
_STANDS = (
    _count("page", "쪽", "page", "page, from 1; null for formats without pages", required=False),
    _text("heading", "제목 줄", "heading", "nearest heading above"),
    _count("line", "줄", "line", "line of the saved text, from 1; null if that text is gone", required=False),
    _BOXES,
    _text("review", "검토", "review", "`accepted`, `edited` or `added` by a person; null: nobody decided"),
    _text("reviewed_by", "검토자", "reviewed by", "who decided"),
    _text("reviewed_at", "검토 시각", "reviewed at", "when, ISO 8601"),
)
_PORTAL = (
    _text("portal_date", "등록일(누리집)", "date on the site", "day by the list given with `--manifest`; `YYYY-MM-DD`"),
    _text("portal_publisher", "기관(누리집)", "publisher by the site", "who published it, by that list"),
    _text("portal_url", "주소(누리집)", "address on the site", "where it stands, by that list"),
    _text("portal_title", "제목(누리집)", "title on the site", "what it is called there, by that list"),
)
"""What the site that a document came from knew; no words of the document."""
_OF_POLICY = ForeignKey(("policy_id",), "policies", ("id",))
_OF_MEASURE = ForeignKey(("policy_id", "measure_id"), "measures", ("policy_id", "id"))

DOCUMENTS = Table(
    "documents", "문서", "Documents", "a document of the run", ("document",),
    (
        _text("document", "문서", "document", "name: path below the input folder", required=True),
        _text("sha256", "해시", "sha256", "of the file's bytes", folded=True),
        _text("status", "상태", "status", "`ok` or `failed`", required=True),
        _text("error_kind", "오류 종류", "error kind", "kind of failure"),
        _text("error_message", "오류", "error", "why it failed"),
        _text("format", "형식", "format", "`text`, `markdown`, `pdf`, …"),
        _text("reader", "변환기", "reader", "what converted the file: library, hash of our reader; null for text"),
        _text("encoding", "인코딩", "encoding", "of a text file"),
        _count("characters", "글자 수", "characters", "code points of the text"),
        _count("articles", "기사 수", "articles", "items the text was split into"),
        _count("policies", "정책 수", "policies", "policies the run found, before any correction"),
        _count("measures", "시책 수", "measures", "measures the run found, before any correction"),
        _count("targets", "목표 수", "targets", "targets the run found, before any correction"),
        _text("same_as", "같은 파일", "same as", "names of identical files, as a JSON array", required=True),
        _text("text", "텍스트 파일", "text file", "the saved text, below the run's folder", folded=True),
        _text("text_sha256", "텍스트 해시", "text sha256", "of the saved text's bytes", folded=True),
        _text("pages", "쪽 시작", "page starts", "offset at which each page begins, joined by `;`", required=True,
              folded=True),
        _count("hidden", "숨긴 글", "hidden text", "1: the file hides text from its reader; else 0"),
        _count("text_lost", "빠진 글자 수", "text lost", "signs that the file shows and its text has not"),
        _text("furniture", "화면 틀", "page furniture",
              "lines of the text, from 1, that a page says of itself, joined by `;`", required=True, folded=True),
        _count("left_out", "제외한 기록 수", "left out", "records less certain than `--min-confidence`"),
        Column("overlooked", "number", "놓쳤을 가능성", "overlooked",
               "how likely it reports a policy that was not taken, 0 to 1; null: no article is without one"),
        *_PORTAL,
        _count("answers", "답 수", "answers", "answers of a model that the records rest on"),
        _count("input_tokens", "입력 토큰", "input tokens", "of these answers; null where one does not tell",
               required=False),
        _count("output_tokens", "출력 토큰", "output tokens", "the same, of what was answered", required=False),
        Column("money", "number", "비용(달러)", "US dollars", "what they cost when given; null: no price is known"),
        _text("ocr", "그림에서 읽은 쪽", "pages read from pictures",
              "pages that are pictures with the confidence of their reading (`3:0.91`; `3:` not read), joined by `;`",
              required=True, folded=True),
    ),
)  # fmt: skip

POLICIES = Table(
    "policies", "정책", "Policies", "a policy", ("id",),
    (
        _ID, _POSITION,
        _text("document", "문서", "document", "the document that reports it", required=True),
        *_span("title", "제목", "title", "as printed; null for an act without a named document"),
        *_span("title_original", "원문 제목", "original title", "Chinese (or other) title"),
        _text("document_type", "문서 유형", "document type", "kind of policy document", required=True),
        _text("status", "상태", "status", "`planned`, `adopted`, `implemented`, `expired`"),
        _text("government_level", "정부 수준", "government level", "level of the issuer"),
        _text("jurisdiction", "관할", "jurisdiction", "`EU`, ISO 3166-1 or -2: `CN`, `CN-BJ`"),
        *_span("jurisdiction_basis", "관할 근거", "jurisdiction rests on", "the name it rests on without an issuer"),
        _text("announced_on", "발표일", "announced on", "`YYYY-MM-DD` or `YYYY-MM`; null where the year is unknown"),
        *_span("announced_on_raw", "발표일 표기", "announced on, as printed", "the date as printed"),
        *_span("period_basis", "기간 근거", "period rests on", "the words that tell the years"),
        _count("period_start", "시작 연도", "period start", "first year", required=False),
        _count("period_end", "종료 연도", "period end", "last year", required=False),
        *_span("objective", "목적", "objective", "at most one sentence"),
        _FIELDS, _CONFIDENCE, _FLAGS, *_STANDS, *_PORTAL,
        *_span("announcement", "발표 문장", "announcement", "the words that report the act", required=True),
        *_extent("extent", "기사", "article", required=True),
        _text("document_sha256", "문서 해시", "document sha256", "of the document's bytes", required=True, folded=True),
        _text("prompt_set", "프롬프트", "prompt set", "prompt set that was asked", required=True, folded=True),
        _text("prompt_hash", "프롬프트 해시", "prompt hash", "of that prompt set", required=True, folded=True),
        _text("schema_hash", "스키마 해시", "schema hash", "of the answer's schema", required=True, folded=True),
        _text("model", "모델", "model", "who answered", required=True, folded=True),
        _text("request_ids", "요청", "requests", "what was asked, joined by `;`", required=True, folded=True),
    ),
    (ForeignKey(("document",), "documents", ("document",)),),
)  # fmt: skip

MEASURES = Table(
    "measures", "시책", "Measures", "a measure: what the authority will do", ("policy_id", "id"),
    (
        _ID, _POLICY, _POSITION,
        *_span("text", "시책", "measure", "the whole printed unit", required=True),
        *_span("label", "표제", "label", "bracket label before it"),
        *_span("pillar", "상위 제목", "pillar", "the heading it stands under"),
        _text("instrument", "정책 수단", "instrument", "one of the twenty groups", required=True),
        _text("instrument_category", "수단 범주", "instrument category", "category of the group", required=True),
        _text("own_code", "자체 코드", "own code", "codes for the group by the list of `--codes`, joined by `;`"),
        _text("own_label", "자체 코드 이름", "own code's label", "their labels by that list, joined by `;`"),
        _text("target_groups", "대상", "target groups", "whom it addresses, joined by `;`", required=True),
        _FIELDS,
        _text("action_status", "진행", "action status", "`planned`, `ongoing`, `completed`", required=True),
        _CONFIDENCE,
        Column("instrument_confidence", "number", "수단 확신도", "instrument confidence", "the same of the instrument"),
        _FLAGS, *_STANDS,
    ),
    (_OF_POLICY,),
)  # fmt: skip

TARGETS = Table(
    "targets", "목표", "Targets", "a target: which number, and by when", ("policy_id", "id"),
    (
        _ID, _POLICY, _MEASURE, _POSITION,
        *_span("text", "목표 문장", "target", "the unit that states it", required=True),
        *_span("indicator", "지표", "indicator", "what is counted", required=True),
        *_span("raw", "수치 표기", "number as printed", "the number phrase", required=True),
        _text("comparator", "비교", "comparator", "`eq`, `ge`, `gt`, `le`, `lt`, `approx`, `range`, `eliminate`, "
              "`reference`", required=True),
        Column("value", "number", "값", "value", "in base units (만, 억, 조 resolved), for calculating"),
        _text("value_exact", "값(정확)", "value, exact", "the same to the last digit", folded=True),
        Column("value_max", "number", "최댓값", "upper value", "upper end of a range, for calculating"),
        _text("value_max_exact", "최댓값(정확)", "upper value, exact", "the same to the last digit", folded=True),
        _text("unit", "단위", "unit", "the source's counter"),
        _text("deadline", "기한", "deadline", "a year or a date"),
        _text("deadline_basis", "기한 근거", "deadline basis", "`stated`, or implied by the `policy_period`"),
        _CONFIDENCE, _FLAGS, *_STANDS,
    ),
    (_OF_POLICY, _OF_MEASURE),
)  # fmt: skip

BUDGETS = Table(
    "budgets", "예산", "Budgets", "an amount set aside for a policy or a measure; no target", ("policy_id", "id"),
    (
        _ID, _POLICY, _MEASURE, _POSITION,
        *_span("text", "예산 문장", "budget", "the unit that states it", required=True),
        *_span("raw", "금액 표기", "amount as printed", "the amount", required=True),
        _text("comparator", "비교", "comparator", "`eq`, `ge`, `gt`, `approx`, `range`", required=True),
        Column("value", "number", "금액", "amount", "in base units (만, 억, 조 resolved), for calculating"),
        _text("value_exact", "금액(정확)", "amount, exact", "the same to the last digit", folded=True),
        Column("value_max", "number", "최대 금액", "upper amount", "upper end of a range, for calculating"),
        _text("value_max_exact", "최대 금액(정확)", "upper amount, exact", "the same to the last digit", folded=True),
        _text("unit", "단위", "unit", "the money as printed"),
        _text("currency", "통화", "currency", "by ISO 4217; null where the words are several currencies'"),
        *_span("purpose", "용도", "purpose", "what it is for"),
        *_span("years", "연도 표기", "years as printed", "the words that tell for which years"),
        _count("period_start", "시작 연도", "period start", "first year", required=False),
        _count("period_end", "종료 연도", "period end", "last year", required=False),
        _FLAGS,
    ),
    (_OF_POLICY, _OF_MEASURE),
)  # fmt: skip

ORGANISATIONS = Table(
    "organisations", "기관", "Organisations", "an organisation in one place: issues a policy, implements a measure",
    ("policy_id", "measure_id", "position"),
    (
        _ID, _POLICY, _MEASURE, _POSITION,
        *_span("name", "기관", "organisation", "as printed", required=True),
        _text("canonical", "표준 이름", "canonical name", "one name for all spellings; null for a mere role"),
        _text("role", "역할", "role", "`issuer`, `joint_issuer`, `implementer`", required=True),
    ),
    (_OF_POLICY, _OF_MEASURE),
)  # fmt: skip

REFERENCES = Table(
    "references", "참고자료", "References", "a document that a policy's article cites", ("policy_id", "position"),
    (
        _ID, _POLICY, _POSITION,
        *_span("title", "제목", "title", "as printed", required=True),
        *_span("url", "주소", "address", "web address as printed"),
        _text("kind", "종류", "kind", "`source`, `related_policy`, `background`", required=True),
    ),
    (_OF_POLICY,),
)  # fmt: skip

EVIDENCE = Table(
    "evidence", "추가 근거", "Evidence", "another place that states the policy", ("policy_id", "position"),
    (_POLICY, _POSITION, *_span("text", "문구", "words", "the words there", required=True), _BOXES),
    (_OF_POLICY,),
)  # fmt: skip

TABLES = (POLICIES, MEASURES, TARGETS, BUDGETS, ORGANISATIONS, REFERENCES, EVIDENCE, DOCUMENTS)
"""As a reader meets them."""
