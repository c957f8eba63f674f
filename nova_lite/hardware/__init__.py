# SPDX-License-Identifier: Apache-2.0
"""Pure knowledge shared by api, scheduler, compute and virt: flavors, images, extra specs. No I/O."""
