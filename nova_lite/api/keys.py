# SPDX-License-Identifier: Apache-2.0
"""Key pairs as mathematics: fingerprints of what users bring, and new pairs for versions that still make them."""

import base64
import binascii
import datetime
import hashlib

from cryptography import exceptions, x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from nova_lite import errors

SSH = 'ssh'
X509 = 'x509'

_BITS = 2048
_YEARS = 10
# Windows finds the user of a certificate in this name (a user principal name).
_UPN = ObjectIdentifier('1.3.6.1.4.1.311.20.2.3')


class InvalidKey(errors.Invalid):
    """What was brought is no public key."""


def fingerprint(public_key, kind):
    """The fingerprint of an OpenSSH public key (MD5), or of a certificate in PEM (SHA-1). Raises InvalidKey."""
    return _x509_fingerprint(public_key) if kind == X509 else _ssh_fingerprint(public_key)


def generate(kind, user_id):
    """A new pair: (private key, public key, fingerprint)."""
    return _new_x509(user_id) if kind == X509 else _new_ssh()


def _ssh_fingerprint(public_key):
    try:
        serialization.load_ssh_public_key(public_key.encode())
        data = base64.b64decode(public_key.split()[1])
    except (ValueError, TypeError, IndexError, binascii.Error, exceptions.UnsupportedAlgorithm) as error:
        raise InvalidKey('Keypair data is invalid: failed to generate fingerprint') from error
    return _colons(hashlib.md5(data, usedforsecurity=False).hexdigest())


def _x509_fingerprint(certificate):
    try:
        found = x509.load_pem_x509_certificate(certificate.encode())
    except (ValueError, TypeError, exceptions.UnsupportedAlgorithm) as error:
        raise InvalidKey('Keypair data is invalid: failed to generate X509 fingerprint.') from error
    return _colons(found.fingerprint(hashes.SHA1()).hex())  # noqa: S303  what Nova shows


def _new_ssh():
    key = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL,
                                serialization.NoEncryption()).decode()
    public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH).decode()
    public += ' Generated-by-Nova'
    return private, public, _ssh_fingerprint(public)


def _new_x509(user_id):
    key = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    # A common name holds 64 characters at most.
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, user_id[:64])])
    now = datetime.datetime.now(datetime.UTC)
    upn = f'{user_id}@localhost'.encode()
    length = bytes([len(upn)]) if len(upn) < 128 else bytes([0x82, *len(upn).to_bytes(2, 'big')])
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=365 * _YEARS))
        .add_extension(x509.SubjectAlternativeName([x509.OtherName(_UPN, b'\x0c' + length + upn)]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .sign(key, hashes.SHA256()))
    public = certificate.public_bytes(serialization.Encoding.PEM).decode()
    packed = pkcs12.serialize_key_and_certificates(None, key, certificate, None, serialization.NoEncryption())
    return base64.b64encode(packed).decode(), public, _x509_fingerprint(public)


def _colons(digest):
    return ':'.join(digest[index:index + 2] for index in range(0, len(digest), 2))
