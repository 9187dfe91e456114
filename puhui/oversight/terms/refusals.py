"""Why oversight refuses."""

from puhui.kernel.command import Reason


class Refusals:
    """Sentences are for the person at the desk."""

    SCREEN_NAME = Reason("screen_name_bad", "给这块屏起个名，1 到 30 个字。", 422, "name")
    CODE = Reason("screen_code_bad", "这个码不对，或过了 30 分钟，请县里重新发一个。", 422, "code")
    SCREEN_CLOSED = Reason("screen_closed", "这块屏没有开，或已经停用。", 403)
    MONTH_OPEN = Reason("month_not_over", "这个月还没过完，下个月 1 日起才能生成。", 422, "month")
    MONTH_BAD = Reason("month_bad", "请选一个月份。", 422, "month")
    DRAFT_THERE = Reason("draft_there", "这个月已经有一份草稿，先改好那一份。")
    ISSUED_THERE = Reason("issued_there", "这个月已经发过了；要改，发一份更正。")
    NOT_DRAFT = Reason("not_a_draft", "已经发布的改不了；要改，发一份更正。")
    WORDS_LONG = Reason("words_long", "这一段最多写 400 个字。", 422)
    WORDS_EMPTY = Reason("words_empty", "这一段不能空着。", 422)
    FIGURE_UNKNOWN = Reason(
        "figure_unknown", "{{{name}}} 不是这份通报里的数；花括号里只能用右边列出的。", 422
    )
    FIGURE_TYPED = Reason(
        "figure_gone", "这一段里的数要留着：{{{name}}} 不见了。数由系统填，字随您改。", 422
    )
    STALE = Reason("figures_stale", "这份是月底以前数的，请先点“重新数”，看过再发。")
    SECOND_PERSON = Reason("same_person", "写稿的人不能自己发，请另一位点“确认发布”。")
    NOT_ISSUED = Reason("not_issued", "还没有发布，没有可以更正的。")
    CORRECTION = Reason("correction_empty", "请写明更正什么，1 到 200 个字。", 422, "reason")
    PEOPLE = Reason("people_bad", "人数填 1 到 9999999 之间的整数。", 422)
    SOURCE = Reason(
        "source_empty", "请写明从哪来的，比如“统计局 2025 年常住人口抽样”。", 422, "source"
    )
    AS_OF = Reason("as_of_bad", "请填截至哪一天，不能晚于今天。", 422, "as_of")
    PLACE = Reason("place_unknown", "没有这个乡镇。", 422)
