"""Everything by which this site uses the hub."""

import hashlib
import json
import secrets
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import redis
from django.conf import settings

redis_conn = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=3)


class PublishError(Exception):
    """Why a message was not published, in words for people."""


def url(request):
    """A context processor that gives templates the hub's address."""
    return {"hub_url": settings.HUB_URL}


def mint(user):
    """A token that opens one connection for the user, within twenty seconds."""
    token = "wstoken" + secrets.token_urlsafe(32)
    key = "hub:token:" + hashlib.sha256(token.encode()).hexdigest()
    redis_conn.set(key, json.dumps({"sub": user.username}), nx=True, ex=20)
    return token


def publish(username, type, payload):
    """Publishes a message to a user, connected or not, and returns its id."""
    request = Request(
        f"{settings.HUB_URL}/api/users/{quote(username, safe='')}/messages",
        data=json.dumps({"type": type, "payload": payload}).encode(),
        headers={"X-Api-Key": settings.HUB_API_KEY, "Content-Type": "application/json"},
    )
    try:
        with urlopen(request, timeout=3) as answer:
            return json.load(answer)["id"]
    except HTTPError as refusal:
        raise PublishError(f"The hub refused the message: {_reason(refusal)}") from refusal
    except (OSError, HTTPException) as failure:
        raise PublishError("The hub does not answer, so the message may not have been sent. Try again in a moment.") from failure


def _reason(refusal):
    try:
        return json.load(refusal)["detail"]
    except (ValueError, KeyError):
        return f"{refusal.code} {refusal.reason}"
