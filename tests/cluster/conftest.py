"""One cluster for all tests of this folder, ended with the last of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from eval.trials.two_nodes import Nodes, two_nodes


@pytest.fixture(scope="package")
def nodes() -> Iterator[Nodes]:
    """A cluster of two nodes: they take longer to start than most tests to run."""
    with two_nodes() as started:
        yield started
