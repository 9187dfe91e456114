"""Tables of the journal, and the triggers that keep it append-only for everybody.

`body` is the entry as it was hashed; the columns beside it are derived from it, to find it by.
"""

from django.db import models
from django.db.models.functions import Now


class _Entry(models.Model):
    at = models.DateTimeField()
    body = models.TextField()
    subject_kind = models.TextField()
    subject_ref = models.TextField()
    demand_ref = models.TextField()
    """The demand whose case this belongs to, its own included; empty where there is none."""

    class Meta:
        abstract = True


class UnsealedEntry(_Entry):
    """An entry as its command wrote it; within seconds the sealer takes it into the chain."""

    id = models.UUIDField(primary_key=True)
    written_at = models.DateTimeField(db_default=Now())
    """When it was written, which for a bulk import is long after it happened (`at`)."""

    class Meta:
        db_table = "kernel_unsealedentry"
        indexes = [
            models.Index(fields=["at"], name="unsealed_at"),
            models.Index(fields=["written_at"], name="unsealed_written_at"),
            models.Index(fields=["subject_ref", "subject_kind"], name="unsealed_subject"),
            models.Index(
                fields=["demand_ref"], name="unsealed_demand", condition=~models.Q(demand_ref="")
            ),
        ]


class SealedEntry(_Entry):
    """An entry in the hash chain: hash = SHA-256(prev_hash, body). Never changed again."""

    seq = models.BigIntegerField(primary_key=True)
    id = models.UUIDField(unique=True)
    prev_hash = models.BinaryField()
    hash = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        db_table = "kernel_sealedentry"
        constraints = [
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="sealed_from_one"),
            models.UniqueConstraint(fields=["prev_hash"], name="sealed_never_forks"),
        ]
        indexes = [
            models.Index(fields=["at"], name="sealed_at"),
            models.Index(fields=["subject_ref", "subject_kind"], name="sealed_subject"),
            models.Index(
                fields=["demand_ref"], name="sealed_demand", condition=~models.Q(demand_ref="")
            ),
        ]


class JournalHead(models.Model):
    """Where the chain stood when a batch was sealed, signed; banks hold copies."""

    seq = models.BigIntegerField(primary_key=True)
    hash = models.BinaryField()
    count = models.BigIntegerField()
    signed_at = models.DateTimeField()
    signature = models.BinaryField()

    class Meta:
        db_table = "kernel_journalhead"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(count=models.F("seq")), name="head_counts_all"
            )
        ]


PROTECT_SQL = """
CREATE OR REPLACE FUNCTION kernel_journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the journal is append-only: % of % is refused', lower(TG_OP), TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE OR REPLACE FUNCTION kernel_journal_keep_unsealed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  lost boolean;
BEGIN
  EXECUTE format(
    'SELECT EXISTS (SELECT 1 FROM gone WHERE NOT EXISTS (SELECT 1 FROM %I.kernel_sealedentry AS kept'
    ' WHERE kept.id = gone.id AND kept.body = gone.body))', TG_TABLE_SCHEMA) INTO lost;
  IF lost THEN
    RAISE EXCEPTION 'the journal is append-only: an entry leaves % only into the chain', TG_TABLE_NAME
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON kernel_sealedentry
  FOR EACH STATEMENT EXECUTE FUNCTION kernel_journal_refuse();
CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON kernel_journalhead
  FOR EACH STATEMENT EXECUTE FUNCTION kernel_journal_refuse();
CREATE TRIGGER journal_append_only BEFORE UPDATE OR TRUNCATE ON kernel_unsealedentry
  FOR EACH STATEMENT EXECUTE FUNCTION kernel_journal_refuse();
CREATE TRIGGER journal_keep_unsealed AFTER DELETE ON kernel_unsealedentry
  REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION kernel_journal_keep_unsealed();

ALTER TABLE kernel_sealedentry ENABLE ALWAYS TRIGGER journal_append_only;
ALTER TABLE kernel_journalhead ENABLE ALWAYS TRIGGER journal_append_only;
ALTER TABLE kernel_unsealedentry ENABLE ALWAYS TRIGGER journal_append_only;
ALTER TABLE kernel_unsealedentry ENABLE ALWAYS TRIGGER journal_keep_unsealed;
"""

UNPROTECT_SQL = """
DROP TRIGGER IF EXISTS journal_append_only ON kernel_sealedentry;
DROP TRIGGER IF EXISTS journal_append_only ON kernel_journalhead;
DROP TRIGGER IF EXISTS journal_append_only ON kernel_unsealedentry;
DROP TRIGGER IF EXISTS journal_keep_unsealed ON kernel_unsealedentry;
DROP FUNCTION IF EXISTS kernel_journal_refuse();
DROP FUNCTION IF EXISTS kernel_journal_keep_unsealed();
"""
