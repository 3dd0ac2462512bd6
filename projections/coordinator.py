"""The joint view: status, deadlines and tasks of every case, and of the child no more than a pseudonym."""

from events.parties import Audience
from projections.case_file import fold
from projections.view import View

VIEW = View(Audience.COORDINATOR, "view_coordinator", fold)
