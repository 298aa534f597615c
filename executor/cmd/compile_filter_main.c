/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compile-filter SHARE PROFILE OUT: makes one profile's seccomp filter. A tool
 * of the build; nobody runs it by hand.
 */
#include "executor/profile/filter.h"
#include "executor/profile/profile.h"

#include <stdio.h>

static int compile(const char *share, const char *name, const char *path,
		   struct err *err)
{
	struct filter filter = { 0 };
	struct profile *p;
	int rc = profile_load(&p, share, name, err);

	if (rc < 0)
		return rc;
	rc = filter_build(&filter, p, err);
	if (rc >= 0)
		rc = filter_store(&filter, p, path, err);
	filter_finish(&filter);
	profile_destroy(p);
	return rc;
}

int main(int argc, char **argv)
{
	struct err err = { 0 };
	char text[1024];

	if (argc != 4) {
		fputs("usage: compile-filter SHARE PROFILE OUT\n", stderr);
		return 2;
	}
	if (compile(argv[1], argv[2], argv[3], &err) < 0) {
		fprintf(stderr, "compile-filter: %s\n",
			err_format(&err, text, sizeof(text)));
		return 1;
	}
	return 0;
}
