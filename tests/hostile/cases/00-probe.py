# SPDX-License-Identifier: Apache-2.0
# For the self-test: walls that do not exist.
import probe

probe.refused("/dev/null", probe.reading("/dev/null"), "EPERM")
probe.refused("none", probe.reading("none"), "EPERM")
probe.holds("nothing", False)
probe.end()
