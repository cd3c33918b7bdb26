"""The weights' file: arrays of small whole numbers and a head in JSON that says what they were learned from.

A zip of arrays as numpy writes it, read without pickle: nothing in it can be run. Each column of an array has been
divided by its own scale and rounded to a byte.
"""

from __future__ import annotations

import functools
import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.learn.linear import Field, Judge
from schemas.errors import UsageError

FORMAT = "pams weights 1"
DAMAGED = (
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    EOFError,
    OSError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What a file of arrays raises that was cut, altered or made by something else."""
SHIPPED = Path(__file__).with_name("draft.weights")
_HEAD = "head"


@dataclass(frozen=True)
class Weights:
    """All judges of the draft, by name, and what they were learned from."""

    head: Mapping[str, Any]
    judges: Mapping[str, Judge]
    name: str
    """The first signs of the file's hash: what records and runs call them."""


def to_bytes(judges: Mapping[str, Judge], head: Mapping[str, Any]) -> bytes:
    """The file's bytes: the same judges and head give the same bytes."""
    arrays: dict[str, np.ndarray[Any, Any]] = {}
    described = {}
    for name, judge in judges.items():
        described[name] = {
            "heads": list(judge.heads),
            "sizes": list(judge.sizes),
            "fields": [list(field) for field in judge.weights],
        }
        arrays[f"{name}/bias"] = judge.bias.astype(np.float32)
        for field, weights in judge.weights.items():
            scale = np.maximum(np.abs(weights).max(axis=0), 1e-9).astype(np.float32) / np.float32(127)
            arrays[f"{name}/{field.name}/scale"] = scale
            arrays[f"{name}/{field.name}"] = np.rint(weights / scale).astype(np.int8)
    shown = json.dumps({"format": FORMAT, **head, "judges": described}, ensure_ascii=False, sort_keys=True, indent=1)
    arrays[_HEAD] = np.frombuffer(shown.encode(), dtype=np.uint8)
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)  # type: ignore[arg-type]
    return out.getvalue()


def read_weights(path: Path) -> Weights:
    """The weights in a file. Raises `UsageError` where it cannot be read or is no file of weights."""
    stamp = _stamp(path)  # first: a link to itself has no place to resolve to
    return _remembered(path.resolve(), stamp)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        state = path.stat()
    except OSError as error:
        raise UsageError(
            f"cannot read the weights {path}: {error.strerror}; `pams learn --out FILE` makes some"
        ) from error
    return state.st_mtime_ns, state.st_size


@functools.lru_cache(maxsize=4)
def _remembered(path: Path, stamp: tuple[int, int]) -> Weights:
    return from_bytes(path.read_bytes(), str(path))


def from_bytes(data: bytes, name: str) -> Weights:
    """The weights in a file's bytes; `name` is what an error calls it. Raises `UsageError`."""
    try:
        arrays = np.load(io.BytesIO(data), allow_pickle=False)
        head = json.loads(bytes(arrays[_HEAD]))
        if head.get("format") != FORMAT:
            raise UsageError(
                f"{name} is no file of weights of this version ({head.get('format')}); `pams learn` makes one"
            )
        judges = {judge: _judge(arrays, judge, described) for judge, described in head["judges"].items()}
    except DAMAGED as error:
        raise UsageError(f"{name} is no file of weights, or damaged; `pams learn --out FILE` makes new ones") from error
    return Weights(head, judges, digest(data))


def _judge(arrays: Any, name: str, described: Mapping[str, Any]) -> Judge:
    fields = [Field(*field) for field in described["fields"]]
    weights = {f: _floats(arrays, f"{name}/{f.name}") for f in fields}
    return Judge(tuple(described["heads"]), tuple(described["sizes"]), weights, arrays[f"{name}/bias"])


def _floats(arrays: Any, name: str) -> np.ndarray[Any, np.dtype[np.float32]]:
    return np.asarray(arrays[name].astype(np.float32) * arrays[f"{name}/scale"], dtype=np.float32)


def digest(data: bytes) -> str:
    """How weights are named in records and errors: the first signs of their hash."""
    return hashlib.sha256(data).hexdigest()[:16]
