"""Everything that names a person, out of every context that holds it."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import Q

from puhui.access import actions as access
from puhui.content import actions as content
from puhui.kernel.actor import SYSTEM
from puhui.market.models import (
    CaseNote,
    CustomerPause,
    Engagement,
    Enquiry,
    FinancingDemand,
    FollowUp,
    IntegrityStep,
    Objection,
    Obstacle,
    Paper,
    Rating,
    Recheck,
    SurveyCall,
    TalkRequest,
    VisitPhoto,
)
from puhui.notices import actions as notices
from puhui.parties import actions as parties
from puhui.parties import queries

BY_ENGAGEMENT = "engagement__demand__resident"
BY_DEMAND = "demand__resident"
WORDS: tuple[tuple[type[models.Model], str], ...] = (
    (FinancingDemand, "resident"),
    (Engagement, BY_DEMAND),
    (CustomerPause, BY_ENGAGEMENT),
    (Enquiry, BY_ENGAGEMENT),
    (Objection, BY_ENGAGEMENT),
    (Obstacle, BY_ENGAGEMENT),
    (Paper, BY_ENGAGEMENT),
    (Rating, BY_ENGAGEMENT),
    (VisitPhoto, BY_ENGAGEMENT),
    (TalkRequest, BY_DEMAND),
    (CaseNote, BY_DEMAND),
    (FollowUp, BY_DEMAND),
    (Recheck, BY_DEMAND),
    (SurveyCall, BY_DEMAND),
)
"""Every table of the main job with free words about a person, and the way from it to them."""
SELF = "（本人）"
"""What stands for the person in the record of an integrity case, which the law has us keep."""


def forget_person(resident: UUID) -> None:
    """Blank name, numbers, phone, free words and messages of a person; end every session.

    What the law has us keep stays without them: references, sums, days, outcomes, consents given.
    """
    person = queries.applicant_by_id(SYSTEM, resident)
    is_alone = parties.erase_resident(resident, by=SYSTEM)
    notices.forget_person(resident, person.phone, is_alone=is_alone, by=SYSTEM)
    access.forget_person(resident, person.phone, is_alone=is_alone, by=SYSTEM)
    content.forget_reporter(resident, by=SYSTEM)
    forget_words(resident)
    _hide_in_integrity(resident, (person.name, person.phone))


def forget_words(subject: UUID, *, of: str = "resident") -> None:
    """Blank every free word of the cases of a person, or `of` an enterprise, row by row: each is
    sealed for its own row."""
    for model, path in WORDS:
        names, way = sealed_fields(model), path.replace("resident", of)
        for row in model._base_manager.filter(**{way: subject}):
            for name in names:
                field = model._meta.get_field(name)
                setattr(row, name, None if field.null else "")
            row.save(update_fields=names)


def sealed_fields(model: type[models.Model]) -> list[str]:
    """Names of the encrypted fields of a table."""
    return [one.name for one in model._meta.get_fields() if hasattr(one, "data_class")]


def _hide_in_integrity(resident: UUID, named: tuple[str, ...]) -> None:
    """What was said of money taken is kept for its years; whoever said it is not named in it."""
    own = Q(case__demand__resident=resident) | Q(case__assistance__resident=resident)
    for step in IntegrityStep.objects.filter(own):
        hidden = step.words
        for word in named:
            hidden = hidden.replace(word, SELF) if word else hidden
        if hidden != step.words:
            step.words = hidden
            step.save(update_fields=["words"])
