# SPDX-License-Identifier: Apache-2.0
# Prints what arrived.
import sys

print(ascii(sys.argv[1:]))
