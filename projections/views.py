"""Every view, by audience. Statistics has none yet: its small cells need rules first."""

from collections.abc import Mapping

from events.parties import Audience
from projections import auditor, case_manager, committee, coordinator, education, health, hotline, police
from projections.view import View

VIEWS: Mapping[Audience, View] = {
    module.VIEW.audience: module.VIEW
    for module in (police, health, education, case_manager, committee, hotline, coordinator, auditor)
}
