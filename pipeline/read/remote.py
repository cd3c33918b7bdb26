"""Documents on storage that is reached by address (`s3://…`, `gs://…`, `file://…`), through fsspec."""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Iterator
from typing import Any

from schemas.errors import InputError, UsageError

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,30}(?:::|://)")


def is_address(words: str) -> bool:
    """Whether words are an address of fsspec's and no path."""
    return _ADDRESS.match(words) is not None


def name_at(address: str) -> str:
    """What a document at an address is called: the address without its scheme."""
    return address.rpartition("://")[2].strip("/") or address


@functools.lru_cache(maxsize=16)
def _file_system(scheme: str) -> Any:
    try:
        import fsspec

        make: Any = fsspec.filesystem  # has no types
        return make(scheme)
    except ImportError as problem:
        raise UsageError(
            f"{scheme}://: {problem}; type `pip install 'policy-measures[storage]'`, and what that storage needs "
            "beside it (s3fs, gcsfs, adlfs …)"
        ) from problem
    except ValueError as problem:
        raise UsageError(f"{scheme}://: {problem}; write an address that fsspec knows, like s3:// or file://") from None


def open_storage(address: str) -> tuple[Any, str]:
    """The file system of an address and the path in it. Raises `UsageError` where its library is not installed."""
    scheme = address.partition("://")[0]
    files = _file_system(scheme)
    return files, str(files._strip_protocol(address))


def read_at(address: str, limit: int) -> bytes:
    """At most `limit` + 1 bytes of what is at an address. Raises `InputError` if it cannot be read."""
    files, path = open_storage(address)
    with _told(address), files.open(path, "rb") as file:
        return bytes(file.read(limit + 1))


def files_at(address: str) -> Iterator[str]:
    """The addresses of all files below one that ends in `/`, by name, folder after folder."""
    files, path = open_storage(address)
    scheme = address.partition("://")[0]
    with _told(address):
        for _, _, found in files.walk(path, detail=True, topdown=True):
            for name in sorted(found):
                yield f"{scheme}://{str(found[name]['name']).removeprefix(f'{scheme}://')}"


@contextlib.contextmanager
def _told(address: str) -> Iterator[None]:
    try:
        yield
    except InputError:
        raise
    except Exception as problem:  # each storage has errors of its own
        raise InputError(f"{address}: cannot be read ({type(problem).__name__}: {problem})") from problem
