"""What education sees: the school's focal person; nothing medical, of the police or of a shelter."""

from events.parties import Audience
from projections.case_file import fold
from projections.view import View

VIEW = View(Audience.EDUCATION, "view_education", fold)
