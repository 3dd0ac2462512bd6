"""What the auditor sees: every case, pseudonymised, corrected values included, also after closure."""

from events.parties import Audience
from projections.case_file import fold
from projections.view import View

VIEW = View(Audience.AUDITOR, "view_auditor", fold)
