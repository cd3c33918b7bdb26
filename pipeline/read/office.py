"""Office files that no reader of ours reads become ones that do, by LibreOffice, where it is installed.

It runs in the cage of the readers (`child.py`): processor time, memory and the size of what it writes are limited by
the kernel, the clock by its parent. It has a profile of its own, in which macros are off and nothing linked is loaded,
and no network where the kernel grants that.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from schemas.document import Format
from schemas.errors import InputError

CHILD = Path(__file__).with_name("child.py")
MOST_WRITTEN = 200_000_000
"""Bytes of one file that it may write."""


@dataclass(frozen=True)
class _Made:
    """What a format becomes, by which of LibreOffice's filters, and the part of it that knows the format."""

    opened_by: str
    """The filter that opens it: left to itself LibreOffice reads what is damaged as plain text."""
    kind: Format
    saved_by: str
    part: str
    library: str
    what: str
    otherwise: str


_WRITER: tuple[Format, str, str, str] = ("docx", "MS Word 2007 XML", "writer", "libswlo.so")
_CALC: tuple[Format, str, str, str] = ("ods", "calc8", "calc", "libsclo.so")
_IMPRESS: tuple[Format, str, str, str] = ("odp", "impress8", "impress", "libsdlo.so")
_SHEET = ("is a spreadsheet", "save it as ODS, or its sheets as PDF")
_SLIDES = ("is a presentation", "save it as ODP or PDF")
MADE: dict[Format, _Made] = {
    "doc": _Made("MS Word 97", *_WRITER, "is a Word 97 document or one of WPS", "save it as DOCX"),
    "rtf": _Made("Rich Text Format", *_WRITER, "is an RTF file", "save it as DOCX or PDF"),
    "xls": _Made("MS Excel 97", *_CALC, *_SHEET),
    "xlsx": _Made("Calc MS Excel 2007 XML", *_CALC, *_SHEET),
    "ppt": _Made("MS PowerPoint 97", *_IMPRESS, *_SLIDES),
    "pptx": _Made("Impress MS PowerPoint 2007 XML", *_IMPRESS, *_SLIDES),
}
"""Formats that LibreOffice opens, and what becomes of them."""
_SETTINGS = (
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Writer/Content/Update", "Link", "0"),
    ("Calc/Content/Update", "Link", "2"),
)
"""What its profile begins with: no macros, no linked pictures or sections (0, 2: never)."""
_ITEM = '<item oor:path="/org.openoffice.Office.{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>'
_PROFILE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    f"{''.join(_ITEM.format(*setting) for setting in _SETTINGS)}</oor:items>\n"
)


def installed() -> str | None:
    """The version of LibreOffice on this machine; None where there is none."""
    program = _program()
    return _version(program) if program is not None else None


def _program() -> str | None:
    if sys.platform == "win32":  # where nothing would limit it
        return None
    return shutil.which("soffice") or shutil.which("libreoffice")


@functools.cache
def _version(program: str) -> str | None:
    try:
        done = subprocess.run([program, "--version"], capture_output=True, timeout=120, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    words = done.stdout.decode(errors="replace").split()
    return words[1] if len(words) > 1 and words[0] == "LibreOffice" else None


def remade(raw: bytes, name: str, kind: Format, memory: int, seconds: float) -> tuple[bytes, Format]:
    """The file as one of a format that is read. Raises `InputError`: not installed, damaged, over a limit."""
    made = MADE[kind]
    program = _program()
    install = f"apt-get install --no-install-recommends libreoffice-{made.part}-nogui"
    if program is None or installed() is None:
        raise InputError(
            f"{name}: {made.what}; install LibreOffice (Debian: {install}) and run again, or {made.otherwise}"
        )
    with tempfile.TemporaryDirectory(prefix="pams-") as place:
        room = Path(place)
        (room / "profile" / "user").mkdir(parents=True)
        (room / "profile" / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        (room / f"in.{kind}").write_bytes(raw)
        command = [program, f"-env:UserInstallation={(room / 'profile').as_uri()}", "--headless", "--norestore",
                   "--convert-to", f"{made.kind}:{made.saved_by}", f"--infilter={made.opened_by}",
                   "--outdir", str(room / "out"), str(room / f"in.{kind}")]  # fmt: skip
        if not _ended(command, room, memory, seconds):
            raise InputError(f"{name}: reading it took more than {seconds:.0f} s; save it in another format")
        with contextlib.suppress(OSError):
            return (room / "out" / f"in.{made.kind}").read_bytes(), made.kind
    if not (Path(os.path.realpath(program)).parent / made.library).exists():
        raise InputError(f"{name}: {made.what}; this LibreOffice has no {made.part}: type `{install}`")
    raise InputError(
        f"{name}: {made.what}; LibreOffice cannot open it: it is damaged, protected by a password, or needs more than "
        f"{memory / 1e9:.0f} GB; {made.otherwise}"
    )


def _ended(command: list[str], room: Path, memory: int, seconds: float) -> bool:
    """Whether the program came to its end in time, however; what it began ends with it."""
    options = json.dumps({"program": command, "memory": memory, "seconds": seconds, "written": MOST_WRITTEN})
    quiet = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(room),
        "LANG": "C.UTF-8",
        "SAL_USE_VCLPLUGIN": "svp",
    }
    with subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, "-I", str(CHILD), options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=room,
        env=quiet,
        start_new_session=True,  # so that all that it begins can be ended
    ) as running:
        try:
            running.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return False
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(running.pid, signal.SIGKILL)
    return True
