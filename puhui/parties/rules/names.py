"""Chinese names: which can be one, how one is masked, which part is the surname."""

import re

HAN = "〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
DOT = "·"
OTHER_DOTS = re.compile("[•・‧∙⋅．.˙᛫]")
BLANKS = re.compile(r"[\s\u200b\ufeff]+")
PERSON = re.compile(f"[{HAN}]+(?:{DOT}[{HAN}]+)*")
SHORTEST, LONGEST = 2, 20

COMPOUND_SURNAMES = re.compile(
    "欧阳|太史|端木|上官|司马|东方|独孤|南宫|万俟|闻人|夏侯|诸葛|尉迟|公羊|赫连|澹台|皇甫|宗政|濮阳|公冶|太叔|申屠|公孙|慕容"
    "|仲孙|钟离|长孙|宇文|司徒|鲜于|司空|闾丘|子车|亓官|司寇|巫马|公西|颛孙|壤驷|公良|漆雕|乐正|宰父|谷梁|拓跋|夹谷|轩辕|令狐"
    "|段干|百里|呼延|东郭|南门|羊舌|微生|左丘|东门|西门|第五|南荣|即墨|哈斯|爱新|叶赫|纳兰|完颜|耶律|富察|佟佳|钮祜"
)
"""Read as one surname where at least one more character follows."""


def tidy(typed: str) -> str:
    """A name without blanks, its dots between parts written as ·."""
    return OTHER_DOTS.sub(DOT, BLANKS.sub("", typed))


def is_name(name: str) -> bool:
    """Two to twenty places of Chinese characters, parts joined by ·."""
    return SHORTEST <= len(name) <= LONGEST and PERSON.fullmatch(name) is not None


def surname(name: str) -> str:
    """李, 欧阳; the first part of a name with ·."""
    if DOT in name:
        return name.split(DOT, 1)[0]
    return name[:2] if len(name) > 2 and COMPOUND_SURNAMES.match(name) else name[:1]


def mask_name(name: str) -> str:
    """李*民, 李*, 欧阳*, 欧阳*华; of a name with · only the first and the last character stay."""
    if not name:
        return ""
    first = name[:1] if DOT in name else surname(name)
    rest = name[len(first) :]
    return f"{first}*{rest[-1]}" if len(rest) > 1 else f"{first}*"
