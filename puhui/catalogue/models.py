"""Products on the shelf."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from puhui.kernel.crypto import new_id


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
    position = models.IntegerField(default=0)
    is_featured = models.BooleanField(default=False)
    on_shelf_at = models.DateTimeField()
    off_shelf_at = models.DateTimeField(null=True)

    class Meta:
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
