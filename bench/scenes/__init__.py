"""Every scene scored on drawn streets: `make bench-scenes`, or `python -m bench.scenes --help`.

`plan` writes the scripts, `site` draws the zones, `watch` runs the real pipeline on the frames, `matching` compares
what it told with the truth, `score` counts, `report` and `pictures` show.
"""
