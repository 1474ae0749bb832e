"""A form may not ask people for what a shareable resource has, unless the reason is stated."""

from typing import Any

import pytest

from onecity.hubs.catalog import api as catalog_api
from onecity.hubs.catalog import testkit as catalog
from onecity.hubs.service import api
from onecity.hubs.service.ports import Declaration
from onecity.hubs.service.tests.declared import declaration
from onecity.kernel.actor import Actor
from onecity.kernel.errors import Invalid

pytestmark = pytest.mark.django_db(transaction=True)

SYSTEM = Actor.system("service")
REASON = "共享接口尚未开通，过渡期采集"


def declare(**more: Any) -> None:
    """A bundle that asks people for the colour of their plate."""
    content = declaration()
    labels = {"zh": "号牌颜色代码", "en": "Plate"}
    content["bundles"][0]["fields"].append({"key": "plate", "labels": labels, "group": "main", **more})
    api.apply_declaration(SYSTEM, "test_asking", Declaration.model_validate(content))


@pytest.fixture
def _held(db: None) -> None:
    catalog.publish("vehicles", pack="test_vehicles", fields=({"name": "colour", "label": "号牌颜色代码"},))


@pytest.mark.usefixtures("_held")
def test_what_can_be_shared_is_not_asked_again_without_a_reason() -> None:
    with pytest.raises(Invalid) as refused:
        declare()
    assert refused.value.code == "service.asked_again"
    assert refused.value.data["resource"] == "vehicles"
    declare(asked_because=REASON)
    assert [(one.asker, one.reason) for one in catalog_api.asked_again()] == [(refused.value.data["asker"], REASON)]


@pytest.mark.usefixtures("_held")
def test_a_reason_stated_at_the_desk_holds_for_the_form_it_was_stated_for() -> None:
    catalog_api.state_reason(SYSTEM, label="号牌颜色代码", asker="bundle:another", reason=REASON)
    with pytest.raises(Invalid):
        declare()
    catalog_api.state_reason(SYSTEM, label="号牌颜色代码", asker="bundle:test_bundle", reason=REASON)
    declare()


def test_what_nobody_can_share_is_asked() -> None:
    declare()
    assert catalog_api.asked_again() == []
