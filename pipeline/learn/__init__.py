"""learn: what was learned from labelled documents, as weights that are data.

grams.py    character n-grams of many texts at once, hashed
"""
