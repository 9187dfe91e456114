"""The stored key by which Chinese is sorted and searched: full pinyin, then initials.

The embedded database has no collation for Chinese. Readings in names differ from those in prose,
so places and surnames have their own list.
"""

import re
import unicodedata

SURNAMES = {
    "单": "shan", "仇": "qiu", "解": "xie", "任": "ren", "曾": "zeng", "查": "zha", "盖": "ge",
    "朴": "piao", "区": "ou", "乐": "yue", "翟": "zhai", "缪": "miao", "秘": "bi", "种": "chong",
    "乜": "nie", "折": "she", "逄": "pang", "员": "yun", "召": "shao", "覃": "qin", "洗": "xian",
    "冼": "xian", "黑": "he", "宓": "mi", "那": "na", "能": "nai", "句": "gou", "尹": "yin",
    "郝": "hao", "么": "yao", "幺": "yao", "仉": "zhang", "纪": "ji", "车": "che", "繁": "po",
    "葛": "ge", "隗": "wei", "晟": "cheng", "撒": "sa", "瞿": "qu", "褚": "chu", "晁": "chao",
    "卜": "bu", "柏": "bai", "都": "du", "宿": "su", "哈": "ha", "石": "shi", "盛": "sheng",
    "重": "chong", "尉": "wei", "长孙": "zhang sun", "尉迟": "yu chi", "万俟": "mo qi",
    "澹台": "tan tai", "令狐": "ling hu", "鲜于": "xian yu", "呼延": "hu yan", "宰父": "zai fu",
    "亓官": "qi guan", "乐正": "yue zheng", "夹谷": "jia gu",
}  # fmt: skip
"""How these characters are read as a surname."""

PLACES = {
    "冠县": "guan xian", "馆陶": "guan tao", "莘县": "shen xian", "东阿": "dong e", "茌平": "chi ping",
    "临朐": "lin qu", "莒县": "ju xian", "郯城": "tan cheng", "单县": "shan xian", "乐陵": "lao ling",
    "乐亭": "lao ting", "蔚县": "yu xian", "任丘": "ren qiu", "任县": "ren xian", "井陉": "jing xing",
    "六安": "lu an", "六合": "lu he", "番禺": "pan yu", "铅山": "yan shan", "台州": "tai zhou",
    "丽水": "li shui", "洪洞": "hong tong", "繁峙": "fan shi", "大城": "dai cheng", "长子": "zhang zi",
    "佛冈": "fo gang", "里堡": "li pu", "堡": "bu", "垡": "fa", "屯": "tun", "疃": "tuan", "么": "yao",
    "尉氏": "wei shi", "朝": "chao", "重": "chong", "长": "chang", "大夫": "dai fu", "行唐": "xing tang",
}  # fmt: skip
"""How these are read in the names of places, the longest first."""

VILLAGE_TAILS = "庄屯村家寨堡营集楼店疃圈海固里台郭坊井桥桑曲镇乡街"
"""A village's name often is a surname and one of these."""
NOT_A_NAME = re.compile(r"[^0-9a-z\u3007\u3400-\u9fff\uf900-\ufaff]+", re.IGNORECASE)


def place_key(name: str) -> str:
    """The key of a place: 单庄 → "shanzhuang sz"."""
    clean = _clean(name)
    if len(clean) > 1 and clean[0] in SURNAMES and clean[1] in VILLAGE_TAILS:
        return _key([SURNAMES[clean[0]], *_syllables(clean[1:])])
    return _key(_syllables(clean))


def person_key(name: str) -> str:
    """The key of a person: 曾乐 → "zengle zl", the surname by its own reading."""
    clean = _clean(name)
    for length in (2, 1):
        if len(clean) > length and clean[:length] in SURNAMES:
            return _key([*SURNAMES[clean[:length]].split(), *_plain(clean[length:])])
    return _key(_plain(clean))


def _clean(name: str) -> str:
    return NOT_A_NAME.sub("", unicodedata.normalize("NFKC", name)).lower()


def _key(syllables: list[str]) -> str:
    return f"{''.join(syllables)} {''.join(part[:1] for part in syllables)}".strip()


def _syllables(text: str) -> list[str]:
    """Readings of a place's name: the listed parts by the list, the rest by the dictionary."""
    for length in (2, 1):
        for start in range(len(text) - length + 1):
            part = text[start : start + length]
            if part in PLACES:
                before, after = text[:start], text[start + length :]
                return [*_syllables(before), *PLACES[part].split(), *_syllables(after)]
    return _plain(text)


def _plain(text: str) -> list[str]:
    from pypinyin import Style, lazy_pinyin  # its dictionary is large, and few processes need it

    return lazy_pinyin(text, style=Style.NORMAL) if text else []
