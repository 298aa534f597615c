/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The backend that builds jails of its own, through Coop's broker. */
#include "executor/backend/backend.h"

extern const struct backend jail_backend;
