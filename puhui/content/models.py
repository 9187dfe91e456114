"""Entries with their kept versions and attachments; what villagers say of their village's affairs."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from puhui.content.lifecycle import ENTRY
from puhui.content.terms.entries import CheckState, EntryKind, EntryState
from puhui.content.terms.places import Place
from puhui.content.terms.reports import ReportKind, ReportState
from puhui.kernel.crypto import EncryptedText, new_id


class Entry(models.Model):
    """An article or a table in a section of a place, of the county or of one village."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ref = models.TextField(unique=True)
    place = models.TextField(choices=Place)
    section = models.TextField()
    kind = models.TextField(choices=EntryKind)
    division = models.ForeignKey("parties.Division", models.PROTECT, null=True, related_name="+")
    township_code = models.TextField(blank=True, default="")
    """Of the division; empty for what is the county's."""
    period = models.TextField(blank=True, default="")
    state = models.TextField(choices=EntryState, default=EntryState.DRAFT)
    state_since = models.DateTimeField()
    live = models.ForeignKey("EntryVersion", models.PROTECT, null=True, related_name="+")
    """The version that everybody sees; the latest may be ahead of it."""
    latest = models.ForeignKey("EntryVersion", models.PROTECT, null=True, related_name="+")
    publish_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    withdrawn_words = models.TextField(blank=True, db_default="", default="")
    """Why it was taken down the last time; may name somebody, so it stands here and in no journal."""
    is_sample = models.BooleanField(default=False)
    position = models.IntegerField(default=0)
    shipped_key = models.TextField(null=True, unique=True)  # noqa: DJ001 - unique where given
    author_ref = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            ENTRY.state_check("entry_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state="published")
                | models.Q(live__isnull=False, published_at__isnull=False),
                name="entry_published_has_version",
            ),
            models.CheckConstraint(
                condition=models.Q(state="scheduled", publish_at__isnull=False)
                | (~models.Q(state="scheduled") & models.Q(publish_at__isnull=True)),
                name="entry_scheduled_has_time",
            ),
            models.UniqueConstraint(
                fields=["section", "division", "period"],
                condition=models.Q(place="village")
                & ~models.Q(period="")
                & ~models.Q(state="withdrawn"),
                name="entry_once_a_period",
            ),
        ]
        indexes = [
            models.Index(
                fields=["place", "section", "-published_at"],
                condition=models.Q(state="published"),
                name="entry_published",
            ),
            models.Index(
                fields=["division", "section", "-published_at"],
                condition=models.Q(state="published", division__isnull=False),
                name="entry_of_division",
            ),
            models.Index(
                fields=["publish_at"],
                condition=models.Q(state="scheduled"),
                name="entry_due",
            ),
        ]


class EntryVersion(models.Model):
    """What an entry said at one time. Its words never change; how far they were compared with the
    original is noted beside them."""

    id = models.UUIDField(primary_key=True, default=new_id)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="versions")
    number = models.IntegerField()
    title = models.TextField()
    relation = models.TextField(blank=True, default="")
    body = models.TextField(blank=True, default="")
    rows = models.JSONField(default=list)
    source = models.TextField(blank=True, default="")
    source_url = models.TextField(blank=True, default="")
    dated_on = models.DateField(null=True)
    dated_words = models.TextField(blank=True, default="")
    valid_until = models.DateField(null=True)
    check_state = models.TextField(choices=CheckState, default=CheckState.OWN)
    checked_at = models.DateTimeField(null=True)
    tokens = ArrayField(models.TextField(), default=list)
    """What it is found by: see puhui.search."""
    at = models.DateTimeField()
    by_ref = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="version_once")]
        indexes = [GinIndex(fields=["tokens"], name="version_found_by")]


class Attachment(models.Model):
    """A file of an entry, under a name."""

    id = models.UUIDField(primary_key=True, default=new_id)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="attachments")
    number = models.IntegerField()
    name = models.TextField()
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by_ref = models.TextField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="attachment_once")]


class VillageReport(models.Model):
    """A villager's question, comment or report, with who answers it and by when."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ref = models.TextField(unique=True)
    village = models.ForeignKey("parties.Division", models.PROTECT, related_name="+")
    township_code = models.TextField()
    section = models.TextField(blank=True, default="")
    kind = models.TextField(choices=ReportKind)
    words = EncryptedText(data_class="C2", purpose="答复村民对村务的意见", retention="答复后 3 年")
    resident = models.ForeignKey("parties.Resident", models.PROTECT, related_name="+")
    may_be_public = models.BooleanField(default=False)
    owner = models.TextField()
    """township or county: who answers."""
    sent_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.TextField(choices=ReportState, default=ReportState.OPEN)
    answer = EncryptedText(
        data_class="C2", purpose="答复村民对村务的意见", retention="答复后 3 年", null=True
    )
    is_public = models.BooleanField(default=False)
    answered_at = models.DateTimeField(null=True)
    answered_by_ref = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="open", answered_at__isnull=True)
                | models.Q(state="answered", answered_at__isnull=False),
                name="village_report_answered_when",
            ),
            models.CheckConstraint(
                condition=models.Q(is_public=False) | models.Q(may_be_public=True),
                name="village_report_public_by_leave",
            ),
            models.CheckConstraint(
                condition=models.Q(owner__in=["township", "county"]),
                name="village_report_has_owner",
            ),
        ]
        indexes = [
            models.Index(
                fields=["owner", "township_code", "due_at"],
                condition=models.Q(state="open"),
                name="village_report_open",
            ),
            models.Index(fields=["village", "-sent_at"], name="village_report_of_village"),
            models.Index(fields=["resident", "-sent_at"], name="village_report_own"),
        ]
