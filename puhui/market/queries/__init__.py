"""What can be asked of the main job, always scoped to the asker."""

from puhui.market.queries.banks import (
    bank_cases,
    bank_engagements,
    engagement,
    has_engagement,
    open_demand,
    open_demands,
)
from puhui.market.queries.case_lists import BankFigures, CaseFilter, bank_figures, cases
from puhui.market.queries.county_lists import CountyLists, county_lists
from puhui.market.queries.county_rules import awaiting_clocks, county_rules
from puhui.market.queries.ledger import LedgerFilter, supervision_ledger, supervision_record
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
from puhui.market.queries.township_lists import TownshipLists, township_lists
from puhui.market.queries.views import (
    BankCase,
    ClockView,
    DemandView,
    EngagementView,
    ProposalView,
    SupervisionView,
    TimelineEntry,
)
from puhui.market.queries.watched_case import WatchedCase, watched_case

__all__ = [
    "BankCase",
    "BankFigures",
    "CaseFilter",
    "ClockView",
    "CountyLists",
    "DemandView",
    "EngagementView",
    "LedgerFilter",
    "OverdueEngagement",
    "ProposalView",
    "SupervisedDemand",
    "SupervisionView",
    "TimelineEntry",
    "TownshipLists",
    "WatchedCase",
    "awaiting_clocks",
    "bank_cases",
    "bank_engagements",
    "bank_figures",
    "cases",
    "county_lists",
    "county_rules",
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
    "supervision_ledger",
    "supervision_record",
    "supervision_records",
    "timeline",
    "township_lists",
    "watched_case",
]
