"""Cases that came from another system."""

from django.db import models


class PastRecord(models.Model):
    """What another system told of a case: its number there, and each step for the timeline.

    The journal holds one row for the batch; its hash is made of these digests in their order.
    """

    demand = models.OneToOneField(
        "market.FinancingDemand", models.PROTECT, primary_key=True, related_name="past"
    )
    source_ref = models.TextField(unique=True)
    digest = models.TextField()
    """SHA-256 of its number, sum, purpose and events (`case_digest`)."""
    batch = models.TextField()
    place = models.IntegerField()
    """Its place within the batch."""
    events = models.JSONField()
    """[at, action, role, by, organisation, bank, facts]: shaped as the journal's entries."""
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "place"], name="past_place_once")]
