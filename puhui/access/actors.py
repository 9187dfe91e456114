"""From a token to its actor, by one statement; whatever is missing or ended makes it anyone."""

from __future__ import annotations

from typing import Any

from django.db import connection

from puhui.access.rules import needs_second_factor
from puhui.kernel.actor import ANYONE, Actor, Role, Via
from puhui.kernel.crypto import token_hash

LONGEST_TOKEN = 200

SESSION = """
SELECT s.id, s.kind, s.phone_index, r.id, r.ref,
       a.must_change_password, a.totp_confirmed_at IS NOT NULL,
       d.id, d.role, d.seconded_from_id, st.id, st.ref, o.id, o.ref,
       ARRAY(SELECT also.area_id FROM parties_duty also
             WHERE also.staff_id = d.staff_id AND also.role = d.role AND also.area_id IS NOT NULL
               AND also.seconded_from_id IS NOT DISTINCT FROM d.seconded_from_id
               AND also.starts_at <= t.now AND (also.ends_at IS NULL OR also.ends_at > t.now))
FROM (SELECT clock_timestamp() AS now) t
JOIN access_session s
  ON s.token_hash = %s AND s.ended_at IS NULL AND s.expires_at > t.now
LEFT JOIN parties_resident r ON r.id = s.resident_id AND r.phone_index = s.phone_index
LEFT JOIN access_staffaccount a ON a.id = s.account_id AND a.closed_at IS NULL
LEFT JOIN parties_duty d ON d.id = a.duty_id
  AND d.starts_at <= t.now AND (d.ends_at IS NULL OR d.ends_at > t.now)
LEFT JOIN parties_staff st ON st.id = d.staff_id AND st.is_active
LEFT JOIN parties_organisation o ON o.id = st.organisation_id AND o.is_active
"""
KEY = """
SELECT o.id, o.ref, st.id, st.ref, d.id, d.role
FROM (SELECT clock_timestamp() AS now) t
JOIN access_apikey k ON k.key_hash = %s AND k.revoked_at IS NULL
JOIN parties_organisation o ON o.id = k.organisation_id AND o.is_active
LEFT JOIN parties_staff st ON st.ref = %s AND st.organisation_id = o.id AND st.is_active
LEFT JOIN parties_duty d ON d.staff_id = st.id AND d.role IN ('bank_admin', 'loan_officer')
  AND d.starts_at <= t.now AND (d.ends_at IS NULL OR d.ends_at > t.now)
ORDER BY d.role LIMIT 1
"""
"""Who is both counts as the bank's administrator."""


def of_session(token: str, via: Via) -> Actor:
    """The actor of a session token, ANYONE for every token that opens nothing."""
    row = _row(SESSION, token)
    if row is None:
        return ANYONE
    if row[1] == "staff":
        return _staff(row, via)
    return _resident(row, via)


def of_key(key: str, officer_ref: str) -> tuple[bool, Actor | None]:
    """Whether the key is live, and the bank's officer of that number if there is one."""
    row = _row(KEY, key, officer_ref if _is_plain(officer_ref) else "")
    if row is None:
        return False, None
    organisation, organisation_ref, staff, staff_ref, duty, role = row
    if duty is None:
        return True, None
    return True, Actor(
        Role(role),
        ref=staff_ref,
        person=staff,
        organisation=organisation,
        organisation_ref=organisation_ref,
        duty=duty,
        via=Via.REST,
    )


def _row(statement: str, token: str, *more: str) -> Any:
    if not token or not _is_plain(token):
        return None
    with connection.cursor() as cursor:
        cursor.execute(statement, [token_hash(token), *more])
        return cursor.fetchone()


def _is_plain(text: str) -> bool:
    return len(text) <= LONGEST_TOKEN and text.isascii() and text.isprintable()


def _resident(row: Any, via: Via) -> Actor:
    """Somebody on a phone, picked or not; a resident who has left the phone opens nothing."""
    session, kind, phone_index, resident, ref = row[:5]
    if kind == "resident" and resident is None:
        return ANYONE
    return Actor(
        Role.RESIDENT,
        ref=ref if kind == "resident" else f"session:{session}",
        person=resident if kind == "resident" else None,
        session=session,
        via=via,
        phone_index=bytes(phone_index),
    )


def _staff(row: Any, via: Via) -> Actor:
    """Staff in their duty. Until the password is their own and the second factor confirmed, the
    session is nobody's: only the actions that mend this know it."""
    session = row[0]
    must_change, is_confirmed, duty, role, seconded_from = row[5:10]
    staff, staff_ref, organisation, organisation_ref, areas = row[10:]
    if organisation is None:
        return ANYONE
    if must_change or (needs_second_factor(role) and not is_confirmed):
        return Actor(Role.ANYONE, session=session, via=via)
    return Actor(
        Role(role),
        ref=staff_ref,
        person=staff,
        organisation=organisation,
        organisation_ref=organisation_ref,
        areas=frozenset(areas),
        seconded_from=seconded_from,
        duty=duty,
        session=session,
        via=via,
    )
