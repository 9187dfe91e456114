"""What a bank's officers keep of their cases beside the lifecycle: papers, questions, notes."""

from django.db import models
from django.db.models import Q

from puhui.kernel.crypto import EncryptedText, new_id
from puhui.market.models.demands import DEMAND_RETENTION


class SetAside(models.Model):
    """A demand that one officer has put out of sight (不感兴趣): no penalty, undone at will."""

    id = models.UUIDField(primary_key=True, default=new_id)
    demand = models.ForeignKey("market.FinancingDemand", models.PROTECT, related_name="+")
    officer = models.ForeignKey("parties.Staff", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["officer", "demand"], name="set_aside_once")]


class Paper(models.Model):
    """One paper that a bank asked the applicant for, and when it came (材料)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    engagement = models.ForeignKey("market.Engagement", models.PROTECT, related_name="papers")
    name = EncryptedText(data_class="C2", purpose="补材料", retention=DEMAND_RETENTION)
    asked_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)


class VisitPhoto(models.Model):
    """One picture of a visit (上门照片), cleaned of place and camera; sealed, for bank and applicant."""

    id = models.UUIDField(primary_key=True, default=new_id)
    engagement = models.ForeignKey("market.Engagement", models.PROTECT, related_name="photos")
    at = models.DateTimeField()
    officer = models.ForeignKey("parties.Staff", models.PROTECT, null=True, related_name="+")
    digest = models.TextField()
    """SHA-256 of the cleaned picture: the same one is kept once."""
    picture = EncryptedText(
        data_class="C2", purpose="上门核实", retention=DEMAND_RETENTION, null=True
    )
    """JPEG in base64; empty once the person's words have been erased."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "digest"], name="visit_photo_once")
        ]


class Enquiry(models.Model):
    """What the applicant asked one bank, by when it is owed an answer, and the answer (客户有疑问)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ref = models.TextField(unique=True)
    engagement = models.ForeignKey("market.Engagement", models.PROTECT, related_name="enquiries")
    kind = models.TextField()
    """papers: what is still missing; other: anything else."""
    words = EncryptedText(data_class="C2", purpose="回答客户", retention=DEMAND_RETENTION)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    """End of the next working day; empty while its year's table is not loaded."""
    answer = EncryptedText(
        data_class="C2", purpose="回答客户", retention=DEMAND_RETENTION, blank=True, default=""
    )
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("parties.Staff", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["papers", "other"]), name="enquiry_kind_known"
            ),
            models.UniqueConstraint(
                fields=["engagement"],
                condition=Q(answered_at__isnull=True),
                name="enquiry_one_open",
            ),
        ]
        indexes = [models.Index(fields=["engagement", "asked_at"], name="enquiry_of_engagement")]


class Obstacle(models.Model):
    """Where a case is stuck, as its bank wrote it (卡在哪); the newest one counts."""

    id = models.UUIDField(primary_key=True, default=new_id)
    engagement = models.ForeignKey("market.Engagement", models.PROTECT, related_name="obstacles")
    words = EncryptedText(data_class="C2", purpose="写明卡在哪", retention=DEMAND_RETENTION)
    at = models.DateTimeField()
    officer = models.ForeignKey("parties.Staff", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["engagement", "-at"], name="obstacle_of_engagement")]
