"""Tables of the kernel: the installation, working days, stored responses, the outbox, the journal."""

from django.db import models

from puhui.kernel.crypto import new_id
from puhui.kernel.journal_models import JournalHead, SealedEntry, UnsealedEntry

__all__ = [
    "CalendarYear",
    "Installation",
    "JournalHead",
    "OutboxMessage",
    "SealedEntry",
    "StoredResponse",
    "UnsealedEntry",
]


class Installation(models.Model):
    """What this database is, a demo or a county: one row, written once."""

    class Kind(models.TextChoices):
        DEMO = "demo", "演示"
        COUNTY = "county", "县"

    id = models.SmallIntegerField(primary_key=True, default=1)
    kind = models.TextField(choices=Kind)
    county_name = models.TextField(default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="installation_is_one"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["demo", "county"]), name="installation_kind_known"
            ),
        ]


class CalendarYear(models.Model):
    """The working days of one whole year, by the State Council's notice."""

    year = models.SmallIntegerField(primary_key=True)
    working = models.TextField()
    """One character a day from 1 January: 1 worked, 0 not."""
    loaded_at = models.DateTimeField()
    source = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(working__regex=r"^[01]+$"), name="calendar_year_whole"
            )
        ]


class StoredResponse(models.Model):
    """The answer to one mutation under one idempotency key; kept 24 hours."""

    id = models.UUIDField(primary_key=True, default=new_id)
    scope = models.TextField()
    key = models.TextField()
    operation = models.TextField()
    body_hash = models.BinaryField()
    subject = models.TextField(default="")
    status = models.SmallIntegerField(null=True)
    sealed_body = models.BinaryField(null=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "key"], name="stored_response_once")
        ]


class OutboxMessage(models.Model):
    """A message to the outside, written with its cause and delivered at least once."""

    class State(models.TextChoices):
        WAITING = "waiting", "待发"
        DELIVERED = "delivered", "已送达"
        PARKED = "parked", "停发待查"

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.TextField()
    order_key = models.TextField(default="")
    sealed_payload = models.BinaryField()
    state = models.TextField(choices=State, default=State.WAITING)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    last_error = models.TextField(default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "delivered", "parked"]),
                name="outbox_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state="delivered", delivered_at__isnull=False)
                | ~models.Q(state="delivered"),
                name="outbox_delivered_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="outbox_waiting", condition=models.Q(state="waiting")
            ),
            models.Index(
                fields=["order_key", "id"],
                name="outbox_order",
                condition=models.Q(state="waiting"),
            ),
        ]
