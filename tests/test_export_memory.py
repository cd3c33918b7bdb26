"""An export's memory does not grow with its rows: results go through it document by document."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from pipeline.run import run
from pipeline.settings import Settings

MEASURED = """
import resource, sys
from pathlib import Path
from pipeline.export import FORMATS, export, write_xlsx
from pipeline.stored import Stored
write_xlsx.MOST_LINKS = 100  # what a workbook holds of links is bounded by this, and not by rows
for folder in map(Path, sys.argv[1:]):
    for format in [f for f in FORMATS if f != "hwpx"]:  # a report is bounded, not written row by row
        export(Stored(folder), folder / "export", format)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
"""Exports one folder after the other in all formats; prints the most memory held so far, in MB."""
MOST = 8
"""MB that four times the rows may take more: what is known of each document (its name, where its lines stand)."""
ACTS = ("를 교체", "를 설치", "을 구축", "을 지원", "을 확대", "을 정비", "를 도입", "을 신설")
TEXT = "■ 한빛시, '골목 숲 조성 계획(2025~2028)' 발표\n\n- 한빛시 정부는 '골목 숲 조성 계획(2025~2028)'을 발표\n\n"


def copies(folder: Path, count: int) -> int:
    """Results of `count` documents that read the same; the number of their measures."""
    source = folder.with_suffix(".txt")
    source.write_text(
        TEXT + "".join(f"- (사업 {n}) 2028년까지 시설 {n + 2}0개소{act}\n" for n, act in enumerate(ACTS)), "utf-8"
    )
    run([source], folder, Settings())
    measures = 0
    for name, unique in (("policies.jsonl", "id"), ("documents.jsonl", "sha256")):
        (record,) = map(json.loads, (folder / name).read_text("utf-8").splitlines())
        measures = measures or len(record["measures"])
        with (folder / name).open("w", encoding="utf-8") as file:
            for number in range(count):
                record |= {"document": f"{number:06}.txt", unique: f"{number:016}"}
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return count * measures


def test_four_times_the_rows_take_no_more_memory(tmp_path: Path) -> None:
    few, many = copies(tmp_path / "few", 100), copies(tmp_path / "many", 400)
    assert (few, many) == (100 * len(ACTS), 400 * len(ACTS))
    words = [sys.executable, "-c", MEASURED, str(tmp_path / "few"), str(tmp_path / "many")]
    first, then = map(int, subprocess.run(words, capture_output=True, text=True, check=True).stdout.split())
    assert then - first < MOST, f"{first} MB, then {then} MB"
