"""What the declarations must give: the figures of the show, fourteen fields, three questions."""

from pathlib import Path

import pytest
import yaml

from onecity.hubs.service import api as service
from onecity.hubs.service.ports import Declaration
from onecity.kernel.actor import Actor

OWNER = {"household": "here", "home": "own", "care": "none"}

pytestmark = pytest.mark.django_db


def test_seven_papers_and_two_visits_are_saved() -> None:
    savings = service.bundle("school_enrolment").savings

    assert (savings.papers_before, savings.papers_after) == (7, 0)
    assert (savings.visits_before, savings.visits_after) == (2, 0)


def test_the_owner_family_sees_fourteen_fields_and_types_one() -> None:
    content = yaml.safe_load((Path(__file__).parents[1] / "declares" / "service.yaml").read_text("utf-8"))
    declared = Declaration.model_validate({key: value for key, value in content.items() if key != "schema"}).bundles[0]
    chosen = [o for q in declared.questions for o in q.options if OWNER.get(q.key) == o.key]
    tags = {tag for option in chosen for tag in option.adds}
    fields = [field for field in declared.fields if not field.when or tags & set(field.when)]

    assert len(fields) == 14
    assert [field.key for field in fields if field.source is None] == ["second_mobile"]


@pytest.mark.parametrize(
    ("answers", "category"),
    [
        (OWNER, "household_and_home"),
        ({"household": "outside", "home": "rent", "proof": "insurance"}, "migrant"),
        ({"household": "other", "home": "rent", "care": "none"}, ""),
    ],
)
def test_three_questions_lead_to_an_advice(answers: dict[str, str], category: str) -> None:
    asked: dict[str, str] = {}
    for _ in answers:
        question = service.guide("school_enrolment", asked).question
        assert question is not None
        asked[question.key] = answers[question.key]
    outcome = service.guide("school_enrolment", asked)

    assert (outcome.question, outcome.category) == (None, category)
    assert outcome.verdict
    assert outcome.sources


def test_the_owner_family_is_told_six_sources() -> None:
    sources = service.guide("school_enrolment", OWNER).sources

    assert [source.interface for source in sources] == [
        "household_register", "guardian_household", "guardianship", "birth_certificate", "property_right", "vaccination",
    ]  # fmt: skip
    assert all(source.legal_basis for source in sources)


def test_the_city_steward_may_edit_rules() -> None:
    from onecity.hubs.identity import api as identity

    role = next(role for role in identity.roles(Actor.system("school_enrolment")) if role.key == "enrolment_steward")
    assert "school_enrolment.rule.edit" in role.permissions
