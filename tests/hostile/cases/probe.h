/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What the C cases share: each wall is tried by doing what it forbids. A wall
 * that gives way prints BROKEN and makes the exit status 1; the last line says
 * how many held, so that a case which ends early is noticed.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/syscall.h>

static int probe_held, probe_broken;

/* A statement about the box. */
__attribute__((unused)) static void probe_holds(const char *what, int good)
{
	if (good) {
		probe_held++;
		return;
	}
	probe_broken++;
	printf("BROKEN %s\n", what);
}

/* rc and the error of a call that must have failed by one of `errors`. Where
 * EPERM is right ENOSYS is, too: after the first few refusals nobody listens to
 * tell them apart, and the kernel says ENOSYS then. */
__attribute__((unused)) static void probe_refused(const char *what, long rc,
						  int error, const int *errors)
{
	if (rc == -1)
		for (; *errors; errors++)
			if (*errors == error ||
			    (*errors == EPERM && error == ENOSYS)) {
				probe_held++;
				return;
			}
	probe_broken++;
	printf("BROKEN %s: returned %ld, %s\n", what, rc,
	       rc == -1 ? strerror(error) : "it worked");
}

#define HOLDS(what, condition) probe_holds(what, condition)

/* REFUSED("mount", mount(…), EPERM, ENOSYS) */
#define REFUSED(what, call, ...)                                               \
	do {                                                                   \
		errno = 0;                                                     \
		long rc_ = (long)(call);                                       \
		probe_refused(what, rc_, errno,                                \
			      (const int[]){ __VA_ARGS__, 0 });                \
	} while (0)

/* Prints the count; main's result. */
__attribute__((unused)) static int probe_end(void)
{
	printf("held %d\n", probe_held);
	return probe_broken > 0;
}
