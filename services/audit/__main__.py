"""`python -m services.audit`."""

import sys

from services.audit.app import main

sys.exit(main())
