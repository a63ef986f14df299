"""What `app.py` wires: settings reach the parts that obey them."""

import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from central.app import build_services
from central.core.values import CaseSource
from central.services.desks.reports import PersonReport
from central.settings import CentralSettings
from central.stores.ports import CaseFilter, PageRequest, Stores
from tests.support.central_stores import OPERATOR, TECHNICIAN, Counter
from tests.support.speaking_box import SpeakingBox, later


def test_all_case_numbers_have_the_citys_day(stores: Stores) -> None:
    zone, box, random = "Pacific/Honolulu", SpeakingBox(), Counter()
    services = build_services(CentralSettings(timezone=zone), stores, lambda: False)
    services.fleet.add_box(box.site, box.box, TECHNICIAN, later(0), random)
    services.reception.receive([box.scene(5)], later(60), 60.0)
    services.casework.report(PersonReport(CaseSource.HOTLINE, "x", place="p"), OPERATOR, later(60), random)
    numbers = {view.case.number[:9] for view in services.casework.cases(CaseFilter(), PageRequest(10)).items}
    assert numbers == {f"E{later(60).astimezone(ZoneInfo(zone)):%Y%m%d}"}
    assert numbers != {f"E{later(60).astimezone(ZoneInfo('Asia/Shanghai')):%Y%m%d}"}


def test_central_on_sqlite_needs_no_extra(tmp_path: Path) -> None:
    """What `pip install gridwarden[central]` does not bring is hidden; the API, pages and commands are loaded."""
    code = f"""
import sys
sys.modules |= dict.fromkeys(("psycopg", "influxdb_client", "torch"))
import pathlib
import central.api, central.app, central.cli.central_commands, central.web
from central.stores.open_stores import open_stores
open_stores(database_url="sqlite:///{tmp_path}/a.db", evidence_dir=pathlib.Path("{tmp_path}/evidence")).close()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
