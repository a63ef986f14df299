"""A report as one .html file: the same blocks, charts inside, nothing to be loaded from elsewhere."""

from base64 import b64encode
from collections.abc import Iterator
from html import escape
from pathlib import Path

from central.core.evaluation.reporting.report import Bullets, Chart, Heading, Paragraph, Report, Table
from central.reports.charts import draw

STYLE = """
body{max-width:50rem;margin:2rem auto;padding:0 1rem;color:#222}
body{font:1rem/1.7 "Noto Sans CJK SC","Microsoft YaHei",sans-serif}
h1{text-align:center;font-size:1.7rem;line-height:1.4}
h2{font-size:1.3rem;border-bottom:1px solid #cdd6e0;padding-top:1rem}
h3{font-size:1.1rem}p{text-indent:2em;margin:.5rem 0}.note,figcaption{text-indent:0;font-size:.85rem;color:#555}
table{border-collapse:collapse;width:100%;margin:.5rem 0;font-size:.9rem}caption{font-weight:bold;padding:.4rem}
th,td{border:1px solid #8a98a8;padding:.3rem .5rem;overflow-wrap:anywhere;text-align:left}th{background:#e8eef5}
figure{margin:1rem 0;text-align:center}img{max-width:100%}dl{display:grid;grid-template-columns:8rem 1fr;gap:.2rem 1rem}
dd{margin:0}@media print{body{margin:0;max-width:none}table{break-inside:auto}tr{break-inside:avoid}}
"""


def html_report(report: Report, font: Path | None) -> bytes:
    """The page in UTF-8."""
    title = escape(f"{report.title}{report.subtitle}")
    cover = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in report.cover)
    body = "\n".join(_parts(report, font))
    return (
        f'<!doctype html>\n<html lang="zh-CN">\n<head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title><style>{STYLE}</style></head>\n'
        f"<body>\n<h1>{escape(report.title)}<br>{escape(report.subtitle)}</h1>\n<dl>{cover}</dl>\n{body}\n</body>\n</html>\n"
    ).encode()


def _parts(report: Report, font: Path | None) -> Iterator[str]:
    for block in report.blocks:
        match block:
            case Heading():
                yield f"<h{block.level + 1}>{escape(block.text)}</h{block.level + 1}>"
            case Paragraph():
                yield f"<p>{escape(block.text)}</p>"
            case Bullets():
                yield f"<ol>{''.join(f'<li>{escape(text)}</li>' for text in block.texts)}</ol>"
            case Table():
                yield _table(block)
            case Chart():
                yield _chart(block, font)


def _table(block: Table) -> str:
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in block.header)
    rows = "".join(f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in row)}</tr>" for row in block.rows)
    return (
        f"<table><caption>{escape(block.caption)}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        f'<p class="note">来源：{escape(block.source)}</p>'
    )


def _chart(block: Chart, font: Path | None) -> str:
    drawing = draw(block, font)
    legend = "".join(f"；{escape(code)}：{escape(name)}" for code, name in drawing.legend)
    told = "；".join(f"{name} {got}" for name, got in zip(block.names, block.got, strict=True))
    return (
        f'<figure><img src="data:image/png;base64,{b64encode(drawing.png).decode()}" alt="{escape(told)}">'
        f"<figcaption>{escape(block.caption)}<br>来源：{escape(block.source)}{legend}</figcaption></figure>"
    )
