"""Uploads, kept where backups and every web process find them."""

from django.db import models


class StoredFile(models.Model):
    """A cleaned file under the hash of its content; never changed. Names belong to who shows it."""

    digest = models.TextField(primary_key=True)
    kind = models.TextField()
    size = models.IntegerField()
    body = models.BinaryField()
    stored_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["picture", "pdf", "xlsx", "docx"]),
                name="file_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(size__gt=0, size__lte=10 * 2**20), name="file_size_in_bounds"
            ),
        ]
