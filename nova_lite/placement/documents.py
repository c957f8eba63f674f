# SPDX-License-Identifier: Apache-2.0
"""The documents of refusals: the only place that knows their JSON, HTML and plain forms."""

import html
import http
import re

import falcon
import msgspec

from nova_lite.placement import errors, microversions

_EXPLANATIONS = {
    400: 'The server could not comply with the request since it is either malformed or otherwise incorrect.',
    401: 'This server could not verify that you are authorized to access the document you requested. Either you '
         'supplied the wrong credentials (e.g., bad password), or your browser does not understand how to supply the '
         'credentials required.',
    403: 'Access was denied to this resource.',
    404: 'The resource could not be found.',
    405: 'The method {method} is not allowed for this resource. ',
    406: 'The resource could not be generated that was acceptable to your browser\n(content of type {accept}. ',
    409: 'There was a conflict when trying to complete your request.',
    415: 'The request media type {type} is not supported by this server. ',
    500: 'The server has either erred or is incapable of performing the requested operation.',
    503: 'The server is currently unavailable. Please try again at a later time.',
}
_SHORT = {405, 406, 415}
_TAG = re.compile(r'<!--.*?-->|<[^>]*>', re.DOTALL)
_HTML = ('<html>\n <head>\n  <title>{status}</title>\n </head>\n'
         ' <body>\n  <h1>{status}</h1>\n  {body}\n </body>\n</html>')


def refuse(req, resp, status, message, code=errors.UNDEFINED, request_id=None, versions=False):
    """Write a refusal into the answer, in the form that the request accepts."""
    explanation = _EXPLANATIONS[status].format(
        method=req.method, accept=req.env.get('HTTP_ACCEPT') or 'application/json', type=req.content_type or 'None')
    title = http.HTTPStatus(status).phrase
    if status == 500:
        title = 'Internal Server Error'
    resp.status = f'{status} {title}'
    resp.stream = None
    kind = _preferred(req)
    if req.method == 'HEAD':
        resp.content_type = 'text/html; charset=UTF-8'
        return
    if kind == 'text/html':
        text = html.escape(message).replace('\n', ' ')
        end = '' if status in _SHORT else '\n\n'
        resp.content_type = 'text/html; charset=UTF-8'
        resp.data = _HTML.format(status=resp.status, body=f'{explanation}<br /><br />\n{text}{end}').encode()
        return
    explanation = explanation.replace('\n', ' ')
    text = _TAG.sub('', message.replace('\n', ' ').replace('\r', ''))
    detail = f'{explanation}\n\n {text}' + ('' if status in _SHORT else '  ')
    if kind == 'text/plain':
        resp.content_type = 'text/plain; charset=UTF-8'
        resp.data = f'{resp.status}\n\n{detail}'.encode()
        return
    error = {'status': status, 'title': title, 'detail': detail}
    version = getattr(req.context, 'version', None)
    if version is not None and version.minor >= 23:
        error['code'] = code
    if request_id:
        error['request_id'] = request_id
    if versions:
        error['max_version'] = str(microversions.MAX)
        error['min_version'] = str(microversions.MIN)
    resp.content_type = 'application/json'
    resp.data = msgspec.json.encode({'errors': [error]})


def unauthorized(resp):
    """The 401 of a request without an identity, which has another form than all others."""
    resp.status = '401 Unauthorized'
    resp.content_type = 'application/json'
    resp.data = msgspec.json.encode({
        'message': f'{_EXPLANATIONS[401]}<br /><br />\n\n\n', 'code': '401 Unauthorized', 'title': 'Unauthorized'})


def _preferred(req):
    accept = req.env.get('HTTP_ACCEPT')
    if not accept or accept in ('*/*', 'application/json'):
        return 'application/json'
    try:
        return falcon.mediatypes.best_match(['text/html', 'application/json'], accept) or 'text/plain'
    except falcon.InvalidMediaRange:
        return 'text/html'
