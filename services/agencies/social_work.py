"""The social-work door: hotline 111, communes, social-work centres, and legal aid until it has a door of its own."""

from events.parties import Agency
from services.agencies.sector import Sector

SECTOR = Sector(Agency.SOCIAL_WORK, vi="Cửa tiếp nhận của ngành bảo vệ trẻ em", en="The social-work door")
