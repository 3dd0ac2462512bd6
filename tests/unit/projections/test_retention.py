"""What the law keeps: the first rule that speaks of a part decides, and rules that are not whole do not load."""

import pytest

from events.labels import Category
from events.parties import Agency
from projections.disclosure.retention import BadRetentionError, packaged_retention, parse_retention

LAST = '[[rules]]\nground = "statutory_file"\nbasis = "x"\nverified = false\n'


@pytest.mark.parametrize(
    ("owner", "category", "part", "authority", "ground"),
    [
        (Agency.SOCIAL_WORK, Category.CHILD_IDENTITY, "image", "data_subject", None),
        (Agency.SOCIAL_WORK, Category.CHILD_IDENTITY, "alias", "data_subject", None),
        (Agency.SOCIAL_WORK, Category.CASE_PLAN, "main", "data_subject", "statutory_file"),
        (Agency.SOCIAL_WORK, Category.CASE_PLAN, "main", "retention_ended", None),
        (Agency.POLICE, Category.CHILD_IDENTITY, "alias", "data_subject", "criminal_evidence"),
        (Agency.POLICE, Category.CHILD_IDENTITY, "alias", "court", None),
        (Agency.SOCIAL_WORK, Category.ACCESS_LOG, "erasure", "court", "statutory_file"),
    ],
)
def test_of_the_packaged_rules(
    owner: Agency, category: Category, part: str, authority: str, ground: str | None
) -> None:
    assert packaged_retention().ground(owner, category, part, authority) == ground


def test_no_packaged_rule_claims_to_be_verified() -> None:
    assert not any(rule.verified for rule in packaged_retention().rules)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[rules]]\ncategories = ["case_plan"]\nbasis = "x"\nverified = false\n', "the last rule"),
        ('[[rules]]\nground = "because"\nbasis = "x"\nverified = false\n' + LAST, "rule 1"),
        ('[[rules]]\nlifted_by = ["me"]\nbasis = "x"\nverified = false\n' + LAST, "rule 1"),
        ('[[rules]]\nowners = ["nobody"]\nbasis = "x"\nverified = false\n' + LAST, "rule 1"),
        ("[[rules]]\nverified = false\n" + LAST, "rule 1"),
    ],
)
def test_rules_that_are_not_whole_do_not_load(text: str, told: str) -> None:
    with pytest.raises(BadRetentionError, match=told):
        parse_retention(text)
