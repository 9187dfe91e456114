"""People whom a visitor may be with one click (content.md §4.5)."""

from __future__ import annotations

from dataclasses import dataclass

from puhui.demo.people import phone


@dataclass(frozen=True, slots=True)
class Persona:
    """`kind` resident: found by phone and position on it; staff: by number."""

    key: str
    title: str
    words: str
    kind: str
    ref: str = ""
    phone: str = ""
    seat: int = 0
    home: str = "/"


LI_PHONE, SON_PHONE, LATE_PHONE = phone(1), phone(2), phone(3)
HELPED_PHONE = phone(9903)
"""Of somebody for whom a specialist has filled in, and who has not answered yet."""

PERSONAS = (
    Persona(
        "li",
        "果农李大哥",
        "有智能手机，等着挑方案",
        "resident",
        phone=LI_PHONE,
        seat=1,
        home="/my/",
    ),
    Persona(
        "granny",
        "李大娘，68 岁",
        "用儿子的手机，后 4 位进",
        "resident",
        phone=SON_PHONE,
        seat=2,
        home="/my/",
    ),
    Persona(
        "feng",
        "冯大姐，种大棚黄瓜",
        "银行超了时间，县里在催",
        "resident",
        phone=LATE_PHONE,
        seat=1,
        home="/my/",
    ),
    Persona(
        "zhou", "沃野农商银行小周", "客户经理，手机和桌面都用", "staff", ref="2037", home="/bank/"
    ),
    Persona("ma", "通洋银行值班员马*", "总慢半拍，专供看督导", "staff", ref="2601", home="/bank/"),
    Persona("pan", "驿通储蓄银行值班员", "跟沃野抢着接的那家", "staff", ref="2311", home="/bank/"),
    Persona(
        "chen",
        "兰沃乡金融副镇长陈*",
        "来自沃野农商银行，看得见回避",
        "staff",
        ref="3101",
        home="/township/",
    ),
    Persona(
        "specialist",
        "兰沃乡村金融专员",
        "替村里人填，等本人回 1",
        "staff",
        ref="4101",
        home="/village/",
    ),
    Persona(
        "sun",
        "孙大娘，72 岁",
        "专员替她填了一份，等她回 1",
        "resident",
        phone=HELPED_PHONE,
        seat=1,
        home="/my/",
    ),
    Persona("liu", "县监测中心值班刘*", "看谁晚了，催谁", "staff", ref="5001", home="/county/"),
    Persona("admin", "县管理员", "管机构、人员、区划", "staff", ref="5009", home="/county/people/"),
)
BY_KEY = {one.key: one for one in PERSONAS}


@dataclass(frozen=True, slots=True)
class Act:
    """One step of the five minutes (content.md §5): when, what is done, what is then on the screen."""

    at: str
    what: str
    shows: str
    key: str = ""
    verb: str = ""
    to: str = ""


ACTS = (
    Act(
        "0:00",
        "大屏开着，请领导扫屏上的码",
        "各乡镇的格子、八个模块；手机打开首页，村名里有他老家的村。",
        "liu",
        "在这儿开大屏（数字点得开）",
        "/screens/wall",
    ),
    Act(
        "0:30",
        "领导自己提：10 万、养羊、半年、让大家都看到",
        "四屏填完，短信和对接号在“演示手机”上看；大屏那个乡镇亮一下，出一行。",
    ),
    Act(
        "1:10",
        "三位扮银行的人，一人按“接单”，真拨过来，先报对接号",
        "领导手机上变成“说已经跟您通过话，对吗”，回 1。",
        "zhou",
        "扮沃野小周",
    ),
    Act(
        "2:00",
        "县里值班的桌面",
        "通洋那笔满 10 分钟，跳到第一条、变红；行长的手机响；督导台账自动开一行。",
        "liu",
        "扮县里值班的",
    ),
    Act(
        "2:40",
        "兰沃乡副镇长的手机",
        "今天要管 3 件；自己派出行在谈的，已交给另一位副镇长。",
        "chen",
        "扮副镇长",
    ),
    Act(
        "3:20",
        "李大哥的手机：三家方案并排，点“念给我听”",
        "每 1 万元利息、每月还、一共多花。",
        "li",
        "扮李大哥",
    ),
    Act(
        "4:00",
        "大屏上点“提出”的数，再点没办成的去哪了",
        "去向一条条对得上，点到一笔的时间线。",
    ),
    Act(
        "4:30",
        "月通报",
        "红头样式，上个月的数已填好，Word 能改。",
        "liu",
        "看月通报",
        "/county/bulletins/",
    ),
)
"""The script of the five minutes, as the demo's own page tells it."""
