"""What we told whom, and that it arrived: inbox, text messages both ways, webhooks."""

from django.db import models

from puhui.kernel.crypto import BlindIndex, EncryptedText, new_id

MESSAGE_RETENTION = "送达后 6 个月"


class Notice(models.Model):
    """One line in somebody's inbox. Words are stored as shown, without personal data."""

    id = models.UUIDField(primary_key=True, default=new_id)
    resident = models.ForeignKey("parties.Resident", models.CASCADE, null=True, related_name="+")
    staff = models.ForeignKey("parties.Staff", models.CASCADE, null=True, related_name="+")
    code = models.TextField()
    words = models.TextField()
    subject_ref = models.TextField(default="")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(resident__isnull=False, staff__isnull=True)
                | models.Q(resident__isnull=True, staff__isnull=False),
                name="notice_has_one_reader",
            )
        ]
        indexes = [
            models.Index(fields=["resident", "-at"], name="notice_of_resident"),
            models.Index(fields=["staff", "-at"], name="notice_of_staff"),
        ]


class TextMessage(models.Model):
    """A text message sent or to be sent. `question` waits for a digit as its answer."""

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.TextField()
    resident = models.ForeignKey("parties.Resident", models.CASCADE, null=True, related_name="+")
    phone = EncryptedText(data_class="C2", purpose="发送短信", retention=MESSAGE_RETENTION)
    phone_index = BlindIndex(of="phone", domain="phone")
    words = EncryptedText(data_class="C2", purpose="发送短信", retention=MESSAGE_RETENTION)
    question = models.TextField(default="")
    """What a reply answers: the kind of question, empty when none is asked."""
    subject_ref = models.TextField(default="")
    created_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["phone_index", "-created_at"], name="text_message_by_phone")
        ]


class TextReply(models.Model):
    """A text message that came in. The gateway's id makes a repeat harmless."""

    id = models.UUIDField(primary_key=True, default=new_id)
    gateway_id = models.TextField(unique=True)
    phone = EncryptedText(data_class="C2", purpose="收短信回复", retention=MESSAGE_RETENTION)
    phone_index = BlindIndex(of="phone", domain="phone")
    words = EncryptedText(data_class="C2", purpose="收短信回复", retention=MESSAGE_RETENTION)
    answers = models.ForeignKey(TextMessage, models.PROTECT, null=True, related_name="replies")
    received_at = models.DateTimeField()


class WebhookEndpoint(models.Model):
    """Where an organisation wants its events: one live address each."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation = models.ForeignKey(
        "parties.Organisation", models.PROTECT, related_name="webhooks"
    )
    url = models.TextField()
    events = models.JSONField(default=list)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    failures = models.IntegerField(default=0)
    """Times in a row that nobody answered at `url`; it rests until `rest_until`."""
    rest_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=models.Q(ended_at__isnull=True),
                name="webhook_one_live",
            )
        ]


class AnnouncedHead(models.Model):
    """How far the journal's heads have been sent to the banks: one row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="announced_head_is_one")
        ]


class SendingHold(models.Model):
    """While one without an end stands, nothing leaves for the outside: a copy was brought back."""

    id = models.UUIDField(primary_key=True, default=new_id)
    reason = models.TextField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reason"],
                condition=models.Q(ended_at__isnull=True),
                name="sending_hold_once",
            )
        ]
