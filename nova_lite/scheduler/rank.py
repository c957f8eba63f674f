# SPDX-License-Identifier: Apache-2.0
"""The order in which hosts are tried: weights as Nova adds them up, then a turn-taking among equals. Pure."""

import zlib


def rank(hosts, weighers, request, options, random):
    """Hosts, best first; an iterator that may be left at any point.

    `options` is [filter_scheduler]. Equal hosts come in an order that differs from server to server but not from
    scheduler to scheduler, so that requests at once spread out (`doc/adr/0053`); by chance with
    `shuffle_best_same_weighed_hosts`. Each next host is one of the `host_subset_size` best left, by chance.
    """
    weights = weigh(hosts, weighers, request)
    seed = zlib.crc32(request.wish.server_uuid.encode())
    if options.shuffle_best_same_weighed_hosts:
        keys = [(-weight, random.random()) for weight in weights]
    else:
        keys = [(-weight, zlib.crc32(host.uuid.encode(), seed)) for weight, host in zip(weights, hosts, strict=True)]
    order = sorted(range(len(hosts)), key=keys.__getitem__)
    while order:
        most = min(options.host_subset_size, len(order))
        yield hosts[order.pop(random.randrange(most) if most > 1 else 0)]


def weigh(hosts, weighers, request):
    """The weight of each host: each weigher's values, scaled to 0..1 over these hosts, times its multiplier."""
    totals = [0.0] * len(hosts)
    for weigher in weighers:
        if not weigher.concerns(request):
            continue
        scaled = scale([weigher.weight(host, request) for host in hosts], weigher.lowest, weigher.highest)
        if scaled is None:
            continue
        multiplier = weigher.multiplier()
        differs = any(weigher.option in each.metadata for each in request.aggregates)
        for index, host in enumerate(hosts):
            totals[index] += (weigher.multiplier(host) if differs else multiplier) * scaled[index]
    return totals


def scale(values, lowest=None, highest=None):
    """Values cut to `lowest` and `highest` and scaled to 0..1 between them; None if all are the same.

    A limit that is None is the smallest or largest of the values.
    """
    if lowest is not None:
        values = [max(lowest, value) for value in values]
    if highest is not None:
        values = [min(highest, value) for value in values]
    low = min(values, default=0) if lowest is None else lowest
    high = max(values, default=0) if highest is None else highest
    if low == high:
        return None
    spread = float(high - low)
    return [(value - low) / spread for value in values]
