"""A parameter that is true or false is one of these two words."""

import pytest
from pydantic import TypeAdapter, ValidationError

from infra.web.faults import faults_of_parameters
from infra.web.incoming import TrueOrFalse

ADAPTER: TypeAdapter[bool] = TypeAdapter(TrueOrFalse)


def test_the_two_words_are_taken_and_the_contract_says_boolean() -> None:
    assert (ADAPTER.validate_python("true"), ADAPTER.validate_python("false")) == (True, False)
    assert ADAPTER.json_schema() == {"type": "boolean"}


@pytest.mark.parametrize("word", ["yes", "1", "on", "True", "TRUE", "t", "no", "0", ""])
def test_any_other_word_is_refused_with_the_two(word: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ADAPTER.validate_python(word)
    (fault,) = faults_of_parameters([dict(row) for row in refused.value.errors()])
    assert (fault.code, fault.words) == ("one_of", {"expected": "true | false"})
