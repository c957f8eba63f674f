# SPDX-License-Identifier: Apache-2.0
"""ImagePropertiesFilter: the host runs guests of the architecture, hypervisor and mode that the image needs."""

import re

from nova_lite.scheduler.kinds import Filter

_SAME_ARCHITECTURE = {'amd64': 'x86_64', 'x64': 'x86_64', 'i386': 'i686', 'i486': 'i686', 'i586': 'i686'}
_SAME_HYPERVISOR = {'xapi': 'xen'}
_SAME_MODE = {'pv': 'xen', 'hv': 'hvm', 'baremetal': 'hvm'}
_COMPARE = {
    '<': lambda a, b: a < b, '<=': lambda a, b: a <= b, '==': lambda a, b: a == b, '=': lambda a, b: a == b,
    '>': lambda a, b: a > b, '>=': lambda a, b: a >= b, '!=': lambda a, b: a != b,
}
_CLAUSE = re.compile(r'^\s*(<=|>=|==|!=|<|>|=)\s*([0-9]+(?:\.[0-9]+)*)\s*$')


class ImagePropertiesFilter(Filter):
    """Compares the image's hw_architecture, img_hv_type, hw_vm_mode and img_hv_requested_version with the host."""

    def concerns(self, request):
        properties = request.image_properties()
        return self._architecture(properties) is not None or any(
            name in properties for name in ('img_hv_type', 'hw_vm_mode', 'img_hv_requested_version'))

    def reason_against(self, host, request):
        properties = request.image_properties()
        wanted = (self._architecture(properties), _one(properties.get('img_hv_type'), _SAME_HYPERVISOR),
                  _one(properties.get('hw_vm_mode'), _SAME_MODE))
        if any(wanted) and not any(_fits(wanted, kind) for kind in host.facts.get('supported_instances', ())):
            return 'does not support ' + '/'.join(word for word in wanted if word)
        version = properties.get('img_hv_requested_version')
        if version and not _version_fits(host.facts.get('hypervisor_version'), version):
            return f'hypervisor version is not {version}'
        return None

    def _architecture(self, properties):
        default = self.conf.filter_scheduler.image_properties_default_architecture
        return _one(properties.get('hw_architecture') or default, _SAME_ARCHITECTURE)


def _one(word, same):
    return same.get(word.lower(), word.lower()) if word else None


def _fits(wanted, kind):
    tables = (_SAME_ARCHITECTURE, _SAME_HYPERVISOR, _SAME_MODE)
    return all(word is None or word == _one(has, same)
               for word, has, same in zip(wanted, kind, tables, strict=False))


def _version_fits(number, wanted):
    """`number` is Nova's: major * 1,000,000 + minor * 1,000 + micro. `wanted` e.g. `>=6.0, <6.2`."""
    if not number:
        return False
    has = (number // 1000000, number // 1000 % 1000, number % 1000)
    for clause in wanted.split(','):
        match = _CLAUSE.match(clause)
        if match is None:
            return False
        parts = tuple(int(part) for part in match[2].split('.'))
        if not _COMPARE[match[1]](has, (parts + (0, 0, 0))[:3]):
            return False
    return True
