"""Records, answers, documents, vocabularies and errors: the only thing that pipeline steps share."""
