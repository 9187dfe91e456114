"""What can be asked of the main job, always scoped to the asker."""

from puhui.market.queries.banks import (
    bank_cases,
    bank_engagements,
    engagement,
    has_engagement,
    open_demand,
    open_demands,
)
from puhui.market.queries.residents import kept_draft, my_demand, my_demands, my_open_demand
from puhui.market.queries.supervisors import (
    OverdueEngagement,
    SupervisedDemand,
    overdue_engagements,
    supervised_demand,
    supervised_demands,
    supervision_records,
    timeline,
)
from puhui.market.queries.views import (
    BankCase,
    ClockView,
    DemandView,
    EngagementView,
    ProposalView,
    SupervisionView,
    TimelineEntry,
)

__all__ = [
    "BankCase",
    "ClockView",
    "DemandView",
    "EngagementView",
    "OverdueEngagement",
    "ProposalView",
    "SupervisedDemand",
    "SupervisionView",
    "TimelineEntry",
    "bank_cases",
    "bank_engagements",
    "engagement",
    "has_engagement",
    "kept_draft",
    "my_demand",
    "my_demands",
    "my_open_demand",
    "open_demand",
    "open_demands",
    "overdue_engagements",
    "supervised_demand",
    "supervised_demands",
    "supervision_records",
    "timeline",
]
