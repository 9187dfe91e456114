"""What can be done in the main job: publish, claim, call, plan, visit, offer, return, supervise."""

from puhui.market.actions.acting import let_agent_act
from puhui.market.actions.answering import confirm_report, rate_service, take_text_reply
from puhui.market.actions.asking_again import ask_applicant_again, query_bank
from puhui.market.actions.breaching import breach_due, breach_of, fill_awaiting
from puhui.market.actions.calling import (
    Call,
    ask_to_call_family,
    record_callback,
    set_call_again,
    start_call,
)
from puhui.market.actions.claiming import claim, release
from puhui.market.actions.closing_account import close_account
from puhui.market.actions.denying import deny_request
from puhui.market.actions.drawing import draw_survey
from puhui.market.actions.enquiring import answer_enquiry, ask_bank
from puhui.market.actions.handing import hand_over, note_obstacle
from puhui.market.actions.helping import (
    cancel_help,
    draft_for,
    lapse_registrations,
    register_for,
    send_confirmation_again,
)
from puhui.market.actions.integrity import (
    close_integrity,
    hand_over_integrity,
    note_integrity,
    report_money_taken,
)
from puhui.market.actions.leaving import (
    close_organisation,
    let_staff_go,
    retire_duty,
    take_organisation_list,
    take_staff_list,
)
from puhui.market.actions.objecting import answer_objection, open_objection
from puhui.market.actions.ordering import answer_order, close_order, issue_order
from puhui.market.actions.papers import ask_for_documents, check_papers
from puhui.market.actions.past import import_history
from puhui.market.actions.pausing import pause, resume, say_ready
from puhui.market.actions.photographing import add_visit_photo, drop_visit_photo
from puhui.market.actions.proposing import (
    accept_offer,
    decline_plan,
    keep_all_unreached,
    keep_plan,
    submit_offer,
    submit_plan,
)
from puhui.market.actions.publishing import (
    Published,
    change_call_time,
    drop_draft,
    forget_drafts,
    keep_draft,
    open_to_all,
    publish,
    republish,
)
from puhui.market.actions.reassigning import propose_reassignment, reassign
from puhui.market.actions.rechecking import draw_rechecks, record_recheck, report_vacancy
from puhui.market.actions.recusing import hand_on
from puhui.market.actions.refusing import explain_refusal, refuse
from puhui.market.actions.reporting import report_morning, warn_county
from puhui.market.actions.return_sheets import import_returns, settle_difference
from puhui.market.actions.returning import (
    expect_payout,
    record_disbursement,
    record_signing,
    settle_loan,
)
from puhui.market.actions.ruling import load_calendar, set_clock_rules, set_duty_day
from puhui.market.actions.slips import check_slip, enter_slip, print_slips
from puhui.market.actions.sorting import put_back, set_aside
from puhui.market.actions.succeeding import (
    check_succession,
    close_enterprise,
    name_successor,
    open_succession,
    take_over,
)
from puhui.market.actions.supervising import (
    add_note,
    answer_supervision,
    ask_for_help,
    close_follow_up,
    decline_call,
    log_supervision,
    nudge,
)
from puhui.market.actions.surveying import (
    decline_survey,
    miss_survey,
    record_survey,
    view_survey_phone,
)
from puhui.market.actions.talking import ask_to_talk, improve_plan
from puhui.market.actions.viewing import Contact, view_contact, view_phone
from puhui.market.actions.visiting import (
    record_arrival,
    report_investigation,
    start_investigation,
)
from puhui.market.actions.watching import (
    hand_to_township,
    push_to_responsible_bank,
    settle_mismatch,
)
from puhui.market.actions.withdrawing import withdraw
from puhui.market.rules.return_sheets import Difference, SheetReport

__all__ = [
    "Call",
    "Contact",
    "Difference",
    "Published",
    "SheetReport",
    "accept_offer",
    "add_note",
    "add_visit_photo",
    "answer_enquiry",
    "answer_objection",
    "answer_order",
    "answer_supervision",
    "ask_applicant_again",
    "ask_bank",
    "ask_for_documents",
    "ask_for_help",
    "ask_to_call_family",
    "ask_to_talk",
    "breach_due",
    "breach_of",
    "cancel_help",
    "change_call_time",
    "check_papers",
    "check_slip",
    "check_succession",
    "claim",
    "close_account",
    "close_enterprise",
    "close_follow_up",
    "close_integrity",
    "close_order",
    "close_organisation",
    "confirm_report",
    "decline_call",
    "decline_plan",
    "decline_survey",
    "deny_request",
    "draft_for",
    "draw_rechecks",
    "draw_survey",
    "drop_draft",
    "drop_visit_photo",
    "enter_slip",
    "expect_payout",
    "explain_refusal",
    "fill_awaiting",
    "forget_drafts",
    "hand_on",
    "hand_over",
    "hand_over_integrity",
    "hand_to_township",
    "import_history",
    "import_returns",
    "improve_plan",
    "issue_order",
    "keep_all_unreached",
    "keep_draft",
    "keep_plan",
    "lapse_registrations",
    "let_agent_act",
    "let_staff_go",
    "load_calendar",
    "log_supervision",
    "miss_survey",
    "name_successor",
    "note_integrity",
    "note_obstacle",
    "nudge",
    "open_objection",
    "open_succession",
    "open_to_all",
    "pause",
    "print_slips",
    "propose_reassignment",
    "publish",
    "push_to_responsible_bank",
    "put_back",
    "query_bank",
    "rate_service",
    "reassign",
    "record_arrival",
    "record_callback",
    "record_disbursement",
    "record_recheck",
    "record_signing",
    "record_survey",
    "refuse",
    "register_for",
    "release",
    "report_investigation",
    "report_money_taken",
    "report_morning",
    "report_vacancy",
    "republish",
    "resume",
    "retire_duty",
    "say_ready",
    "send_confirmation_again",
    "set_aside",
    "set_call_again",
    "set_clock_rules",
    "set_duty_day",
    "settle_difference",
    "settle_loan",
    "settle_mismatch",
    "start_call",
    "start_investigation",
    "submit_offer",
    "submit_plan",
    "take_organisation_list",
    "take_over",
    "take_staff_list",
    "take_text_reply",
    "view_contact",
    "view_phone",
    "view_survey_phone",
    "warn_county",
    "withdraw",
]
