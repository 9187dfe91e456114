"""Why an act of content is refused; sentences say what to do."""

from puhui.kernel.command import Reason


class Refusals:
    """Reasons with their codes, sentences and fields."""

    SECTION_UNKNOWN = Reason("section_unknown", "没有这个栏目。", 422, "section")
    DIVISION_NEEDED = Reason("division_needed", "请选是哪个村的。", 422, "division_code")
    DIVISION_UNKNOWN = Reason("division_unknown", "没有这个乡镇或村。", 422, "division_code")
    NOT_YOUR_AREA = Reason("not_your_area", "镇里只能发自己镇上各村的。", 422, "division_code")
    PERIOD_NEEDED = Reason("period_needed", "请选是哪个季度的。", 422, "period")
    PERIOD_TAKEN = Reason(
        "period_taken", "这个村这个季度的这张表已经有了，请在原来那张上改。", 409, "period"
    )
    EDITED_MEANWHILE = Reason(
        "edited_meanwhile", "刚才有人改过这一篇。请打开最新的，把您的改动再加上去。", 409
    )
    PUBLISH_PAST = Reason("publish_past", "定时发布要选现在以后的时间，一年以内。", 422, "at")
    NOT_A_TABLE = Reason("not_a_table", "这一篇不是表格。", 409)
    TOO_MANY_ROWS = Reason("table_too_long", "一张表最多 {most} 行，请分成几张。", 422, "file")
    TOO_MANY_FILES = Reason("too_many_attachments", "一篇最多 {most} 个附件。", 409, "file")
    FILE_NAME = Reason("attachment_name_bad", "附件名称要有 1 到 60 个字。", 422, "name")
    WORDS_NEEDED = Reason("words_needed", "请写一句为什么撤下。", 422, "words")
    REPORT_WORDS = Reason(
        "report_words_bad", "请写清楚哪一笔、怎么了，5 到 500 个字。", 422, "words"
    )
    REPORT_KIND = Reason("report_kind_unknown", "请选一样。", 422, "kind")
    REPORT_MANY = Reason(
        "report_too_many", "您今天已经提了 {most} 件。着急请打县热线，有人接。", 409, "words"
    )
    ANSWER_WORDS = Reason("answer_words_bad", "请写答复，5 到 1000 个字。", 422, "answer")
    ANSWER_PRIVATE = Reason("answer_private", "群众没有同意公开，只能答复本人。", 422, "is_public")
    CHECK_COUNTY = Reason("check_county", "“核对过原文”由县里来标，请选别的。", 422, "check")
    CHECK_UNKNOWN = Reason("check_unknown", "请选核对到哪一步。", 422, "check")
