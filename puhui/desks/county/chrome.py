"""The county desk: its name and its pages."""

from puhui.desks.shared.watching.desk import WatchingDesk

DESK = WatchingDesk(
    name="county",
    title="县端 · 金融运行监测中心",
    layout="county/base.html",
    dials="拨号",
    keys=(("X", "没接"),),
    finds="编号、对接号、姓名",
    pages=(
        ("五张单子", "county-desk"),
        ("全部单子", "county-cases"),
        ("督导台账", "county-supervision"),
        ("银行", "county-banks"),
        ("指标", "county-figures"),
        ("通报", "county-bulletins"),
    ),
    more=(
        (
            "每天要办",
            (
                ("满意度回访", "county-survey"),
                ("有人收钱", "county-integrity"),
                ("去处", "county-endings"),
                ("督办单", "county-orders"),
                ("月报对不上", "county-returns"),
                ("村民提的", "county-village-reports"),
                ("下乡", "county-outreach"),
                ("代办、纸单", "slips"),
            ),
        ),
        (
            "给群众看的",
            (
                ("公开公示", "notice"),
                ("产品", "county-products"),
                ("文章", "county-articles"),
                ("大屏", "county-screens"),
            ),
        ),
        (
            "管平台",
            (
                ("机构人员", "county-people"),
                ("规则", "county-rules"),
                ("告警", "county-alarms"),
                ("口径", "county-definitions"),
            ),
        ),
    ),
)
