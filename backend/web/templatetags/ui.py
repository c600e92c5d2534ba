"""Tags and filters of Muster's pages: icons, status marks, moments in words, telephone links."""

from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext

from backend.web import words

register = template.Library()

STATUS_KINDS = (
    "met", "on_track", "due", "overdue", "violated", "impossible", "unknown", "not_applicable",
)  # fmt: skip
DELIVERY_STEPS = 5
STEPS_REACHED = {
    "queued": 1, "sending": 1, "held": 1, "sent": 2, "unknown": 2, "delivered": 3, "opened": 4,
    "acknowledged": 5,
}  # fmt: skip


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Return one picture of the sprite; hidden from screen readers unless it has a label."""
    address = f"{static('web/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>',
            label,
            address,
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', address)


@register.simple_tag
def status(kind: str, word: str = "", shape: str = "", size: str = "") -> SafeString:
    """Return a status as shape, word and color.

    `kind` is one of STATUS_KINDS and gives the color; `word` replaces its usual word; `shape` may
    be `opened`, `sent` or `ended` where the state of a thing has a shape of its own; `size` may be
    `small`. Raises TemplateSyntaxError for a kind that does not exist.
    """
    if kind not in STATUS_KINDS:
        raise template.TemplateSyntaxError(
            f"There is no status {kind!r}: use one of {', '.join(STATUS_KINDS)}."
        )
    return format_html(
        '<span class="status status--{}{}"><svg aria-hidden="true"><use href="{}"></use></svg>'
        "{}</span>",
        kind,
        f" status--{size}" if size else "",
        f"{static('web/icons.svg')}#status-{shape or kind}",
        word or status_word(kind),
    )


def status_word(kind: str) -> str:
    """Return the usual word of a status in the reader's language."""
    return {
        "met": pgettext("status", "Met"),
        "on_track": pgettext("status", "On track"),
        "due": pgettext("status", "Due"),
        "overdue": pgettext("status", "Overdue"),
        "violated": pgettext("status", "Violated"),
        "impossible": pgettext("status", "Impossible"),
        "unknown": pgettext("status", "Not known"),
        "not_applicable": pgettext("status", "N/A"),
    }[kind]


@register.simple_tag
def audience_icon(audience: str) -> SafeString:
    """Return the bars that show how narrow an audience is: public, staff, responder, restricted."""
    return format_html(
        '<svg aria-hidden="true"><use href="{}"></use></svg>',
        f"{static('web/icons.svg')}#audience-{audience}",
    )


@register.inclusion_tag("components/steps.html")
def delivery_steps(state: str, word: str = "", *, reached: int = 0) -> dict[str, object]:
    """Draw the five steps of a delivery: queued, sent, delivered, opened, acknowledged.

    A failed, expired or cancelled delivery stops at the step it had `reached` (1 to 5).
    """
    kinds = {"acknowledged": "met", "failed": "overdue", "expired": "overdue", "held": "due"}
    kinds |= {"unknown": "unknown", "cancelled": "not_applicable"}
    kind = kinds.get(state, "on_track")
    done = reached or STEPS_REACHED.get(state, 3 if kind == "overdue" else 1)
    shapes = {"opened": "opened", "sent": "sent", "queued": "sent", "sending": "sent"}
    return {
        "kind": kind,
        "track": kind if kind in {"met", "overdue"} else "on_track",
        "word": word or delivery_word(state),
        "shape": shapes.get(state, ""),
        "steps": [
            {"reached": step <= done, "last": step == done} for step in range(1, DELIVERY_STEPS + 1)
        ],
        "spoken": gettext("step %(done)s of %(all)s") % {"done": done, "all": DELIVERY_STEPS},
    }


def delivery_word(state: str) -> str:
    """Return the word of a delivery's state in the reader's language."""
    return {
        "queued": pgettext("delivery", "Queued"),
        "sending": pgettext("delivery", "Sending"),
        "sent": pgettext("delivery", "Sent"),
        "delivered": pgettext("delivery", "Delivered"),
        "opened": pgettext("delivery", "Opened"),
        "acknowledged": pgettext("delivery", "Acknowledged"),
        "failed": pgettext("delivery", "Failed"),
        "expired": pgettext("delivery", "Expired"),
        "unknown": pgettext("delivery", "Not known"),
        "cancelled": pgettext("delivery", "Cancelled"),
        "held": pgettext("delivery", "Held"),
    }[state]


@register.filter(name="moment")
def moment_text(at: datetime | None, zone: tzinfo | str = UTC) -> str:
    """Return "Tue, Sep 8, 10:15 AM" in the campus's zone; "" for no moment."""
    return "" if not at else words.moment(at, zone, language=_language())


@register.filter
def moment_24(at: datetime | None, zone: tzinfo | str = UTC) -> str:
    """Return "Tue, Sep 8, 10:15" on the 24-hour clock, as agencies read it; "" for no moment."""
    return "" if not at else words.moment(at, zone, language=_language(), clock=24)


@register.filter
def time_24(at: datetime | None, zone: tzinfo | str = UTC) -> str:
    """Return "10:15" on the 24-hour clock; "" for no moment."""
    if not at:
        return ""
    local = at.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)
    return words.time_of_day(local, clock=24)


@register.simple_tag(name="moment")
def moment_element(
    at: datetime | None,
    zone: tzinfo | str = UTC,
    now: datetime | None = None,
    *,
    clock: words.Clock = 12,
    far: bool = True,
) -> SafeString:
    """Return a time element; with `now` also the year where it differs and, if `far`, the span."""
    if not at:
        return SafeString("")
    text = words.moment(at, zone, language=_language(), clock=clock, now=now)
    element = format_html('<time datetime="{}">{}</time>', at.astimezone(UTC).isoformat(), text)
    if now is None or not far:
        return element
    distance = words.span(at, now, zone=zone, language=_language())
    return format_html("{} ({})", element, distance)


@register.filter
def day(value: date | None, today: date | None = None) -> str:
    """Return "Tue, Sep 8" of a date; with the year where it is not that of `today`."""
    return "" if not value else words.day(value, language=_language(), today=today)


@register.filter
def span(at: datetime | None, now: datetime) -> str:
    """Return "in 3 days" or "2 hours ago", counted from `now`; "" for no moment."""
    return "" if not at else words.span(at, now, language=_language())


@register.filter
def duration(seconds: float | None) -> str:
    """Return "4 min 20 s" of seconds; "" for none."""
    return "" if not isinstance(seconds, int | float) else words.duration(seconds)


@register.filter
def phone_link(number: str) -> str:
    """Return a telephone number that can be tapped; the bare text when it holds no digits."""
    address = words.telephone_address(number or "")
    if not address:
        return number or ""
    return format_html('<a class="unbroken" href="{}">{}</a>', address, number)


def _language() -> str:
    return get_language() or "en"
