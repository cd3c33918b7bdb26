"""`python -m eval.trials.hostile`."""

import sys

from eval.trials.hostile.attack import main

sys.exit(main())
