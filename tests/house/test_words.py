"""Names: every table is explained, every action and query has its policy, diagrams are true."""

import importlib
import pkgutil
from pathlib import Path

import pytest
from django.apps import apps

import puhui
from puhui.content.lifecycle import ENTRY
from puhui.kernel.actor import POLICIES, Policy
from puhui.kernel.crypto import declared_fields
from puhui.kernel.lifecycle import Lifecycle, mermaid
from puhui.market.lifecycle import DEMAND, ENGAGEMENT, INTEGRITY

ROOM = Path(__file__).parents[2]
CONTEXTS = (
    "files",
    "parties",
    "content",
    "access",
    "notices",
    "consent",
    "catalogue",
    "market",
    "outreach",
    "oversight",
)


def test_every_table_is_in_the_words() -> None:
    words = (ROOM / "docs" / "words.md").read_text(encoding="utf-8")
    missing = [
        model.__name__
        for model in apps.get_models()
        if model.__module__.startswith("puhui") and f"`{model.__name__}`" not in words
    ]
    assert missing == []


@pytest.mark.parametrize("context", CONTEXTS)
@pytest.mark.parametrize("kind", ["actions", "queries"])
def test_every_public_action_and_query_names_its_policy(context: str, kind: str) -> None:
    module = importlib.import_module(f"puhui.{context}.{kind}")
    names = getattr(module, "__all__", None) or [
        name
        for name, value in vars(module).items()
        if callable(value)
        and getattr(value, "__module__", "") == module.__name__
        and not name.startswith("_")
        and not isinstance(value, type)
    ]
    functions = [
        (name, getattr(module, name))
        for name in names
        if callable(getattr(module, name)) and not isinstance(getattr(module, name), type)
    ]
    unguarded = [
        name for name, one in functions if not isinstance(getattr(one, "policy", None), Policy)
    ]
    assert unguarded == [] or set(unguarded) <= ESTABLISH_THE_ACTOR.get(f"{context}.{kind}", set())


ESTABLISH_THE_ACTOR = {
    "access.queries": {"actor_of_session", "actor_of_key", "stream_topics"},
    "oversight.queries": {"screen_topics"},
}
"""What runs before there is an actor: it finds out who asks, and fails closed."""


def test_every_public_action_and_query_explains_itself() -> None:
    silent = []
    for context in CONTEXTS:
        for kind in ("actions", "queries"):
            module = importlib.import_module(f"puhui.{context}.{kind}")
            silent += [
                f"{context}.{name}"
                for name in dir(module)
                if isinstance(getattr(getattr(module, name), "policy", None), Policy)
                and not getattr(module, name).__doc__
            ]
    assert silent == []


def test_policies_admit_somebody_and_are_named_after_their_function() -> None:
    assert len(POLICIES) > 60
    for name, policy in POLICIES.items():
        assert policy.name == name and policy.roles and policy.kind in ("action", "query")


@pytest.mark.parametrize(
    "lifecycle",
    [DEMAND, ENGAGEMENT, INTEGRITY, ENTRY],
    ids=["demand", "engagement", "integrity", "entry"],
)
def test_the_diagrams_in_the_documents_are_the_table(lifecycle: Lifecycle) -> None:
    page = (ROOM / "docs" / "lifecycles.md").read_text(encoding="utf-8")
    assert mermaid(lifecycle) in page, "run `puhui lifecycles > docs/lifecycles.md`"


def test_every_encrypted_field_states_class_purpose_and_retention() -> None:
    fields = declared_fields()
    assert fields
    for one in fields:
        assert one.data_class in ("C1", "C2", "C3") and one.purpose and one.retention


def test_every_module_can_be_imported() -> None:
    for one in pkgutil.walk_packages(puhui.__path__, "puhui."):
        if ".migrations" not in one.name and one.name != "puhui.program.verify_journal":
            importlib.import_module(one.name)
