"""Who there is: divisions, organisations, staff and their duties, rosters, residents."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from puhui.kernel.crypto import BlindIndex, EncryptedText, new_id
from puhui.parties.name_tokens import NameTokens
from puhui.parties.population_models import PopulationEntry as PopulationEntry  # noqa: PLC0414
from puhui.parties.subject_models import Agency as Agency  # noqa: PLC0414
from puhui.parties.subject_models import Enterprise as Enterprise  # noqa: PLC0414
from puhui.parties.subject_models import Household as Household  # noqa: PLC0414
from puhui.parties.subject_models import HouseholdMember as HouseholdMember  # noqa: PLC0414
from puhui.parties.subject_models import Succession as Succession  # noqa: PLC0414

KEEP_PARTY = "关系存续期间；注销后按法定期限"
KNOWN_PERSON = "认准本人、联系本人"


def _ended_when(field: str, name: str) -> models.CheckConstraint:
    """What is active has no day of its end, and what has ended has one."""
    has_none = models.Q((f"{field}__isnull", True))
    return models.CheckConstraint(
        condition=models.Q(is_active=True) & has_none | models.Q(is_active=False) & ~has_none,
        name=name,
    )


class County(models.Model):
    """The county that this installation serves: one row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    name = models.TextField()
    short_name = models.TextField()
    hotline = models.TextField()
    sms_signature = models.TextField()
    largest_amount_fen = models.BigIntegerField(default=5_000_000_000)
    five_one_three = models.TextField(blank=True, default="")
    """What the county says of "513"; the sources leave the "1" open and so do we."""

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="county_is_one")]


class Division(models.Model):
    """A township-level unit, a village-level division or a natural village beneath one."""

    class Kind(models.TextChoices):
        TOWNSHIP = "township", "乡镇街道"
        UNIT = "unit", "乡镇级管理单位"
        VILLAGE = "village", "村（居）"
        NATURAL_VILLAGE = "natural_village", "自然村"

    code = models.TextField(primary_key=True)
    name = models.TextField()
    short_name = models.TextField()
    kind = models.TextField(choices=Kind)
    parent = models.ForeignKey(
        "parties.Division", models.PROTECT, null=True, related_name="children"
    )
    township_code = models.TextField(db_index=True)
    """The township-level unit it lies in (itself for one)."""
    pinyin = models.TextField()
    """Sort key and search key: full pinyin, then initials."""
    is_active = models.BooleanField(default=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["township", "unit"], parent__isnull=True)
                | models.Q(kind__in=["village", "natural_village"], parent__isnull=False),
                name="division_has_its_parent",
            ),
            _ended_when("closed_at", "division_closed_has_its_day"),
        ]
        indexes = [models.Index(fields=["parent", "pinyin"], name="division_children")]


class Organisation(models.Model):
    """A bank, a township government, the county's centre, a village: whoever staff act for."""

    class Kind(models.TextChoices):
        BANK = "bank", "银行"
        GUARANTOR = "guarantor", "担保公司"
        INSURER = "insurer", "保险公司"
        TOWNSHIP = "township", "乡镇"
        COUNTY = "county", "县"
        VILLAGE = "village", "村"

    id = models.UUIDField(primary_key=True, default=new_id)
    ref = models.TextField(unique=True)
    kind = models.TextField(choices=Kind)
    name = models.TextField(unique=True)
    sms_name = models.TextField()
    """At most six characters, for text messages."""
    type_name = models.TextField(blank=True, default="")
    duty_phone = models.TextField(blank=True, default="")
    township = models.ForeignKey(Division, models.PROTECT, null=True, related_name="+")
    has_interface = models.BooleanField(default=False)
    position = models.IntegerField(default=0)
    is_active = models.BooleanField(default=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [_ended_when("closed_at", "organisation_closed_has_its_day")]


class Branch(models.Model):
    """An outlet of a bank."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="branches")
    name = models.TextField()
    township = models.ForeignKey(Division, models.PROTECT, related_name="+")
    address = models.TextField(blank=True, default="")
    phone = models.TextField(blank=True, default="")
    opening_hours = models.TextField(blank=True, default="")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="branch_once")]


class VillageBank(models.Model):
    """The bank responsible for a village (包村银行), asked when nobody claims."""

    village = models.OneToOneField(Division, models.PROTECT, primary_key=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")


class Staff(models.Model):
    """A person who acts for an organisation. `ref` is the staff number shown to residents."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ref = models.TextField(unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="staff")
    name = EncryptedText(data_class="C2", purpose="工作联系", retention="在岗期间及离岗后 3 年")
    phone = EncryptedText(data_class="C2", purpose="工作联系", retention="在岗期间及离岗后 3 年")
    phone_index = BlindIndex(of="phone", domain="phone")
    is_active = models.BooleanField(default=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [_ended_when("left_at", "staff_left_has_its_day")]


class Duty(models.Model):
    """What a member of staff may act as, where, from when to when. One account, one duty."""

    id = models.UUIDField(primary_key=True, default=new_id)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="duties")
    role = models.TextField()
    area = models.ForeignKey(Division, models.PROTECT, null=True, related_name="+")
    seconded_from = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=["township_admin", "village_finance_commissioner"])
                & models.Q(area__isnull=False)
                | ~models.Q(role__in=["township_admin", "village_finance_commissioner"]),
                name="duty_of_an_area_names_it",
            ),
            models.UniqueConstraint(
                fields=["staff", "role", "area"],
                condition=models.Q(ends_at__isnull=True),
                nulls_distinct=False,
                name="duty_once",
            ),
        ]
        indexes = [models.Index(fields=["role", "area"], name="duty_by_area")]


class RosterShift(models.Model):
    """Who is on duty for an organisation, from when to when."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="shifts")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="shift_has_length"
            ),
            models.UniqueConstraint(fields=["staff", "starts_at"], name="shift_once"),
        ]
        indexes = [models.Index(fields=["organisation", "ends_at"], name="shift_now")]


class Resident(models.Model):
    """A natural person of the county. The identity number is unique whoever registers."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ref = models.TextField(unique=True)
    name = EncryptedText(data_class="C2", purpose=KNOWN_PERSON, retention=KEEP_PARTY)
    name_tokens = NameTokens(of="name")
    identity_number = EncryptedText(data_class="C2", purpose=KNOWN_PERSON, retention=KEEP_PARTY)
    identity_index = BlindIndex(of="identity_number", domain="identity_number", unique=True)
    phone = EncryptedText(data_class="C2", purpose=KNOWN_PERSON, retention=KEEP_PARTY)
    phone_index = BlindIndex(of="phone", domain="phone")
    phone_seat = models.SmallIntegerField()
    """Which of the five places on this phone the person holds."""
    village = models.ForeignKey(Division, models.PROTECT, related_name="+")
    village_text = EncryptedText(
        data_class="C2", purpose=KNOWN_PERSON, retention=KEEP_PARTY, blank=True, default=""
    )
    registered_at = models.DateTimeField()
    registered_via = models.TextField()
    requests_frozen_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    """The account was deleted: name, numbers and phone are gone, the reference stays."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["phone_index", "phone_seat"], name="phone_five_people"),
            models.CheckConstraint(
                condition=models.Q(phone_seat__gte=1, phone_seat__lte=5), name="phone_seat_1_to_5"
            ),
        ]
        indexes = [
            GinIndex(fields=["name_tokens"], name="resident_name_tokens", fastupdate=False),
            models.Index(
                fields=["id"], name="resident_unsearchable", condition=Q(name_tokens__isnull=True)
            ),
        ]


class UnfreezeRequest(models.Model):
    """Somebody came in person, and a first member of staff saw who it is; a second lets it be."""

    id = models.UUIDField(primary_key=True, default=new_id)
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    settled_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    is_granted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident"],
                condition=models.Q(settled_at__isnull=True),
                name="unfreeze_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(is_granted=False) | ~models.Q(settled_by=models.F("asked_by")),
                name="unfreeze_two_people",
            ),
        ]
