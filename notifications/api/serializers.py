"""What the API takes and gives."""

from typing import Any, ClassVar

from rest_framework import serializers

from notifications.models import Acknowledgement, ChannelRelease, Delivery, DeliveryState, Notice
from notifications.models.delivery import HeldBecause
from notifications.services.acknowledging import LONGEST_NAME, LONGEST_NOTE


class NoticeOutput(serializers.ModelSerializer[Notice]):
    """One event that agencies were told of."""

    class Meta:
        model = Notice
        fields: ClassVar = [
            "id", "district", "campus", "kind", "subject", "subject_id", "batch", "is_urgent",
            "policy", "occurred_at", "ended_at",
        ]  # fmt: skip


class DeliveryOutput(serializers.ModelSerializer[Delivery]):
    """One message to one recipient; `notices` are those that the caller may read."""

    state = serializers.ChoiceField(choices=DeliveryState.choices)
    held_because = serializers.ChoiceField(choices=HeldBecause.choices, allow_blank=True)
    notices = serializers.SerializerMethodField()

    class Meta:
        model = Delivery
        fields: ClassVar = [
            "id", "district", "agency", "contact", "channel", "address", "priority", "state",
            "state_since", "held_because", "due_at", "expires_at", "attempts",
            "unknown_outcomes", "sent_at", "last_answer", "notices",
        ]  # fmt: skip

    def get_notices(self, delivery: Delivery) -> list[str]:
        """Return the ids of the notices in this message."""
        told = self.context.get("notices", {})
        return [str(notice.pk) for notice in told.get(delivery.pk, ())]


class AcknowledgementOutput(serializers.ModelSerializer[Acknowledgement]):
    """Somebody of an agency has a notice."""

    class Meta:
        model = Acknowledgement
        fields: ClassVar = [
            "id", "district", "notice", "agency", "contact", "how", "answer", "note", "said_by",
            "line_called", "recorded_by", "acknowledged_at", "is_unconfirmed", "disputed_at",
            "disputed_by",
        ]  # fmt: skip


class ChannelReleaseOutput(serializers.ModelSerializer[ChannelRelease]):
    """A channel that a named person has released."""

    class Meta:
        model = ChannelRelease
        fields: ClassVar = ["id", "district", "channel", "released_by", "released_at"]


class AcknowledgeInput(serializers.Serializer[Any]):
    """An answer to one message."""

    choice = serializers.ChoiceField(choices=["accepted", "exception"])
    name = serializers.CharField(max_length=LONGEST_NAME)
    note = serializers.CharField(max_length=LONGEST_NOTE, default="", allow_blank=True)
    exceptions = serializers.ListField(
        child=serializers.UUIDField(),
        default=list,
        help_text="Notices with the problem; empty means all of the message.",
    )


class AnsweredOutput(serializers.Serializer[Any]):
    """What an answer did; `first` is who of the agency had it before."""

    acknowledgements = AcknowledgementOutput(many=True)
    first = AcknowledgementOutput(allow_null=True)
    is_unconfirmed = serializers.BooleanField()


class PhoneCallInput(serializers.Serializer[Any]):
    """An acknowledgement given by phone."""

    agency = serializers.UUIDField()
    said_by = serializers.CharField(max_length=LONGEST_NAME)
    line_called = serializers.CharField(max_length=40)
    called_at = serializers.DateTimeField()


class DisputeInput(serializers.Serializer[Any]):
    """Who says that a recorded acknowledgement was never given, and why."""

    name = serializers.CharField(max_length=LONGEST_NAME)
    note = serializers.CharField(max_length=LONGEST_NOTE, default="", allow_blank=True)


class ReleaseInput(serializers.Serializer[Any]):
    """Which channel of which district."""

    district = serializers.UUIDField()
    channel = serializers.ChoiceField(choices=["email", "account"])
