"""Figures on the command line: indicators, devices, evaluation."""
