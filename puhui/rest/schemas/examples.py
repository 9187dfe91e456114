"""Examples for the description of the API: made-up sums and references."""

from __future__ import annotations

from typing import Any

Example = dict[str, Any]

CLAIM: Example = {"officer": "2001"}
CALLBACK: Example = {"call": "17", "result": "connected", "duration_seconds": 185}
RELEASE: Example = {"reason": "住址不在本行服务区域"}
PLAN: Example = {
    "amount_fen": 10_000_000,
    "rate_ppm": 47_500,
    "months": 6,
    "method": "interest_with_principal",
    "security_words": "夫妻两人签字",
    "trips_words": "银行来家 1 趟，去乡里网点 1 趟",
    "fees": [],
    "answer_working_days": 2,
}
KEEPING: Example = {"plan_submitted_at": "2026-11-25T10:00:00.123456+08:00"}
OFFER: Example = {**PLAN, "valid_days": 60}
VISIT: Example = {"visit_at": "2026-11-26T10:00:00+08:00"}
REFUSAL: Example = {"code": "R07", "words": ""}
SIGNING: Example = {
    "contract_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
}
DISBURSEMENT: Example = {
    "amount_fen": 10_000_000,
    "rate_ppm": 47_500,
    "due_on": "2027-05-27",
    "paid_out_on": "2026-11-27",
    "is_first_loan": True,
}
PRODUCT: Example = {
    "name": "羊羔贷",
    "audience": "养羊的农户",
    "rate_min_ppm": 39_500,
    "rate_max_ppm": 52_000,
    "amount_min_fen": 500_000,
    "amount_max_fen": 20_000_000,
    "months_min": 3,
    "months_max": 12,
    "term_words": "3 个月到 1 年",
    "methods": ["interest_with_principal"],
    "repayment_words": "卖了羊一次还清",
    "security_words": "夫妻两人签字",
    "purposes": ["livestock"],
    "subjects": ["farm_household"],
    "securities": ["none"],
}
PAUSE: Example = {"words": "等流转合同办下来"}
PAYOUT: Example = {"pays_out_on": "2026-12-01"}
CALL_AGAIN: Example = {"again_at": "2027-05-27T18:30:00+08:00"}
HAND_OVER: Example = {"officer": "2002", "reason": "他跑这一片。"}
OBSTACLE: Example = {"words": "抵押登记在排队，等 12 月 3 日。"}
PAPERS: Example = {"received": [], "more": ["流转合同", "防疫记录"]}
ANSWER: Example = {"words": "带身份证就行，流转合同复印一份。"}
SUPERVISION_ANSWER: Example = {"words": "值班的人在村里没信号，已经补打。"}
ORDER_ANSWER: Example = {"words": "两笔都约好了，11 月 27 日前上门。"}
ROSTER: Example = {
    "since": "2026-11-23",
    "until": "2026-11-23",
    "shifts": [
        {
            "staff": "2001",
            "starts_at": "2026-11-23T07:30:00+08:00",
            "ends_at": "2026-11-23T14:30:00+08:00",
        }
    ],
}
ENTRY: Example = {"kind": "policy", "title": "种粮的先看", "words": "秋种前来问，不收费。"}
BRANCH: Example = {
    "name": "河湾支行",
    "township": "990525001",
    "address": "河湾街 1 号",
    "phone": "0000-1101",
    "opening_hours": "9:00–16:30",
}
OBJECTION: Example = {"words": "去年那笔已经还清了。"}
OBJECTION_ANSWER: Example = {"outcome": "upheld", "words": "核对过了，还差一笔没还清。"}
TALK: Example = {"wishes": ["cheaper"], "words": ""}
WEBHOOK: Example = {
    "url": "https://bank.example/puhui",
    "events": ["demand.published", "engagement.overdue"],
}
CODE: Example = {"phone": "19800000001"}
SIGN_IN: Example = {"phone": "19800000001", "code": "042316"}
SUCCESSOR: Example = {"name": "李新任", "phone": "19800000002"}
TAKE_OVER: Example = {"consent": True}
DEMAND: Example = {
    "amount_fen": 10_000_000,
    "purpose": "livestock",
    "term": "months_6",
    "repayment_wish": "once",
    "call_wish": "now",
    "securities": ["none"],
    "scale": 120,
    "scale_unit": "只",
    "story": "想买 120 只羊羔，明年五月出栏。",
    "consent": True,
}
WITHDRAWAL: Example = {"reason": "not_needed"}
REPORT: Example = {"kind": "called", "answer": "yes", "engagement": "500001"}
RATING: Example = {"speed": 3, "kept_word": 3, "money_taken": False, "words": ""}
PROPOSAL: Example = {"bank": "B02"}
REASSIGNMENT: Example = {"bank": "B02", "applicant_agreed": True}
ORGANISATION: Example = {
    "name": "河湾村镇银行",
    "kind": "bank",
    "sms_name": "河湾村行",
    "duty_phone": "0000-1101",
}
STAFF: Example = {
    "organisation": "B01",
    "name": "周经理",
    "phone": "19900000001",
    "duties": [{"role": "loan_officer"}],
}
API_KEY: Example = {"organisation": "B01"}
RULES: Example = {"callback_seconds": 300, "duty_opens": "07:30", "duty_closes": "21:30"}
REPLY: Example = {"id": "gw-1", "from": "19800000001", "text": "1", "in_reply_to": ""}
