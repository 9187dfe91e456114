"""The visit: agreed or moved, arrived, reported."""

from __future__ import annotations

from uuid import UUID

from puhui.files import queries as files
from puhui.files.terms import BY_CODE, CleanFile, Kind
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.market import actions as market
from puhui.market import queries
from puhui.market.terms import Refusals
from puhui.rest.bank_v1.door import CASE, bank, case_act
from puhui.rest.frame.doors import Ask
from puhui.rest.frame.fields import Upload
from puhui.rest.schemas.bank.acts import VisitIn
from puhui.rest.schemas.bank.cases import VisitedOut
from puhui.rest.schemas.examples import VISIT
from puhui.rest.schemas.work import PictureOut, Ref


@case_act("/investigation", Refusals.VISIT_EMPTY, uses=market.start_investigation, example=VISIT)
def start_investigation(ask: Ask, ref: str, body: VisitIn) -> Ref:
    """约定上门的时间，或改期"""
    market.start_investigation(ref, body.visit_at, by=ask.by)
    return Ref(ref=ref)


@case_act("/investigation/arrival", uses=market.record_arrival)
def record_arrival(ask: Ask, ref: str) -> Ref:
    """到了：平台记下此刻；再报一次，还是第一次的时间"""
    market.record_arrival(ref, by=ask.by)
    return Ref(ref=ref)


@case_act("/investigation/report", uses=market.report_investigation)
def report_investigation(ask: Ask, ref: str) -> VisitedOut:
    """报告已经上门；会问本人是否来过"""
    return VisitedOut(ref=ref, is_on_time=market.report_investigation(ref, by=ask.by))


def _cleaned(ask: Ask, ref: str, file: Upload) -> CleanFile:
    """Looked at by a process of its own, before anything is locked."""
    queries.has_engagement(ask.by, ref)
    return files.cleaned(ask.by, file.read(), kinds=(Kind.PICTURE,))


@bank.post(
    "/engagements/{ref}/photos",
    uses=(market.add_visit_photo, files.cleaned, queries.has_engagement),
    status=201,
    is_upload=True,
    prepares=_cleaned,
    refuses=(*CASE, Refusals.PHOTOS_MANY, Refusals.CONTACT_NOT_YOURS, *BY_CODE.values()),
)
def add_visit_photo(ask: Ask, ref: str, file: Upload) -> Ref:
    """上门照片（JPG、PNG、WebP，最大 10 MB，最多 6 张）；拍摄地点和机型会去掉，本人也看得到

    回答里的 ref 是照片的编号；已有的列在 get_engagement 的 photos 里。
    """
    return Ref(ref=str(market.add_visit_photo(ref, ask.prepared, by=ask.by)))


@bank.get("/photos/{ref}", uses=queries.visit_photo, refuses=(NOT_FOUND,))
def get_visit_photo(ask: Ask, ref: str) -> PictureOut:
    """一张上门照片；办理期间给负责的人和值班的人看"""
    return PictureOut.of(queries.visit_photo(ask.by, _photo(ref)))


@bank.delete(
    "/photos/{ref}",
    uses=market.drop_visit_photo,
    refuses=(*CASE, Refusals.CONTACT_NOT_YOURS),
)
def drop_visit_photo(ask: Ask, ref: str) -> Ref:
    """删掉一张上门照片；办理期间可以"""
    market.drop_visit_photo(_photo(ref), by=ask.by)
    return Ref(ref=ref)


def _photo(ref: str) -> UUID:
    try:
        return UUID(ref)
    except ValueError:
        raise Refused(NOT_FOUND) from None
