"""Messages in Korean: which language is spoken, every message of the table and none missing, and what stays English."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_cli import BRIEF, Pams, docs, pams

import pipeline
from pipeline.language import chosen, messages, spoken_here, translated
from schemas import errors

__all__ = ["docs", "pams"]
ROOT = Path(pipeline.__file__).parent
MET = (
    "cli/*.py", "library/*.py", "export/*.py", "read/*.py", "review/*.py", "results.py", "folder.py", "jobs.py",
    "session.py", "stored.py", "switch.py", "workers.py", "write.py", "spans.py", "corrections.py", "seal.py", "desk.py",
    "learn/weights.py", "model/endpoints.py", "model/failures.py", "model/budget.py", "model/addresses.py", "model/weights.py",
)  # fmt: skip
"""Where the messages arise that people meet most."""
_ERRORS = {
    name for name, found in vars(errors).items() if isinstance(found, type) and issubclass(found, errors.PamsError)
}


def template(node: ast.AST) -> str | None:
    """The fixed words of a string in the code, `{}` for what is put in; None for what is no string alone."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)  # type: ignore[misc]
    return None


def said(path: Path) -> Iterator[str]:
    """What the errors of a module say, what it gives to `tr`, and the notes it yields."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        named = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else None
        if isinstance(node, ast.Call) and node.args and (named in _ERRORS or named == "tr"):
            words = template(node.args[0])
        elif (
            isinstance(node, ast.Yield)
            and isinstance(node.value, ast.JoinedStr)
            and path.stem in ("seal", "extracting")
        ):
            words = template(node.value)
        else:
            continue
        if words is not None:
            yield words


@pytest.mark.parametrize("pattern", MET)
def test_no_message_is_missing(pattern: str) -> None:
    paths = list(ROOT.glob(pattern))
    assert paths
    missing = {words for path in paths for words in said(path)} - set(messages()) - {"{}"}
    assert not missing, "write them into pipeline/messages.ko.toml: " + "\n".join(sorted(missing))


@pytest.mark.parametrize("english", messages())
def test_every_message_keeps_what_is_put_in(english: str) -> None:
    korean, count = messages()[english], english.count("{}")
    numbered = re.findall(r"\{(\d+)\}", korean)
    assert korean.count("{}") == count if not numbered else len(set(numbered)) + korean.count("{}") == count
    assert english == "{}: {}" or re.search("[가-힣]", korean), "no Korean in it"
    parts = [f"<{n}>" for n in range(count)]
    text = english
    for part in parts:
        text = text.replace("{}", part, 1)
    shown = translated(text, "ko")
    assert all(part in shown for part in parts) and (english == "{}: {}" or re.search("[가-힣]", shown))
    assert set(re.findall(r"`[^`{]+`|--[a-z-]+", english)) <= set(re.findall(r"`[^`{]+`|--[a-z-]+", korean))


def test_a_message_within_a_message_is_translated_and_unknown_words_stay() -> None:
    assert translated("a.ofd: is an OFD document; save it as PDF", "ko") == "a.ofd: OFD 문서입니다. PDF로 저장하십시오"
    assert translated("no such message: x", "ko") == "no such message: x"
    assert translated("a.txt: the file is empty", "en") == "a.txt: the file is empty"
    assert translated("x" * 20_000 + ": the file is empty", "ko").endswith("the file is empty")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "ko_KR.UTF-8"}, "ko"), ({"LANG": "ko_KR.eucKR"}, "ko"), ({"LANG": "C"}, "en"), ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "C"}, "en"), ({"LANG": "C", "LC_MESSAGES": "ko_KR"}, "ko"), ({"LANG": "", "LC_ALL": "ko"}, "ko"),
    ],
)  # fmt: skip
def test_the_locale_chooses(environment: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert spoken_here() == chosen(None) == chosen("fr") == language
    assert (chosen("ko"), chosen("en")) == ("ko", "en")


def test_a_run_is_told_in_korean_and_json_is_not(pams: Pams, docs: Path) -> None:
    (docs / "empty.txt").touch()
    code, out, err = pams("extract", docs, "--out", "out", "--endpoint", "draft", "--language", "ko")
    assert code == 1 and err == ""
    for words in (
        "문서",
        "시책",
        "실패",
        "empty.txt: 파일이 비어 있습니다",
        "호출 0건",
        "`pams show out`로 읽을 수 있습니다",
    ):
        assert words in out
    assert not re.search(r"\b(policies|failed|results|tokens)\b", out)
    code, out, _ = pams("--language", "ko", "extract", docs, "--out", "out", "--endpoint", "draft", "--json")
    assert code == 1 and json.loads(out)["documents"][1]["error"]["message"] == "empty.txt: the file is empty"
    assert "정책 1건, 시책 1건" in pams("--language=ko", "show", "out")[1]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (
            ["--language", "ko", "extract", "nowhere", "--endpoint", "draft"],
            2,
            "nowhere: 그런 파일이나 폴더가 없습니다",
        ),
        (["--language", "ko", "review", "nowhere"], 2, "nowhere: 그런 폴더가 없습니다"),
        (["--language", "ko", "extract", "--nothing"], 2, "그런 옵션이 없습니다: --nothing"),
        (["--language", "ko", "nothing"], 2, "그런 명령이 없습니다: 'nothing'. `pams --help`"),
        (["--language", "fr", "show"], 2, "--language fr: ko or en"),
        (["extract", ".", "--language", "fr"], 2, "--language fr: ko or en"),
    ],
)
def test_errors_are_told_in_korean_with_the_same_codes(pams: Pams, words: list[str], code: int, told: str) -> None:
    left, _, err = pams(*words)
    assert left == code and told in err


def test_korean_messages_fit_an_old_console(tmp_path: Path) -> None:
    """CP949 of Korean Windows has every sign of the table; what it lacks would be shown as an escape."""
    assert BRIEF
    for korean in messages().values():
        korean.encode("cp949")
