# SPDX-License-Identifier: Apache-2.0
"""Which extra specs are accepted."""


import testtools

from nova_lite.hardware import extra_specs


class Validate(testtools.TestCase):
    def test_accepted(self):
        for key, value in (
                ('hw:cpu_policy', 'mixed'), ('hw:cpu_cores', '4'), ('hw:boot_menu', 'Yes'),
                ('hw:numa_cpus.0', '0-3,^2'),
                ('hw:numa_mem.1', '512'), ('hw:mem_page_size', '2MB'), ('hw:pmem', 'a,b,'), ('quota:cpu_quota', '-1'),
                ('resources:VCPU', '2'), ('resources_x:CUSTOM_GOLD', '1'), ('trait:HW_CPU_X86_AVX2', 'required'),
                ('trait1:CUSTOM_A', 'forbidden'), ('group_policy', 'none'),
                ('capabilities:cpu_info:features', '<in> x'),
                ('pci_passthrough:alias', 'a:1, b:2'), ('aggregate_instance_extra_specs:ssd', 'true'),
                ('mine:thing', 'x'), ('plain', 'x'), ('hide_hypervisor_id', 'true')):
            extra_specs.validate(key, value)

    def test_refused(self):
        for key, value in (
                ('hw:cpu_policy', 'Mixed'), ('hw:cpu_cores', '0'), ('hw:cpu_cores', 'x'), ('hw:boot_menu', 'perhaps'),
                ('hw:redirected_usb_ports', '16'), ('hw:numa_cpus.x', '0'), ('hw:nope', '1'), ('os:nope', '1'),
                ('resources:NOPE', '1'), ('resources:VCPU', 'x'), ('trait:NOPE', 'required'), ('trait:CUSTOM_A', 'yes'),
                ('capabilities:nope', '1'), ('pci_passthrough:alias', 'a:x'), ('group_policy', 'x')):
            self.assertRaises(extra_specs.InvalidExtraSpec, extra_specs.validate, key, value)

    def test_no_pattern_explodes(self):
        """One that did would not end before the time for all tests is over."""
        for key, value in (('hw:pmem', 'a' * 250 + '!'), ('hw:cpu_realtime_mask', '1-' * 125),
                           ('pci_passthrough:alias', 'a:1' + ' , a:1' * 40 + '!')):
            self.assertRaises(extra_specs.InvalidExtraSpec, extra_specs.validate, key, value)
