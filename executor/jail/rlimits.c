/* SPDX-License-Identifier: Apache-2.0 */
/* The names of resource limits and the call that sets one. */
#include "executor/jail/rlimits.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <errno.h>
#include <sys/resource.h>

static const struct {
	const char *name;
	int resource;
} rows[] = {
	{ "CPU", RLIMIT_CPU },           { "NOFILE", RLIMIT_NOFILE },
	{ "FSIZE", RLIMIT_FSIZE },       { "STACK", RLIMIT_STACK },
	{ "CORE", RLIMIT_CORE },         { "MEMLOCK", RLIMIT_MEMLOCK },
	{ "MSGQUEUE", RLIMIT_MSGQUEUE }, { "SIGPENDING", RLIMIT_SIGPENDING },
	{ "RTPRIO", RLIMIT_RTPRIO },     { "NPROC", RLIMIT_NPROC },
	{ "DATA", RLIMIT_DATA },
};

int rlimits_set(const char *name, uint64_t value, struct err *err)
{
	struct rlimit now;

	for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
		if (!str_equal(rows[i].name, name))
			continue;
		/* __rlimit_resource_t is an enum in glibc's prototypes */
		__rlimit_resource_t which = (unsigned)rows[i].resource;

		if (getrlimit(which, &now) < 0)
			return err_sys(err, errno, "reading limit %s", name);
		if (value > now.rlim_max)
			value = now.rlim_max;
		now.rlim_cur = now.rlim_max = value;
		if (setrlimit(which, &now) < 0)
			return err_sys(err, errno, "setting limit %s", name);
		return 0;
	}
	return err_set(err, ERR_UNKNOWN, "no limit is called %s", name);
}
