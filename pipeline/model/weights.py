"""The weights of the embedded model: which there are, whether they are here, and whether they are what they claim."""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import platformdirs

from pipeline.model.store import APPLICATION
from schemas.errors import NoModel, WrongWeights

Progress = Callable[[int, int, str], None]
"""Told how far a long step is: bytes done, bytes in all, what is being done."""

CHUNK = 1 << 22
"""Bytes read at a time."""

DEFAULT_MODEL = "qwen2.5-coder-1.5b-instruct-q4_k_m"


@dataclass(frozen=True)
class Parts:
    """A file cut into slices, each inside a wheel of its own: `package` + n, for n from 1 to `count`."""

    package: str
    version: str
    count: int
    member: str
    """Name of the slice inside the wheel, with `{n}`."""


@dataclass(frozen=True)
class Hub:
    """A file in a repository of the model hub."""

    repository: str
    file: str


@dataclass(frozen=True)
class KnownModel:
    """A model of the catalogue. `size` in bytes."""

    name: str
    aliases: tuple[str, ...]
    file: str
    size: int
    sha256: str
    license: str
    parts: Parts | None
    hub: Hub | None

    @property
    def path(self) -> Path:
        """Where its one copy lies, or would lie."""
        return models_dir() / self.file

    @property
    def installed(self) -> bool:
        """True if a file of the right size is there; `verify` looks inside."""
        return self.path.is_file() and self.path.stat().st_size == self.size


def list_models() -> list[KnownModel]:
    """The catalogue."""
    return list(_catalogue())


def find_model(name: str | None) -> KnownModel:
    """The model of that name or alias, by default the first known. Raises NoModel for an unknown one."""
    for model in _catalogue():
        if name in {None, model.name, *model.aliases}:
            return model
    known = ", ".join([model.name, *model.aliases][0] for model in _catalogue())
    raise NoModel(f"There is no embedded model named {name}. Known: {known}. A path to a .gguf file is possible too.")


def verify(name: str | None = None, progress: Progress | None = None) -> Path:
    """Reads the model's file through and compares its hash. Returns its path.

    Raises NoModel if it is not there, WrongWeights if it is not what the catalogue says.
    """
    model = find_model(name)
    if not model.path.is_file():
        raise _missing(model)
    check(model, model.path, hash_file(model.path, model.size, progress))
    return model.path


def ready(model: KnownModel) -> Path:
    """The path of verified weights: hashed once, after that trusted while size and time of change stay the same.

    Raises NoModel, WrongWeights.
    """
    check_present(model)
    check(model, model.path, hash_once(model.path))
    return model.path


def check_present(model: KnownModel) -> None:
    """Raises NoModel or WrongWeights unless a file of the right size is there; does not read it."""
    if not model.path.is_file():
        raise _missing(model)
    if not model.installed:
        check(model, model.path, None)


def check(model: KnownModel, path: Path, found: str | None) -> None:
    """Raises WrongWeights unless size and hash (None: not taken) of the file at `path` are the model's."""
    size = path.stat().st_size
    if size == model.size and found == model.sha256:
        return
    if size != model.size:
        expected, seen = f"{model.size} bytes", f"{size} bytes"
    else:
        expected, seen = f"sha256 {model.sha256}", f"sha256 {found}"
    raise WrongWeights(
        f"The model file {path} is damaged or another one: expected {expected}, found {seen}. "
        f"Delete it and type `pams models fetch` to get {model.name} again."
    )


def _missing(model: KnownModel) -> NoModel:
    """The error that says how to get the weights."""
    return NoModel(
        f"The model {model.name} is not on this machine. Type `pams models fetch` to get it "
        f"({model.size / 1e9:.1f} GB, once), or leave --model out: --endpoint embedded and --endpoint draft need none."
    )


def hash_file(path: Path, total: int | None = None, progress: Progress | None = None) -> str:
    """The file's sha256, kept for `hash_once`. Raises NoModel if the file cannot be read."""
    digest, done = hashlib.sha256(), 0
    try:
        stamp = _stamp(path)
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                done += len(chunk)
                if progress is not None:
                    progress(done, total or stamp["size"], "verifying")
    except OSError as error:
        raise NoModel(f"The model file {path} cannot be read ({error}). Check the path given with --model.") from error
    remember(path, digest.hexdigest(), stamp)
    return digest.hexdigest()


def hash_once(path: Path) -> str:
    """The file's sha256, from the record of the last time if size, inode and times of change are the same.

    Hashing a gigabyte takes seconds; a run that finds everything in the store should not spend them.
    """
    with suppress(OSError, ValueError, KeyError, TypeError):
        record = json.loads(_record_path(path).read_text("utf-8"))
        if record["stamp"] == _stamp(path):
            return str(record["sha256"])
    return hash_file(path)


def remember(path: Path, sha256: str, stamp: dict[str, int] | None = None) -> None:
    """Records the hash that was just taken of a file. A folder that cannot be written costs time, not the run."""
    record = _record_path(path)
    with suppress(OSError):
        record.parent.mkdir(parents=True, exist_ok=True)
        partial = record.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps({"sha256": sha256, "stamp": stamp or _stamp(path)}), "utf-8")
        partial.replace(record)


def models_dir() -> Path:
    """Where weights lie: `PAMS_MODELS`, or the user's cache folder."""
    if given := os.environ.get("PAMS_MODELS"):
        return Path(given).expanduser()
    return Path(platformdirs.user_cache_dir(APPLICATION)) / "models"


def _stamp(path: Path) -> dict[str, int]:
    stat = path.stat()
    # The time of a change can be set by hand; the inode and the time that the system keeps of it cannot.
    return {
        "size": stat.st_size,
        "mtime_ns": stat.st_mtime_ns,
        "ctime_ns": stat.st_ctime_ns,
        "inode": stat.st_ino,
    }


def _record_path(path: Path) -> Path:
    name = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:32]
    return models_dir() / "hashes" / f"{name}.json"


@lru_cache(maxsize=1)
def _catalogue() -> tuple[KnownModel, ...]:
    text = resources.files("pipeline.model").joinpath("models.toml").read_text("utf-8")
    return tuple(_known(entry) for entry in tomllib.loads(text)["model"])


def _known(entry: dict[str, Any]) -> KnownModel:
    return KnownModel(
        name=entry["name"],
        aliases=tuple(entry["aliases"]),
        file=entry["file"],
        size=entry["size"],
        sha256=entry["sha256"],
        license=entry["license"],
        parts=Parts(**entry["parts"]) if "parts" in entry else None,
        hub=Hub(**entry["hub"]) if "hub" in entry else None,
    )
