"""The education door: schools and education offices."""

from events.parties import Agency
from services.agencies.sector import Sector

SECTOR = Sector(Agency.EDUCATION, vi="Cửa tiếp nhận của ngành Giáo dục", en="The education door")
