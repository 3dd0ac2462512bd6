"""The case record: what agencies state becomes the history of a report or a case, in one order, for ever."""
