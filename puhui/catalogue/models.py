"""Products on the shelf, their versions, and the days on which phones opened them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from puhui.catalogue.directory.tables import DirectoryEntry
from puhui.kernel.crypto import new_id

__all__ = ["DirectoryEntry", "Product"]


class Product(models.Model):
    """What a bank offers: its words for people and the bounds that matching reads."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ref = models.TextField(unique=True)
    bank = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="products")
    name = models.TextField()
    pinyin = models.TextField(default="")
    audience = models.TextField()
    """For whom and for what, in a sentence."""
    purposes = ArrayField(models.TextField(), default=list)
    subjects = ArrayField(models.TextField(), default=list)
    rate_min_ppm = models.IntegerField()
    rate_max_ppm = models.IntegerField()
    amount_min_fen = models.BigIntegerField()
    amount_max_fen = models.BigIntegerField()
    months_min = models.SmallIntegerField()
    months_max = models.SmallIntegerField()
    term_words = models.TextField()
    methods = ArrayField(models.TextField())
    repayment_words = models.TextField()
    securities = ArrayField(models.TextField(), default=list)
    security_words = models.TextField()
    season_words = models.TextField(blank=True, default="")
    documents_words = models.TextField(blank=True, default="")
    fees_words = models.TextField(blank=True, default="")
    all_in_ppm = models.IntegerField(null=True)
    industries = ArrayField(models.TextField(), default=list, db_default=[])
    areas = ArrayField(models.TextField(), default=list, db_default=[])
    """Codes of the townships it is for; none: the whole county."""
    area_words = models.TextField(blank=True, default="", db_default="")
    needs = ArrayField(models.TextField(), default=list, db_default=[])
    grace_months = models.SmallIntegerField(null=True)
    months_per_period = models.SmallIntegerField(default=1, db_default=1)
    due_days = ArrayField(models.TextField(), default=list, db_default=[])
    age_max = models.SmallIntegerField(null=True)
    takes_co_signer = models.BooleanField(default=False, db_default=False)
    fees = models.JSONField(default=list, db_default=[])
    """[{name, basis, ppm, fen}] as ProductFee."""
    online_address = models.TextField(blank=True, default="", db_default="")
    tokens = ArrayField(models.TextField(), default=list, db_default=[])
    """What it is found by (search/tokens.py)."""
    version = models.SmallIntegerField(default=1, db_default=1)
    position = models.IntegerField(default=0)
    is_featured = models.BooleanField(default=False)
    pinned_at = models.DateTimeField(null=True)
    """Since when the county shows it first."""
    on_shelf_at = models.DateTimeField()
    off_shelf_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [GinIndex(fields=["tokens"], name="product_tokens")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rate_min_ppm__gt=0, rate_max_ppm__gte=models.F("rate_min_ppm")),
                name="product_rates_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    amount_min_fen__gt=0, amount_max_fen__gte=models.F("amount_min_fen")
                ),
                name="product_amounts_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(months_min__gt=0, months_max__gte=models.F("months_min")),
                name="product_months_in_order",
            ),
            models.UniqueConstraint(
                fields=["bank", "name"],
                condition=models.Q(off_shelf_at__isnull=True),
                name="product_name_once_on_shelf",
            ),
        ]


class ProductVersion(models.Model):
    """A product as its bank put it at a time: what a demand of that time was asked under."""

    id = models.UUIDField(primary_key=True, default=new_id)
    product = models.ForeignKey(Product, models.PROTECT, related_name="versions")
    number = models.SmallIntegerField()
    put_at = models.DateTimeField()
    by_ref = models.TextField(blank=True, default="")
    """Number of the member of staff, no name; empty: the system."""
    content = models.JSONField()
    """The columns of the product that its bank writes."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "number"], name="product_version_once")
        ]
        indexes = [models.Index(fields=["product", "put_at"], name="product_version_at")]


class ProductView(models.Model):
    """A phone opened a product's page on a day: counted once, known only by keyed hashes."""

    id = models.BigAutoField(primary_key=True)
    product = models.ForeignKey(Product, models.CASCADE, related_name="views")
    day = models.DateField()
    visitor = models.BinaryField(max_length=16)
    """Keyed hash of the phone's blind index: joins to nothing else."""
    origin = models.BinaryField(max_length=16)
    """Keyed hash of day and network address: tells crowds at one address, only within a day."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "product", "visitor"], name="view_once_a_day")
        ]
