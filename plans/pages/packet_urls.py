"""Addresses of packets: by link, on the campus's tab, and whether a paper is current."""

from django.urls import path, re_path

from plans.pages import packet_check, packet_link, packet_tab

LINK = "p/<str:token>/"
PACKET = "campuses/<slug:slug>/packet/"

urlpatterns = [
    path(LINK, packet_link.packet, name="packet-by-link"),
    path(f"{LINK}packet.pdf", packet_link.packet_pdf, name="packet-by-link-pdf"),
    path(f"{LINK}packet.html", packet_link.packet_html, name="packet-by-link-html"),
    path(f"{LINK}acknowledge/", packet_link.acknowledge, name="packet-by-link-acknowledge"),
    path(PACKET, packet_tab.tab, name="campus-packet"),
    path(f"{PACKET}making/", packet_tab.making, name="packet-making"),
    path(f"{PACKET}open/", packet_tab.open_page, name="packet-open"),
    path(f"{PACKET}open/packet.pdf", packet_tab.open_pdf, name="packet-pdf"),
    path(f"{PACKET}open/packet.html", packet_tab.open_html, name="packet-html"),
    path(f"{PACKET}papers/", packet_tab.add_print, name="packet-print"),
    path(f"{PACKET}papers/<uuid:print_id>/swapped/", packet_tab.swapped, name="packet-swapped"),
    path("check/<str:code>/", packet_check.check, name="check-paper"),
    re_path(r"^[cC]/(?P<code>[A-Za-z0-9]{1,12})/?$", packet_check.check, name="check-paper-code"),
]
