"""`python -m services.case_record`."""

import sys

from services.case_record.app import main

sys.exit(main())
