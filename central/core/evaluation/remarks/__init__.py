"""自查提示: where a report and its records contradict themselves."""
