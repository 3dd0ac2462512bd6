"""How each command is asked for: its options, its help, an example; what it does lies in a module beside."""
