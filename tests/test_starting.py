"""What starts without the draft: its weights, and numpy, take a fifth of a second to load."""

from __future__ import annotations

import subprocess
import sys


def test_whoever_reads_results_loads_no_draft() -> None:
    rooms = "review.app cli.reviewing cli.showing cli.exporting cli.comparing cli.merging cli.linking cli.models"
    code = f"import sys, {', '.join(f'pipeline.{room}' for room in rooms.split())}; print('numpy' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert shown.stdout == "False\n", shown.stderr
