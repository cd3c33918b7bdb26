"""What can go wrong, as one tree; every message says what went wrong, where, and what to type next.

PamsError
├── InputError              a document cannot be read (the run goes on; the document is `failed`)
├── UsageError              wrong use of the command                          exit 2
├── CannotStart             nothing was begun                                 exit 3
│   ├── NoModel             no key, no weights, unknown model
│   ├── WrongWeights        a model file with the wrong size or hash
│   ├── KeyRefused          the service refuses the key
│   └── OutputUnwritable    the output folder cannot be written or is locked
├── ModelError              one document's question got no usable answer (the document is `failed`)
│   └── CassetteMiss        a test asked something that was not recorded
├── InternalError           a fault of pams that one document brought to light (the document is `failed`)
├── BudgetReached           the run stopped before spending more              exit 4
└── GateFailed              an evaluation gate is red                         exit 5
"""

from __future__ import annotations


class PamsError(Exception):
    """Base of all errors that a user may meet. `kind` names the class for machines, `exit_code` for the shell."""

    exit_code = 1

    @property
    def kind(self) -> str:
        """The error's name in output files, e.g. `input_error`."""
        name = type(self).__name__
        return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")


class InputError(PamsError):
    """A document cannot be read: empty, binary, undecodable, too large."""


class UsageError(PamsError):
    """Wrong use of the command: a missing path, an unknown prompt set."""

    exit_code = 2


class CannotStart(PamsError):
    """A run cannot begin."""

    exit_code = 3


class NoModel(CannotStart):
    """There is no model to ask: no key, no weights, an unknown name."""


class WrongWeights(CannotStart):
    """A model file has the wrong size or hash."""


class KeyRefused(CannotStart):
    """The service refuses the key."""


class OutputUnwritable(CannotStart):
    """The output folder cannot be written, or another run holds its lock."""


class ModelError(PamsError):
    """A question got no usable answer: transport failed, or every attempt was invalid."""


class CassetteMiss(ModelError):
    """A request that no cassette holds: a prompt, schema or rule before it changed."""


class InternalError(PamsError):
    """A fault of the program that one document brought to light."""


class BudgetReached(PamsError):
    """The budget would be exceeded by the next call; everything paid for is kept."""

    exit_code = 4


class GateFailed(PamsError):
    """An evaluation gate is red."""

    exit_code = 5
