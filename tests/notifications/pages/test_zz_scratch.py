from tests.notifications.pages.test_notices_pages import *
from tests.notifications.outbox import *
from notifications.subjects import Opening, register
from notifications.services.acknowledging import acknowledge
from notifications.services.escalating import escalate_due
from django.contrib.staticfiles import finders
import mimetypes

def shoot(html, name, width=1280, height=900):
    from playwright.sync_api import sync_playwright
    with sync_playwright() as p:
        b = p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = b.new_page(viewport={"width": width, "height": height})
        def static(route):
            path = route.request.url.split("/static/")[1].split("?")[0]
            f = finders.find(path)
            if f: route.fulfill(body=open(f,"rb").read(), content_type=mimetypes.guess_type(f)[0] or "text/plain")
            else: route.fulfill(status=404)
        page.route("**/static/**", static)
        page.route("http://x.test/", lambda r: r.fulfill(body=html, content_type="text/html"))
        page.goto("http://x.test/")
        page.wait_for_timeout(400)
        page.screenshot(path=f"/tmp/notif/{name}.png", full_page=True)
        b.close()

def test_shots(cast, relay, settings):
    t0 = timezone.now() - timedelta(days=6)
    for w, a in (("captain", "fail550+captain@responders.example.org"),):
        ResponderContact.objects.filter(pk=cast.contacts[w].pk).update(email=a)
        with reach.of_districts(cast.district.pk):
            AcceptedAddress.objects.filter(contact=cast.contacts[w]).update(address=a)
    pages = {}
    hb = owe_memo(cast.lincoln, at=t0)
    pages["held"] = cast.client("district").get("/notices/").content.decode()
    release(cast, at=t0)
    deliver(at=t0)
    def openings(n):
        return [Opening(cast.police.pk, t0+timedelta(hours=3), cast.contacts["patrol"].pk, "Sgt. Alan Pruitt"), Opening(cast.police.pk, t0+timedelta(days=1), None, "Cars 12, 17 and 21", "Car 17 still holds v7")]
    register(MEMO, link_for=link_for, line_for=line_for, on_acknowledged=on_acknowledged, openings_of=openings)
    tok = link_in(mail_to(relay, "dispatcher")[0], "ack")
    pages["ack"] = Client().get(f"/ack/{tok}/").content.decode()
    acknowledge(actor=cast.link_actor(tok), choice="accepted", name="Day supervisor Ruiz", at=t0 + timedelta(hours=2))
    pages["acked"] = Client().get(f"/ack/{tok}/").content.decode()
    escalate_due(at=t0+timedelta(days=2)); deliver(at=t0+timedelta(days=2))
    pages["board"] = cast.client("office").get(board_url(cast)).content.decode()
    pages["notices"] = cast.client("district").get("/notices/").content.decode()
    settings.CAPTURE_FOLDER, settings.EMBEDDED = str(relay.folder), True
    pages["inbox"] = cast.client("office").get("/inbox/").content.decode()
    pages["mail"] = cast.client("office").get("/inbox/1/").content.decode()
    import json; json.dump(pages, open("/tmp/notif/pages.json","w"))
