"""What health sees: the facility that treats the child."""

from events.parties import Audience
from projections.case_file import fold
from projections.view import View

VIEW = View(Audience.HEALTH, "view_health", fold)
