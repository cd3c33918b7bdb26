"""Cassettes: recorded HTTP between the pipeline and a model, readable in a diff, replayed without network.

One YAML file per document: requests and responses with their bodies as parsed JSON in plain Korean, only the
headers that matter, no keys, no ports. A request that is not in the cassette fails; nothing is ever sent.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import vcr
import yaml

PLACE = "http://model"
"""Stands for the server's address, which is another one at every start."""

_KEPT_HEADERS = ("content-type",)


@contextmanager
def cassette(path: Path, *, record: bool = False) -> Iterator[Any]:
    """Play the cassette at `path`, or record it. While playing, no connection is made and no model is loaded."""
    machine = vcr.VCR(
        record_mode=vcr.mode.NEW_EPISODES if record else vcr.mode.NONE,
        match_on=["method", "path", "json"],
        before_record_request=_plain_request,
        before_record_response=_plain_response,
        decode_compressed_response=True,
    )
    machine.register_matcher("json", _same_json)
    machine.register_serializer("readable", _Readable)
    before = os.environ.get("PAMS_NO_LIVE_CALLS")
    if not record:
        os.environ["PAMS_NO_LIVE_CALLS"] = "1"
    try:
        with machine.use_cassette(str(path), serializer="readable", allow_playback_repeats=True) as tape:
            yield tape
    finally:
        if before is None:
            os.environ.pop("PAMS_NO_LIVE_CALLS", None)
        else:
            os.environ["PAMS_NO_LIVE_CALLS"] = before


def _plain_request(request: Any) -> Any:
    request.headers = {k: v for k, v in request.headers.items() if k.lower() in _KEPT_HEADERS}
    request.uri = PLACE + urlsplit(request.uri).path
    return request


def _plain_response(response: dict[str, Any]) -> dict[str, Any]:
    response["headers"] = {k: v for k, v in response["headers"].items() if k.lower() in _KEPT_HEADERS}
    return response


def _same_json(one: Any, other: Any) -> None:
    if json.loads(one.body) != json.loads(other.body):
        raise AssertionError("the bodies differ")


class _Readable:
    """YAML with bodies as parsed JSON."""

    @staticmethod
    def serialize(cassette_dict: dict[str, Any]) -> str:
        """The cassette as text."""
        for interaction in cassette_dict["interactions"]:
            interaction["request"]["body"] = json.loads(interaction["request"]["body"])
            response = interaction["response"]
            response["body"] = _lean(json.loads(response["body"]["string"]))
        return yaml.dump(cassette_dict, allow_unicode=True, sort_keys=False, width=160)

    @staticmethod
    def deserialize(text: str) -> dict[str, Any]:
        """What vcrpy wants back."""
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        tape: dict[str, Any] = yaml.load(text, Loader=loader)  # noqa: S506 (a safe loader)
        for interaction in tape["interactions"]:
            interaction["request"]["body"] = json.dumps(interaction["request"]["body"], ensure_ascii=False).encode()
            body = json.dumps(interaction["response"]["body"], ensure_ascii=False)
            interaction["response"]["body"] = {"string": body.encode()}
        return tape


def _lean(body: Any) -> Any:
    """A completion without what varies from one recording to the next and is not read: timings, time of day."""
    for name in ("timings", "created", "system_fingerprint", "__verbose"):
        body.pop(name, None)
    body["created"] = 0
    return body
