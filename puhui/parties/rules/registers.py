"""The county's registers as spreadsheets: their columns, and what can be wrong in a row."""

from __future__ import annotations

from puhui.kernel.actor import Role
from puhui.kernel.command import Reason
from puhui.sheets.terms import Column, Kind

ROLE_WORDS = {
    "客户经理": str(Role.LOAN_OFFICER),
    "银行管理员": str(Role.BANK_ADMIN),
    "金融副镇长": str(Role.TOWNSHIP_ADMIN),
    "村级金融专员": str(Role.VILLAGE_COMMISSIONER),
    "县监测中心": str(Role.COUNTY_SUPERVISOR),
    "县管理员": str(Role.COUNTY_ADMIN),
    "审计": str(Role.AUDITOR),
}
KIND_WORDS = {
    "银行": "bank",
    "担保公司": "guarantor",
    "保险公司": "insurer",
    "乡镇": "township",
    "县": "county",
    "村": "village",
}
ON, OFF = "on", "off"

TOWNSHIP = Column("township", "乡镇", also=("乡镇街道",), help="名称或编码", example="东镇")
VILLAGE = Column("village", "村", also=("行政村", "村编码"), help="名称或编码", example="单庄")
MAY_LACK = {"needed": False}

ORGANISATIONS = (
    Column(
        "ref",
        "编号",
        Kind.CODE,
        needed=False,
        help="空着自动编号；填已有的编号就是修改。",
        example="B12",
    ),
    Column("kind", "类型", choices=KIND_WORDS, example="银行"),
    Column("name", "名称", most=40, example="某某村镇银行"),
    Column(
        "sms_name",
        "短信简称",
        needed=False,
        most=6,
        help="银行要有，最多 6 个字。",
        example="某某银行",
    ),
    Column("type_name", "银行类型", needed=False, most=40, example="村镇银行"),
    Column("duty_phone", "值班电话", Kind.CODE, needed=False, example="0000-1112"),
    Column("township", "所在乡镇", needed=False, help="名称或编码；乡镇政府要填。", example="东镇"),
    Column(
        "state",
        "状态",
        needed=False,
        choices={"在用": ON, "停用": OFF},
        help="空着算在用。",
        example="在用",
    ),
)
BRANCHES = (
    Column("organisation", "银行", help="编号或名称", example="B01"),
    Column("name", "网点", also=("网点名称",), most=40, example="东镇支行"),
    TOWNSHIP,
    Column("address", "地址", needed=False, most=100, example="东镇大街 1 号"),
    Column("phone", "电话", Kind.CODE, needed=False, example="0000-1113"),
    Column("opening_hours", "营业时间", needed=False, most=100, example="8:30–17:00"),
    Column(
        "state",
        "状态",
        needed=False,
        choices={"在用": ON, "停用": OFF},
        help="空着算在用。",
        example="在用",
    ),
)
STAFF = (
    Column(
        "ref",
        "工号",
        Kind.CODE,
        needed=False,
        help="空着自动编号；填已有的工号就是修改。",
        example="3201",
    ),
    Column("name", "姓名", most=20, example="张晓明"),
    Column("phone", "手机号", Kind.CODE, also=("手机", "电话"), example="13800000000"),
    Column("organisation", "单位", also=("机构",), help="编号或名称", example="东镇政府"),
    Column("role", "职责", also=("岗位",), choices=ROLE_WORDS, example="村级金融专员"),
    Column(
        "township",
        "乡镇",
        needed=False,
        help="金融副镇长、村级金融专员要填；名称或编码。",
        example="东镇",
    ),
    Column(
        "village",
        "村",
        also=("行政村", "自然村"),
        needed=False,
        help="村级金融专员要填；行政村或自然村。",
        example="单庄",
    ),
    Column(
        "seconded_from",
        "来自银行",
        needed=False,
        also=("挂职来自",),
        help="从银行来挂职的副镇长填银行编号或名称。",
        example="B01",
    ),
    Column(
        "state",
        "状态",
        needed=False,
        choices={"在岗": ON, "离岗": OFF},
        help="空着算在岗；离岗就结束这个职责。",
        example="在岗",
    ),
)
ROSTERS = (
    Column("organisation", "单位", also=("机构", "银行"), help="编号或名称", example="B01"),
    Column("staff", "工号", Kind.CODE, example="2011"),
    Column("starts_at", "开始", Kind.MOMENT, example="2026-11-23 07:30"),
    Column("ends_at", "结束", Kind.MOMENT, help="一个班最长 31 天。", example="2026-11-23 21:30"),
)
VILLAGE_BANKS = (
    TOWNSHIP,
    VILLAGE,
    Column("organisation", "包村银行", also=("责任银行", "银行"), help="编号或名称", example="B01"),
)
HOUSEHOLDS = (
    Column(
        "household", "户", also=("户序", "户号"), help="同一户写一样的，像 1、2、3。", example="1"
    ),
    Column("identity_number", "身份证号", Kind.CODE, also=("身份证号码",), help="要先登记过。"),
    Column("head", "户主", Kind.YES, needed=False, help="户主填“是”，一户一个。", example="是"),
)
NATURAL_VILLAGES = (
    TOWNSHIP,
    VILLAGE,
    Column("name", "自然村", also=("自然村名称",), most=40, example="东头"),
)

ORGANISATION_UNKNOWN = Reason(
    "organisation_unknown", "没有这个编号或名称的单位。", 422, "organisation"
)
BANK_UNKNOWN = Reason("bank_unknown", "没有这个编号或名称的银行。", 422, "organisation")
TOWNSHIP_UNKNOWN = Reason("township_unknown", "没有这个乡镇。", 422, "township")
TOWNSHIP_NEEDED = Reason("township_needed", "这个职责要填乡镇。", 422, "township")
VILLAGE_NEEDED = Reason("village_needed", "村级金融专员要填村。", 422, "village")
VILLAGE_UNKNOWN = Reason("village_unknown", "这个乡镇没有这个村。", 422, "village")
VILLAGE_TWICE = Reason(
    "village_ambiguous", "这个乡镇有不止一个村叫这个名，请填村编码。", 422, "village"
)
ROW_TWICE = Reason("row_twice", "和第 {first} 行是同一个，说法却不一样。", 422, "name")
PERSON_DIFFERS = Reason(
    "person_differs", "第 {first} 行同一个人的姓名、手机号或单位不一样。", 422, "name"
)
MOVED = Reason(
    "organisation_changed", "换单位请先让他离岗，再在新单位添一个人。", 422, "organisation"
)
KIND_CHANGED = Reason("kind_changed", "已有单位的类型不能改。", 422, "kind")
NOT_SERVING = Reason("not_serving", "没有这个在岗的人或职责，不能离岗。", 422, "state")
HAS_LEFT = Reason("has_left", "这个工号的人已经离岗，请空着工号重新添。", 422, "ref")
NAME_BAD = Reason("division_name_bad", "名称要有 1 到 40 个字。", 422, "name")
TURN_BAD = Reason("turn_bad", "{rule}", 422, "staff")
