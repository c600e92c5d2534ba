"""How a packet is answered over HTTP: its own policy, kept by nobody, found by no search engine."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from plans.packets.dates import long_day
from plans.packets.html_bar import OnlineBar
from plans.services.opening import Opened, PacketBeingMade

POLICY = "Content-Security-Policy"
SECONDS_TO_WAIT = 5


def guarded(response: HttpResponse) -> HttpResponse:
    """Return the answer with the headers of a page that only its reader may have."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def is_prefetch(request: HttpRequest) -> bool:
    """Return whether a browser or scanner fetches this before anybody asked for it."""
    purposes = (request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz"))
    return any("prefetch" in purpose.lower() for purpose in purposes)


def asked_number(request: HttpRequest) -> int | None:
    """Return the version in the address, or None for the one in force."""
    text = request.GET.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None


def page_answer(opened: Opened) -> HttpResponse:
    """Return the packet as the page that is served, under the policy of its own blocks."""
    made = opened.html(bar_of(opened))
    response = HttpResponse(made.page)
    response[POLICY] = made.policy
    return guarded(response)


def bar_of(opened: Opened) -> OnlineBar:
    """Return what stands above the packet; addresses are relative, so that none holds a token."""
    suffix = f"?version={opened.publication.number}"
    older = tuple(
        (
            f"v{row.number}"
            + (f", from {long_day(row.in_force_from)}" if row.in_force_from else ""),
            f"?version={row.number}",
        )
        for row in opened.older
    )
    ready = opened.pdf_percent is None
    return OnlineBar(
        pdf_address=f"packet.pdf{suffix}",
        pdf_words="" if ready else f"PDF to print: being made, {opened.pdf_percent} %",
        save_address=f"packet.html{suffix}",
        acknowledge_address="acknowledge/" if opened.may_acknowledge else "",
        older=older,
        is_in_force=opened.is_in_force,
    )


def html_file(opened: Opened) -> HttpResponse:
    """Return the packet as a file to keep: it holds no link back and no token."""
    made = opened.html()
    response = _file(made.page.encode(), "text/html; charset=utf-8", f"{opened.file_name}.html")
    response[POLICY] = made.policy
    return response


def pdf_file(opened: Opened) -> HttpResponse:
    """Return the stamped PDF."""
    return _file(opened.pdf(), "application/pdf", f"{opened.file_name}.pdf")


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{quote(name)}"'
    return guarded(response)


def being_made(request: HttpRequest, wait: PacketBeingMade, packet_address: str) -> HttpResponse:
    """Return the page that waits for the PDF and asks again by itself."""
    context = {"wait": wait, "packet_address": packet_address}
    response = render(request, "plans/packet/being_made.html", context, status=wait.status)
    response["Refresh"] = str(SECONDS_TO_WAIT)
    response["Retry-After"] = str(SECONDS_TO_WAIT)
    return guarded(response)
