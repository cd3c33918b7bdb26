"""Values and names measured on suites that people labelled; the suites are no part of the project.

    python -m eval.trials.external FOLDER             (or PAMS_SUITES=FOLDER python -m eval.trials.external)
    python -m eval.trials.external FOLDER --misses    with every expression that is missed or read wrong
    python -m eval.trials.external FOLDER --json

A number or date is *found* if a phrase of ours overlaps the marked expression by one character or more. Its value is
that of the phrase that overlaps most; two phrases that are the two ends of a marked range count together. *Right* is
the value (and the unit, where the table below knows it) that the label gives, *wrong* another one, and neither where
we give null. A part of the marked number is wrong. *Given* reads the marked expression alone, as `ground` reads a
quote. An organisation is found if a mention has exactly the marked start and end.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from eval.trials.external_scope import out_of_scope
from pipeline.normalise import (
    PartialDate,
    Quantity,
    find_dates,
    find_organisations,
    find_period,
    find_quantities,
    parse_quantity,
)
from schemas.errors import PamsError, UsageError
from schemas.vocabulary import Comparator

SUITES = ("numbers", "dates", "entities_ko", "entities_zh")
WHERE = """\
A folder is needed: python -m eval.trials.external FOLDER, or PAMS_SUITES=FOLDER. It holds
numbers.jsonl, dates.jsonl, entities_ko.jsonl and entities_zh.jsonl. The originals are published at
  https://github.com/microsoft/Recognizers-Text   Specs, Korean and Chinese (MIT): numbers, dates
  https://github.com/KLUE-benchmark/KLUE          KLUE NER 1.1, dev (CC BY-SA 4.0): entities_ko
  https://github.com/ranxi2001/information-extraction-policy-news   (no licence stated): entities_zh
A line: {"text", "language", "kind", "expected": [{"start", "end", "text", and "value", "unit" | "timex" | "label"}]}"""

UNITS = {
    "Dollar": r"달러|\$|美元|美金|美圆|dollars?|USD",
    "United States dollar": r"달러|\$|美元|美金|美圆|dollars?|USD",
    "Canadian dollar": r"달러|\$|加元|dollars?",
    "Hong Kong dollar": r"달러|\$|港元|港币|HKD",
    "Australian dollar": r"달러|\$|澳元|dollars?",
    "Euro": "유로|欧元|€|euros?|EUR",
    "Chinese yuan": r"위안화?|元|人民币|块|¥|￥|yuan|RMB|CNY",
    "Japanese yen": "엔화?|日元|日圆|yen|¥|JPY",
    "Korean won": "원|韩元|韩圆|won|₩|KRW",
    "Pound": "파운드|磅|英镑|£|pounds?|GBP|lb",
    "Cent": "센트|cents?",
    "Kilometer": "km|킬로미터|千米|公里",
    "Meter": "m|미터|米",
    "Millimeter": "mm|밀리미터|毫米",
    "Kilogram": "kg|킬로그램|千克|公斤",
    "Mile": "마일|英里",
    "Ton": "톤|吨|t|tons?",
    "Metric ton": "미터톤|톤|吨",
    "Square meter": "㎡|m2|m²|평방 ?미터|제곱 ?미터|平方米",
    "Square kilometer": "km2|km²|㎢|제곱 ?킬로미터|평방 ?킬로미터|平方公里",
}
"""The suites' unit words and how we record them (as printed); a unit that stands here and differs is wrong."""


@dataclass
class Row:
    """Counts of one suite and kind; `given_*` read the marked expression alone; `claimed`: all mentions of ours."""

    suite: str
    kind: str
    n: int = 0
    found: int = 0
    right: int = 0
    wrong: int = 0
    given_right: int = 0
    given_wrong: int = 0
    claimed: int = 0
    languages: dict[str, list[int]] = field(default_factory=dict)
    """For each language how many are asked, and how many of them are right."""
    misses: list[str] = field(default_factory=list)


@dataclass
class Report:
    rows: dict[tuple[str, str], Row] = field(default_factory=dict)
    left_out: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def row(self, suite: str, kind: str) -> Row:
        return self.rows.setdefault((suite, kind), Row(suite, kind))


# -- values --------------------------------------------------------------------------------------------------

Bounds = tuple[float | None, float | None, bool | None, bool | None]
"""Lowest and highest value, and whether each end belongs to it (None: both are right)."""


def expected_bounds(value: str) -> Bounds:
    """The label's notation: `20%`, `[200,)`, `(,6000)`, `[20,100)`; the open end of a closed range is not asked."""
    interval = re.fullmatch(r"([\[(])([^,]*),([^,]*)([\])])", value.replace(" ", ""))
    if interval is None:
        number = float(value.rstrip("%"))
        return number, number, True, True
    low, high = (float(part) if part else None for part in (interval[2], interval[3]))
    if low is not None and high is not None:
        return low, high, None, None
    return low, high, interval[1] == "[", interval[4] == "]"


def _bounds(found: Quantity) -> Bounds:
    value, sign = found.value, found.comparator
    if found.value_max is not None:
        return value, found.value_max, None, None
    if sign in (Comparator.GE, Comparator.GT):
        return value, None, sign is Comparator.GE, None
    if sign in (Comparator.LE, Comparator.LT):
        return None, value, None, sign is Comparator.LE
    return value, value, True, True


def _same(one: float | None, other: float | None, tolerance: float = 1e-9) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= tolerance * max(abs(one), abs(other))


def is_right(found: Sequence[Quantity], entry: dict[str, Any], kind: str) -> bool:
    """Whether these phrases, taken together, say what the label says."""
    low, high, low_in, high_in = expected_bounds(str(entry["value"]))
    if not all(_unit_fits(quantity.unit, entry.get("unit")) for quantity in found):
        return False
    if kind == "range":
        if re.search("[多余餘여]", entry["text"]) and found[0].comparator in (Comparator.APPROX, Comparator.GE):
            return _same(found[0].value, low)
        ours = [_bounds(quantity) for quantity in found]
        lows = [(b[0], b[2]) for b in ours if b[0] is not None]
        highs = [(b[1], b[3]) for b in ours if b[1] is not None]
        return _end(lows, low, low_in) and _end(highs, high, high_in)
    quantity = found[0]
    if quantity.value_max is not None and not _same(quantity.value_max, high):
        return False
    shares = (quantity.unit or "").endswith("%") and kind == "number"
    value = quantity.value / 100 if shares and quantity.value is not None else quantity.value
    return _same(value, low, 1e-4 if shares else 1e-9)


def _end(ours: Sequence[tuple[float | None, bool | None]], value: float | None, inside: bool | None) -> bool:
    if value is None:
        return not ours
    return any(_same(v, value) and (inside is None or i is None or i == inside) for v, i in ours)


def _unit_fits(ours: str | None, theirs: str | None) -> bool:
    if ours is None or theirs not in UNITS:
        return True
    return re.search(rf"(?:^|[^A-Za-z0-9])(?:{UNITS[theirs]})$", ours, re.IGNORECASE) is not None or (
        not ours.isascii() and re.search(rf"(?:{UNITS[theirs]})$", ours) is not None
    )


def _parts(date: PartialDate) -> tuple[int | None, int | None, int | None]:
    return date.year, date.month, date.day


def expected_parts(timex: str) -> tuple[int | None, int | None, int | None]:
    """`XXXX-01-19` → (None, 1, 19); `2008` → (2008, None, None)."""
    parts = [None if "X" in part else int(part) for part in timex.split("-")]
    year, month, day = (*parts, None, None)[:3]
    return year, month, day


# -- one suite after another ---------------------------------------------------------------------------------


def measure(folder: Path) -> Report:
    """All suites that `folder` holds; raises `UsageError` where it holds none, or a line that cannot be read."""
    report = Report()
    present = [suite for suite in SUITES if (folder / f"{suite}.jsonl").is_file()]
    if not present:
        raise UsageError(f"no suite in {folder}\n{WHERE}")
    for suite in present:
        for line in _lines(folder / f"{suite}.jsonl"):
            _measure_line(report, suite, line)
    return report


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.strip():
            try:
                read = json.loads(line)
                assert isinstance(read["text"], str)
                for entry in read["expected"]:
                    assert 0 <= entry["start"] < entry["end"] and entry["text"]
            except (ValueError, KeyError, TypeError, AssertionError):
                raise UsageError(f"{path}, line {number}: not a line of a suite\n{WHERE}") from None
            yield read


def _measure_line(report: Report, suite: str, line: dict[str, Any]) -> None:
    text = line["text"]
    asked: list[tuple[str, dict[str, Any]]] = []
    for entry in line["expected"]:
        kind = str(entry.get("label") or line["kind"])
        reason = out_of_scope(suite, kind, text, entry)
        if reason is None:
            asked.append((kind, entry))
        else:
            key = (suite, kind, reason)
            report.left_out[key] = report.left_out.get(key, 0) + 1
    for kind, entry in asked:
        row = report.row(suite, kind)
        row.n += 1
        before = row.right
        said = _ask(row, text, entry)
        counts = row.languages.setdefault(str(line["language"]), [0, 0])
        counts[0], counts[1] = counts[0] + 1, counts[1] + row.right - before
        if said:
            row.misses.append(f"{said}: {entry['text']!r} in {text[max(0, entry['start'] - 30) : entry['end'] + 20]!r}")
    if suite == "entities_zh":
        _claims(report.row(suite, "authority"), text, line["expected"])


def _ask(row: Row, text: str, entry: dict[str, Any]) -> str | None:
    """Counts one expected entry; what is to be shown of it where it is not right."""
    if row.kind in ("authority", "OG"):
        hit = any((m.start, m.end) == (entry["start"], entry["end"]) for m in find_organisations(text))
        row.found += hit
        return None if hit else "missed"
    if row.suite == "numbers":
        return _ask_number(row, text, entry)
    if row.suite == "dates":
        return _ask_date(row, text, entry)
    return _ask_unlabelled(row, text, entry)


def _ask_number(row: Row, text: str, entry: dict[str, Any]) -> str | None:
    alone = parse_quantity(entry["text"])
    if alone is not None and alone.value is not None:
        given = is_right([alone], entry, row.kind) or is_right(
            find_quantities(entry["text"]) or [alone], entry, row.kind
        )
        row.given_right += given
        row.given_wrong += not given
    found = sorted((q for q in find_quantities(text) if _shared(q, entry)), key=lambda q: (-_shared(q, entry), q.start))
    if not found:
        return "missed"
    row.found += 1
    if found[0].value is None:
        return "null"
    right = is_right(found[:1], entry, row.kind) or (row.kind == "range" and is_right(found, entry, row.kind))
    row.right += right
    row.wrong += not right
    return (
        None
        if right
        else "wrong " + " | ".join(f"{q.value} {q.value_max or ''} {q.unit} {q.comparator}" for q in found)
    )


def _ask_date(row: Row, text: str, entry: dict[str, Any]) -> str | None:
    wanted = expected_parts(entry["timex"])
    alone = find_dates(entry["text"])
    if alone:
        row.given_right += _parts(alone[0]) == wanted
        row.given_wrong += _parts(alone[0]) != wanted
    found = max((d for d in find_dates(text) if _shared(d, entry)), key=lambda d: _shared(d, entry), default=None)
    if found is None:
        return "missed"
    row.found += 1
    right = _parts(found) == wanted
    row.right += right
    row.wrong += not right
    return None if right else f"wrong {_parts(found)}"


def _ask_unlabelled(row: Row, text: str, entry: dict[str, Any]) -> str | None:
    """KLUE marks quantities and dates without a value: found, and read to some value (counted as right)."""
    if row.kind == "QT":
        found = [q for q in find_quantities(text) if _shared(q, entry)]
        read = any(q.value is not None for q in found)
    else:
        dates = [d for d in find_dates(text) if _shared(d, entry)]
        period = find_period(text)
        over = period is not None and period[2][0] < entry["end"] and entry["start"] < period[2][1]
        read = bool(dates) or over
        found = dates or [period] if over else dates  # type: ignore[assignment]
    row.found += bool(found)
    row.right += read
    return None if read else "missed"


def _shared(ours: Any, entry: dict[str, Any]) -> int:
    return max(0, min(int(ours.end), int(entry["end"])) - max(int(ours.start), int(entry["start"])))


def _claims(row: Row, text: str, expected: Sequence[dict[str, Any]]) -> None:
    """Bodies that we name in the sentence, and which of them nobody marked: shown to be judged by a reader."""
    marked = {(e["start"], e["end"]) for e in expected if e.get("label") == "authority"}
    for mention in find_organisations(text):
        if not mention.is_place:
            row.claimed += 1
            if (mention.start, mention.end) not in marked:
                around = text[max(0, mention.start - 20) : mention.end + 20]
                row.misses.append(f"unmarked: {text[mention.start : mention.end]!r} in {around!r}")


# -- the command ---------------------------------------------------------------------------------------------


def show(report: Report, misses: bool) -> str:
    """The tables: counts a suite and kind, then what is not asked and why, then the lines."""
    head = (
        f"{'suite':<12} {'kind':<10} {'n':>5} {'found':>6} {'right':>6} {'wrong':>6} {'given: right':>13} {'wrong':>6}"
    )
    lines = [head]
    for row in report.rows.values():
        valued = row.suite in ("numbers", "dates")
        values = f"{row.right:>6} {row.wrong:>6}" if valued else f"{row.right or '':>6} {'':>6}"
        given = f" {row.given_right:>13} {row.given_wrong:>6}" if valued else ""
        share = f"   {100 * row.found / row.n:.1f} % found" if row.n else ""
        lines.append(f"{row.suite:<12} {row.kind:<10} {row.n:>5} {row.found:>6} {values}{given}{share}".rstrip())
        if valued:
            lines.append(f"{'':<23} right: " + _shares(row))
        if row.claimed:
            lines.append(
                f"{'':<23} {row.claimed} mentions of ours are bodies, {row.claimed - row.found} of them unmarked"
            )
    lines += ["", "Not asked:"]
    lines += [f"{n:>5}  {suite} {kind}: {why}" for (suite, kind, why), n in sorted(report.left_out.items())]
    if misses:
        for row in report.rows.values():
            lines += ["", f"{row.suite} {row.kind}:", *(f"  {miss}" for miss in row.misses)]
    return "\n".join(lines)


def _shares(row: Row) -> str:
    """`ko 48 of 49 (98.0 %), zh 10 of 14 (71.4 %), together 58 of 63 (92.1 %)`."""
    counts = dict(row.languages)
    if len(counts) > 1:
        counts["together"] = [row.n, row.right]
    return ", ".join(f"{name} {right} of {n} ({100 * right / n:.1f} %)" for name, (n, right) in counts.items())


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures and prints; 0, or 2 without a folder of suites."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.trials.external", description="Values on suites that people labelled."
    )
    parser.add_argument("folder", nargs="?", default=os.environ.get("PAMS_SUITES"), help="folder of the suites")
    parser.add_argument("--misses", action="store_true", help="every expression that is missed or read wrong")
    parser.add_argument("--json", action="store_true", help="the counts for a machine")
    chosen = parser.parse_args(arguments)
    try:
        if not chosen.folder:
            raise UsageError(WHERE)
        report = measure(Path(chosen.folder))
    except PamsError as problem:
        print(problem, file=sys.stderr)
        return problem.exit_code
    if not chosen.json:
        print(show(report, chosen.misses))
        return 0
    rows = [{k: v for k, v in asdict(row).items() if chosen.misses or k != "misses"} for row in report.rows.values()]
    left = [{"suite": s, "kind": k, "reason": why, "n": n} for (s, k, why), n in report.left_out.items()]
    print(json.dumps({"rows": rows, "not_asked": left}, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
