"""`python -m eval.hostile`."""

import sys

from eval.hostile.attack import main

sys.exit(main())
