"""The health door: hospitals, commune health stations, mental-health services."""

from events.parties import Agency
from services.agencies.sector import Sector

SECTOR = Sector(Agency.HEALTH, vi="Cửa tiếp nhận của ngành Y tế", en="The health door")
