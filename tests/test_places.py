"""Boxes of words on the pages of PDF files: they agree with what the page shows there, and the review page shows them."""

from __future__ import annotations

import html
import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pypdfium2
import pytest
import uvicorn
from PIL import Image, ImageChops

from pipeline.cli import main
from pipeline.export import read_back
from pipeline.read import Places, picture_of, places_of, read
from pipeline.results import Results
from pipeline.review.app import make_app
from pipeline.run import run
from pipeline.settings import Settings
from schemas.errors import InputError

FILES = Path(__file__).parent / "files"
NAMES = (
    "000_2b77c52a4b4d5503.pdf", "003_27fe396abf41b991.pdf", "ministry.pdf", "open-sides.pdf", "pages.pdf", "specimen.pdf",
)  # fmt: skip


def placed(name: str) -> tuple[str, Places]:
    document = read(FILES / name)
    return document.text, places_of((FILES / name).read_bytes(), document)


def squeezed(words: str) -> str:
    return "".join(words.replace("\ufffe", "-").replace("\x02", "-").split())


@pytest.mark.parametrize("name", NAMES)
def test_the_page_shows_the_words_in_their_boxes(name: str) -> None:
    text, places = placed(name)
    pages = [(page.get_height(), page.get_textpage()) for page in pypdfium2.PdfDocument(FILES / name)]
    found = wrong = 0
    for word in re.finditer(r"[^\s|#]+", text):
        boxes = places.boxes(*word.span())
        shown = ""
        for box in boxes:
            height, page = pages[box.page - 1]
            shown += page.get_text_bounded(box.x0 - 0.3, height - box.y1 - 0.3, box.x1 + 0.3, height - box.y0 + 0.3)
        found += bool(boxes)
        wrong += squeezed(word[0]) not in squeezed(shown)
    assert found > 50 and wrong <= 1  # letters that reach over each other


def test_words_over_a_line_end_have_two_boxes_and_white_space_none() -> None:
    text, places = placed("003_27fe396abf41b991.pdf")
    longest = max(re.finditer(r"[^\n]+", text), key=lambda line: len(line[0]))
    boxes = places.boxes(*longest.span())
    assert len(boxes) >= 2 and all(a.y1 <= b.y0 + 2 for a, b in pairwise(boxes) if a.page == b.page)
    assert places.boxes(text.index("\n"), text.index("\n") + 1) == ()


def test_the_ink_of_a_turned_and_cropped_page_is_in_the_boxes(tmp_path: Path) -> None:
    document = pypdfium2.PdfDocument(FILES / "open-sides.pdf")
    document[0].set_rotation(90)
    left, bottom, right, top = document[0].get_mediabox()
    document[0].set_cropbox(left + 20, bottom + 30, right - 10, top - 20)
    path = tmp_path / "turned.pdf"
    document.save(path)
    found = read(path)
    places = places_of(path.read_bytes(), found)
    at = found.text.index("한결시 보행환경")
    (box,) = places.boxes(at, at + len("한결시 보행환경"))
    page = pypdfium2.PdfDocument(path)[0].render(scale=2).to_pil().convert("L")
    assert page.size == tuple(round(2 * side) for side in places.sizes[0])
    inked = ImageChops.invert(page).point(lambda dot: 255 if dot > 128 else 0)
    inside = inked.crop(tuple(round(2 * side) for side in (box.x0, box.y0, box.x1, box.y1)))
    assert sum(inside.histogram()[128:]) > 0.05 * inside.width * inside.height
    edge = Image.new("L", inked.size)
    edge.paste(inked.crop((0, 0, 20, inked.height)), (0, 0))
    assert sum(inside.histogram()[128:]) > sum(edge.histogram()[128:])


@contextmanager
def serving(out: Path, *sources: Path) -> Iterator[httpx.Client]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        server = uvicorn.Server(uvicorn.Config(make_app(out, "t0ken", "이검토", None, sources), log_level="error"))
        thread = threading.Thread(target=lambda: server.run(sockets=[listener]), daemon=True)
        thread.start()
        with httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}/t0ken/") as client:
            yield client
        server.should_exit = True
        thread.join(10)


def test_the_review_shows_pages_while_the_file_is_at_hand_and_says_so_otherwise(tmp_path: Path) -> None:
    docs, out = tmp_path / "docs", tmp_path / "out"
    docs.mkdir()
    (docs / "plan.pdf").write_bytes((FILES / "003_27fe396abf41b991.pdf").read_bytes())
    run([docs], out, Settings())
    span = Results(out).policies[0].measures[0].text
    asked = {"name": "plan.pdf", "start": span.start, "end": span.end}
    with serving(out) as client:
        told = client.get("words", params=asked)
        assert told.status_code == 400 and "--sources FOLDER" in told.json()["error"]
    with serving(out, docs) as client:
        said = client.get("words", params=asked).json()
        assert said["boxes"] and set(said["sizes"]) == {str(box["page"]) for box in said["boxes"]}
        picture = client.get("picture", params={"name": "plan.pdf", "page": 1})
        assert picture.headers["content-type"] == "image/png" and picture.content.startswith(b"\x89PNG")
        assert "img-src blob:" in html.unescape(client.get("").text)
        assert client.get("picture", params={"name": "plan.pdf", "page": 9}).status_code == 400
        (docs / "plan.pdf").write_bytes((FILES / "pages.pdf").read_bytes())
        assert "not the one" in client.get("words", params=asked).json()["error"]


def test_an_export_cites_boxes_of_files_at_hand_and_names_those_that_are_not(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    docs, out = tmp_path / "docs", tmp_path / "out"
    docs.mkdir()
    for name in ("plan.pdf", "gone.pdf"):
        (docs / name).write_bytes((FILES / "003_27fe396abf41b991.pdf").read_bytes() + b"\n" * (name == "gone.pdf"))
    (docs / "note.docx").write_bytes((FILES / "003_27fe396abf41b991.docx").read_bytes())
    run([docs], out, Settings())
    (docs / "gone.pdf").write_bytes((FILES / "pages.pdf").read_bytes())
    exporting = ["export", str(out), "--format", "jsonl"]
    with pytest.raises(SystemExit, match="0"):
        main([*exporting, "--sources", str(docs)])
    told = capfd.readouterr().err
    assert "gone.pdf: the file is not the one" in told and "plan.pdf" not in told and "note.docx" not in told
    rows = {p["id"]: p["document"] for p in lines_of(out / "export" / "policies.jsonl")}
    document = Results(out).source("plan.pdf")
    places = places_of((docs / "plan.pdf").read_bytes(), document)
    for row in lines_of(out / "export" / "measures.jsonl"):
        wanted = [
            [box.page, *(round(side, 1) for side in (box.x0, box.y0, box.x1, box.y1))]
            for box in places.boxes(row["text_start"], row["text_end"])
        ]
        at_hand = rows[row["policy_id"]] == "plan.pdf"
        assert json.loads(row["boxes"]) == wanted != [] if at_hand else row["boxes"] is None
    records, _ = read_back(out / "export", "jsonl")
    assert records == Results(out).policies
    with pytest.raises(SystemExit, match="0"):
        main(exporting)
    assert "boxes" not in capfd.readouterr().err
    assert {row["boxes"] for row in lines_of(out / "export" / "measures.jsonl")} == {None}


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_other_formats_have_no_pages() -> None:
    raw = (FILES / "specimen.docx").read_bytes()
    with pytest.raises(InputError, match="only PDF files have pages"):
        places_of(raw, read(FILES / "specimen.docx"))
    with pytest.raises(InputError, match="page 7 cannot be shown"):
        picture_of((FILES / "open-sides.pdf").read_bytes(), "a.pdf", 7)
