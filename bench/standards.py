"""Importing a table of standards against a bare SQL insert of its rows: `python bench/standards.py [--rows N]`.

Central reads the XLSX file with its merged cells, checks every row, compares with the version before and writes the
new one in one transaction into SQLite. The bare one inserts the same rows with Python's own driver, in one durable
transaction. Best of the rounds for both. CPU time is printed too: on a busy machine it says more than the clock.
500 rows must take 2 s at most.
"""

import argparse
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

from openpyxl import Workbook

from central.core.case_machine.stages import BUILT_IN_CLOCKWORK
from central.core.standards import Draft
from central.core.standards.sheet import OPTIONAL, TEMPLATE
from central.core.values import Actor, ActorKind
from central.services.standards import Standards
from central.settings.sheet_file import read_sheet
from central.stores.open_stores import open_stores
from tests.support.speaking_box import later

LIMIT_S = 2.0
ROUNDS = 5
CLASSES = 85
ACTOR = Actor(ActorKind.PERSON, "bench")


def table(file: Path, rows: int, limit: str) -> None:
    """Write a city's table: so many conditions of 85 classes in five groups, group and class merged over their rows."""
    book = Workbook()
    sheet = book.active
    sheet.append([column.name for column in (*TEMPLATE, *OPTIONAL)])
    begins: dict[str, int] = {}
    ends: dict[str, int] = {}
    for number in range(rows):
        at = number * CLASSES // rows
        group, of_class = at // (CLASSES // 5) + 1, at % (CLASSES // 5) + 1
        texts = [f"{group:02d}", f"大类{group}", f"{of_class:02d}", f"小类{group}-{of_class}", "执法队", "城管局"]
        said = f"第 {number} 条立案条件，占用道路堆放物料妨碍通行"
        sheet.append([*texts, said, "清理干净，恢复原状", limit, "街面秩序", "重开", "事件", "2013", "否"])
        for columns, key in (("AB", f"{group}"), ("CD", f"{group}-{of_class}")):
            for column in columns:
                begins.setdefault(f"{column}{key}", number + 2)
                ends[f"{column}{key}"] = number + 2
    for key, begin in begins.items():
        if ends[key] > begin:
            sheet.merge_cells(f"{key[0]}{begin}:{key[0]}{ends[key]}")
    book.save(file)


def import_s(standards: Standards, file: Path) -> tuple[float, float]:
    """Import a file as the newest version; return how long it took, by the clock and of the processor."""
    begun_s, cpu_s = time.perf_counter(), time.process_time()
    draft = standards.read(read_sheet(file))
    assert isinstance(draft, Draft), draft
    adopted = standards.adopt(draft, file.name, ACTOR, later(0))
    took_s, took_cpu_s = time.perf_counter() - begun_s, time.process_time() - cpu_s
    assert adopted.version == adopted.before + 1
    return took_s, took_cpu_s


def bare_s(file: Path, rows: list[tuple[object, ...]]) -> float:
    """Insert the rows with the driver alone; return how long it took."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    names = ", ".join(f"c{at}" for at in range(len(rows[0])))
    connection.execute(f"CREATE TABLE IF NOT EXISTS standards (position INTEGER PRIMARY KEY, {names})")
    begun_s = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    marks = ", ".join("?" * len(rows[0]))
    connection.executemany(f"INSERT INTO standards ({names}) VALUES ({marks})", rows)  # noqa: S608 - our own names
    connection.execute("COMMIT")
    took_s = time.perf_counter() - begun_s
    connection.close()
    return took_s


def main() -> int:
    """Measure, print, and return 0 when the promise holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=500)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = [folder / "even.xlsx", folder / "odd.xlsx"]
        for file, limit in zip(files, ("2紧急工作时", "4工作时"), strict=True):
            table(file, chosen.rows, limit)
        stores = open_stores(database_url=f"sqlite:///{folder / 'central.db'}", evidence_dir=folder / "evidence")
        standards = Standards(stores, BUILT_IN_CLOCKWORK)
        imports_s = [import_s(standards, files[number % 2]) for number in range(ROUNDS)]
        stores.close()
        with sqlite3.connect(folder / "central.db") as connection:
            query = "SELECT * FROM standards WHERE version = 1"
            rows = [row[1:] for row in connection.execute(query)]
        connection.close()
        assert len(rows) == chosen.rows
        inserts_s = [bare_s(folder / "bare.db", rows) for _ in range(ROUNDS)]
    (best_s, _), (worst_s, _), bare_best_s = min(imports_s), max(imports_s), min(inserts_s)
    cpu_s = min(cpu_s for _, cpu_s in imports_s)
    print(f"{chosen.rows} standards from XLSX: {best_s:.3f} s (worst of {ROUNDS}: {worst_s:.3f} s), CPU {cpu_s:.3f} s")
    print(
        f"bare SQL insert of the same rows: {bare_best_s:.4f} s; the import takes {best_s / bare_best_s:.0f} times that"
    )
    is_kept = best_s <= LIMIT_S
    print(f"limit {LIMIT_S:g} s: {'kept' if is_kept else 'NOT kept'}")
    return int(not is_kept)


if __name__ == "__main__":
    sys.exit(main())
