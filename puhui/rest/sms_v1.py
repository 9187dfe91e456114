"""The SMS gateway: what people reply, signed with the key that both sides hold."""

from __future__ import annotations

from puhui.kernel.actor import ANYONE, SYSTEM
from puhui.market import actions as market
from puhui.notices import queries as notices
from puhui.notices.terms import Refusals
from puhui.rest.frame.credentials import Door
from puhui.rest.frame.doors import Ask, Doors
from puhui.rest.frame.fields import Out
from puhui.rest.schemas.examples import REPLY

sms = Doors.of("sms")


class TakenOut(Out):
    """`is_answer`: whether it answered a question of ours. A repeat of an `id` changes nothing."""

    is_answer: bool


@sms.post(
    "/replies",
    uses=(notices.signed_reply, market.take_text_reply),
    door=Door.SIGNED,
    is_keyed=False,
    is_raw=True,
    refuses=(Refusals.SIGNATURE, Refusals.REPLY_BAD),
    example=REPLY,
)
def take_sms_reply(ask: Ask) -> TakenOut:
    """短信回复：按 Standard Webhooks 签名（v1，双方共有的密钥）

    签名不对、时间戳早于或晚于 5 分钟的不收；同一个 id 再来一次，什么都不变。
    """
    reply = notices.signed_reply(ANYONE, ask.request.headers, ask.request.body)
    taken = market.take_text_reply(
        reply.id, reply.phone, reply.words, in_reply_to=reply.in_reply_to, by=SYSTEM
    )
    return TakenOut(is_answer=taken)
