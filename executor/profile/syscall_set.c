/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads lists of names. Knows neither the kernel's calls nor profiles.
 */
#include "executor/profile/syscall_set.h"

#include "executor/base/buf.h"
#include "executor/base/fd.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/profile/names.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX (64 * 1024)

static int read_lines(const char *path, char *text, syscall_set_fn *fn,
		      void *arg, struct err *err)
{
	unsigned number = 0;
	char *line;

	while ((line = strsep(&text, "\n"))) {
		char *hash = strchr(line, '#');
		char *name;
		int rc = 0;

		number++;
		if (hash)
			*hash = '\0';
		name = str_trim(line);
		if (!*name)
			continue;
		if (!str_is_identifier(name))
			rc = err_set(err, ERR_INVALID,
				     "\"%.64s\" is not one system call's name",
				     name);
		else
			rc = fn(arg, name, err);
		if (rc < 0)
			return err_field(err, "%s:%u", path, number);
	}
	return 0;
}

int syscall_set_read(const char *share, const char *set, syscall_set_fn *fn,
		     void *arg, struct err *err)
{
	_auto_free_ char *path = mem_printf("%s/syscalls/%s.list", share, set);
	struct buf text;
	int rc;

	if (!names_valid(set) || access(path, R_OK) < 0) {
		char **known = names_list(share, "syscalls", ".list", err);

		if (!known)
			return -ERR_SYSTEM;
		rc = names_unknown("set of system calls", set, known, err);
		names_free(known);
		return rc;
	}
	buf_init(&text, FILE_MAX);
	rc = fd_slurp_path(AT_FDCWD, path, &text, err);
	if (rc >= 0)
		rc = read_lines(path, text.data, fn, arg, err);
	buf_finish(&text);
	return rc;
}
