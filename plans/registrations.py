"""What plans registers with the apps below it at start-up."""

from backend.jobs import registry
from maps.services.conditions import on_published
from notifications import subjects
from plans import tasks
from plans.queries.packets import KIND
from plans.services import telling


def register() -> None:
    """Register link addresses, words of notices, the job that makes PDFs, and what follows a deed.

    Called once, when the app is ready.
    """
    subjects.register(
        telling.PACKET,
        link_for=telling.packet_link,
        line_for=telling.packet_wording,
        on_acknowledged=telling.nothing_follows,
        openings_of=telling.openings_of,
    )
    subjects.register(
        telling.CONDITION,
        link_for=telling.condition_link,
        line_for=telling.condition_wording,
        on_acknowledged=telling.nothing_follows,
    )
    subjects.register(
        telling.SIGNATURE,
        link_for=telling.signature_link,
        line_for=telling.signature_wording,
        on_acknowledged=telling.nothing_follows,
    )
    registry.register(KIND, tasks.make_packet)
    on_published.register(telling.on_condition)
