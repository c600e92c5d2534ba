"""Addresses of the plan's pages."""

from django.urls import path

from plans.pages import (
    agency_signing,
    bringing_in,
    first_page,
    plan,
    posts,
    publish,
    review,
    section,
    sheet,
)

PLAN = "campuses/<slug:slug>/plan/"
SECTION = f"{PLAN}sections/<str:template_id>/"
VERSION = f"{PLAN}versions/<int:number>/"

urlpatterns = [
    path(PLAN, plan.overview, name="campus-plan"),
    path(f"{PLAN}start/", plan.start, name="plan-start"),
    path(f"{PLAN}bring-in/", bringing_in.bring_in_file, name="plan-bring-in"),
    path(f"{VERSION}brought-in/", bringing_in.brought_in, name="plan-brought-in"),
    path(f"{VERSION}brought-in/file/", bringing_in.file, name="plan-brought-in-file"),
    path(f"{PLAN}map/pin/", plan.pin_map, name="plan-pin-map"),
    path(f"{PLAN}submit/", plan.submit, name="plan-submit"),
    path(f"{PLAN}sections/add/", plan.add_section, name="plan-add-section"),
    path(SECTION, section.section, name="plan-section"),
    path(f"{SECTION}remove/", section.remove, name="plan-section-remove"),
    path(f"{PLAN}references.json", section.references, name="plan-references"),
    path(f"{PLAN}posts/", posts.posts, name="plan-posts"),
    path(f"{PLAN}first-page/", first_page.first_page, name="plan-first-page"),
    path(f"{PLAN}contacts/", sheet.sheet, name="contact-sheet"),
    path(f"{PLAN}contacts/confirm/", sheet.confirm, name="contact-sheet-confirm"),
    path(f"{PLAN}review/", review.review, name="plan-review"),
    path(f"{PLAN}review/sign/", review.sign, name="plan-sign"),
    path(f"{PLAN}review/send-back/", review.send_back, name="plan-send-back"),
    path(f"{PLAN}publish/", publish.publish, name="plan-publish"),
    path(f"{PLAN}adopt/", publish.adopt, name="plan-adopt"),
    path(f"{PLAN}signatures/", publish.signatures, name="plan-signatures"),
    path(f"{PLAN}signatures/reset/", publish.reset_signatures, name="plan-signatures-reset"),
    path(f"{PLAN}versions/", plan.versions, name="plan-versions"),
    path(f"{VERSION}read/<str:audience>/", plan.read, name="plan-read"),
    path(f"{VERSION}withdraw/", publish.withdraw, name="plan-withdraw"),
    path(f"{VERSION}signature-page/", publish.signature_page, name="plan-signature-page"),
    path("agency/signatures/<uuid:copy_id>/", agency_signing.by_account, name="agency-sign"),
    path("sign/<str:token>/", agency_signing.by_link, name="sign-by-link"),
]
