"""`python -m services.projector`."""

import sys

from services.projector.app import main

sys.exit(main())
