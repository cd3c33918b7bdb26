"""One way to talk to a model: ask for JSON, or for the likelihood of labels; every answer is kept under its id."""

from pipeline.model.acquire import fetch
from pipeline.model.addresses import without_secrets
from pipeline.model.budget import Budget, Cost, Price, count_tokens, is_private, price_of
from pipeline.model.client import Model, Served
from pipeline.model.dialect import dialect_for
from pipeline.model.endpoints import DEFAULT_SERVICE_MODEL, address, embedded_name, make_model
from pipeline.model.files import (
    AnswersRead,
    FilesModel,
    RefusedAnswer,
    read_answers,
    read_requests,
    write_requests,
)
from pipeline.model.kept import BadRow, StoreStats
from pipeline.model.ledger import Message, Question, question_to_complete, question_to_score, wire_schema
from pipeline.model.limits import Limits, Permit, Rates
from pipeline.model.moving import Moved, export_answers, import_answers, move_answers, open_answers
from pipeline.model.parse import Completed, Scored
from pipeline.model.send import NO_LIVE_CALLS, Patience
from pipeline.model.shared import is_address
from pipeline.model.store import Store
from pipeline.model.weights import DEFAULT_MODEL, KnownModel, find_model, list_models, models_dir, verify

__all__ = [
    "DEFAULT_MODEL",
    "DEFAULT_SERVICE_MODEL",
    "NO_LIVE_CALLS",
    "AnswersRead",
    "BadRow",
    "Budget",
    "Completed",
    "Cost",
    "FilesModel",
    "KnownModel",
    "Limits",
    "Message",
    "Model",
    "Moved",
    "Patience",
    "Permit",
    "Price",
    "Question",
    "Rates",
    "RefusedAnswer",
    "Scored",
    "Served",
    "Store",
    "StoreStats",
    "address",
    "count_tokens",
    "dialect_for",
    "embedded_name",
    "export_answers",
    "fetch",
    "find_model",
    "import_answers",
    "is_address",
    "is_private",
    "list_models",
    "make_model",
    "models_dir",
    "move_answers",
    "open_answers",
    "price_of",
    "question_to_complete",
    "question_to_score",
    "read_answers",
    "read_requests",
    "verify",
    "wire_schema",
    "without_secrets",
    "write_requests",
]
