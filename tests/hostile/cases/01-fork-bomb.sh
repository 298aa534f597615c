# SPDX-License-Identifier: Apache-2.0
# The classic; its first process stays, so that only the limits end it.
bomb() { bomb | bomb & }
while :; do bomb; sleep 0.01; done
