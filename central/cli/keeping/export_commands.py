"""`gridwarden central export-cases`: one option for each filter of `central.services.cases.case_query`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from central.cli.opening import ENVIRONMENT_MISSING, USER_MISTAKE, Config, end, open_console, settings_in
from central.settings.init import FILE


def export_cases(  # noqa: PLR0913 - one option is one filter
    file: Annotated[Path, typer.Argument(help="What to write: a name that ends in .csv or .xlsx.", metavar="FILE")],
    *,
    status: Annotated[list[str] | None, typer.Option(metavar="STATUS", help="Again for several: any of them.")] = None,
    text: Annotated[str | None, typer.Option(help="Words in Chinese or English that must all be there.")] = None,
    camera: Annotated[str | None, typer.Option(metavar="BOX.CAMERA")] = None,
    box: Annotated[str | None, typer.Option(metavar="BOX")] = None,
    scene: Annotated[str | None, typer.Option(metavar="SCENE")] = None,
    source: Annotated[str | None, typer.Option(metavar="SOURCE")] = None,
    unit: Annotated[str | None, typer.Option(metavar="ID", help="The responsible unit.")] = None,
    assignee: Annotated[
        str | None, typer.Option(metavar="NAME", help="A unit that has the case, or a person who works on it now.")
    ] = None,
    grid: Annotated[str | None, typer.Option(metavar="CODE", help="The unit grid (单元网格) that it lies in.")] = None,
    component: Annotated[
        str | None, typer.Option(metavar="ID", help="部件标识码 of the component that it was registered for.")
    ] = None,
    bbox: Annotated[
        str | None, typer.Option(metavar="WEST,SOUTH,EAST,NORTH", help="In degrees WGS84; write --bbox=-1,... .")
    ] = None,
    opened_after: Annotated[str | None, typer.Option(metavar="TIME", help="ISO 8601 with zone.")] = None,
    opened_before: Annotated[str | None, typer.Option(metavar="TIME")] = None,
    updated_after: Annotated[str | None, typer.Option(metavar="TIME")] = None,
    updated_before: Annotated[str | None, typer.Option(metavar="TIME")] = None,
    due_before: Annotated[str | None, typer.Option(metavar="TIME", help="The handling limit ends before it.")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="The handling limit that runs has ended.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    config: Config = Path(FILE),
) -> None:
    """Write cases as a table for spreadsheets, newest first; who reported them is not in it.

    Example: gridwarden central export-cases 2026-03.xlsx --opened-after 2026-03-01T00:00+08:00 --status closed
    """
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - each command loads its own parts

    from central.cli.keeping.export_cases import CannotExport, Sheet, asked, check, export  # noqa: PLC0415
    from central.settings.texts import load_texts  # noqa: PLC0415
    from protocol.texts import language_of  # noqa: PLC0415

    options = {
        "status": status, "text": text, "camera": camera, "box": box, "scene": scene, "source": source, "unit": unit,
        "assignee": assignee, "grid": grid, "component": component, "bbox": bbox, "opened_after": opened_after,
        "opened_before": opened_before, "updated_after": updated_after, "updated_before": updated_before,
        "due_before": due_before, "overdue": overdue,
    }  # fmt: skip
    try:
        check(file, force=force)
        query = asked(options)
        settings = settings_in(config)
        sheet = Sheet(load_texts(language_of(os.environ)), ZoneInfo(settings.timezone))
        with open_console(settings) as console:
            export(console.services.casework, query.wanted(console.clock.now()), file, sheet)
    except CannotExport as error:
        end(ENVIRONMENT_MISSING if error.environment else USER_MISTAKE, str(error))
