"""Every command against whatever may lie where it looks: a documented exit code, at most one message, no traceback.

The commands and their paths are taken from the command line itself, so a new command is tried without being named.
"""

from __future__ import annotations

import functools
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

import pipeline.library
import pipeline.review
from pipeline.cli import COMMANDS, _app, main
from pipeline.library.index import Index
from pipeline.review.app import make_app
from pipeline.run import run
from pipeline.settings import Settings

DOCUMENTED = (0, 1, 2, 3, 4, 5, 130)
TEXT = """■ 한빛시, '골목 숲 조성 계획(2025~2028)' 발표

- 한빛시 정부는 '골목 숲 조성 계획(2025~2028)'을 발표

- (가로수) 골목 40곳에 나무 300그루를 심고 쉼터 설치
"""
FILES = ("policies.jsonl", "documents.jsonl", "refused.jsonl", "run.json", "corrections.jsonl", "events.jsonl")


def commands() -> Iterator[tuple[tuple[str, ...], Any]]:
    """All commands, those of groups too, with what they take."""

    def below(words: tuple[str, ...], found: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
        for name, command in getattr(found, "commands", {}).items():
            yield from below((*words, name), command)
        if not getattr(found, "commands", None):
            yield words, found

    for name in COMMANDS:
        yield from below((name,), typer.main.get_command(_app(name)).commands[name])  # type: ignore[attr-defined]


def calls(words: tuple[str, ...], command: Any) -> Iterator[list[str]]:
    """A command with `PLACE` wherever it takes a path: all that it must have, then each further path too."""
    needed, further = [*words], []
    for given in command.params:
        is_path = "Path" in str(given.type_descriptor.annotation)
        word = "PLACE" if is_path else {"format": "csv"}.get(given.name, "nothing-such")
        if given.param_type_name == "argument":
            needed += [word]
        elif given.required:
            needed += [given.opts[0], word]
        elif given.name == "endpoint" and words[0] == "extract":
            needed += [given.opts[0], "draft"]
        elif is_path:
            further.append([given.opts[0], "PLACE"])
    yield needed
    for more in further:
        yield needed + more


CALLS = [call for words, command in commands() for call in calls(words, command)]


def each(damage: Callable[[Path], object]) -> Callable[[Path], Iterator[Path]]:
    """The damage done to one file of the folder after another."""

    def places(whole: Path) -> Iterator[Path]:
        for name in FILES:
            place = whole.parent / f"damaged-{name}"
            shutil.copytree(whole, place)
            (place / name).unlink(missing_ok=True)
            damage(place / name)
            yield place

    return places


def alone(make: Callable[[Path], object]) -> Callable[[Path], Iterator[Path]]:
    """Something else in place of a folder."""

    def places(whole: Path) -> Iterator[Path]:
        place = whole.parent / "else"
        make(place)
        yield place

    return places


def fill(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def older(whole: Path) -> Iterator[Path]:
    """Results of another version of the records."""
    noted = json.loads((whole / "run.json").read_text("utf-8"))
    (whole / "run.json").write_text(json.dumps(noted | {"schema_version": 0}), "utf-8")
    yield whole


DAMAGES: dict[str, Callable[[Path], Iterator[Path]]] = {
    "bytes": each(fill(b"\xff\xfe\x00{")),
    "foreign": each(fill(b'{"a": 1}\n')),
    "other JSON": each(fill(b"5\n[]\nnull\n")),
    "nested": each(fill(b"[" * 100_000 + b"\n")),
    "half a line": each(fill(b'{"document": "brief.txt", "st')),
    "folders for files": each(lambda path: path.mkdir()),
    "broken links": each(lambda path: path.symlink_to("nowhere")),
    "pipes": each(lambda path: os.mkfifo(path)),
    "nothing": alone(lambda path: None),
    "a broken link": alone(lambda path: path.symlink_to("nowhere")),
    "a link to itself": alone(lambda path: path.symlink_to(path)),
    "an empty file": alone(lambda path: path.touch()),
    "a file of bytes": alone(fill(bytes(range(256)))),
    "nested JSON": alone(fill(b"[" * 100_000)),
    "an empty folder": alone(lambda path: path.mkdir()),
    "a pipe": alone(lambda path: os.mkfifo(path)),
    "a name too long": lambda whole: iter([whole.parent / ("가" * 100)]),
    "a name that is no UTF-8": lambda whole: iter([whole.parent / os.fsdecode(b"\xff\xfe")]),
    "another version": older,
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    room = tmp_path_factory.mktemp("results")
    (room / "docs").mkdir()
    (room / "docs" / "brief.txt").write_text(TEXT, encoding="utf-8")
    run([room / "docs"], room / "out", Settings())
    return room / "out"


@pytest.mark.parametrize("damage", DAMAGES)
def test_no_command_falls_over(
    results: Path, tmp_path: Path, damage: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(pipeline.review, "serve", lambda folder, **more: make_app(folder, "t", "w"))
    monkeypatch.setattr(pipeline.library, "serve", lambda folders, **more: Index(folders).close())
    monkeypatch.setattr("eval.learning.learn.ROWS", tmp_path / "no rows")  # with all of them it would learn for minutes
    monkeypatch.setattr("pipeline.cli._app", functools.cache(_app))  # a command line is built once for all its calls
    monkeypatch.setattr("typer.main.get_command", functools.cache(typer.main.get_command))
    shutil.copytree(results, tmp_path / "whole" / "out")
    fell = []
    for place in DAMAGES[damage](tmp_path / "whole" / "out"):
        for call in CALLS:
            words = [str(place) if word == "PLACE" else word for word in call]
            code: object = None
            try:
                main(words)
            except SystemExit as left:
                code = left.code or 0
            except Exception as problem:  # noqa: BLE001 - whatever it is, it is told below
                code = repr(problem)[:200]
            shown = capsys.readouterr()
            said = shown.err.count("pams: ")
            bad = code not in DOCUMENTED or "fault of pams" in shown.out + shown.err or said > 1
            if bad or "Traceback" in shown.out + shown.err or (code in (2, 3) and not said):
                fell.append((place.name, " ".join(call), code, shown.err[-300:]))
    assert not fell, "\n".join(map(str, fell))


def test_results_of_another_version_are_refused_with_what_to_do(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(results, tmp_path / "out")
    for _ in older(tmp_path / "out"):
        for words in (
            ["show"],
            ["export", "--format", "csv"],
            ["link"],
            ["extract", "--endpoint", "draft", str(results.parent / "docs")],
        ):
            more = ["--out", str(tmp_path / "out")] if words[0] == "extract" else [str(tmp_path / "out")]
            with pytest.raises(SystemExit) as left:
                main([*words, *more])
            assert left.value.code in (1, 2) and "run `pams extract` into a new folder" in capsys.readouterr().err
