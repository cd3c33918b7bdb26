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


def refuse_other_ways(folders: Sequence[Path], manifests: Sequence[RunManifest]) -> None:
    """Raises `UsageError` if not all runs were made in the same way: their records could not be compared."""
    first = manifests[0]
    for folder, manifest in zip(folders, manifests, strict=True):
        facts = [(name, getattr(first, name), getattr(manifest, name)) for name in _DECIDING]
        facts += [(name, first.settings.get(name), manifest.settings.get(name)) for name in _SETTINGS]
        for name, one, other in facts:
            if one != other:
                raise UsageError(
                    f"{folder}: was made with {name} {other}, {folders[0]} with {one}; results of one folder are made "
                    "in one way: extract one of them again, or keep them apart (`pams link` finds policies in both)"
                )


def joined(manifests: Sequence[RunManifest], errors: Counter[str], counts: Counter[str]) -> RunManifest:
    """One manifest for all. `counts`: documents, policies, measures, targets, refused, as they are together."""
    first, usages = manifests[0], [m.usage for m in manifests]
    money = [u.money for u in usages]
    names = ("calls", "cache_hits", "input_tokens", "cached_tokens", "output_tokens", "seconds")
    summed = {name: sum(getattr(u, name) for u in usages) for name in names}
    usage = Usage(**summed, money=None if None in money else sum(m or 0.0 for m in money))
    ends = [m.finished for m in manifests if m.finished is not None]
    same = {k: v for k, v in first.settings.items() if all(k in m.settings and m.settings[k] == v for m in manifests)}
    return first.model_copy(
        update={
            "state": "stopped" if any(m.state == "stopped" for m in manifests) else "finished",
            "started": min(m.started for m in manifests),
            "finished": max(ends) if ends else None,
            "settings": same,
            "versions": {k: v for k, v in first.versions.items() if all(m.versions.get(k) == v for m in manifests)},
            "usage": usage.model_copy(update={"seconds": round(usage.seconds, 3)}),
            "failed": errors.total(),
            "errors": dict(errors),
            "files": {},
            "answered_at": dict(sorted(sum((Counter(m.answered_at) for m in manifests), Counter()).items())),
            "notes": tuple(dict.fromkeys(note for m in manifests for note in m.notes)),
            **{name: counts[name] for name in ("documents", "policies", "measures", "targets", "refused")},
        }
    )
