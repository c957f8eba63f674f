# SPDX-License-Identifier: Apache-2.0
"""How operations are done. Owns all long work: the engine, the journal, the workflows and the reconcilers."""
