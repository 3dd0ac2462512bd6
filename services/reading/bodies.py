"""What a reader sends in a body: small, strict, and refused by place and rule when it is not as it should be."""

import json
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from events.codec import NotStrictJsonError, read_strictly
from infra.web.faults import faults_in
from infra.web.problems import Refused

_MOST_VALUES = 16

S = TypeVar("S", bound=BaseModel)


def said_in(body: bytes, shape: type[S], problem: str) -> S:
    """Return what a body says; `problem` is the code of what is answered when it does not keep the shape.

    Raises:
        Refused: if it does not, or is no strict JSON.
    """
    try:
        value = read_strictly(body, most_values=_MOST_VALUES)
    except NotStrictJsonError as broken:
        raise Refused(broken.code, limit=_MOST_VALUES) from None
    try:
        return shape.model_validate_json(json.dumps(value))
    except ValidationError as error:
        raise Refused(problem, *faults_in(error, value, shape)) from None
