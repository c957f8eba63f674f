# SPDX-License-Identifier: Apache-2.0
"""AggregateImagePropertiesIsolation: the image says nothing against the metadata of the host's aggregates."""

from nova_lite.scheduler.kinds import Filter


class AggregateImagePropertiesIsolation(Filter):
    """A property that an aggregate also has must have one of its values. With
    `aggregate_image_properties_isolation_namespace` only keys that begin with it and the separator count.
    """

    def concerns(self, request):
        return bool(request.image_properties())

    def reason_against(self, host, request):
        options = self.conf.filter_scheduler
        namespace = options.aggregate_image_properties_isolation_namespace
        prefix = namespace + options.aggregate_image_properties_isolation_separator if namespace else ''
        for name, value in request.image_properties().items():
            allowed = host.values_of(name) if name.startswith(prefix) else ()
            if allowed and value not in allowed:
                return f'is in an aggregate with another {name}'
        return None
