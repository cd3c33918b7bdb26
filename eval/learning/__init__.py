"""learning: labelled documents become rows, rows become weights; and a judge that no document's own weights judge."""
