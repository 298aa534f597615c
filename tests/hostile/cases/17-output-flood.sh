# SPDX-License-Identifier: Apache-2.0
# As much as the pipe takes.
exec yes "all work and no play"
