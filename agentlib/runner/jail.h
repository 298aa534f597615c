/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The code executor that runs blocks in Coop's jail, in this process's own
 * broker. One box from start to stop, so files and installed packages stay
 * between blocks; restart makes a new one. Nothing of the host is written
 * unless a folder for it is named.
 */
#include "agentlib/core/code_executor.h"
#include "executor/include/executor.h"
#include <stdint.h>

struct engine;
struct json;

#define JAIL_PROVIDER "coop.executors.JailCodeExecutor"
#define JAIL_TIMEOUT_MS 60000u

/* Strings are copied. */
struct jail_options {
	const char *profile;       /* NULL: "agent" */
	struct coop_limits limits; /* 0: the profile's; time is time_ms */
	uint64_t time_ms;          /* wall limit of one block; 0: 60 s */
	const char *work_dir;      /* its regular files go in at start; created
				     files come back; NULL: none */
	const char *collect;       /* created files go here instead; or NULL */
	const char *const *files;  /* "SRC[:DST]" put at start; NULL-ended */
};

/* A new executor with one reference; nothing is started. `config` (may be NULL,
 * ownership moves) is what it was loaded from; `keys` (a constant NULL-ended
 * list) are the members of it that a dump writes. */
struct code_executor *jail_create(struct engine *e,
				  const struct jail_options *o,
				  struct json *config, const char *const *keys);

/*
 * Whether it could start as far as can be told without starting anything: the
 * profile is known, the limits are below its ceilings, the files to put are
 * there. Where Coop's own files are not found all is taken for right.
 */
int jail_check(const struct code_executor *x, struct err *err);
