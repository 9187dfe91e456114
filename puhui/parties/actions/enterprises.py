"""Enterprises and those who act for them: registered once, by their credit code."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction

from puhui.kernel.actor import COUNTY, SYSTEM, Actor, Role
from puhui.kernel.clock import at_local, local_date
from puhui.kernel.command import NOT_FOUND, Invalid, Refused, Work, command
from puhui.kernel.crypto import blind_index, new_id
from puhui.parties.actions.residents import VILLAGES
from puhui.parties.models import Agency, Division, Enterprise, Resident
from puhui.parties.queries.subjects import acting_of, live_agencies
from puhui.parties.rules.enterprises import Judged, judged_enterprise
from puhui.parties.rules.names import surname, tidy
from puhui.parties.rules.references import agency_ref, enterprise_ref
from puhui.parties.rules.registration import judged_phone, wrong
from puhui.parties.subject_terms import (
    Acting,
    AgencyAsked,
    EnterpriseForm,
    Scope,
    SubjectRefusals,
)

MOST_AGENTS = 10
LONGEST_DAYS = 3 * 366
MIDNIGHT = time(0, 0)


@command(Role.RESIDENT)
def register_enterprise(work: Work, form: EnterpriseForm, *, by: Actor) -> str:
    """Register an enterprise whose legal representative is the signed-in resident; its reference.

    Money in fen. The credit code is checked by its last place (GB 32100-2015, N codes included) and
    unique whoever registers; the size class follows 工信部联企业〔2011〕300号. The same person
    registering the same code again changes what they said. Refuses (Invalid) every wrong field;
    CODE_TAKEN where somebody else registered it.
    """
    person = _person(by)
    right, village = _judged(form, work.now)
    row = Enterprise(
        id=new_id(),
        ref=enterprise_ref(),
        credit_code=right.credit_code,
        representative_id=person.id,
        registered_at=work.now,
        registered_via=str(by.via),
    )
    _fill(row, form, right, village, work.now)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        held = Enterprise.objects.select_for_update().get(credit_code=right.credit_code)
        if held.representative_id != person.id:
            raise Refused(SubjectRefusals.CODE_TAKEN) from None
        _fill(held, form, right, village, work.now)
        held.save()
        work.record("enterprise_changed", ("enterprise", held.ref))
        return held.ref
    work.record("enterprise_registered", ("enterprise", row.ref), kind=row.kind, size=row.size)
    return row.ref


@command(Role.RESIDENT)
def change_enterprise(work: Work, ref: str, form: EnterpriseForm, *, by: Actor) -> None:
    """The legal representative puts its data right; the credit code stays. The county's check of the
    licence falls away when kind or name change. Refuses NOT_FOUND, (Invalid) every wrong field."""
    row = own_enterprise(by, ref)
    right, village = _judged(form, work.now)
    if right.credit_code != row.credit_code:
        raise Invalid([wrong(SubjectRefusals.CODE_WRONG)])
    if (row.kind, row.name) != (str(right.kind), right.name):
        row.checked_at = None
    _fill(row, form, right, village, work.now)
    row.save()
    work.record("enterprise_changed", ("enterprise", row.ref), size=row.size)


@command(*COUNTY)
def check_enterprise(work: Work, ref: str, *, by: Actor) -> None:
    """The county has compared the enterprise with its licence. Refuses NOT_FOUND."""
    row = Enterprise.objects.select_for_update().filter(ref=ref, ended_at=None).first()
    if row is None:
        raise Refused(NOT_FOUND)
    if row.checked_at is None:
        row.checked_at = work.now
        row.save(update_fields=["checked_at"])
        work.record("enterprise_checked", ("enterprise", row.ref))


def _judged(form: EnterpriseForm, now: datetime) -> tuple[Judged, Division]:
    right, found = judged_enterprise(form, local_date(now))
    village = Division.objects.filter(
        code=form.village_code.strip(), is_active=True, kind__in=(*VILLAGES, Division.Kind.UNIT)
    ).first()
    if village is None:
        found.append(wrong(SubjectRefusals.VILLAGE))
    if right is None or village is None:
        raise Invalid(found)
    return right, village


def _fill(
    row: Enterprise, form: EnterpriseForm, right: Judged, village: Division, now: datetime
) -> None:
    row.kind, row.name, row.industry = str(right.kind), right.name, str(right.industry)
    row.revenue_fen, row.staff_count = form.revenue_fen, form.staff_count
    row.assets_fen, row.village = form.assets_fen, village
    row.size = str(right.size) if right.size else ""
    row.sized_on = local_date(now) if right.size else None


@command(Role.RESIDENT)
def authorise_agent(
    work: Work,
    ref: str,
    *,
    name: str,
    phone: str,
    scopes: tuple[str, ...],
    ends_on: date | None,
    by: Actor,
) -> AgencyAsked:
    """The legal representative lets a registered resident act for the enterprise, to the end of a day.

    It waits for the representative's own reply to a text message (`confirm_agency`). Refuses
    NOT_FOUND, (Invalid) phone, SCOPE_EMPTY, UNTIL_BAD, AGENT_UNKNOWN, AGENT_SELF; AGENT_TAKEN while
    the same person is authorised, AGENTS_MANY beyond ten.
    """
    row = own_enterprise(by, ref)
    agent = _agent(by, row, name, phone, scopes, ends_on, work.now)
    assert ends_on is not None
    live = Agency.objects.select_for_update().filter(enterprise=row, revoked_at=None)
    live.filter(agent=agent, ends_at__lte=work.now).update(revoked_at=work.now)
    held = list(
        live.filter(revoked_at=None, ends_at__gt=work.now).values_list("agent_id", flat=True)
    )
    if agent.id in held:
        raise Refused(SubjectRefusals.AGENT_TAKEN)
    if len(held) >= MOST_AGENTS:
        raise Refused(SubjectRefusals.AGENTS_MANY)
    agency = Agency.objects.create(
        id=new_id(),
        ref=agency_ref(),
        enterprise=row,
        agent=agent,
        given_by_id=row.representative_id,
        may_request=Scope.REQUEST in scopes,
        may_choose=Scope.CHOOSE in scopes,
        starts_at=work.now,
        ends_at=at_local(ends_on + timedelta(days=1), MIDNIGHT),
        given_at=work.now,
    )
    work.record(
        "agency_given",
        ("enterprise", row.ref),
        agency=agency.ref,
        agent=agent.ref,
        scopes=sorted(set(scopes)),
        ends_at=agency.ends_at,
    )
    representative = row.representative
    return AgencyAsked(
        agency.id, agency.ref, representative.id, representative.phone, surname(agent.name)
    )


def _agent(
    by: Actor,
    row: Enterprise,
    name: str,
    phone: str,
    scopes: tuple[str, ...],
    ends_on: date | None,
    now: datetime,
) -> Resident:
    number, misdialled = judged_phone(phone)
    found = [misdialled] if misdialled is not None else []
    if not scopes or not set(scopes) <= set(Scope.values):
        found.append(wrong(SubjectRefusals.SCOPE_EMPTY))
    today = local_date(now)
    if ends_on is None or not today < ends_on <= today + timedelta(days=LONGEST_DAYS):
        found.append(wrong(SubjectRefusals.UNTIL_BAD))
    if found:
        raise Invalid(found)
    people = Resident.objects.filter(phone_index=blind_index("phone", number))
    agent = next((one for one in people if one.name == tidy(name)), None)
    if agent is None:
        raise Invalid([wrong(SubjectRefusals.AGENT_UNKNOWN)])
    if agent.id == row.representative_id:
        raise Invalid([wrong(SubjectRefusals.AGENT_SELF)])
    return agent


@command(Role.SYSTEM)
def confirm_agency(
    work: Work, agency_id: str, answer: str, *, via: str, by: Actor = SYSTEM
) -> bool:
    """The representative's own reply: `answer` yes makes it count from now, anything else ends it.

    Whether it was still open. For the context that received the reply and knows whose phone it was.
    """
    agency = (
        Agency.objects.select_for_update(of=("self",))
        .select_related("enterprise__representative")
        .filter(pk=agency_id, confirmed_at=None, revoked_at=None)
        .first()
    )
    if agency is None:
        return False
    is_meant = answer == "yes"
    agency.evidence = via
    agency.confirmed_at = work.now if is_meant else None
    agency.revoked_at = None if is_meant else work.now
    agency.save(update_fields=["evidence", "confirmed_at", "revoked_at"])
    representative = agency.enterprise.representative
    work.record(
        "agency_confirmed" if is_meant else "agency_denied",
        ("enterprise", agency.enterprise.ref),
        by=Actor(Role.RESIDENT, ref=representative.ref),
        agency=agency.ref,
        via=via,
    )
    return True


@command(Role.RESIDENT)
def revoke_agency(work: Work, agency: str, *, by: Actor) -> None:
    """End an authorisation at once: the legal representative, or the agent who wants it no more.

    What the agent is doing at this moment is settled before or refused after, never half.
    Refuses NOT_FOUND.
    """
    row = (
        Agency.objects.select_for_update(of=("self",))
        .select_related("enterprise")
        .filter(ref=agency, revoked_at=None)
        .first()
    )
    if row is None or by.person not in (row.enterprise.representative_id, row.agent_id):
        raise Refused(NOT_FOUND)
    row.revoked_at = work.now
    row.save(update_fields=["revoked_at"])
    work.record("agency_revoked", ("enterprise", row.enterprise.ref), agency=row.ref)


@command(Role.RESIDENT)
def hold_standing(work: Work, enterprise_ref: str, *, needs: str = "", by: Actor) -> Acting:
    """The signed-in resident's right to act for an enterprise, held until the transaction ends.

    A revocation waits for it or is seen by it. `needs`: a Scope, or nothing where any standing
    will do. Refuses NOT_FOUND without standing, SCOPE_LACKING for a step that is not allowed.
    """
    row = (
        Enterprise.objects.select_for_update(of=("self",), no_key=True)
        .filter(ref=enterprise_ref, ended_at=None)
        .select_related("village")
        .first()
    )
    if row is None or by.person is None:
        raise Refused(NOT_FOUND)
    agency = None
    if row.representative_id != by.person:
        agency = (
            live_agencies(work.now)
            .select_for_update(of=("self",))
            .filter(enterprise=row, agent_id=by.person)
            .first()
        )
        if agency is None:
            raise Refused(NOT_FOUND)
    acting = acting_of(row, agency)
    allowed = {Scope.REQUEST: acting.standing.may_request, Scope.CHOOSE: acting.standing.may_choose}
    if needs and not allowed[Scope(needs)]:
        raise Refused(SubjectRefusals.SCOPE_LACKING)
    return acting


def _person(by: Actor) -> Resident:
    row = Resident.objects.filter(id=by.person).first() if by.person else None
    if row is None:
        raise Refused(NOT_FOUND)
    return row


def own_enterprise(by: Actor, ref: str) -> Enterprise:
    """The enterprise whose legal representative asks, held until the end."""
    row = (
        Enterprise.objects.select_for_update(of=("self",))
        .select_related("representative")
        .filter(ref=ref, representative_id=by.person, ended_at=None)
        .first()
    )
    if row is None or by.person is None:
        raise Refused(NOT_FOUND)
    return row
