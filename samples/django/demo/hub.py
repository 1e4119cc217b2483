"""Everything by which this site uses the hub."""

import hashlib
import json
import logging
import secrets
import time
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import redis
from django.conf import settings

redis_conn = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=3)
logger = logging.getLogger(__name__)

# A connection is renewed by a token of a page that is still signed in, or ends after this time.
CONNECTION_SECONDS = 3600


class PublishError(Exception):
    """Why a message was not published, in words for people."""


def url(request):
    """A context processor that gives templates the hub's address."""
    return {"hub_url": settings.HUB_URL}


def mint(request):
    """A token that opens one connection for who is signed in, within twenty seconds."""
    user = request.user.username
    token = "wstoken" + secrets.token_urlsafe(32)
    key = "hub:token:" + hashlib.sha256(token.encode()).hexdigest()
    record = {"sub": user, "sid": session_id(request), "exp": int(time.time()) + CONNECTION_SECONDS, "epoch": 0}
    with redis_conn.pipeline(transaction=False) as pipeline:
        pipeline.hget(f"hub:{{user%3A{quote(user, safe='')}}}:epoch", "last")
        pipeline.set(key, json.dumps(record), nx=True, ex=20)
        epoch, _ = pipeline.execute()
    if epoch:  # connections of this user were ended within the last hour: the token is one of after that
        redis_conn.set(key, json.dumps({**record, "epoch": int(epoch)}), xx=True, ex=20)
    return token


def session_id(request):
    """What the hub knows this session by. Not its key, which is the cookie: whoever had that would be signed in."""
    return hashlib.sha256(request.session.session_key.encode()).hexdigest()


def end_session(username, session):
    """Ends what is open in a session that is over, on every page, and lets nothing that was minted in it open any more."""
    query = urlencode({"reason": "You have signed out.", "mayComeBack": "false"})
    try:
        _ask("DELETE", f"/api/users/{quote(username, safe='')}/sessions/{session}?{query}")
    except HTTPError as refusal:
        logger.error("The connections of a session that is over were not ended. The hub refused: %s", _reason(refusal))
    except (OSError, HTTPException) as failure:
        logger.error("The connections of a session that is over were not ended. The hub does not answer: %s", failure)


def publish(username, type, payload, trace=None):
    """Publishes a message to a user, connected or not, and returns its id. It belongs to the trace of a request, if that has one."""
    path, headers = f"/api/users/{quote(username, safe='')}/messages", {"traceparent": trace} if trace else {}
    try:
        return _ask("POST", path, {"type": type, "payload": payload}, headers)["id"]
    except HTTPError as refusal:
        raise PublishError(f"The hub refused the message: {_reason(refusal)}") from refusal
    except (OSError, HTTPException) as failure:
        raise PublishError("The hub does not answer, so the message may not have been sent. Try again in a moment.") from failure


def _ask(method, path, body=None, headers={}):
    request = Request(settings.HUB_URL + path, method=method, headers={"X-Api-Key": settings.HUB_API_KEY, **headers})
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    with urlopen(request, timeout=3) as answer:
        return json.load(answer)


def _reason(refusal):
    try:
        return json.load(refusal)["detail"]
    except (ValueError, KeyError):
        return f"{refusal.code} {refusal.reason}"
