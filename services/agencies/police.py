"""The police door: commune police, investigating bodies, and justice bodies until they have a door of their own."""

from events.parties import Agency
from services.agencies.sector import Sector

SECTOR = Sector(Agency.POLICE, vi="Cửa tiếp nhận của Công an", en="The police door")
