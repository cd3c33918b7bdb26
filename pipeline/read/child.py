"""The child process of `convert`: bytes of one file in, what its reader made of them as JSON out.

Limits are set before a reader is loaded: address space, processor time, and no file may be written. It also becomes
LibreOffice, which has to write, within the same limits.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
"""Linux: CLONE_NEWUSER, CLONE_NEWNET."""


def main() -> None:
    """Converts stdin as the options in the first argument say; prints the result, or the reason why there is none."""
    options = json.loads(sys.argv[1])
    if "program" in options:
        _become(options)
    raw = sys.stdin.buffer.read()
    _limit(options["memory"], options["seconds"])
    sys.setrecursionlimit(20_000)  # pages nest deeply; what nests deeper still is told
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from pipeline.readers.lines import Unreadable

    try:
        said = _convert(raw, options)
    except Unreadable as problem:
        said = {"error": str(problem)}
    except MemoryError:
        said = {"error": f"reading it needs more than {options['memory'] / 1e9:.0f} GB; split the document"}
    except ImportError as problem:
        said = {"error": f"its reader does not load within {options['memory'] / 1e9:.2f} GB ({problem})"}
    except RecursionError:
        said = {"error": "its parts are nested too deeply; save it in another format"}
    except Exception as problem:  # noqa: BLE001 - whatever a library raises at a damaged file is the file's fault
        said = {"error": f"is damaged ({type(problem).__name__}: {str(problem)[:200]}); open it and save it again"}
    json.dump(said, sys.stdout)


def _become(options: dict[str, Any]) -> NoReturn:
    """Goes on as another program, within limits, and without a network where the kernel grants a room without one."""
    _limit(options["memory"], options["seconds"], options["written"])
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK)
    os.execv(options["program"][0], options["program"])  # noqa: S606 - a program that `office` has looked up


def _limit(memory: int, seconds: float, written: int = 0) -> None:
    try:
        import resource
    except ImportError:  # not a Unix system: the clock of the parent process is the only limit
        return
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, int(seconds) + 1),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, written),
    ):
        _, hard = resource.getrlimit(kind)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, hard))


def _convert(raw: bytes, options: dict[str, Any]) -> dict[str, Any]:
    if options["format"] == "pdf-places":
        from pipeline.readers.pdf_places import pdf_places

        return pdf_places(raw, options["pages"])
    if options["format"] == "pdf-picture":
        from pipeline.readers.pdf_places import pdf_picture

        return {"picture": pdf_picture(raw, options["page"], options["dots"])}
    made = _reader(options["format"], options.get("ocr"))(raw, options["pages"])
    if len(made.text) > options["characters"]:
        return {"error": f"its text is longer than {options['characters']:,} characters; split the document"}
    return {
        "text": made.text.encode(errors="replace").decode(),
        "pages": made.pages,
        "hidden": made.hidden[: options["characters"]],
        "concealed": made.concealed,
        "lost": made.lost,
        "furniture": made.furniture,
        "ocr": made.ocr,
    }


def _reader(kind: str, ocr: dict[str, float] | None) -> Callable[[bytes, int], Any]:
    """The format's reader: a function of the file's bytes and the most pages. Loads no other."""
    if kind == "pdf":
        from pipeline.readers.ocr import Ocr
        from pipeline.readers.pdf import pdf

        return lambda raw, pages: pdf(raw, pages, Ocr(ocr["page"], ocr["total"]) if ocr else None)
    if kind == "docx":
        from pipeline.readers.docx import docx

        return lambda raw, _: docx(raw)
    if kind == "html":
        from pipeline.readers.html import html

        return lambda raw, _: html(raw)
    if kind == "odt":
        from pipeline.readers.odt import odt

        return lambda raw, _: odt(raw)
    if kind in ("ods", "odp"):
        from pipeline.readers.odf import odp, ods

        return lambda raw, _: ods(raw) if kind == "ods" else odp(raw)
    if kind == "eml":
        from pipeline.readers.mail import mail

        return lambda raw, _: mail(raw)
    if kind == "hwpml":
        from pipeline.readers.hwpml import hwpml

        return lambda raw, _: hwpml(raw)
    from pipeline.readers import hangul

    return lambda raw, _: hangul.hwp(raw) if kind == "hwp" else hangul.hwpx(raw)


if __name__ == "__main__":
    main()
