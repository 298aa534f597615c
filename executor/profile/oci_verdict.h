/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What the rules of a Docker or OCI file mean for one system call in a box, and
 * what of it a profile cannot say. Where the two differ the box's is never the
 * wider. Pure; profiles know calls, not arguments, but for those that filter.c
 * allows by argument (clone, socket, …).
 */
#include "executor/profile/oci_seccomp.h"
#include "executor/profile/profile.h"

/* What is lost. More than one can be true; the first that is, is told. */
enum oci_loss {
	OCI_SAME,     /* nothing */
	OCI_HOSTILE,  /* allowed there; a hostile family here */
	OCI_MIXED,    /* depends on arguments, or contradicts itself: refused */
	OCI_NARROWER, /* allowed here for fewer arguments than there */
	OCI_ERRNO_LOST,  /* refused by an errno that is EPERM here */
	OCI_ACTION_LOST, /* killed, trapped, traced, handed over: EPERM here */
	OCI_LOG_LOST,    /* allowed and logged there, only allowed here */
};

struct oci_verdict {
	enum syscall_verdict verdict;
	enum oci_loss loss;
	bool by_default; /* no rule names the call */
	unsigned entry;  /* /syscalls/ENTRY that decided, unless by_default */
	struct oci_answer answer; /* what the file says, but for OCI_MIXED */
};

/* The verdict of one system call by its name. */
struct oci_verdict oci_verdict_of(const struct oci_seccomp *s,
				  const char *name);

/* How a box allows a call by argument, as words ("without namespace flags
 * only"); NULL for calls that it allows or refuses whole. */
const char *oci_verdict_limit(const char *name);
