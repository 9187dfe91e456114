"""The words of the first call, two minutes (content.md §3.4)."""

from __future__ import annotations

from dataclasses import dataclass

from puhui.catalogue.terms import ProductCard
from puhui.kernel.money import wan_text
from puhui.market.queries import BankCase, ListedCase
from puhui.market.terms import Purpose, Term

FIRST_QUESTIONS = {
    Purpose.CROPS: "种几年了，地在哪一片，是自家的还是包的？",
    Purpose.ORCHARD: "这园子（大棚）几年了，在哪一片？",
    Purpose.LIVESTOCK: "养几年了，圈在哪儿？",
    Purpose.MACHINERY: "想买什么机子，看好价了没有？",
    Purpose.PURCHASING: "收什么货，往年收多少、卖给谁？",
    Purpose.SHOP: "店开几年了，在哪条街？",
    Purpose.FACTORY: "厂子做什么，开几年了？",
    Purpose.HOUSEHOLD: "家里打算办什么事，大概什么时候用？",
    Purpose.OTHER: "这个事您打算怎么办，什么时候用钱？",
}
QUESTIONS = ("家里现在还有没有别的借款？", "家里人都知道这事吧？")


@dataclass(frozen=True, slots=True)
class CallCard:
    """What to say, part by part. `called` is the applicant's name once it has been shown."""

    called: str
    who: str
    code: str
    wish: str
    questions: tuple[str, ...]
    outline: str


def call_card(
    case: BankCase | ListedCase,
    bank_name: str,
    officer_ref: str,
    product: ProductCard | None,
    name: str = "",
) -> CallCard:
    """The script for one case; rates come from the bank's own `product` for its purpose."""
    purpose = Purpose(case.purpose)
    return CallCard(
        called=name or f"{case.name_masked[:1]}大哥（大姐）",
        who=f"{bank_name}客户经理，工号 {officer_ref}",
        code=case.contact_code,
        wish=f"您想用 {wan_text(case.amount_fen)}元，{purpose.label}，{_term(case.term)}",
        questions=(FIRST_QUESTIONS[purpose], *QUESTIONS),
        outline=_outline(product),
    )


def _term(term: str) -> str:
    return "时间还说不准" if term == Term.UNSURE else f"用{Term(term).label}"


def _outline(one: ProductCard | None) -> str:
    if one is None:
        return "利息多少、中间怎么还、有没有别的费用，照本行的产品如实说"
    fees = f"别的费用：{one.fees_words}" if one.fees_words else "没有别的费用"
    return f"一年每 1 万元利息 {one.per_ten_thousand}左右，{one.repayment_words}，{fees}"
