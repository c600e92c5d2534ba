"""What drills registers with the apps below it at start-up."""

from drills.services import chasing, corrective, notice_words, real_emergency, reminding, telling
from notifications import subjects


def register() -> None:
    """Register words and links of notices, and what follows from a published plan.

    Called once, when the app is ready.
    """
    subjects.register(
        telling.DRILL,
        link_for=notice_words.drill_link,
        line_for=notice_words.drill_wording,
        on_acknowledged=notice_words.nothing_follows,
    )
    subjects.register(
        telling.CLEARANCE_COPY,
        link_for=notice_words.copy_link,
        line_for=notice_words.copy_wording,
        on_acknowledged=notice_words.nothing_follows,
    )
    subjects.register(
        real_emergency.REAL,
        link_for=notice_words.no_link,
        line_for=real_emergency.stop_wording,
        on_acknowledged=notice_words.nothing_follows,
    )
    subjects.register(
        reminding.SUBJECT,
        link_for=reminding.no_link,
        line_for=reminding.wording,
        on_acknowledged=notice_words.nothing_follows,
        page_of=reminding.page_of,
    )
    subjects.register(
        chasing.SUBJECT,
        link_for=reminding.no_link,
        line_for=chasing.wording,
        on_acknowledged=notice_words.nothing_follows,
        page_of=chasing.page_of,
    )
    corrective.register()
