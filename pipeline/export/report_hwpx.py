"""hwpx: a report of a run to edit further and to file, for offices that work with Hangul.

A heading for each document and each policy, its facts as a table, its measures as a list, its targets as a table; with
every record the place it stands in. It is for people: no program reads it back.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterable, Sequence
from pathlib import Path

from hwpx.document import HwpxDocument

from pipeline.export.overview import one_line
from pipeline.results import Results
from schemas.errors import InputError, UsageError
from schemas.records import Policy, Span, Target
from schemas.vocabulary import Role

FILE = "pams.hwpx"
MOST_RECORDS = 20_000
"""Policies, measures and targets of one report: nobody edits more, and all of it is in memory."""
_WORDS = {
    "ko": {
        "report": "정책·시책·목표 추출 보고서",
        "note": "모든 항목은 원문에 그대로 있는 문구이며, 괄호 안은 원문의 자리다.",
        "facts": ("발표기관", "발표일", "문서 유형", "상태", "관할", "시행 기간", "목적", "원문"),
        "measures": "주요 시책",
        "targets": ("지표", "수치", "기한", "자리"),
        "goals": "목표",
        "place": ("쪽", "줄"),
        "unnamed": "이름 없는 조치",
        "none": "정책이 없다.",
    },
    "en": {
        "report": "Policies, measures and targets",
        "note": "Every entry stands in the source as printed; in brackets, where.",
        "facts": ("Issued by", "Announced", "Document type", "Status", "Jurisdiction", "Period", "Objective", "Source"),
        "measures": "Measures",
        "targets": ("Indicator", "Number", "By", "Place"),
        "goals": "Targets",
        "place": ("p.", "line"),
        "unnamed": "An act without a name",
        "none": "No policy.",
    },
}


def write_hwpx(parts: Iterable[Results], room: Path, language: str) -> None:
    """Writes the report into a folder. Raises `UsageError` where it would be too long for a report, `OSError`."""
    report = _Report(language)
    for results in parts:
        report.add(results)
    (room / FILE).write_bytes(report.made())


class _Report:
    """The document as far as it is written."""

    def __init__(self, language: str) -> None:
        self._words, self._language = _WORDS[language], language
        self._document = HwpxDocument.new()
        self._document.page.setup(paper_size="A4")
        self._bold = self._document.styles.ensure_run(bold=True)
        self._small = self._document.styles.ensure_run(size=9, color="#555555")
        self._document.paragraphs[0].text = str(self._words["report"])
        self._paragraph(str(self._words["note"]), self._small)
        self._records = 0

    def add(self, results: Results) -> None:
        """All documents of one part, each with its policies."""
        for name in dict.fromkeys([*results.rows, *(policy.document for policy in results.policies)]):
            policies = [policy for policy in results.policies if policy.document == name]
            self._document.add_heading(one_line(name), 1)
            if not policies:
                self._paragraph(str(self._words["none"]), self._small)
            for policy in policies:
                self._policy(results, policy)

    def made(self) -> bytes:
        """The file. The same records make the same bytes: numbers of paragraphs are counted, not drawn."""
        counted = itertools.count(1)
        for section in self._document.sections:
            for element in section.element.iter():
                if element.get("id") is not None and element.tag.rpartition("}")[2] in ("p", "tbl"):
                    element.set("id", str(next(counted)))
        return bytes(self._document.to_bytes())

    def _policy(self, results: Results, policy: Policy) -> None:
        self._records += 1 + len(policy.measures) + len(policy.targets)
        if self._records > MOST_RECORDS:
            raise UsageError(
                f"a report of more than {MOST_RECORDS:,} policies, measures and targets is no report; "
                "export xlsx or sqlite, or a run over fewer documents"
            )
        title = policy.title or policy.announcement
        name = one_line(title.text) if policy.title else f"({self._words['unnamed']}) {one_line(title.text)}"
        self._document.add_heading(name, 2)
        facts = zip(self._words["facts"], self._facts(results, policy), strict=True)
        self._table([list(row) for row in facts if row[1]], (18, 82))
        if policy.measures:
            self._paragraph(f"□ {self._words['measures']}", self._bold)
        for measure in policy.measures:
            place = self._place(results, policy, measure.text)
            label = measure.instrument.label(self._language)
            self._paragraph(f"  ○ {one_line(measure.text.text)} [{label}] {place}")
        if policy.targets:
            self._paragraph(f"□ {self._words['goals']}", self._bold)
            rows = [self._target(results, policy, target) for target in policy.targets]
            self._table([list(self._words["targets"]), *rows], (46, 22, 14, 18))
        self._paragraph("")

    def _facts(self, results: Results, policy: Policy) -> Sequence[str]:
        issuers = dict.fromkeys(
            one_line(o.name.text) for o in policy.issuers if o.role in (Role.ISSUER, Role.JOINT_ISSUER)
        )
        years = [str(year) for year in (policy.period_start, policy.period_end) if year is not None]
        return (
            ", ".join(issuers),
            policy.announced_on.value or one_line(policy.announced_on.raw.text) if policy.announced_on else "",
            policy.document_type.label(self._language),
            policy.status.label(self._language) if policy.status else "",
            policy.jurisdiction or "",
            "–".join(dict.fromkeys(years)),
            one_line(policy.objective.text) if policy.objective else "",
            f"{one_line(policy.document)} {self._place(results, policy, policy.announcement)}",
        )

    def _target(self, results: Results, policy: Policy, target: Target) -> list[str]:
        place = self._place(results, policy, target.raw)
        return [one_line(target.indicator.text), one_line(target.raw.text), target.deadline or "", place]

    def _place(self, results: Results, policy: Policy, span: Span) -> str:
        """`(3쪽, 41줄)`; nothing where the text is gone."""
        with contextlib.suppress(InputError):
            cited = results.cite(policy.document, span)
            page, line = self._words["place"]
            pairs = [(page, cited.page), (line, cited.line)]
            korean = self._language == "ko"
            told = [f"{n}{word}" if korean else f"{word} {n}" for word, n in pairs if n is not None]
            return f"({', '.join(told)})" if told else ""
        return ""

    def _paragraph(self, words: str, look: str | None = None) -> None:
        self._document.add_paragraph(words, char_pr_id_ref=look, inherit_style=False)

    def _table(self, rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
        table = self._document.add_table(len(rows), len(widths))
        table.set_column_widths(widths)
        for at, row in enumerate(rows):
            for place, words in enumerate(row):
                table.set_cell_text(at, place, words)
