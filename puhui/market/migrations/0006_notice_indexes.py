"""Indexes for the public notice, refusals without a reason, and how often a bank keeps its word."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("market", "0005_bank_desk")]

    operations = [
        AddIndexConcurrently(
            "engagement",
            models.Index(
                fields=["long_pending_since"],
                name="engagement_long_pending",
                condition=Q(long_pending_since__isnull=False, ended_at__isnull=True),
            ),
        ),
        AddIndexConcurrently(
            "engagement",
            models.Index(
                fields=["ended_at"],
                name="engagement_no_reason",
                condition=Q(state="refused", refusal_code=""),
            ),
        ),
        AddIndexConcurrently(
            "proposal", models.Index(fields=["kind", "submitted_at"], name="proposal_by_day")
        ),
    ]
