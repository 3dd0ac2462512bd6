"""`python -m services.relay`."""

import sys

from services.relay.app import main

sys.exit(main())
