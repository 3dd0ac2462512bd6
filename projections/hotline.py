"""What hotline 111 sees: its own report until that is forwarded, then what it needs to follow up."""

from events.parties import Audience
from projections.case_file import fold
from projections.view import View

VIEW = View(Audience.HOTLINE, "view_hotline", fold)
