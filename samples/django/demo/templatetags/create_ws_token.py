"""The seed's own tag, as its blog has it. It writes tokens in the seed format, which the hub spends with Tokens:AcceptSeedFormat."""

import uuid
import json
import datetime

from django import template
from demo.hub import redis_conn

register = template.Library()


@register.simple_tag(takes_context=True)
def create_ws_token(context):
    request = context['request']
    if not request.user.is_authenticated:
        return 'Not authed'
    user = request.user.username
    current_time = datetime.datetime.strftime(
        datetime.datetime.utcnow(),
        "%d:%m:%Y:%H:%M:%S"
    )
    token = 'wstoken' + uuid.uuid4().hex
    output = {
        'user': user,
        'time': current_time
    }
    redis_conn.set(token, json.dumps(output))
    return token
