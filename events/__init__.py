"""What happened: the contract between the agencies, the case record and every view.

Five rules of an event:

1. An event says what happened, in the past tense, in the words of the agency that asserts it.
2. An event is never changed; what was wrong is corrected by a later event.
3. Every field has exactly one data category; what is not operational is sealed.
4. The wire name (`police.scene_attended.v1`) never changes, wherever the code moves.
5. Whoever reads an event validates it strictly: unknown fields, codes and types are refused.

This package imports the standard library and pydantic, and does no input or output.
"""
