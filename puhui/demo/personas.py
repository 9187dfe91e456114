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
