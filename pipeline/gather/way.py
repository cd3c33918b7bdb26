"""Whether runs were made in the same way, and their manifests as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from pipeline.write import DOCUMENTS, RUN
from schemas.errors import InputError, UsageError
from schemas.records import RunManifest, Usage

_DECIDING = (
    "endpoint",
    "model",
    "model_sha256",
    "prompt_set",
    "prompt_hash",
    "schema_hash",
    "version",
    "schema_version",
)
_SETTINGS = ("hint", "examples", "min_confidence")
"""What else decides which records a document gives, among the settings."""


def read_manifest(folder: Path) -> RunManifest:
    """The `run.json` of a finished or stopped run.

    Raises `UsageError` where there is none, or where a run is not through; `InputError` where it is damaged.
    """
    path = folder / RUN
    try:
        manifest = RunManifest.model_validate_json(path.read_bytes())
    except OSError as problem:
        raise UsageError(f"{path}: no results here ({problem.strerror}); run `pams extract` first") from problem
    except (ValidationError, ValueError, RecursionError) as problem:
        raise InputError(f"{path}: is damaged; run `pams extract` again, into this folder") from problem
    if manifest.state == "running" or not (folder / DOCUMENTS).exists():
        raise UsageError(f"{folder}: its run is at work or was ended before its end; give the same command again first")
    return manifest


def manifest_of(folders: Sequence[Path]) -> RunManifest:
    """The manifests of runs as one, but for what only their documents tell (`counted`).

    Raises what `read_manifest` raises, and `UsageError` if not all runs were made in the same way: their records could
    not be compared.
    """
    first = whole = read_manifest(folders[0])
    for folder in folders[1:]:
        manifest = read_manifest(folder)
        facts = [(name, getattr(first, name), getattr(manifest, name)) for name in _DECIDING]
        facts += [(name, first.settings.get(name), manifest.settings.get(name)) for name in _SETTINGS]
        for name, one, other in facts:
            if one != other:
                raise UsageError(
                    f"{folder}: was made with {name} {other}, {folders[0]} with {one}; results of one folder are made "
                    "in one way: extract one of them again, or keep them apart (`pams link` finds policies in both)"
                )
        whole = _joined(whole, manifest)
    return whole


def _joined(one: RunManifest, other: RunManifest) -> RunManifest:
    """Two manifests as one."""
    ends = [m.finished for m in (one, other) if m.finished is not None]
    return one.model_copy(
        update={
            "state": "stopped" if "stopped" in (one.state, other.state) else "finished",
            "started": min(one.started, other.started),
            "finished": max(ends) if ends else None,
            "settings": {k: v for k, v in one.settings.items() if k in other.settings and other.settings[k] == v},
            "versions": {k: v for k, v in one.versions.items() if other.versions.get(k) == v},
            "usage": joined_usage(one.usage, other.usage),
            "answered_at": dict(sorted((Counter(one.answered_at) + Counter(other.answered_at)).items())),
            "notes": tuple(dict.fromkeys((*one.notes, *other.notes))),
        }
    )


def joined_usage(one: Usage, other: Usage) -> Usage:
    """What two runs took together."""
    names = ("calls", "cache_hits", "input_tokens", "cached_tokens", "output_tokens", "seconds")
    money = None if one.money is None or other.money is None else one.money + other.money
    return Usage(**{name: getattr(one, name) + getattr(other, name) for name in names}, money=money)


def counted(manifest: RunManifest, errors: Counter[str], counts: Counter[str]) -> RunManifest:
    """The manifest with what was found. `counts`: documents, policies, measures, targets, refused."""
    seconds = round(manifest.usage.seconds, 3)
    return manifest.model_copy(
        update={
            "usage": manifest.usage.model_copy(update={"seconds": seconds}),
            "failed": errors.total(),
            "errors": dict(errors),
            "files": {},
            **{name: counts[name] for name in ("documents", "policies", "measures", "targets", "refused")},
        }
    )
