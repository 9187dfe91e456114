"""The lifecycles of the main job. Source: domain.md §2a, domain/state_machines.json."""

from puhui.kernel.lifecycle import Lifecycle, Move

LIVE_ENGAGEMENT = frozenset(
    {
        "claimed",
        "called_back",
        "planned",
        "kept",
        "investigating",
        "investigated",
        "offered",
        "accepted",
    }
)
OPEN_DEMAND = ("published", "in_progress")

DEMAND = Lifecycle(
    entity="financing_demand",
    states=(
        "draft",
        "published",
        "in_progress",
        "funded",
        "closed",
        "withdrawn",
        "expired",
        "unmet",
    ),
    live=frozenset(OPEN_DEMAND),
    moves=(
        Move(
            "publish",
            ("draft",),
            "published",
            "applicant",
            starts=("callback_applicant", "supervision_applicant", "unclaimed", "expiry"),
        ),
        Move("first_engagement", ("published",), "in_progress", "system", stops=("unclaimed",)),
        Move("last_engagement_ended", ("in_progress",), "published", "system"),
        Move("disbursed", ("in_progress",), "funded", "system", stops=("expiry",)),
        Move("settled", ("funded",), "closed", "system"),
        Move("withdraw", OPEN_DEMAND, "withdrawn", "applicant", stops=("all",)),
        Move("expire", ("published",), "expired", "system", stops=("all",)),
        Move("give_up", OPEN_DEMAND, "unmet", "system", stops=("all",)),
        Move("republish", ("unmet", "expired", "withdrawn"), "draft", "applicant"),
    ),
)

ENGAGEMENT = Lifecycle(
    entity="engagement",
    states=(
        "claimed",
        "called_back",
        "planned",
        "kept",
        "investigating",
        "investigated",
        "offered",
        "accepted",
        "signed",
        "disbursed",
        "settled",
        "refused",
        "not_selected",
        "released",
        "cancelled",
        "lapsed",
    ),
    live=LIVE_ENGAGEMENT,
    moves=(
        Move(
            "claim",
            (),
            "claimed",
            "bank duty officer",
            starts=("callback_bank", "supervision_bank", "slot_reopen", "long_pending"),
        ),
        Move(
            "direct",
            (),
            "claimed",
            "system",
            starts=("callback_bank", "supervision_bank", "slot_reopen", "long_pending"),
        ),
        Move(
            "record_callback",
            ("claimed",),
            "called_back",
            "bank officer",
            starts=("plan",),
            stops=("supervision_bank", "slot_reopen"),
        ),
        Move(
            "submit_plan",
            ("called_back",),
            "planned",
            "bank officer",
            starts=("choice",),
            stops=("plan",),
        ),
        Move(
            "keep_plan",
            ("planned",),
            "kept",
            "applicant",
            starts=("investigation",),
            stops=("choice",),
        ),
        Move("start_investigation", ("kept",), "investigating", "bank officer"),
        Move(
            "report_investigation",
            ("investigating",),
            "investigated",
            "bank officer",
            starts=("decision",),
            stops=("investigation",),
        ),
        Move(
            "submit_offer",
            ("called_back", "investigated"),
            "offered",
            "bank officer",
            starts=("offer_validity",),
            stops=("plan", "decision"),
        ),
        Move(
            "accept_offer",
            ("offered",),
            "accepted",
            "applicant",
            starts=("signing",),
            stops=("offer_validity",),
        ),
        Move(
            "record_signing",
            ("accepted",),
            "signed",
            "bank",
            starts=("data_return",),
            stops=("signing", "long_pending"),
        ),
        Move("record_disbursement", ("signed",), "disbursed", "bank", stops=("data_return",)),
        Move("settle", ("disbursed",), "settled", "bank"),
        Move(
            "refuse",
            ("claimed", "called_back", "planned", "kept", "investigating", "investigated"),
            "refused",
            "bank",
            stops=("all",),
        ),
        Move(
            "not_select",
            ("planned", "kept", "investigating", "investigated", "offered", "accepted"),
            "not_selected",
            "applicant",
            stops=("all",),
        ),
        Move("release", ("claimed", "called_back"), "released", "bank", stops=("all",)),
        Move("cancel", tuple(sorted(LIVE_ENGAGEMENT)), "cancelled", "system", stops=("all",)),
        Move("lapse", ("offered",), "lapsed", "system", stops=("all",)),
        Move("lapse", ("accepted",), "lapsed", "system", stops=("all",)),
    ),
)

INTEGRITY = Lifecycle(
    entity="integrity",
    states=("open", "handed_over", "closed"),
    live=frozenset({"open", "handed_over"}),
    moves=(
        Move("open", (), "open", "system"),
        Move("hand_over", ("open",), "handed_over", "county"),
        Move("close", ("open", "handed_over"), "closed", "county"),
    ),
)
