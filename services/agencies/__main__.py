"""`python -m services.agencies`."""

import sys

from services.agencies.app import main

sys.exit(main())
