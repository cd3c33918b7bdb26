"""How a local service answers a browser: headers of every answer, and what goes wrong as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from pipeline.language import translated
from schemas.errors import Conflict, InputError, PamsError, UsageError

HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}


async def guarded(work: Callable[[], Response], language: str = "en") -> Response:
    """The work in a thread; what goes wrong as JSON with a status that says whose fault it is."""
    try:
        made = await run_in_threadpool(work)
    except Conflict as problem:
        return JSONResponse({"error": translated(str(problem), language)}, status_code=409, headers=HEADERS)
    except (UsageError, InputError, ValueError) as problem:
        return JSONResponse({"error": translated(str(problem), language)}, status_code=400, headers=HEADERS)
    except PamsError as problem:
        return JSONResponse({"error": translated(str(problem), language)}, status_code=500, headers=HEADERS)
    return made


async def told(work: Callable[[], Mapping[str, Any]], language: str = "en") -> Response:
    """What the work gives, as JSON; `guarded`."""
    return await guarded(lambda: JSONResponse(work(), headers=HEADERS), language)
