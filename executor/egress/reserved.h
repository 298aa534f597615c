/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Which addresses are not the public internet: the special-purpose registries
 * of IANA, and what carries an IPv4 address inside of IPv6. A constant table;
 * exceptions that a profile makes are policy.c.
 */
#include "executor/profile/net_address.h"

/* What the address is for ("private", "link-local", "metadata", …); NULL when
 * it is public. Unknown parts of IPv6 count as reserved. */
const char *reserved_find(const struct net_address *a);
