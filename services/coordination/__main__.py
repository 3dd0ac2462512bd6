"""`python -m services.coordination`."""

import sys

from services.coordination.app import main

sys.exit(main())
