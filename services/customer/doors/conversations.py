"""What was talked about, and what was promised."""

from services.customer import bootstrap, use_cases
from services.customer.domain import Conversation
from services.customer.doors.reach import must_reach
from services.customer.schemas import (
    ConversationList,
    ConversationView,
    KeepPromise,
    ListConversations,
    RecordConversation,
)
from services.customer.use_cases.links import keep_promise as keep
from shared.access import Action
from shared.aws.http import Answer, Api, Request
from shared.aws.rows import shown


def open_conversations(api: Api) -> None:
    """Serve `/{customer_id}/conversations` and what is done with one."""

    @api.route(
        "POST",
        "/{customer_id}/conversations",
        action=Action.RECORD_CONVERSATION,
        takes=RecordConversation,
        gives=ConversationView,
        creates="cnv",
    )
    def record_conversation(request: Request[RecordConversation], customer_id: str) -> Answer:
        """Record what was talked about, and what was promised"""
        body = request.body
        conversation = Conversation.record(
            request.act(),
            conversation_id=request.new_id,
            customer_id=customer_id,
            held_at=body.at,
            channel=body.channel,
            direction=body.direction,
            purpose=body.kind,
            partner=body.partner,
            summary=body.summary,
            promise=body.promise.promise() if body.promise else None,
            via=body.found_by.via(request.now) if body.found_by else None,
        )
        recorded, replayed = use_cases.record_conversation(
            bootstrap.customers(), conversation, fingerprint=request.fingerprint
        )
        return _conversation(recorded, status=200 if replayed else 201, replayed=replayed)

    @api.route(
        "GET",
        "/{customer_id}/conversations",
        action=Action.READ_CONVERSATIONS,
        query=ListConversations,
        gives=ConversationList,
    )
    def list_conversations(request: Request[None], customer_id: str) -> Answer:
        """List what was talked about, the newest first"""
        asked: ListConversations = request.query
        must_reach(request, customer_id)
        page = bootstrap.rows().page(
            bootstrap.customers().get(customer_id).customer_id,
            size=asked.limit,
            cursor=asked.cursor,
            cursors=bootstrap.cursors(request.caller),
            query=f"conversations of {customer_id}",
        )
        listed = [ConversationView.model_validate(shown(row)) for row in page.rows]
        return Answer(body=ConversationList(conversations=listed, cursor=page.cursor))

    @api.route(
        "POST",
        "/{customer_id}/conversations/{conversation_id}/keep",
        action=Action.KEEP_PROMISE,
        takes=KeepPromise,
        gives=ConversationView,
    )
    def keep_promise(
        request: Request[KeepPromise], customer_id: str, conversation_id: str
    ) -> Answer:
        """Say that what was promised in a conversation was kept"""
        must_reach(request, customer_id)
        kept = keep(
            bootstrap.customers(),
            request.act(),
            conversation_id,
            told_of=customer_id,
            kept_at=request.body.at or request.now,
        )
        return _conversation(kept)


def _conversation(
    conversation: Conversation, *, status: int = 200, replayed: bool = False
) -> Answer:
    return Answer(
        body=ConversationView.of(conversation),
        version=conversation.version,
        status=status,
        replayed=replayed,
    )
