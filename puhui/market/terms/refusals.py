"""Why something of the main job is refused, by us and by banks."""

from dataclasses import dataclass

from puhui.kernel.command import Reason


@dataclass(frozen=True, slots=True)
class RefusalCode:
    """One of R01–R15: the bank's option, the applicant's words, and who may see them."""

    code: str
    bank_words: str
    words: str
    helps: str
    applicant_only: bool = False
    township_too: bool = False


REFUSAL_CODES = {
    row.code: row
    for row in (
        RefusalCode(
            "R01", "不在服务区域", "您住的地方不归这家网点管。", "可以转给管您那片的银行。"
        ),
        RefusalCode(
            "R02", "用途不符合", "这个用途他们行不能做。", "换个产品试试，下面这几家能做。"
        ),
        RefusalCode(
            "R03",
            "年龄不符",
            "到期时年龄超过了他们行的规定。",
            "让成年儿女来提，或一起签；或把时间缩短。",
        ),
        RefusalCode(
            "R04",
            "信用记录",
            "征信报告上有他们行不接受的记录。",
            "您每年能免费查两次自己的征信报告，先看清是哪一笔；错了能提异议，还清了过一段再试。",
            applicant_only=True,
        ),
        RefusalCode(
            "R05",
            "还款能力不足",
            "银行算下来，按这个数还起来会吃力。",
            "把数额降一些，或把时间拉长。",
        ),
        RefusalCode(
            "R06",
            "负债过高",
            "您现有的借款加起来偏多。",
            "先还掉一部分再来；别借新还旧。",
            applicant_only=True,
        ),
        RefusalCode(
            "R07",
            "担保不足",
            "光凭信用不够，他们要有抵押或担保。",
            "可以问农担公司担保，或拿土地经营权、大棚、牲口作保。",
        ),
        RefusalCode(
            "R08",
            "经营情况未核实",
            "去看了，跟说的对不上，或还没开始干。",
            "备好流转合同、买卖单据，干起来再提一次。",
        ),
        RefusalCode(
            "R09",
            "材料与实际不符",
            "银行核对时，有的材料对不上。",
            "请把材料核对好。不是您交的，请打县热线。",
            applicant_only=True,
        ),
        RefusalCode(
            "R10",
            "材料不齐",
            "还差材料，到时没补上。",
            "补齐了一键重新提，前面填的都在。",
            township_too=True,
        ),
        RefusalCode("R11", "行业政策限制", "他们行眼下不做这一行。", "下面这几家在做。"),
        RefusalCode(
            "R12",
            "本行已有借款",
            "您在他们行已有一笔，不能再加。",
            "快到期的可以问续贷；或找别家。",
            applicant_only=True,
        ),
        RefusalCode(
            "R13",
            "涉诉涉执行",
            "法院那边有没了结的事。",
            "了结后再来。事情不对，打 12368 查。",
            applicant_only=True,
        ),
        RefusalCode(
            "R14", "客户不接受条件", "您和银行没谈拢（利率、数额或作保）。", "看看别家的方案。"
        ),
        RefusalCode("R15", "其他（必写）", "", "请镇里金融干部帮您问问。"),
    )
}
"""content.md §1.9. R15 shows the bank's own sentence, at most 40 characters."""


class Refusals:
    """Why an action of the main job is refused; sentences are the person's."""

    AMOUNT_EMPTY = Reason("amount_empty", "请写个大概的数，比如 5 万。", 422, "amount")
    AMOUNT_SMALL = Reason("amount_too_small", "在这里最少提 1000 元。", 422, "amount")
    AMOUNT_LARGE = Reason(
        "amount_too_large", "一次最多提 {wan} 万元。再多请打县热线，有专人帮您。", 422, "amount"
    )
    PURPOSE_EMPTY = Reason("purpose_empty", "请选一个干什么用，银行好知道派谁来。", 422, "purpose")
    TERM_EMPTY = Reason("term_empty", "请选一个大概用多久，说不准也行。", 422, "term")
    WISH_EMPTY = Reason(
        "repayment_empty", "请选一个怎么还，拿不准就选“听银行的”。", 422, "repayment_wish"
    )
    SCALE_BAD = Reason("scale_not_a_number", "规模这里只填整数，没有就空着。", 422, "scale")
    STORY_LONG = Reason("story_too_long", "这里最多写 200 个字。", 422, "story")
    CALL_WISH_EMPTY = Reason("call_wish_empty", "请选什么时候方便接电话。", 422, "call_wish")
    ROUTE_EMPTY = Reason("route_empty", "请选：让大家都看到，还是只找一家。", 422, "route")
    BANK_UNKNOWN = Reason("bank_unknown", "请选一家银行。", 422, "directed_bank")
    PRODUCT_UNKNOWN = Reason(
        "product_unknown", "这个产品已经下架，请换一个。", 422, "directed_product"
    )
    CONSENT_MISSING = Reason(
        "consent_missing",
        "不勾这一条，银行没法给您打电话。不想在网上办，可以直接去网点。",
        422,
        "consent",
    )
    RELATIVE_NOT_ASKED = Reason(
        "relative_not_asked", "请先问过他（她）愿不愿意接，再勾上。", 422, "relative_agreed"
    )
    ALREADY_OPEN = Reason(
        "already_open", "您还有一份在办（编号 {ref}）。先看看那份，还是另起一份？"
    )
    FROZEN = Reason("requests_frozen", "您停过用您名字提的需求，县里正在查。请打县热线。")
    NOT_OPEN = Reason("demand_not_open", "这份需求已经不接单了。")
    SLOTS_FULL = Reason("slots_full", "名额已满，三家都接了。")
    ALREADY_ENGAGED = Reason("already_engaged", "贵行已经接过这份需求。")
    NOT_ON_DUTY = Reason(
        "officer_not_on_duty", "指定的客户经理现在不值班，请换值班的人接单。", 422, "officer"
    )
    TOO_MANY_UNCALLED = Reason("too_many_uncalled", "贵行已有 {n} 笔接了没打，请先打电话再接单。")
    STATE = Reason("wrong_state", "这一步现在不能办，请刷新看最新情况。")
    CALL_NOT_STARTED = Reason("call_not_started", "请先点“一键拨号”，再登记结果。")
    CALL_RECORDED = Reason("call_already_recorded", "这通电话已经登记过了。")
    RESULT_BAD = Reason(
        "call_result_unknown", "请选一个结果：打通了、没人接、号码不对、改时间。", 422, "result"
    )
    DURATION_BAD = Reason("duration_bad", "通话时长要是 0 到 7200 秒。", 422, "duration_seconds")
    REFUSAL_CODE = Reason("refusal_code_unknown", "请选 R01 到 R15 里的一个原因。", 422, "code")
    REFUSAL_WORDS = Reason(
        "refusal_words_missing", "选“其他”要写明原因，不超过 40 字。", 422, "words"
    )
    PROPOSAL_BAD = Reason("proposal_bad", "方案没填对。", 422)
    CHANGE_UNEXPLAINED = Reason(
        "change_unexplained", "准信和初步方案不一样，请写明理由。", 422, "change_reason"
    )
    PLAN_CHANGED = Reason("plan_changed", "这家银行的方案刚改过，请再看一遍，再定留不留。")
    KEPT_TWO = Reason("two_already_kept", "已经留了 2 家。要换，先把其中一家改成不留。")
    VISIT_EMPTY = Reason("visit_time_empty", "请填约好上门的日期和时间。", 422, "visit_at")
    RETURN_BAD = Reason("return_bad", "回填的四格没填对。", 422)
    MONTH_BAD = Reason("month_bad", "月份要写成 2026-11 这样，不能晚于这个月。", 422, "month")
    PAYOUT_BAD = Reason("payout_day_bad", "放款日从今天起，最晚 90 天以内。", 422, "pays_out_on")
    ALREADY_SIGNED = Reason("already_signed", "合同已经签了，不能再撤回。有事请打县热线。")
    QUESTION_GONE = Reason("question_gone", "这个问题已经答过了，或不用答了。")
    ANSWER_BAD = Reason("answer_unknown", "请回给出的数字。", 422, "answer")
    DESTINATION = Reason(
        "destination_missing", "请选去处；约日子再提的，要填日期。", 422, "destination"
    )
    RULE_BAD = Reason("rule_out_of_range", "{field} 要在 {low} 到 {high} 之间。", 422)
    WORDS_EMPTY = Reason("words_empty", "请写一句话。", 422, "words")
    OBJECTED = Reason("already_objected", "您已经提过了，银行正在看，或者已经答复了。")
    OFFERED_EXPIRED = Reason("offer_expired", "这份准信过了保留的日子，要重新算。")
    REASSIGN_ASKED = Reason("reassignment_asked", "已经问了本人要不要换一家，还没回。")
    TALKED = Reason("talked_lately", "刚才已经告诉银行了，等他们回话；一小时后可以再说。")
    PAUSE_TODAY = Reason(
        "pause_asked_today", "今天已经问过客户，客户没说是。明天再问，急的打电话。"
    )
    PAUSE_IN_VAIN = Reason(
        "pause_asked_in_vain", "问过 {n} 次，客户都没说是，不能再发短信问了，请打电话商量。"
    )
    PAUSE_OPEN = Reason("pause_open", "已经在等客户，或者已经问了客户还没回。")
    NO_RESPONSIBLE_BANK = Reason(
        "no_responsible_bank", "这个村还没有定责任银行，请先在责任银行表里定下来。"
    )
    NO_DEPUTY = Reason("no_deputy", "这个乡镇眼下没有能接手的金融副镇长，请县里直接跟。")
    CONTACT_NOT_YOURS = Reason(
        "contact_not_yours",
        "这一单归别的同事。负责这一单的人和现在值班的人才看得到电话；要接手，先把它转给您。",
    )
    HAND_OVER_NOT_YOURS = Reason(
        "hand_over_not_yours", "负责这一单的、现在值班的，或本行负责人，才能转给别人。"
    )
    OFFICER_UNKNOWN = Reason("officer_unknown", "本行没有这个工号的在岗人员。", 422, "officer")
    OFFICER_SAME = Reason("officer_same", "这一单本来就归这个人。", 422, "officer")
    ENQUIRY_OPEN = Reason(
        "enquiry_open", "上一句银行还没回您，等回了再问；着急就直接打银行电话。", 409, "words"
    )
    REASSIGN_CONSENT = Reason(
        "consent_of_applicant_missing", "改派要先得到本人同意。", 422, "applicant_agreed"
    )
    PERSONAL_DATA_CLOSED = Reason(
        "journal_not_sealing", "台账超过 30 分钟没有封存，个人信息暂停显示。", 503
    )
    ANSWER_MISSING = Reason("answer_missing", "这一问要选一个。", 422)
    CALLED_LATELY = Reason("called_lately", "刚打过，{at} 以后再打才算一次。")
    SCORE_BAD = Reason("score_out_of_range", "分数是 1 到 5。", 422)
    OFFICE_EMPTY = Reason("office_empty", "请选转给哪个部门。", 422, "office")
    RECEIVER_EMPTY = Reason("receiver_empty", "请写那边谁接的、编号是多少。", 422, "receiver")
    FINDING_EMPTY = Reason("finding_empty", "请选查下来怎么样。", 422, "finding")
    INTEGRITY_APART = Reason("integrity_apart", "有人收钱的事单独立件，在“收钱的事”里办。")
    ORDER_DUE = Reason("order_due_past", "答复的日子不能早于今天。", 422, "due_on")
    NOTHING_LATE = Reason("nothing_late", "这家银行现在没有过了日子的，不用发督办单。")
    PHONE_OF_BAD = Reason("phone_of_missing", "请选群众用谁的手机收确认。", 422, "phone_of")
    RELATION_EMPTY = Reason(
        "relation_missing", "用家里人的手机，要写清是他（她）的什么人。", 422, "relation"
    )
    PHONE_NOT_AGREED = Reason(
        "phone_not_agreed",
        "请先问过接电话的人愿不愿意，再勾上。",
        422,
        "agreed",
    )
    VILLAGE_NOT_YOURS = Reason("village_not_yours", "您只能帮自己村的人提。", 422, "village")
    REGISTERED = Reason(
        "already_registered", "这个人已经登记过了，不用再登记，直接帮他提需求就行。", 409
    )
    PHOTOS_MANY = Reason("photos_too_many", "一次上门最多留 6 张照片，先删掉不用的。", 409)
    ENTERPRISE_BUSY = Reason("enterprise_busy", "单位还有事没办完，先办完或撤回，再来注销。", 409)
    ACCOUNT_BUSY = Reason("account_busy", "您还有事没办完，先办完或撤回，再来注销。", 409)
    DRAFT_WAITS = Reason("draft_waits", "他有一份代填的还在等他自己回话，先等那一份。", 409)
    SENT_AGAIN = Reason("sent_again_already", "已经补发过一次，不能再发了。请让他看看手机。")
    SLIP_UNKNOWN = Reason("slip_unknown", "没有这个编号的需求单，请对着纸上再看一遍。", 422, "slip")
    SLIP_USED = Reason("slip_used", "这张需求单已经录过了，一张只能用一次。", 409, "slip")
    SLIP_UNSIGNED = Reason("slip_unsigned", "没有本人签字（手印）的单子不能录。", 422, "signed")
    HOLDER_EMPTY = Reason("holder_empty", "请写纸单现在放在哪儿、谁保管。", 422, "holder")
    CHECK_EMPTY = Reason("check_empty", "请选是怎么核对的。", 422, "how")
    SAME_PERSON = Reason("same_person", "录单和核对要两个人，您录的要请别人核对。")
    COPIES_BAD = Reason("copies_out_of_range", "一次打 1 到 20 张。", 422, "copies")
