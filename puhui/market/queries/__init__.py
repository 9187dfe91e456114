"""What can be asked of the main job, always scoped to the asker."""

from puhui.market.queries.applicants import (
    FollowUpLine,
    GivenRating,
    my_follow_ups,
    my_rating,
    request_errors,
)
from puhui.market.queries.bank_lists import (
    BankLists,
    ListedCase,
    OpenDemand,
    bank_lists,
    bank_supervision,
    bank_supervisions,
    case_supervisions,
    listed_case,
)
from puhui.market.queries.bank_table import (
    TableFilter,
    TableRow,
    bank_table,
    bank_table_rows,
    bank_table_size,
)
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
from puhui.market.queries.indicators import Indicator, Indicators, indicators
from puhui.market.queries.ledger import LedgerFilter, supervision_ledger, supervision_record
from puhui.market.queries.reaching import reaches_engagement
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
    "BankLists",
    "CaseFilter",
    "ClockView",
    "CountyLists",
    "DemandView",
    "EngagementView",
    "FollowUpLine",
    "GivenRating",
    "Indicator",
    "Indicators",
    "LedgerFilter",
    "ListedCase",
    "OpenDemand",
    "OverdueEngagement",
    "ProposalView",
    "SupervisedDemand",
    "SupervisionView",
    "TableFilter",
    "TableRow",
    "TimelineEntry",
    "TownshipLists",
    "WatchedCase",
    "awaiting_clocks",
    "bank_cases",
    "bank_engagements",
    "bank_figures",
    "bank_lists",
    "bank_supervision",
    "bank_supervisions",
    "bank_table",
    "bank_table_rows",
    "bank_table_size",
    "case_supervisions",
    "cases",
    "county_lists",
    "county_rules",
    "engagement",
    "has_engagement",
    "indicators",
    "kept_draft",
    "listed_case",
    "my_demand",
    "my_demands",
    "my_follow_ups",
    "my_open_demand",
    "my_rating",
    "open_demand",
    "open_demands",
    "overdue_engagements",
    "reaches_engagement",
    "request_errors",
    "supervised_demand",
    "supervised_demands",
    "supervision_ledger",
    "supervision_record",
    "supervision_records",
    "timeline",
    "township_lists",
    "watched_case",
]
