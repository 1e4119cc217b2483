import logging

from django import template
from django.utils.html import format_html
from redis import RedisError

from demo import hub

register = template.Library()
logger = logging.getLogger(__name__)


@register.simple_tag(takes_context=True)
def hub_token(context):
    """The page's first token, for tokenFrom; nothing for an anonymous visitor. The view must be never_cache."""
    request = context["request"]
    if not request.user.is_authenticated:
        return ""
    try:
        return format_html('<meta name="hub-token" content="{}">', hub.mint(request))
    except RedisError as error:
        logger.error("Rendered a page without its token: %s", error)  # the client asks for one when it connects
        return ""
