/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What is gathered about the one component that is being loaded. */
#include "executor/base/buf.h"

struct component_frame {
	struct buf extra; /* members that the class does not know */
	struct buf extra_config;
};
