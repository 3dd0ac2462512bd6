"""What the commune's committee sees: its chair more than its members, decided when they read."""

from events.parties import Audience
from projections.case_file import fold
from projections.view import View

VIEW = View(Audience.COMMITTEE, "view_committee", fold)
