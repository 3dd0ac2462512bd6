"""`python -m services.keys`."""

import sys

from services.keys.app import main

sys.exit(main())
