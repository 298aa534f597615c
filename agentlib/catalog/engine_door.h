/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What the parts of the door know of an engine. */
#include "executor/base/err.h"

struct coop_engine;
struct engine;
struct http;

/* The engine inside. */
struct engine *engine_door_engine(struct coop_engine *e);

/* Its HTTP client, made at first use; NULL with *err. */
struct http *engine_door_http(struct coop_engine *e, struct err *err);
