"""`python -m services.projector`; with the word `rebuild` and views, their rebuild beside it."""

import sys

from services.projector import app, rebuild

sys.exit(rebuild.main(sys.argv[2:]) if sys.argv[1:2] == ["rebuild"] else app.main())
