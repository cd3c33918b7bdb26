"""Small documents by kind, each with what is right in it: constructions that real files have and drafts fail at.

One file a kind; `python -m eval.cases` runs them. The texts are the project's own.
"""
