"""Sign-in: codes, staff accounts, sessions, keys, and limits that hold under concurrency."""

from django.db import models

from puhui.kernel.crypto import EncryptedText, new_id


class Limit(models.Model):
    """When one thing was lately used: at most so often in any span, however many ask at once."""

    subject = models.BinaryField(primary_key=True)
    """Keyed hash of what is limited: nobody's number or address stands here."""
    uses = models.JSONField(default=list)
    """Instants, as microseconds since 1970."""
    last_used_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["last_used_at"], name="limit_age")]


class SignInCode(models.Model):
    """A code sent to a phone: five guesses, five minutes, one use. Only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=new_id)
    phone_index = models.BinaryField()
    code_hash = models.BinaryField()
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    guesses = models.SmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(guesses__gte=0, guesses__lte=5), name="code_five_guesses"
            )
        ]
        indexes = [models.Index(fields=["phone_index", "-sent_at"], name="code_latest")]


class StaffAccount(models.Model):
    """How one duty of one member of staff signs in: password and TOTP, or code and bound device."""

    id = models.UUIDField(primary_key=True, default=new_id)
    login = models.TextField(unique=True)
    duty = models.OneToOneField("parties.Duty", models.PROTECT, related_name="account")
    password = models.TextField()
    totp_secret = EncryptedText(data_class="C3", purpose="登录", retention="在岗期间", default="")
    totp_confirmed_at = models.DateTimeField(null=True)
    last_totp_step = models.BigIntegerField(default=0)
    must_change_password = models.BooleanField(default=True)
    """True while the password is a one-time one that the county handed out."""
    password_set_at = models.DateTimeField()
    device_hash = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)


class Session(models.Model):
    """A signed-in page or token: only the token's hash is kept; looked up on every request."""

    class Kind(models.TextChoices):
        PHONE = "phone", "手机号（还没选人）"
        RESIDENT = "resident", "群众"
        STAFF = "staff", "工作人员"

    id = models.UUIDField(primary_key=True, default=new_id)
    token_hash = models.BinaryField(unique=True)
    kind = models.TextField(choices=Kind)
    phone_index = models.BinaryField(null=True)
    phone = EncryptedText(
        data_class="C2", purpose="登录后登记本人", retention="会话期间", blank=True, default=""
    )
    resident = models.ForeignKey("parties.Resident", models.CASCADE, null=True, related_name="+")
    account = models.ForeignKey(StaffAccount, models.CASCADE, null=True, related_name="sessions")
    via = models.TextField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="phone", phone_index__isnull=False)
                | models.Q(kind="resident", phone_index__isnull=False, resident__isnull=False)
                | models.Q(kind="staff", account__isnull=False),
                name="session_shape",
            )
        ]


class KnownDevice(models.Model):
    """A browser on which somebody has signed in by a code to this phone: only its token's hash is kept."""

    id = models.UUIDField(primary_key=True, default=new_id)
    phone_index = models.BinaryField()
    device_hash = models.BinaryField()
    last_used_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["phone_index", "device_hash"], name="known_device_of_phone"
            )
        ]


class PhoneLock(models.Model):
    """While one without an end stands, nobody signs in by a code to this phone (content.md S24)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    phone_index = models.BinaryField()
    locked_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["phone_index"],
                condition=models.Q(opened_at__isnull=True),
                name="phone_lock_once",
            )
        ]


class ApiKey(models.Model):
    """An organisation's key. It carries no person: X-Officer names one on each call."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ref = models.TextField(unique=True)
    organisation = models.ForeignKey("parties.Organisation", models.PROTECT, related_name="keys")
    key_hash = models.BinaryField(unique=True)
    created_at = models.DateTimeField()
    created_by = models.TextField()
    revoked_at = models.DateTimeField(null=True)
