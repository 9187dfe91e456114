"""What states are called on the desks."""

ENGAGEMENT_WORDS = {
    "claimed": "等来电",
    "called_back": "等方案",
    "planned": "等群众挑",
    "kept": "等上门",
    "investigating": "约好上门",
    "investigated": "等准信",
    "offered": "等群众定",
    "accepted": "等签合同",
    "signed": "等回填",
    "disbursed": "已放款",
    "settled": "已结清",
    "refused": "没办成",
    "not_selected": "选了别家",
    "released": "已退回",
    "cancelled": "随需求结束",
    "lapsed": "过期停了",
}

DEMAND_WORDS = {
    "draft": "等本人确认",
    "published": "等银行接",
    "in_progress": "银行在办",
    "funded": "办成了",
    "closed": "已结清",
    "withdrawn": "已撤回",
    "expired": "到期停了",
    "unmet": "没办成",
}
