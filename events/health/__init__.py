"""What health facilities assert, by the health door.

Findings are told apart from needs, and the mental state by what another sector must know of it: each lies
in a part of its own, so that a reader is given that part and no more. HIV is said here and nowhere else
(Law 64/2006 art. 4, 8, 30).
"""
