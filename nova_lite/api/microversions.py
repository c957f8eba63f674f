# SPDX-License-Identifier: Apache-2.0
"""Every microversion: its number, one sentence, and a name for what it switches on.

Code compares names, never numbers: `if req.version >= microversions.FLAVOR_DESCRIPTION`. A version is an int: the
number after `2.`. The legacy root `/v2` behaves as FIRST, with schemas of its own (LEGACY).
"""

import re

from nova_lite.api import errors

_HISTORY = {}

LEGACY = 0


def _version(number, sentence):
    _HISTORY[number] = sentence
    return number


FIRST = _version(1, 'The API of /v2, with strict validation.')
KEYPAIR_TYPES = _version(2, 'Key pairs have a type, ssh or x509; creating one is 201, deleting one 204.')
SERVER_EXTENDED_ATTRIBUTES = _version(3, 'Servers show reservation, launch index, kernel, ramdisk, hostname, root device, user data.')  # noqa: E501
FIXED_IP_RESERVED = _version(4, 'Fixed addresses show whether they are reserved.')
SERVER_FILTER_IP6_FOR_ALL = _version(5, 'Everybody may filter servers by ip6.')
REMOTE_CONSOLES = _version(6, 'Consoles are created at remote-consoles; the four console actions are gone.')
FLAVOR_ACCESS_CHECKED = _version(7, 'Access to a public flavor cannot be added.')
CONSOLE_MKS = _version(8, 'Consoles may be of protocol mks.')
SERVER_LOCKED = _version(9, 'Servers show whether they are locked.')
KEYPAIR_USERS = _version(10, 'Administrators handle the key pairs of others by user_id.')
SERVICE_FORCED_DOWN = _version(11, 'Services show forced_down, and it can be set.')
VIF_NETWORK = _version(12, 'Virtual interfaces show their network.')
SERVER_GROUP_OWNERS = _version(13, 'Server groups show project and user.')
EVACUATE_FINDS_STORAGE = _version(14, 'Evacuate takes no onSharedStorage and gives no password.')
SERVER_GROUP_SOFT_POLICIES = _version(15, 'Server groups may be softly affine.')
SERVER_HOST_STATUS = _version(16, 'Servers show the status of their host.')
CRASH_DUMP = _version(17, 'A crash dump can be triggered in a server.')
PROJECT_ID_OPTIONAL = _version(18, 'Paths need no project id.')
SERVER_DESCRIPTION = _version(19, 'Servers have a description.')
SHELVED_VOLUMES = _version(20, 'Volumes are attached to and detached from shelved servers.')
ACTIONS_OF_DELETED_SERVERS = _version(21, 'The actions of deleted servers are shown.')
FORCE_COMPLETE_MIGRATION = _version(22, 'A running live migration can be forced to complete.')
SERVER_MIGRATIONS = _version(23, 'The running migrations of a server are shown, and the type of every migration.')
ABORT_MIGRATION = _version(24, 'A running live migration can be aborted.')
LIVE_MIGRATE_AUTO = _version(25, 'Live migration finds out itself whether disks must be copied.')
SERVER_TAGS = _version(26, 'Servers have tags.')
STANDARD_VERSION_HEADER = _version(27, 'The header OpenStack-API-Version is understood.')
HYPERVISOR_CPU_INFO_OBJECT = _version(28, 'cpu_info of a hypervisor is an object.')
EVACUATE_CHECKS_HOST = _version(29, 'Evacuate checks a given host unless forced.')
LIVE_MIGRATE_CHECKS_HOST = _version(30, 'Live migration checks a given host unless forced.')
CONSOLE_TOKENS_OF_ALL_TYPES = _version(31, 'Console tokens of every type are shown.')
DEVICE_TAGS = _version(32, 'Networks and block devices of a new server may have a tag.')
HYPERVISOR_PAGES = _version(33, 'Hypervisors are listed in pages.')
LIVE_MIGRATE_CHECKS_LATER = _version(34, 'The checks before a live migration run in the background.')
KEYPAIR_PAGES = _version(35, 'Key pairs are listed in pages.')
PROXIES_GONE = _version(36, 'Resources of other services, and network quotas, are gone.')
NETWORKS_AUTO = _version(37, 'networks of a new server is required, and may be auto or none.')
SERVER_FILTER_STATUS_CHECKED = _version(38, 'An unknown status in a filter is refused.')
IMAGE_METADATA_GONE = _version(39, 'The metadata of images is handled elsewhere; maxImageMeta is gone.')
USAGE_PAGES = _version(40, 'Usages are listed in pages.')
AGGREGATE_UUID = _version(41, 'Aggregates show their uuid.')
DEVICE_TAGS_AGAIN = _version(42, 'Networks and block devices may have a tag again.')
HOSTS_GONE = _version(43, 'os-hosts is gone.')
NETWORK_ACTIONS_GONE = _version(44, 'Actions that stood for the network service are gone.')
IMAGE_ID_IN_BODY = _version(45, 'createImage and createBackup give the image in the body.')
STANDARD_REQUEST_ID = _version(46, 'The request id is in x-openstack-request-id too.')
SERVER_FLAVOR_EMBEDDED = _version(47, 'Servers show what their flavor was, not a link to it.')
DIAGNOSTICS_STANDARD = _version(48, 'Diagnostics have the same fields for every driver.')
ATTACH_TAGS = _version(49, 'Attached volumes and interfaces may have a tag.')
QUOTA_CLASS_SERVER_GROUPS = _version(50, 'Quota classes show server groups, and no network quotas.')
VOLUME_EXTENDED_EVENT = _version(51, 'The event volume-extended is accepted; events of actions are shown to all.')
SERVER_CREATE_TAGS = _version(52, 'A server may be created with tags.')
SERVICE_UUIDS = _version(53, 'Services and hypervisors are named by uuid.')
REBUILD_KEYPAIR = _version(54, 'Rebuild may change the key pair.')
FLAVOR_DESCRIPTION = _version(55, 'Flavors have a description.')
MIGRATE_HOST = _version(56, 'Cold migration may name a host.')
PERSONALITY_GONE = _version(57, 'Injected files are gone, with their limits and quotas; rebuild takes user data.')
ACTION_PAGES = _version(58, 'Instance actions are listed in pages and show updated_at.')
MIGRATION_PAGES = _version(59, 'Migrations are listed in pages and have a uuid.')
MULTIATTACH = _version(60, 'A volume may be attached to several servers.')
FLAVOR_EXTRA_SPECS_SHOWN = _version(61, 'Flavors show their extra specs.')
ACTION_EVENT_HOST = _version(62, 'Events of instance actions show the host.')
TRUSTED_CERTS = _version(63, 'Servers have trusted image certificates.')
SERVER_GROUP_POLICY = _version(64, 'A server group has one policy, with rules.')
ABORT_QUEUED_MIGRATION = _version(65, 'A live migration that waits can be aborted.')
CHANGES_BEFORE = _version(66, 'Lists may be filtered by changes-before.')
VOLUME_TYPE = _version(67, 'A block device of a new server may name a volume type.')
FORCE_GONE = _version(68, 'Live migration and evacuate cannot be forced.')
DOWN_CELLS = _version(69, 'What is known of servers and services in a part that does not answer is shown.')
DEVICE_TAGS_SHOWN = _version(70, 'The tags of attached volumes and interfaces are shown.')
SERVER_GROUPS_SHOWN = _version(71, 'Servers show their server groups.')
PORT_RESOURCE_REQUESTS = _version(72, 'Servers may be created with ports that ask for resources.')
LOCK_REASON = _version(73, 'A lock has a reason, and servers may be filtered by locked.')
REQUESTED_DESTINATION = _version(74, 'A new server may ask for a host or a hypervisor.')
STRICT_QUERIES = _version(75, 'Unknown query parameters are refused; server views are the same everywhere.')
POWER_UPDATE_EVENT = _version(76, 'The event power-update is accepted.')
UNSHELVE_ZONE = _version(77, 'Unshelve may name a zone.')
SERVER_TOPOLOGY = _version(78, 'The NUMA topology of a server is shown.')
VOLUME_DELETE_ON_TERMINATION = _version(79, 'Attaching a volume may say whether it dies with the server.')
MIGRATION_OWNERS = _version(80, 'Migrations show and are filtered by user and project.')
AGGREGATE_IMAGES = _version(81, 'Images can be cached on the hosts of an aggregate.')
ACCELERATOR_EVENT = _version(82, 'The event accelerator-request-bound is accepted.')
SERVER_FILTERS_FOR_ALL = _version(83, 'Everybody may filter servers by more of what they see.')
ACTION_EVENT_DETAILS = _version(84, 'Failed events of instance actions have details.')
VOLUME_ATTACHMENT_UPDATE = _version(85, 'delete_on_termination of an attachment can be changed.')
EXTRA_SPECS_VALIDATED = _version(86, 'Known extra specs of flavors are validated.')
RESCUE_VOLUME_BACKED = _version(87, 'Servers that booted from a volume can be rescued.')
HYPERVISOR_RESOURCES_GONE = _version(88, 'Hypervisors show uptime and servers, and no resources.')
ATTACHMENT_IDS = _version(89, 'Volume attachments show attachment_id and bdm_uuid, and no id.')
SERVER_HOSTNAME = _version(90, 'A server may be given a hostname.')
UNSHELVE_HOST = _version(91, 'Unshelve may name a host, and pin or unpin the zone.')
KEYPAIR_IMPORT_ONLY = _version(92, 'Key pairs are imported only; names may hold @ and dots.')
REBUILD_VOLUME_BACKED = _version(93, 'Servers that booted from a volume can be rebuilt.')
SERVER_HOSTNAME_FQDN = _version(94, 'A hostname may be fully qualified.')
EVACUATED_STOPPED = _version(95, 'Evacuated servers are stopped at their new host.')
PINNED_ZONE_SHOWN = _version(96, 'Servers show the zone they are pinned to.')
SHARES = _version(97, 'Shares can be attached to servers.')
SERVER_IMAGE_PROPERTIES = _version(98, 'Servers show the properties of their image.')
SPICE_DIRECT = _version(99, 'Consoles may be of type spice-direct.')
SCHEDULER_HINTS_SHOWN = _version(100, 'Servers show their scheduler hints.')
ATTACH_ASYNCHRONOUS = _version(101, 'Attaching a volume is 202, without a body.')
FLAVOR_NAME_FILTER = _version(102, 'Flavors are filtered by name; rxtx_factor is gone; unknown query parameters are refused everywhere.')  # noqa: E501
VOLUMES_BOOT_GONE = _version(103, 'os-volumes_boot is gone.')
PINNED_ZONE_UPDATE = _version(104, 'The zone a server is pinned to can be changed.')

LAST = max(_HISTORY)

_FORMAT = re.compile(r'([1-9][0-9]*)\.([1-9][0-9]*|0)')


def history():
    """(version, sentence) of every microversion, oldest first."""
    return sorted(_HISTORY.items())


def number(text):
    """The int of `2.x`; for tables and schema windows. None stays None."""
    return None if text is None else int(text.removeprefix('2.'))


def negotiate(standard, legacy):
    """The version that the two headers ask for (either may be None): (int, the text to echo).

    `standard` is `OpenStack-API-Version`, which wins; `legacy` is `X-OpenStack-Nova-API-Version`. Raises a 400 Fault
    for what is no version, and a 406 Fault (with `echo`) for one that is not served.
    """
    text = _of_compute(standard)
    if text is None:
        text = legacy.strip() if legacy is not None else None
    if text is None:
        return FIRST, '2.1'
    if text == 'latest':
        return LAST, f'2.{LAST}'
    match = _FORMAT.fullmatch(text)
    if match is None:
        raise errors.Fault(400, f'API version {text[:64]!r} is of invalid format. It must be MAJOR.MINOR.')
    major, minor = match.groups()
    # The length keeps absurd numbers away from int().
    if major != '2' or len(minor) > 9 or not FIRST <= int(minor) <= LAST:
        fault = errors.Fault(
            406, f'Version {text[:64]} is not supported by the API. Minimum is 2.1 and maximum is 2.{LAST}.')
        fault.echo = text[:64]
        raise fault
    return int(minor), text


def _of_compute(header):
    """The version for `compute` in `compute 2.1, other 1.0`; the last one counts. None if there is none."""
    found = None
    for field in (header or '').split(','):
        service, _, version = field.strip().partition(' ')
        if service.lower() == 'compute' and version.strip():
            found = version.strip()
    return found
