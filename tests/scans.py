"""Scans for tests: pages of a PDF as pictures, in a PDF that holds nothing else."""

from __future__ import annotations

from eval.trials.scans import scanned

__all__ = ["scanned"]
