"""The tables of the main job: demands, engagements, clocks, supervision."""

from puhui.market.models.clocks import Clock, ClockRules, DutyDay
from puhui.market.models.demands import FinancingDemand, Question, Rating, RequestDraft
from puhui.market.models.desk_work import Enquiry, Obstacle, Paper, SetAside, VisitPhoto
from puhui.market.models.engagements import CallAttempt, Engagement, LoanReturn, Proposal
from puhui.market.models.helping import Assistance, PaperSlip
from puhui.market.models.integrity import IntegrityCase, IntegrityStep
from puhui.market.models.offices import (
    OfficeReport,
    Recheck,
    SupervisionOrder,
    VacancyReport,
)
from puhui.market.models.past import PastRecord
from puhui.market.models.returns import (
    CustomerPause,
    Objection,
    ReassignmentProposal,
    ReturnSheet,
    SheetDifference,
    TalkRequest,
)
from puhui.market.models.surveys import SurveyCall, SurveyDraw
from puhui.market.models.watching import CaseNote, FollowUp, Supervision, SupervisionStep

__all__ = [
    "Assistance",
    "CallAttempt",
    "CaseNote",
    "Clock",
    "ClockRules",
    "CustomerPause",
    "DutyDay",
    "Engagement",
    "Enquiry",
    "FinancingDemand",
    "FollowUp",
    "IntegrityCase",
    "IntegrityStep",
    "LoanReturn",
    "Objection",
    "Obstacle",
    "OfficeReport",
    "Paper",
    "PaperSlip",
    "PastRecord",
    "Proposal",
    "Question",
    "Rating",
    "ReassignmentProposal",
    "Recheck",
    "RequestDraft",
    "ReturnSheet",
    "SetAside",
    "SheetDifference",
    "Supervision",
    "SupervisionOrder",
    "SupervisionStep",
    "SurveyCall",
    "SurveyDraw",
    "TalkRequest",
    "VacancyReport",
    "VisitPhoto",
]
