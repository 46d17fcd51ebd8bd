"""Households and firms, at the desk."""

from services.customer import bootstrap
from services.customer.domain.relations import Relation
from services.customer.schemas.relations import (
    EndRelation,
    RelateCustomers,
    RelationList,
    RelationView,
)
from services.customer.use_cases import relations as use_cases
from shared.access import Action
from shared.aws.http import Answer, Api, Request


def open_relations(api: Api) -> None:
    """Serve the routes of relations."""

    @api.route(
        "POST",
        "/relations",
        action=Action.RELATE_CUSTOMERS,
        takes=RelateCustomers,
        gives=RelationView,
        creates="rel",
    )
    def relate_customers(request: Request[RelateCustomers]) -> Answer:
        """Say that customers are one household, or one firm"""
        relation, replayed = use_cases.relate_customers(
            bootstrap.customers(),
            bootstrap.relations(),
            request.act(),
            relation_id=request.new_id,
            fingerprint=request.fingerprint,
            of=request.body.kind,
            members=request.body.all_members(),
            reason=request.body.reason,
        )
        return _answer(relation, status=200 if replayed else 201, replayed=replayed)

    @api.route(
        "POST",
        "/relations/{relation_id}/end",
        action=Action.RELATE_CUSTOMERS,
        takes=EndRelation,
        gives=RelationView,
    )
    def end_relation(request: Request[EndRelation], relation_id: str) -> Answer:
        """Say that they are one household, or one firm, no more"""
        relation = use_cases.end_relation(
            bootstrap.relations(), request.act(), relation_id, reason=request.body.reason
        )
        return _answer(relation)

    @api.route(
        "GET",
        "/{customer_id}/relations",
        action=Action.READ_RELATIONS,
        gives=RelationList,
    )
    def list_relations(request: Request[None], customer_id: str) -> Answer:
        """List the households and firms that a customer belongs to"""
        bootstrap.customers().get(customer_id)
        found = bootstrap.relations().of(customer_id)
        return Answer(body=RelationList(relations=[RelationView.of(one) for one in found]))


def _answer(relation: Relation, *, status: int = 200, replayed: bool = False) -> Answer:
    return Answer(
        body=RelationView.of(relation),
        version=relation.version,
        status=status,
        replayed=replayed,
    )
