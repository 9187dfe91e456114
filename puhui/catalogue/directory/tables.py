"""Entries of the bank directory, every version of each."""

from django.db import models
from django.db.models import Q

from puhui.catalogue.directory.terms import EntryKind
from puhui.kernel.crypto import new_id


class DirectoryEntry(models.Model):
    """One thing that a bank writes of itself, in one of its versions (银行服务目录).

    A change ends the version that stands and adds the next; nothing is overwritten.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    ref = models.TextField()
    version = models.SmallIntegerField()
    bank = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="entries")
    kind = models.TextField(choices=EntryKind)
    title = models.TextField()
    words = models.TextField(blank=True, default="")
    address = models.TextField(blank=True, default="")
    """Of a hotline its number, of a quick loan the bank's own page."""
    position = models.SmallIntegerField(default=0)
    put_at = models.DateTimeField()
    put_by = models.TextField()
    """Staff number, or who else put it there."""
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ref", "version"], name="entry_version_once"),
            models.UniqueConstraint(
                fields=["ref"], condition=Q(ended_at__isnull=True), name="entry_one_stands"
            ),
            models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="entry_kind_known"),
        ]
        indexes = [
            models.Index(
                fields=["bank", "kind", "position"],
                name="entry_standing",
                condition=Q(ended_at__isnull=True),
            )
        ]
