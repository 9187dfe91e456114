"""The township desk: its name and its pages."""

from puhui.desks.shared.watching.desk import WatchingDesk

DESK = WatchingDesk(
    name="township",
    title="镇街端",
    layout="township/base.html",
    pages=(
        ("五张单子", "township-desk"),
        ("全部单子", "township-cases"),
        ("督导台账", "township-supervision"),
        ("下乡", "township-outreach"),
        ("代办、纸单", "slips"),
        ("村务", "township-articles"),
        ("村民提的", "township-village-reports"),
    ),
)
