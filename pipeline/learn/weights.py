"""The weights' file: arrays of small whole numbers and a head in JSON that says what they were learned from.

A zip of arrays as numpy writes it, read without pickle: nothing in it can be run. Each column of an array has been
divided by its own scale and rounded to a byte. Weights that were moved towards a user's documents have two bytes each:
what moved them is often less than a step of one.
"""

from __future__ import annotations

import functools
import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np

from pipeline.learn.dense import Dense
from pipeline.learn.linear import Field, Judge
from pipeline.learn.sheet import Reals
from pipeline.learn.trees import Trees
from schemas.errors import UsageError

FORMAT = "pams weights 2"
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
_OF_TREES = ("column", "above", "leaf")
_Arrays = dict[str, np.ndarray[Any, Any]]


class Vectors(Protocol):
    """What turns sentences into vectors: see `pipeline.learn.vectors`."""

    @property
    def name(self) -> str:
        """The model, its precision and the library's version."""
        ...

    def of(self, texts: Sequence[str]) -> Reals:
        """A row for each text; zeros for an empty one."""
        ...


class Judges(NamedTuple):
    """All that is learned, by name and by what it looks at."""

    linear: Mapping[str, Judge]
    """Traits and n-grams."""
    trees: Mapping[str, Trees]
    """Numbers."""
    dense: Mapping[str, Dense]
    """Vectors of sentences."""


@dataclass(frozen=True)
class Weights:
    """All judges of the draft, and what they were learned from."""

    head: Mapping[str, Any]
    judges: Judges
    name: str
    """The first signs of the file's hash: what records and runs call them."""
    vectors: Vectors | None = None
    """What sentences mean, if that is looked at."""


def to_bytes(judges: Judges, head: Mapping[str, Any], *, rounded: bool = True) -> bytes:
    """The file's bytes: equal for equal judges and head. Weights are `rounded` to a byte each, or to two."""
    packed = _bytes if rounded else _short_floats
    arrays: _Arrays = {}
    for name, judge in judges.linear.items():
        arrays[f"{name}/bias"] = judge.bias.astype(np.float32)
        for field, weights in judge.weights.items():
            arrays |= packed(f"{name}/{field.name}", weights)
    for name, trees in judges.trees.items():
        arrays |= {f"{name}/{part}": getattr(trees, part) for part in _OF_TREES}
    for name, dense in judges.dense.items():
        arrays |= {f"{name}/bias": dense.bias.astype(np.float32), **packed(f"{name}/weights", dense.weights)}
    described = {
        "judges": {
            name: {"heads": list(j.heads), "sizes": list(j.sizes), "fields": [list(field) for field in j.weights]}
            for name, j in judges.linear.items()
        },
        "trees": {name: trees.start for name, trees in judges.trees.items()},
        "dense": {name: list(dense.heads) for name, dense in judges.dense.items()},
    }
    shown = json.dumps({"format": FORMAT, **head, **described}, ensure_ascii=False, sort_keys=True, indent=1)
    arrays[_HEAD] = np.frombuffer(shown.encode(), dtype=np.uint8)
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)  # type: ignore[arg-type]
    return out.getvalue()


def _bytes(name: str, weights: Reals) -> _Arrays:
    """An array as bytes, and the scale of each column."""
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-9).astype(np.float32) / np.float32(127)
    return {f"{name}/scale": scale, name: np.rint(weights / scale).astype(np.int8)}


def _short_floats(name: str, weights: Reals) -> _Arrays:
    return {f"{name}/scale": np.ones(weights.shape[1], dtype=np.float32), name: weights.astype(np.float16)}


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
        judges = Judges(
            {judge: _judge(arrays, judge, described) for judge, described in head["judges"].items()},
            {name: Trees(start, *(arrays[f"{name}/{p}"] for p in _OF_TREES)) for name, start in head["trees"].items()},
            {dense: _dense(arrays, dense, heads) for dense, heads in head["dense"].items()},
        )
    except DAMAGED as error:
        raise UsageError(f"{name} is no file of weights, or damaged; `pams learn --out FILE` makes new ones") from error
    return Weights(head, judges, digest(data))


def _judge(arrays: Any, name: str, described: Mapping[str, Any]) -> Judge:
    fields = [Field(*field) for field in described["fields"]]
    weights = {f: _floats(arrays, f"{name}/{f.name}") for f in fields}
    return Judge(tuple(described["heads"]), tuple(described["sizes"]), weights, arrays[f"{name}/bias"])


def _dense(arrays: Any, name: str, heads: Sequence[str]) -> Dense:
    return Dense(tuple(heads), _floats(arrays, f"{name}/weights"), arrays[f"{name}/bias"])


def _floats(arrays: Any, name: str) -> np.ndarray[Any, np.dtype[np.float32]]:
    return np.asarray(arrays[name].astype(np.float32) * arrays[f"{name}/scale"], dtype=np.float32)


def digest(data: bytes) -> str:
    """How weights are named in records and errors: the first signs of their hash."""
    return hashlib.sha256(data).hexdigest()[:16]
