"""Every figure in one place: what it counts, out of what, up to when, from which rows."""

from __future__ import annotations

from dataclasses import dataclass

FEWEST = 20
"""Below this a share is not shown: 不足 20 笔，不显示 (content.md §4.6)."""
ROLL = "人口底册"
"""Where a denominator is from that the county did not bring: its population roll."""
TOO_FEW = "不足 20 笔，不显示"


@dataclass(frozen=True, slots=True)
class Definition:
    """What one figure is. `denominator` is empty where the figure is no share of anything."""

    code: str
    name: str
    counts: str
    denominator: str = ""
    until: str = "打开页面那一刻"
    rows: str = "需求单"
    unit: str = "笔"
    figure: str = ""
    """The name under which `CaseFilter.figure` lists its cases; empty where other filters do."""


_DAY = "当天发出、已见分晓的需求（有银行拨了号，或满五分钟没人拨）。"
_UNAPPROVED = "发出来、没有一家银行给过准信、也没有放款的需求。"
_UNPAID = "有银行给过准信、还没有银行回填放款的需求。"

_ALL = (
    Definition(
        "published", "当天新增", "当天 0 点到 24 点发出的需求，一份算一份；没发出的草稿不算。"
    ),
    Definition(
        "callback_confirmed",
        "五分钟来电 · 群众确认",
        "当天发出、五分钟内有银行拨号、本人说接到了的需求。",
        _DAY,
    ),
    Definition(
        "callback_self_reported",
        "五分钟来电 · 银行自报",
        "当天发出、五分钟内有银行拨号、本人还没说接没接到的需求。",
        _DAY,
    ),
    Definition(
        "callback_denied",
        "群众说没接到",
        "当天发出、银行说五分钟内拨了、本人说没有的需求；不算准时。",
        _DAY,
    ),
    Definition("callback_late", "晚了", "当天发出、五分钟内没有一家银行拨号的需求。", _DAY),
    Definition(
        "waiting_now",
        "正在等电话",
        "此刻还开着、该打电话的时间已到、还没有一家银行拨过号的需求，哪天发出的都算。",
    ),
    Definition(
        "overdue_now",
        "等过了五分钟",
        "正在等电话的里，本人的五分钟已过的需求。",
        "正在等电话的需求。",
    ),
    Definition(
        "disbursed", "当天放款", "当天由银行回填已放款的笔数，以放款日为准。", rows="银行回填"
    ),
    Definition(
        "disbursed_fen",
        "当天放款金额",
        "当天由银行回填已放款的金额，以放款日为准。",
        rows="银行回填",
        unit="分",
    ),
    Definition(
        "month_applied",
        "新增需求",
        "这个月 1 日 0 点到月末 24 点发出的需求，一份算一份；金额是群众提的数。",
    ),
    Definition(
        "month_disbursed",
        "放款",
        "这个月放款、银行回填了的，以放款日为准；金额是回填的数。",
        rows="银行回填",
    ),
    Definition(
        "month_punctual",
        "5 分钟来电率",
        "这个月发出、五分钟内有银行拨号的需求，群众确认的加银行自报的；群众说没接到的不算。",
        "这个月发出、已见分晓的需求。",
    ),
    Definition(
        "month_confirmed", "群众确认率", "上面里本人说接到了的。", "这个月发出、已见分晓的需求。"
    ),
    Definition(
        "month_denied", "群众说没接到", "这个月发出、银行说五分钟内拨了、本人说没有的需求。"
    ),
    Definition("applied_total", "提出", "到此刻发出过的需求，一份算一份。", figure="applied"),
    Definition(
        "approved_total",
        "银行同意",
        "到此刻有银行给过准信（或回填过合同）的需求，一份只算一次。",
        "发出过的需求。",
        rows="准信、银行回填",
        figure="approved",
    ),
    Definition(
        "approved_total_fen",
        "同意的金额",
        "上面每份需求算一家：签了的那家的准信；没签的取群众选的，再没有取最大的一份准信。",
        rows="准信",
        unit="分",
        figure="approved",
    ),
    Definition(
        "disbursed_total",
        "放款",
        "到此刻由银行回填了放款的需求，一份一笔。",
        "发出过的需求。",
        rows="银行回填",
        figure="disbursed",
    ),
    Definition(
        "disbursed_total_fen",
        "放款金额",
        "上面每笔回填的放款额相加。",
        rows="银行回填",
        unit="分",
        figure="disbursed",
    ),
    Definition(
        "disbursed_average_fen",
        "笔均",
        "放款金额 ÷ 放款笔数，舍去不足 1 分的零头。",
        "放款笔数。",
        rows="银行回填",
        unit="分",
        figure="disbursed",
    ),
    Definition("unapproved", "没到“同意”的", _UNAPPROVED, "发出过的需求。", figure="unapproved"),
    Definition(
        "where_withdrawn", "本人撤回", "本人自己撤回的。", _UNAPPROVED, figure="where_withdrawn"
    ),
    Definition(
        "where_phone",
        "电话里说不合适",
        "跟银行通过电话，没约上门就停了的。",
        _UNAPPROVED,
        figure="where_phone",
    ),
    Definition(
        "where_visited",
        "上门后没办成",
        "约过上门，没给准信就停了的。",
        _UNAPPROVED,
        figure="where_visited",
    ),
    Definition(
        "where_missing",
        "材料没补齐",
        "银行写的原因是 R10 材料不齐，或镇里约好日子补材料再提的。",
        _UNAPPROVED,
        figure="where_missing",
    ),
    Definition(
        "where_unreached",
        "一直没联系上",
        "有银行接过单，一次电话也没打通就停了的。",
        _UNAPPROVED,
        figure="where_unreached",
    ),
    Definition("where_open", "还在办", "还开着的。", _UNAPPROVED, figure="where_open"),
    Definition(
        "where_nobody",
        "30 天没人接",
        "到期没有一家银行接过的。",
        _UNAPPROVED,
        figure="where_nobody",
    ),
    Definition("unpaid", "同意了没放的", _UNPAID, "银行同意的需求。", figure="unpaid"),
    Definition(
        "where_approved_unused",
        "本人没用",
        "有准信，本人没选、撤回或选了别家后停了的。",
        _UNPAID,
        figure="where_approved_unused",
    ),
    Definition(
        "where_approved_lapsed",
        "过期",
        "准信过了有效期、没有别的准信在走的。",
        _UNPAID,
        figure="where_approved_lapsed",
    ),
    Definition(
        "where_approved_waiting",
        "等放款",
        "准信还有效、已选定或已签合同，还没回填放款的。",
        _UNPAID,
        figure="where_approved_waiting",
    ),
    Definition(
        "coverage",
        "注册覆盖",
        "在平台登记过的居民人数，一个身份证号只算一个人。",
        "各乡镇的常住适龄人口：县里按统计口径填的，写明截至哪天、从哪来；没有填的，用人口底册里"
        "常住本县、18 到 65 岁（按出生年）的人。",
        rows="居民登记",
        unit="人",
    ),
    Definition(
        "weighted_rate",
        "加权平均利率",
        "当月放款的：每笔（放款额 × 年利率）之和 ÷ 放款额之和，四舍五入到百万分之一。",
        "当月放款额。",
        rows="银行回填",
        unit="年利率",
    ),
    Definition(
        "saving",
        "少付的利息",
        "从基期下个月起，每笔（放款额 ×（基期加权平均利率 − 本笔利率）× 放款日到到期日的天数 ÷ 360）"
        "之和；利率比基期高的照样扣减。按合同期限、到期还本算，提前还、分期还的实际少付会少一些。"
        "基期是放款满 20 笔的第一个月。",
        rows="银行回填",
        unit="分",
    ),
    Definition(
        "bank_punctual",
        "五分钟来电率",
        "银行接单（被点名的从派单算）后五分钟内拨号的；群众确认和银行自报分开列，"
        "群众说没接到的不算。",
        "该行这段时间接的、已见分晓的单。",
        rows="对接单",
    ),
    Definition("bank_taken", "接单", "这段时间该行接的单，点名给它的也算。", rows="对接单"),
    Definition(
        "bank_denied", "群众说没接到", "银行说五分钟内拨了、本人说没有的单。", rows="对接单"
    ),
    Definition(
        "bank_over_ten",
        "超 10 分钟",
        "满十分钟还没接上话、系统立了督导的单。",
        rows="督导台账",
        unit="件",
    ),
    Definition(
        "bank_visits",
        "按时上门率",
        "期限内上了门、交了结果的。",
        "这段时间到期的上门期限（三个工作日）。",
        rows="期限",
    ),
    Definition(
        "bank_returns",
        "回填及时率",
        "签约、放款当天回填的。",
        "这段时间到期的回填期限。",
        rows="期限",
    ),
    Definition(
        "bank_success",
        "办成率",
        "这段时间放了款的。",
        "这段时间放了款的，加上没办成、过了期的；群众撤回、选了别家的不算在内。",
        rows="对接单",
    ),
    Definition("township_applied", "提出", "这段时间该乡镇的群众发出的需求。"),
    Definition(
        "township_unclaimed",
        "没人接已处理",
        "这段时间没人接、交镇里，已经说清去处的。",
        rows="群众等我出面",
    ),
    Definition(
        "township_unmet",
        "没办成已说清",
        "这段时间几家没办成或到期没办成，已经说清去处的。",
        rows="群众等我出面",
    ),
    Definition(
        "township_visits", "走访", "这段时间镇里、县里记的走访。", rows="跟踪记录", unit="次"
    ),
    Definition(
        "township_closed",
        "群众出面事项办结率",
        "已经说清去处的。",
        "这段时间交给镇里、县里出面的事项。",
        rows="群众等我出面",
        unit="件",
    ),
    Definition(
        "money_taken",
        "收钱",
        "这段时间有人说银行或平台的人收钱、收礼、搭卖，县里立了件的。",
        rows="收钱的事",
        unit="件",
    ),
    Definition(
        "township_rechecks",
        "代办抽查合格率",
        "本人说是自己要提的、写的都对的。",
        "这段时间抽查到、问着了本人的代填需求。",
        rows="代办抽查",
    ),
    Definition(
        "bank_kept",
        "说到做到率",
        "准信（签了的看合同）的金额、利率和初步方案一样的。",
        "这段时间给的、先给过初步方案的准信。",
        rows="准信",
    ),
    Definition(
        "bank_satisfaction",
        "满意度",
        "县里随机电话回访，群众给整个事打的分（1 到 5 分）的平均；不足 5 人不显示。",
        "这段时间打通、打了分的回访。",
        rows="回访",
        unit="分",
    ),
    Definition(
        "outreach_events",
        "下乡场次",
        "这段时间办过的，排好没办、取消的不算。",
        rows="下乡台账",
        unit="场",
    ),
    Definition(
        "outreach_people",
        "下乡到场人数",
        "办过的各场到场人数相加，同一个人来两场算两次。",
        rows="下乡台账",
        unit="人次",
    ),
)
DEFINITIONS = {one.code: one for one in _ALL}
BY_FIGURE = {one.figure: one for one in reversed(_ALL) if one.figure}
"""The definition that names each list of cases."""
