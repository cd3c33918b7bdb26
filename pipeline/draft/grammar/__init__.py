"""What grammar reads in an article: constructions in words, and the spans that they mark. No weights.

view.py        the article as the rules look at it; what they find in it: leads, numbers
rules.py       constructions as data: words by language, with examples; the one engine for them
announce.py    which policies an article reports: announcement, title, issuer
saying.py      what a sentence does     named.py  what it names     subjects.py  who acts     authorities.py
issuers.py  english_issuers.py          who issues               actors.py       who acts but is no authority
headlines.py   own_text.py  heads.py  notices.py  korean_notices.py  european.py: what a document's own head makes of it
titles.py      title quotes and policy nouns                     several.py      several policies in one unit
measures.py    a chosen unit as a measure: label, pillar         targets.py      a chosen number as a target
instruments.py, fields.py                                        what a measure is, whom it addresses
goal_tables.py what a table says of a number                     years.py        a year in words, against the document's
references.py  the list of sources and other policies
"""
