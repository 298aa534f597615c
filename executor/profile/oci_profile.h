/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * A Docker or OCI file as a profile: the verdict of every system call that this
 * machine has a name for, their text, and what was lost on the way, for people.
 */
#include "executor/profile/oci_verdict.h"

struct buf;

struct oci_call {
	char *name;
	struct oci_verdict is;
};

struct oci_profile {
	struct oci_call *calls; /* sorted by name */
	size_t count;
	char **unknown; /* names that libseccomp does not know */
	size_t unknown_count;
	bool has_foreign_abi, has_extras;
	struct oci_answer otherwise;
};

/*
 * Go's name of the architecture that filters are made for, "amd64"; NULL where
 * the importer does not know it.
 */
const char *oci_profile_arch(void);

/* Decides all calls. End with oci_profile_finish(). */
void oci_profile_make(struct oci_profile *out, const struct oci_seccomp *s);
void oci_profile_finish(struct oci_profile *p); /* NULL is fine */

struct oci_text {
	const char *source;  /* name of the file it was, for a comment */
	const char *inherit; /* the profile that gives everything else */
	const char *summary;
};

/* Appends a whole profile, which takes no system calls from its parent. */
void oci_profile_format(const struct oci_profile *p, const struct oci_text *t,
			struct buf *out);

/* Appends what was lost, one sentence a line, each begun with `prefix`. */
void oci_profile_losses(const struct oci_profile *p, const char *prefix,
			struct buf *out);
