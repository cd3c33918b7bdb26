"""From what the user said (endpoint, name, address, key) to a model that can be asked."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pipeline.model.addresses import check_address, check_key, without_secrets
from pipeline.model.budget import Budget, Price, is_private, price_of
from pipeline.model.client import Model
from pipeline.model.dialect import dialect_for
from pipeline.model.limits import Limits, Rates
from pipeline.model.send import NO_LIVE_CALLS, Patience, Service
from pipeline.model.server import SLOTS, EmbeddedServer, tried
from pipeline.model.store import Store
from pipeline.model.weights import KnownModel, check_present, find_model, hash_once, ready
from schemas.errors import NoModel

DEFAULT_SERVICE_MODEL = "gpt-4.1-mini"
"""Asked of the service where no model is named: takes schemas, temperature 0 and log-probabilities."""

OPENAI = "https://api.openai.com/v1"
"""Where OpenAI itself answers; named only, the client knows it."""

_EMBEDDED_PATIENCE = Patience(attempts=2, timeout=1200.0)  # A long prompt on few cores takes minutes.


def make_model(
    endpoint: Literal["openai", "embedded"],
    *,
    name: str | None = None,
    base_url: str | None = None,
    api_key: str | None = None,
    store: Store,
    budget: Budget | None = None,
    jobs: int = 8,
    rates: Rates | None = None,
    weights: Path | None = None,
    price: Price | None = None,
    patience: Patience | None = None,
    reasoning: bool = False,
) -> Model:
    """A model behind `endpoint`: `openai` (or any compatible service at `base_url`) or `embedded`.

    `jobs`: requests at once (the embedded server has slots of its own number). `rates`: the most a minute.
    `weights`: a GGUF file to embed instead of a known model; a `name` that ends in `.gguf`
    says the same. `price` overrides the published one. `reasoning`: the model thinks first, though its name does
    not tell.

    Raises NoModel (no key, no weights, unknown name), WrongWeights (wrong size), UsageError (a budget without a
    price). Makes no connection and loads nothing: that happens at the first question not in the store.
    """
    if endpoint == "openai":
        name, limits, patience = name or DEFAULT_SERVICE_MODEL, Limits(jobs, rates), patience or Patience()
        service = service_at(base_url, api_key, name, patience.timeout, limits, reasoning=reasoning)
        url = address(base_url)
        price = price or price_of(name, url and without_secrets(url))
        return Model(
            name, service, store, price, origin=origin_of(url), budget=budget, limits=limits, patience=patience
        )
    if weights is None and name is not None and name.endswith(".gguf"):
        weights, name = Path(name), None
    patience = patience or _EMBEDDED_PATIENCE
    if weights is not None:
        return _embedded_file(weights, store, budget, patience)
    return _embedded_known(find_model(name), store, budget, patience)


def embedded_name(name: str | None) -> tuple[str, str]:
    """What the embedded model called `name` is known by: its name and the sha256 of its weights. Raises `NoModel`."""
    if name is not None and name.endswith(".gguf"):
        return _file_name(Path(name))
    model = find_model(name)
    return model.name, model.sha256


def address(base_url: str | None) -> str | None:
    """The address of the service: as given, or from the environment; None for OpenAI itself. Raises `UsageError`."""
    given = (base_url or os.environ.get("OPENAI_BASE_URL") or "").strip()
    return check_address(given) if given else None


def origin_of(url: str | None) -> str:
    """How answers name the service at `url` (None: OpenAI itself) that they came from."""
    return without_secrets(url) if url is not None else OPENAI


def key_for(base_url: str | None, api_key: str | None = None) -> str:
    """The key as given or from the environment; a service of one's own may need none.

    Raises `NoModel`, and `UsageError` for what no key can be.
    """
    key = check_key(api_key or os.environ.get("OPENAI_API_KEY") or "") or ("none" if base_url else None)
    if key is None:
        raise NoModel(
            "There is no key for the service. Set OPENAI_API_KEY, or name a service of your own with --base-url, "
            "or use --endpoint embedded or --endpoint draft, which need none."
        )
    return key


def service_at(
    base_url: str | None,
    api_key: str | None,
    name: str,
    timeout: float,
    limits: Limits | None = None,
    *,
    reasoning: bool = False,
) -> Service:
    """The service for the model `name`. Raises `NoModel` without a key, `UsageError` for a malformed address."""
    base_url = address(base_url)
    local = base_url is not None and is_private(base_url)
    return Service(
        base_url,
        key_for(base_url, api_key),
        timeout,
        limits.learn if limits is not None else lambda headers: None,
        model=name,
        dialect=dialect_for(name, own=base_url is None, reasoning=reasoning, local=local),
    )


def _embedded_known(model: KnownModel, store: Store, budget: Budget | None, patience: Patience) -> Model:
    # The request ids need only the catalogue's hash; the file is read when it is loaded.
    if os.environ.get(NO_LIVE_CALLS) != "1":
        check_present(model)
    server = EmbeddedServer(model.name, lambda: ready(model), patience.timeout)
    return _embedded(model.name, model.sha256, server, store, budget, patience)


def _embedded_file(path: Path, store: Store, budget: Budget | None, patience: Patience) -> Model:
    name, sha256 = _file_name(path)
    server = EmbeddedServer(name, lambda: tried(path), patience.timeout)
    return _embedded(name, sha256, server, store, budget, patience)


def _file_name(path: Path) -> tuple[str, str]:
    if not path.is_file():
        raise NoModel(f"There is no model file {path}. Check the path, or type `pams models list`.")
    return path.stem, hash_once(path)


def _embedded(
    name: str, sha256: str, server: EmbeddedServer, store: Store, budget: Budget | None, patience: Patience
) -> Model:
    free = Price(name, free=True)
    return Model(
        name, server, store, free, origin="embedded", sha256=sha256, budget=budget, limits=Limits(SLOTS),
        patience=patience,
    )  # fmt: skip
