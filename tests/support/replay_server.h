/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Starts tests/support/replay_server_prog for one test. */
#include "tests/support/service.h"

#include <stddef.h>

struct json;

struct replay_server {
	struct service service; /* pid 0: not running */
	char url[64];           /* "http://127.0.0.1:PORT/v1" */
	char dir[64];           /* of recording and log; removed at the end */
};

/* Plays `recording` (JSON text); a failure ends the test. */
void replay_server_start(struct replay_server *s, const char *recording);

/* Line `index` of its log, a root to be destroyed; waits for it at most 20 s. */
struct json *replay_server_log(struct replay_server *s, size_t index);

/* Requests that came so far. */
size_t replay_server_count(struct replay_server *s);

/* Connections that have brought requests. */
unsigned replay_server_connections(struct replay_server *s);

/* Ends it; its exit status: 1 when a request was not the expected one. */
int replay_server_stop(struct replay_server *s);
