"""Addresses of the pages of drills."""

from django.urls import path

from drills.pages import (
    board,
    clear,
    coming,
    drill,
    evidence,
    feed,
    live,
    review,
    run,
    scheduling,
    service_worker,
    year,
)

CAMPUS = "campuses/<slug:slug>/drills/"
DRILL = "drills/<uuid:drill_id>/"
ACTION = f"{DRILL}review/actions/<uuid:action_id>/"
INVITATION = f"{DRILL}invitations/<uuid:invitation_id>/"

urlpatterns = [
    path("drills/", year.year, name="drills"),
    path("drills/calendar/", year.district_calendar, name="district-calendar"),
    path("drills/feed/", feed.feed_page, name="drill-feed-page"),
    path("drills/feed/renew/", feed.renew, name="drill-feed-renew"),
    path("feeds/<str:token>.ics", feed.feed, name="drill-feed"),
    path(CAMPUS, year.campus_drills, name="campus-drills"),
    path(f"{CAMPUS}calendar/", year.campus_calendar, name="campus-calendar"),
    path(f"{CAMPUS}new/", scheduling.new_drill, name="drill-new"),
    path(f"{CAMPUS}record/", drill.record, name="drill-record"),
    path(DRILL, drill.drill, name="drill"),
    path(f"{DRILL}accept/", scheduling.accept, name="drill-accept"),
    path(f"{DRILL}move/", scheduling.move, name="drill-move"),
    path(f"{DRILL}cancel/", scheduling.cancel, name="drill-cancel"),
    path(f"{DRILL}called-away/", scheduling.called_away, name="drill-called-away"),
    path(f"{DRILL}phone-clearance/", drill.phone_clearance, name="drill-phone-clearance"),
    path(f"{DRILL}panel-back/", drill.panel_back, name="drill-panel-back"),
    path(f"{DRILL}amend/", drill.amend, name="drill-amend"),
    path(f"{DRILL}paper/", drill.paper, name="drill-paper"),
    path(f"{DRILL}photos/<uuid:entry_id>.jpg", drill.photo, name="drill-photo"),
    path(f"{DRILL}messages/<uuid:message_id>/given/", drill.give_message, name="drill-message"),
    path(f"{DRILL}evidence/", evidence.evidence, name="drill-evidence"),
    path(f"{DRILL}evidence.pdf", evidence.evidence_pdf, name="drill-evidence-pdf"),
    path("drills/sw.js", service_worker.service_worker, name="run-worker"),
    path(f"{DRILL}live/", live.live, name="drill-live"),
    path(f"{DRILL}run/", run.run, name="drill-run"),
    path(f"{DRILL}run/state/", run.state, name="drill-run-state"),
    path(f"{DRILL}run/entries/", run.entries, name="drill-run-entries"),
    path(f"{DRILL}run/stop/", run.stop, name="drill-run-stop"),
    path(f"{DRILL}review/", review.review, name="drill-review"),
    path(f"{DRILL}review/close/", review.close, name="drill-review-close"),
    path(f"{DRILL}review/actions/", review.add_action, name="drill-action-new"),
    path(f"{ACTION}change/", review.open_change, name="drill-action-change"),
    path(f"{ACTION}done/", review.finish, name="drill-action-done"),
    path(f"{DRILL}come/", coming.answer, name="drill-come"),
    path(f"{DRILL}invite/", coming.invite, name="drill-invite"),
    path(f"{INVITATION}withdraw/", coming.withdraw, name="drill-withdraw"),
    path(f"{INVITATION}arrived/", coming.arrived, name="drill-arrived"),
    path("board/", board.board, name="board"),
    path("board/<uuid:drill_id>/clear/", board.board_clear, name="board-clear"),
    path("clear/<str:token>/", clear.clear_page, name="clear"),
]
