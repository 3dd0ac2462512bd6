"""What the police see: the investigator assigned, commune police and investigating bodies."""

from events.parties import Audience
from projections.case_file import fold
from projections.view import View

VIEW = View(Audience.POLICE, "view_police", fold)
