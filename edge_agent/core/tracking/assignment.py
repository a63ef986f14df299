"""Who is who: the cheapest one-to-one assignment between rows and columns, leaving out what costs too much."""

import math

import numpy as np
import numpy.typing as npt

Costs = npt.NDArray[np.float64]


def assign(costs: Costs, cost_max: float) -> list[tuple[int, int]]:
    """Pairs (row, column) whose total cost is least, where a row or column left alone costs `cost_max / 2`.

    `costs` is rows x columns; entries above `cost_max` (or infinite) are never paired. Pairs that compete with nobody
    are read off directly; the rest is solved exactly.
    """
    allowed = (costs <= cost_max).nonzero()
    lonely = np.logical_and(*(np.bincount(side)[side] == 1 for side in allowed))
    pairs: list[tuple[int, int]] = list(zip(*(side[lonely].tolist() for side in allowed), strict=True))
    if lonely.all():
        return pairs
    rows, columns = (sorted({*side[~lonely].tolist()}) for side in allowed)
    part = np.minimum(costs[rows][:, columns], cost_max)
    wide = len(rows) <= len(columns)
    for first, second in enumerate(_cheapest(part if wide else part.T)):
        row, column = (rows[first], columns[second]) if wide else (rows[second], columns[first])
        if costs[row, column] <= cost_max:
            pairs.append((row, column))
    return pairs


def _cheapest(costs: Costs) -> list[int]:
    """Column of each row in the cheapest full assignment; rows <= columns. Shortest augmenting paths, O(n^3).

    Each row first takes its cheapest column where that is free; only the rest need paths.
    """
    rows, columns = costs.shape
    row_price, column_price = costs.min(axis=1), np.zeros(columns)
    owner = [-1] * columns
    waiting = []
    for row, column in enumerate(costs.argmin(axis=1).tolist()):
        if owner[column] < 0:
            owner[column] = row
        else:
            waiting.append(row)
    for row in waiting:
        previous, end = _path(costs, row, row_price, column_price, owner)
        while end >= 0:
            before = previous[end]
            owner[end] = owner[before] if before >= 0 else row
            end = before
    column_of = [-1] * rows
    for column, row in enumerate(owner):
        if row >= 0:
            column_of[row] = column
    return column_of


def _path(costs: Costs, start: int, row_price: Costs, column_price: Costs, owner: list[int]) -> tuple[list[int], int]:
    """Shortest path from row `start` to a free column: predecessor columns (-1: the start) and that column.

    Moves the prices, so that all reduced costs stay non-negative.
    """
    columns = costs.shape[1]
    distance = np.full(columns, math.inf)
    previous = np.full(columns, -1)
    done = np.zeros(columns, dtype=np.bool_)
    row, column, reached = start, -1, 0.0
    while True:
        through = reached + costs[row] - row_price[row] - column_price
        better = ~done & (through < distance)
        distance[better], previous[better] = through[better], column
        column = int(np.argmin(np.where(done, math.inf, distance)))
        reached = float(distance[column])
        if owner[column] < 0:
            break
        done[column], row = True, owner[column]
    row_price[start] += reached
    for visited in np.flatnonzero(done):
        change = reached - distance[visited]
        column_price[visited] -= change
        row_price[owner[visited]] += change
    return previous.tolist(), column
