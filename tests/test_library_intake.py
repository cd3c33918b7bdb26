"""Documents dropped on the library's page, over real HTTP: kept, extracted by the run code, told where they fail."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from test_corrections import TEXT
from test_library import OTHER, RIVER, SEA, serving, titles, until

from pipeline.library import intake as rooms
from pipeline.library.intake import Intake
from pipeline.results import Results
from pipeline.run import run
from pipeline.settings import Settings
from pipeline.write import file_name
from schemas.errors import InputError, NoModel, UsageError

BYTES = {"Content-Type": "application/octet-stream"}


def drop(client: httpx.Client, name: str, raw: bytes) -> httpx.Response:
    return client.post("documents", params={"name": name}, content=raw, headers=BYTES)


def extract(client: httpx.Client) -> dict[str, Any]:
    assert client.post("documents", headers=BYTES).status_code == 200

    def done() -> bool:
        state = client.get("state").json()
        return not state["intake"]["running"] and not state["reading"]

    until(done)
    return dict(client.get("state").json()["intake"])


def test_what_is_dropped_is_extracted_as_by_the_command_and_can_be_reviewed(tmp_path: Path) -> None:
    with serving(drop=tmp_path / "library") as client:
        assert client.get("rows").json()["total"] == 0
        assert drop(client, "brief.txt", TEXT.encode()).json() == {"name": "brief.txt"}
        drop(client, "broken.pdf", b"%PDF-1.7 broken")
        said = extract(client)
        assert list(said["failed"]) == ["broken.pdf"] and "broken.pdf" in said["failed"]["broken.pdf"]
        assert titles(client) == [RIVER] and said["folder"] == 0
        assert client.get("folder/0/review/").status_code == 200
        drop(client, "other.txt", OTHER.encode("cp949"))
        said = extract(client)
        assert sorted(titles(client)) == sorted([RIVER, SEA]) and list(said["failed"]) == ["broken.pdf"]
        names = [d["name"] for d in client.get("folder/0/review/document?name=other.txt").json()["documents"]]
        assert "other.txt" in names
    run([tmp_path / "library" / "documents"], tmp_path / "again", Settings())
    assert Results(tmp_path / "library" / "results").policies == Results(tmp_path / "again").policies
    with serving(drop=tmp_path / "library") as client:  # a later session shows what is there
        assert sorted(titles(client)) == sorted([RIVER, SEA])


def test_the_same_file_is_kept_once_and_another_one_of_its_name_beside_it(tmp_path: Path) -> None:
    with serving(drop=tmp_path / "library") as client:
        names = [drop(client, "a.txt", raw).json()["name"] for raw in (b"one", b"two", b"one", b"two")]
    assert names == ["a.txt", "a (2).txt", "a.txt", "a (2).txt"]
    assert sorted(p.name for p in (tmp_path / "library" / "documents").iterdir()) == ["a (2).txt", "a.txt"]


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"), (r"C:\Users\me\보고서.hwp", "보고서.hwp"), ("[보도자료] 계획.pdf", "[보도자료] 계획.pdf"),
        ("CON.txt", "_CON.txt"), ("nul.tar.zip", "_nul.tar.zip"), ("com1.pdf", "_com1.pdf"), ("lpt².txt", "_lpt².txt"),
        ("console.txt", "console.txt"), ('a<b>:"c|d?*.txt', "a_b_c_d_.txt"), ("a\x00b\n.txt", "a_b_.txt"), ("끝.txt. ", "끝.txt"),
        ("CON .txt", "_CON .txt"), (".txt", None), ("a.exe", None), ("a", None), ("", None), ("..", None),
    ],
)  # fmt: skip
def test_names_are_kept_where_every_system_allows_them(told: str, kept: str | None, tmp_path: Path) -> None:
    taker = Intake(tmp_path / "library", Settings(), lambda folder: None)
    if kept is None:
        with pytest.raises(InputError, match="save it as PDF or DOCX"):
            taker.name_for(told)
    else:
        assert taker.name_for(told) == kept


def test_a_long_name_leaves_room_for_a_number_and_for_the_path(tmp_path: Path) -> None:
    taker = Intake(tmp_path / "library", Settings(), lambda folder: None)
    name = taker.name_for("가" * 300 + ".pdf")
    assert name.endswith("가.pdf") and len(name.encode()) < 200
    saved = file_name(name)
    assert len(saved.encode()) <= 121 and len(f"{saved}.0123456789ab.txt".encode()) < 255


@pytest.mark.parametrize("name", ["CON.txt", "aux", "Nul.hwp", "prn", "COM9.pdf", "lpt1.a.b"])
def test_no_text_is_saved_under_the_name_of_a_device(name: str) -> None:
    assert file_name(name).startswith("_") and not file_name("console.txt").startswith("_")


def test_a_file_that_is_too_large_or_comes_from_a_form_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.library.app.MOST", 1_000)
    assert rooms.MOST == 100_000_000
    with serving(drop=tmp_path / "library") as client:
        assert drop(client, "a.txt", b"x" * 1_001).status_code == 413
        form = client.post("documents", params={"name": "a.txt"}, data={"a": "b"})
        assert form.status_code == 415
        assert not (tmp_path / "library").exists()
    with serving() as client:  # a service that takes none
        assert drop(client, "a.txt", b"x").status_code == 404


def test_settings_that_nobody_can_answer_by_are_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(NoModel):
        Intake(tmp_path, Settings(endpoint="auto", model="nothing-such.gguf"), lambda folder: None)
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="no folder"):
        Intake(tmp_path / "file", Settings(), lambda folder: None)


def test_control_c_ends_while_documents_are_extracted_and_nothing_is_lost(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "serve", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        assert process.stdout is not None and process.stderr is not None
        with httpx.Client(base_url=process.stdout.readline().strip()) as client:
            for at in range(20):
                drop(client, f"{at}.txt", (TEXT + f"\n- 끝 {at}\n" * 2_000).encode())
            client.post("documents", headers=BYTES)
            time.sleep(0.3)
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 0
        assert "Traceback" not in process.stderr.read()
    assert len(list((tmp_path / "pams-library" / "documents").iterdir())) == 20
    run([tmp_path / "pams-library" / "documents"], tmp_path / "pams-library" / "results", Settings())
    assert len(Results(tmp_path / "pams-library" / "results").policies) == 20
