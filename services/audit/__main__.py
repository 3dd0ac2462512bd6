"""`python -m services.audit`; with the word `what-if` and a file, what another agreement would change."""

import sys

from services.audit import app, what_if

sys.exit(what_if.main(sys.argv[2:]) if sys.argv[1:2] == ["what-if"] else app.main())
