"""How good the matching is, in tables: `make quality` measures the engine and writes `matching/QUALITY.md`.

`groups` holds what is ranked, `ablation`, `damages` and `calibration` change or look at it, `tables` makes figures of
rankings, and `page` writes them down.
"""
