"""Parties that are not one person: enterprises with those who act for them, and households."""

from django.db import models
from django.db.models import F, Q

from puhui.kernel.crypto import EncryptedText, new_id

KEEP_GROUND = "单位存续期间；注销后按法定期限"


class Enterprise(models.Model):
    """A firm, cooperative, family farm, individual business or collective (经营主体). Its name and
    credit code are public registration data; the code is unique whoever registers."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ref = models.TextField(unique=True)
    kind = models.TextField()
    name = models.TextField()
    credit_code = models.TextField(unique=True)
    industry = models.TextField()
    revenue_fen = models.BigIntegerField(null=True)
    """Of the last full year."""
    staff_count = models.IntegerField(null=True)
    assets_fen = models.BigIntegerField(null=True)
    size = models.TextField(blank=True, default="")
    sized_on = models.DateField(null=True)
    """The day whose rules gave the size class."""
    representative = models.ForeignKey(
        "parties.Resident", models.PROTECT, related_name="enterprises"
    )
    village = models.ForeignKey("parties.Division", models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    registered_via = models.TextField()
    checked_at = models.DateTimeField(null=True)
    """When the county compared it with the licence."""
    ended_at = models.DateTimeField(null=True)
    """Closed by its representative: name, code and figures are erased, its cases stay."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "enterprise",
                        "cooperative",
                        "family_farm",
                        "individual_business",
                        "collective",
                    ]
                ),
                name="enterprise_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(size__in=["", "large", "medium", "small", "micro"]),
                name="enterprise_size_known",
            ),
            models.CheckConstraint(
                condition=(Q(revenue_fen__gte=0) | Q(revenue_fen__isnull=True))
                & (Q(staff_count__gte=0) | Q(staff_count__isnull=True))
                & (Q(assets_fen__gte=0) | Q(assets_fen__isnull=True)),
                name="enterprise_figures_not_negative",
            ),
        ]
        indexes = [models.Index(fields=["village", "name"], name="enterprise_by_village")]


class Agency(models.Model):
    """Whom the legal representative lets act for the enterprise, for what, from when to when (授权)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ref = models.TextField(unique=True)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="agencies")
    agent = models.ForeignKey("parties.Resident", models.PROTECT, related_name="agencies")
    given_by = models.ForeignKey("parties.Resident", models.PROTECT, related_name="+")
    may_request = models.BooleanField()
    may_choose = models.BooleanField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    given_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    """When the legal representative's own reply came; nothing may be done before."""
    evidence = models.TextField(blank=True, default="")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="agency_has_length"
            ),
            models.CheckConstraint(
                condition=Q(may_request=True) | Q(may_choose=True), name="agency_allows_something"
            ),
            models.UniqueConstraint(
                fields=["enterprise", "agent"],
                condition=Q(revoked_at__isnull=True),
                name="agency_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agent", "enterprise"],
                name="agency_of_agent",
                condition=Q(revoked_at__isnull=True),
            )
        ]


class Succession(models.Model):
    """Who is to be the legal representative next (变更法定代表人), until that person has answered.

    The one before asks; where that one can no longer speak, two of the county's staff do, by a
    document, and whoever is named hears of it after the second one's word."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ref = models.TextField(unique=True)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="successions")
    asked_by = models.ForeignKey("parties.Resident", models.PROTECT, null=True, related_name="+")
    opened_by = models.ForeignKey("parties.Staff", models.PROTECT, null=True, related_name="+")
    document_kind = models.TextField(blank=True, default="")
    document_number = EncryptedText(
        data_class="C2", purpose="变更法定代表人的依据", retention=KEEP_GROUND, null=True
    )
    checked_by = models.ForeignKey("parties.Staff", models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    successor = models.ForeignKey("parties.Resident", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    is_accepted = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise"],
                condition=Q(answered_at__isnull=True),
                name="succession_one_open",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, is_accepted__isnull=True)
                | Q(answered_at__isnull=False, is_accepted__isnull=False),
                name="succession_answered_whole",
            ),
            models.CheckConstraint(
                condition=Q(asked_by__isnull=False, opened_by__isnull=True, document_kind="")
                | Q(asked_by__isnull=True, opened_by__isnull=False)
                & ~Q(document_kind="")
                & Q(document_number__isnull=False),
                name="succession_asked_by_one_side",
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True, checked_at__isnull=True)
                | Q(checked_at__isnull=False, checked_by__isnull=False)
                & ~Q(checked_by=F("opened_by")),
                name="succession_two_people",
            ),
        ]
        indexes = [
            models.Index(
                fields=["successor"],
                name="succession_of_person",
                condition=Q(answered_at__isnull=True),
            )
        ]


class Household(models.Model):
    """People who keep house together (户): one household, one file number. No money stands here."""

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.TextField(unique=True)
    """户号: H, the village's code, four digits."""
    village = models.ForeignKey("parties.Division", models.PROTECT, related_name="+")
    head = models.ForeignKey("parties.Resident", models.PROTECT, related_name="+")
    founded_at = models.DateTimeField()
    founded_via = models.TextField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["village", "number"], name="household_of_village")]


class HouseholdMember(models.Model):
    """Somebody of a household, or somebody who asks to be let in. One live household a person."""

    id = models.UUIDField(primary_key=True, default=new_id)
    household = models.ForeignKey(Household, models.PROTECT, related_name="members")
    resident = models.ForeignKey("parties.Resident", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident"],
                condition=Q(left_at__isnull=True),
                name="household_one_each",
            )
        ]
