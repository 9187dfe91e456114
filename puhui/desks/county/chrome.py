"""The county desk: its name and its pages."""

from puhui.desks.shared.watching.desk import WatchingDesk

DESK = WatchingDesk(
    name="county",
    title="县端 · 金融运行监测中心",
    layout="county/base.html",
    pages=(
        ("五张单子", "county-desk"),
        ("全部单子", "county-cases"),
        ("督导台账", "county-supervision"),
        ("银行", "county-banks"),
        ("产品", "county-products"),
        ("指标", "county-figures"),
        ("回访", "county-survey"),
        ("收钱的事", "county-integrity"),
        ("通报", "county-bulletins"),
        ("下乡", "county-outreach"),
        ("代办、纸单", "slips"),
        ("大屏", "county-screens"),
        ("文章", "county-articles"),
        ("机构人员", "county-people"),
        ("规则", "county-rules"),
        ("告警", "county-alarms"),
    ),
)
