"""Addresses of notices, acknowledgements and the trial's inbox."""

from django.urls import path

from notifications.pages import acknowledging, board, inbox, notices

AGENCIES = "campuses/<slug:slug>/packet/agencies/"

urlpatterns = [
    path("ack/<str:token>/", acknowledging.acknowledge_page, name="acknowledge"),
    path("notices/", notices.notices, name="notices"),
    path("notices/release/", notices.release, name="release-channel"),
    path("notices/deliveries/<uuid:delivery_id>/send-again/", notices.again, name="send-again"),
    path(AGENCIES, board.agencies, name="campus-agencies"),
    path(f"{AGENCIES}phone-call/", board.phone_call, name="campus-phone-call"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<int:number>/", inbox.captured_message, name="captured-message"),
]
