# SPDX-License-Identifier: Apache-2.0
# The parent ends, a child keeps both outputs open.
(trap '' HUP TERM; sleep 1000; echo late) &
echo done
