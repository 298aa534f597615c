/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Listing and naming the data files below SHARE. Does not read them.
 */
#include "executor/profile/names.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NAMES_MAX 256

bool names_valid(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789+_-");

	return n && n <= 63 && !name[n] && *name != '-';
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static size_t read_names(DIR *d, const char *suffix, char **names)
{
	struct dirent *e;
	size_t count = 0;

	while (count < NAMES_MAX && (e = readdir(d))) {
		size_t len = strlen(e->d_name);
		char *name;

		if (!str_ends(e->d_name, suffix))
			continue;
		name = mem_strndup(e->d_name, len - strlen(suffix));
		if (names_valid(name))
			names[count++] = name;
		else
			mem_free(name);
	}
	return count;
}

char **names_list(const char *share, const char *dir, const char *suffix,
		  struct err *err)
{
	_auto_free_ char *path = mem_printf("%s/%s", share, dir);
	DIR *d = opendir(path);
	char **names;
	size_t count;

	if (!d) {
		err_sys(err, errno, "cannot read the folder %s", path);
		err_try(err, "--share DIR or COOP_SHARE, the folder that holds "
			     "profiles and languages");
		return NULL;
	}
	names = mem_zero(NAMES_MAX + 1, sizeof(*names));
	count = read_names(d, suffix, names);
	closedir(d);
	qsort(names, count, sizeof(*names), by_name);
	return names;
}

void names_free(char **names)
{
	if (!names)
		return;
	for (char **n = names; *n; n++)
		mem_free(*n);
	mem_free(names);
}

int names_unknown(const char *what, const char *name, char *const *known,
		  struct err *err)
{
	char all[sizeof(err->remedy)] = "";
	const char *near = str_nearest(name, (const char *const *)known);

	for (size_t i = 0; known[i]; i++) {
		size_t at = strlen(all);

		str_copy(all + at, sizeof(all) - at, i ? ", " : "");
		at = strlen(all);
		str_copy(all + at, sizeof(all) - at, known[i]);
	}
	err_set(err, ERR_UNKNOWN, "\"%.64s\" is not a known %s", name, what);
	if (near)
		return err_try(err, "%s; known are %s", near, all);
	return err_try(err, "one of %s", all);
}
