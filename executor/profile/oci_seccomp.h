/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * A Docker or OCI seccomp file in memory, with what it makes depend on
 * capabilities, architecture and kernel already decided: a box has no
 * capability. Reads the shapes of moby, containers/common (podman) and the
 * runtime specification. What the rules mean for Coop is oci_verdict's. Used by
 * the tool import-seccomp, never by a run.
 */
#include "executor/base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OCI_FILE_MAX (1024 * 1024)
#define OCI_ARGS_MAX 6

struct json;

/* Which `includes` and `excludes` hold. */
struct oci_machine {
	const char *arch; /* Go's name, as in files: "amd64", "arm64" */
	unsigned kernel_major, kernel_minor;
};

enum oci_action {
	OCI_ALLOW,
	OCI_ERRNO,
	OCI_LOG, /* allows, and writes to the audit log */
	OCI_KILL,
	OCI_TRAP,
	OCI_TRACE,
	OCI_NOTIFY
};

/* An action; `err_no` only where it is OCI_ERRNO. */
struct oci_answer {
	enum oci_action action;
	unsigned err_no;
};

enum oci_op { OCI_NE, OCI_LT, OCI_LE, OCI_EQ, OCI_GE, OCI_GT, OCI_MASKED_EQ };

/* args[index] OP value; MASKED_EQ: (args[index] & value) == value_two. */
struct oci_condition {
	unsigned index;
	enum oci_op op;
	uint64_t value, value_two;
};

/* One system call, when all conditions hold. */
struct oci_rule {
	char *name;
	unsigned entry; /* /syscalls/ENTRY of the file */
	struct oci_answer answer;
	struct oci_condition args[OCI_ARGS_MAX];
	size_t arg_count;
};

struct oci_seccomp {
	struct oci_answer otherwise; /* the default action */
	struct oci_rule *rules;
	size_t rule_count;
	bool has_foreign_abi; /* names 32-bit or x32 sub-architectures */
	bool has_extras;      /* flags, listenerPath: nothing for a box */
};

/*
 * Takes over `file`. -ERR_INVALID or -ERR_UNKNOWN with the JSON pointer as
 * field: a key that is not understood could be one that refuses. Rules that do
 * not hold on `m`, and such as only repeat the default action, are left out
 * after having been checked. End with oci_seccomp_finish().
 */
int oci_seccomp_read(struct oci_seccomp *out, const struct json *file,
		     const struct oci_machine *m, struct err *err);
void oci_seccomp_finish(struct oci_seccomp *s); /* NULL is fine */

/* "SCMP_ACT_KILL_PROCESS" of a kind of action; one name of those it has. */
const char *oci_action_name(enum oci_action action);
