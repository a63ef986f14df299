"""From where definitions come: what the short names of sources stand for."""

from collections.abc import Mapping

from protocol.texts import Words

SOURCE_WORDS: Mapping[str, Words] = {
    "UNICOM": Words(
        zh="一个公开源代码的城市管理平台的评价指标表：github.com/missaouib/urban-management-platform",
        en="the tables of indicators of a city management platform whose source is public "
        "(github.com/missaouib/urban-management-platform)",
    ),
    "EGOVA": Words(
        zh="数字政通平台的统计口径，见公开的说明：github.com/zhaiweixi/egova",
        en="how the platform of eGova counts, by published notes on it (github.com/zhaiweixi/egova)",
    ),
    "TIANMEN": Words(
        zh="天门市公布的案件数与比率；按本平台的定义可复算到两位小数",
        en="numbers and rates that the city of Tianmen published; the definitions give the same to two decimals",
    ),
    "JINHUA": Words(zh="金华市的考核办法", en="the rules by which the city of Jinhua scores"),
    "C": Words(zh="没有文本：业内通行的算法", en="no text: how it is commonly counted"),
    "P": Words(zh="没有文本：本项目自定", en="no text: our own"),
}
"""By the name that stands with a figure or a table of scores; several are told apart by commas."""


def sources_of(source: str) -> tuple[str, ...]:
    """The names in the source of a definition."""
    return tuple(name.strip() for name in source.split(","))
