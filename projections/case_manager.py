"""What the case manager sees: the commune's child-protection worker, also after closure."""

from events.parties import Audience
from projections.case_file import fold
from projections.view import View

VIEW = View(Audience.CASE_MANAGER, "view_case_manager", fold)
