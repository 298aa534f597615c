/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * A profile's system-call sets as a BPF program, made by libseccomp
 * (OPTIMIZE=2) at build time for shipped profiles, at start for others. Hostile
 * families are one built-in set here that no profile can widen.
 */
#include "executor/base/err.h"
#include <stddef.h>
#include <stdint.h>

struct profile;

/* A classic BPF program: `len` instructions of 8 bytes (struct sock_filter). */
struct filter {
	void *code; /* owned; filter_finish() */
	uint16_t len;
};

/* Builds it; unknown names of this kernel's headers are skipped, names that
 * libseccomp does not know are -ERR_INVALID. Foreign ABIs (x32, i386) get
 * ENOSYS, never KILL. */
int filter_build(struct filter *out, const struct profile *p, struct err *err);

/*
 * SHARE/filters/NAME.bpf if it was made from exactly this profile's system
 * calls, else filter_build(). A damaged file is an error: somebody meant it to
 * be used.
 */
int filter_load(struct filter *out, const char *share, const struct profile *p,
		struct err *err);

/* Writes it for filter_load(): `path` appears whole or not at all, mode 0644. */
int filter_store(const struct filter *f, const struct profile *p,
		 const char *path, struct err *err);

void filter_finish(struct filter *f); /* NULL is fine */
