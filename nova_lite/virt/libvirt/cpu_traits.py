# SPDX-License-Identifier: Apache-2.0
"""Which standard traits stand for which of libvirt's names of processor features. Pure knowledge."""

_PREFIX = 'HW_CPU_X86_'
# libvirt's name -> the trait's, where they are not the same but for case and punctuation
_RENAMED = {
    'aes': ('AESNI',), 'pclmuldq': ('CLMUL',), 'pclmulqdq': ('CLMUL',), 'fma': ('FMA3',), 'pni': ('SSE3',),
    'sse4.1': ('SSE41',), 'sse4.2': ('SSE42',), 'bmi1': ('BMI',), 'sha-ni': ('SHA',), 'rtm': ('TSX',), 'hle': ('TSX',),
    'lzcnt': ('ABM',), 'svm': ('SVM', 'AMD_SVM'), 'vmx': ('VMX', 'INTEL_VMX'), 'pcid': ('INTEL_PCID',),
    'spec-ctrl': ('INTEL_SPEC_CTRL',), 'ibpb': ('AMD_IBPB',), 'md-clear': ('INTEL_MD_CLEAR',),
    'ssbd': ('INTEL_SSBD',), 'amd-ssbd': ('AMD_SSBD',), 'virt-ssbd': ('AMD_VIRT_SSBD',), 'amd-no-ssb': ('AMD_NO_SSB',),
    'avx512-vpopcntdq': ('AVX512VPOPCNTDQ',), 'avx512vbmi2': ('AVX512VBMI2',), 'avx512-vnni': ('AVX512VNNI',),
    'gfni': ('AVX512GFNI',), 'vaes': ('AVX512VAES',), 'vpclmulqdq': ('AVX512VPCLMULQDQ',),
    'avx512ifma': ('AVX512IFMA',), 'amx-bf16': ('AMXBF16',), 'amx-int8': ('AMXINT8',), 'amx-tile': ('AMXTILE',),
}


def of_features(names, known):
    """The traits among `known` that the features `names` stand for."""
    found = set()
    for name in names:
        words = _RENAMED.get(name, (name.replace('-', '').replace('_', '').replace('.', '').upper(),))
        found.update(_PREFIX + word for word in words)
    return found & set(known)
