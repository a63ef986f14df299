"""Project evaluation (项目支出绩效评价): from a year's facts to points, a grade, remarks and a report. Pure."""

from central.core.evaluation.checking import FactsFault, faults
from central.core.evaluation.facts import Facts
from central.core.evaluation.result import Evaluation, as_json, evaluation

__all__ = ["Evaluation", "Facts", "FactsFault", "as_json", "evaluation", "faults"]
