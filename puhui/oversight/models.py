"""What oversight keeps of its own: denominators, days as they were, bulletins, screens."""

from django.db import models
from django.db.models import Q

from puhui.kernel.crypto import new_id


class Population(models.Model):
    """The age-eligible residents of a township-level unit on a day, with where the number is from."""

    id = models.UUIDField(primary_key=True, default=new_id)
    division = models.ForeignKey("parties.Division", models.PROTECT, related_name="+")
    as_of = models.DateField()
    people = models.IntegerField()
    source = models.TextField()
    set_by = models.TextField()
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["division", "as_of"], name="population_once_a_day"),
            models.CheckConstraint(condition=Q(people__gt=0), name="population_positive"),
        ]


class DaySnapshot(models.Model):
    """One figure of the county as it stood at the end of a day: the past does not change."""

    id = models.UUIDField(primary_key=True, default=new_id)
    day = models.DateField()
    code = models.TextField()
    value = models.BigIntegerField()
    denominator = models.BigIntegerField(null=True)
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "day"], name="snapshot_once_a_day")]


class Bulletin(models.Model):
    """One edition of a month's bulletin. Once issued it never changes (a trigger sees to it)."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        ISSUED = "issued", "已发布"

    id = models.UUIDField(primary_key=True, default=new_id)
    ref = models.TextField(unique=True)
    month = models.DateField()
    edition = models.SmallIntegerField(default=1)
    state = models.TextField(choices=State, default=State.DRAFT)
    figures = models.JSONField()
    """Counted from the ledger at `counted_at`; nobody edits them."""
    generated = models.JSONField()
    """The words of each part as they were written from the figures."""
    edited = models.JSONField(default=dict)
    """The words of those parts that somebody changed; figures in them stay placeholders."""
    counted_at = models.DateTimeField()
    drafted_by = models.TextField()
    edited_by = models.TextField(blank=True, default="")
    edited_at = models.DateTimeField(null=True)
    issued_by = models.TextField(blank=True, default="")
    issued_at = models.DateTimeField(null=True)
    verify_code = models.TextField(unique=True)
    corrects = models.ForeignKey("oversight.Bulletin", models.PROTECT, null=True, related_name="+")
    correction = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "edition"], name="bulletin_edition_once"),
            models.UniqueConstraint(
                fields=["month"], condition=Q(state="draft"), name="bulletin_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", issued_at__isnull=True)
                | Q(state="issued", issued_at__isnull=False) & ~Q(issued_by=""),
                name="bulletin_issued_has_time",
            ),
        ]


class BulletinFile(models.Model):
    """An issued bulletin as it was printed: its bytes and their hash, kept as they are."""

    id = models.UUIDField(primary_key=True, default=new_id)
    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="files")
    kind = models.TextField()
    body = models.BinaryField()
    sha256 = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bulletin", "kind"], name="bulletin_file_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["pdf", "docx"]), name="bulletin_file_kind"
            ),
        ]


class Screen(models.Model):
    """A wall screen: a device that the county let in. It carries no person."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ref = models.TextField(unique=True)
    name = models.TextField()
    code_hash = models.BinaryField(unique=True, null=True)
    """Of the code that binds a device; used once, gone after half an hour."""
    code_expires_at = models.DateTimeField(null=True)
    token_hash = models.BinaryField(unique=True, null=True)
    created_by = models.TextField()
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.TextField(blank=True, default="")
