"""What the weights look at: the phrases that may be something, and what is seen of each, as sheets.

traits.py      of a unit                                         numbers.py      of a number
due.py         of a date beside a number                         indicators.py   of a phrase that may say what a number counts
naming.py      of one that may be a title                        issuing.py      that may name who issues
objectives.py  that may say what for                             bodies.py       that may name who carries a measure out
counted.py     which phrase can say what a number counts, cut to what it names
sheets.py      all of it as rows of numbers, for the weights     again.py        the second look: at neighbours, and at what
                                                                                 sentences mean
"""
