/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The events of a streamed chat completion. */
#include "executor/net/sse.h"

/* For vendor_stream_init(). Errors: an event that is no JSON or reports an error
 * (-ERR_UNAVAILABLE), and those of vendor_stream_text(). */
int openai_stream_event(void *arg, const struct sse_event *e, struct err *err);
