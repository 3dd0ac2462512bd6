"""How every reader is answered: load, decide, open, write down who looked, and only then answer."""
