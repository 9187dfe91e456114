"""Who allowed whom to see what, for what, until when; and every disclosure under it."""

from django.db import models

from puhui.kernel.crypto import new_id


class ConsentText(models.Model):
    """One version of the words that people agree to. Never edited; a new version is a new row."""

    version = models.TextField(primary_key=True)
    purpose = models.TextField()
    body = models.TextField()
    body_hash = models.TextField()
    fields = models.JSONField()
    valid_from = models.DateTimeField()


class Consent(models.Model):
    """One person's consent to one purpose: text version, recipients, fields, hash."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ref = models.TextField(unique=True)
    resident = models.ForeignKey("parties.Resident", models.PROTECT, related_name="consents")
    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="+")
    purpose = models.TextField()
    purpose_ref = models.TextField(db_index=True)
    """The demand that it was given for."""
    recipients = models.JSONField()
    fields = models.JSONField()
    letter_hash = models.TextField()
    method = models.TextField()
    given_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)


class Disclosure(models.Model):
    """One showing of personal data: what, to whom, under which consent."""

    id = models.UUIDField(primary_key=True, default=new_id)
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, related_name="disclosures")
    resident = models.ForeignKey("parties.Resident", models.PROTECT, related_name="disclosures")
    purpose_ref = models.TextField(db_index=True)
    recipient_ref = models.TextField()
    officer_ref = models.TextField()
    role = models.TextField()
    fields = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["resident", "-at"], name="disclosure_by_resident")]
