"""The gate: accepted scores that may not fall.

baseline.py     accept, compare, name what is lost       replayed.py    all that is recorded, scored
"""
