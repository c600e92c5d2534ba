"""What is usually done: a Celery task a message, which connects, sends and marks its row."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")

import django
from celery import Celery
from django.apps import apps
from django.conf import settings

if not apps.ready:
    django.setup()

app = Celery("peer", broker=settings.CELERY_BROKER_URL)
app.conf.update(task_ignore_result=True, task_acks_late=True, task_default_queue="peer-benchmark")


@app.task(name="peer.send")
def send(message_id: str) -> None:
    """Send one message as `django.core.mail.send_mail` does, and write down that it went."""
    from urllib.parse import urlsplit

    from django.core.mail import EmailMessage, get_connection

    from backend.directory.models import AccountMessage

    row = AccountMessage.objects.get(pk=message_id, state="peer queued")
    relay = urlsplit(settings.SMTP_URL)
    carrier = get_connection(
        "django.core.mail.backends.smtp.EmailBackend", host=relay.hostname, port=relay.port
    )
    EmailMessage(
        row.subject, row.body_sealed, settings.MAIL_FROM, [row.to], connection=carrier
    ).send()
    AccountMessage.objects.filter(pk=row.pk).update(state="peer sent")
