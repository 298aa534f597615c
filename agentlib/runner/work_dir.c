/* SPDX-License-Identifier: Apache-2.0 */
/* Looks at paths only; see work_dir.h for the rule. */
#include "agentlib/runner/work_dir.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The path without links, or NULL; on the heap, as fibers have little stack. */
static char *resolve(const char *path)
{
	return path && *path ? realpath(path, NULL) : NULL;
}

/*
 * The real path of the deepest part of `dir` that exists. What does not exist
 * yet must not climb out of it, so a ".." that cannot be resolved gives NULL.
 * The caller frees by mem_free().
 */
static char *real_part(const char *dir)
{
	_auto_free_ char *path = mem_strdup(dir);

	for (;;) {
		char *real = resolve(path);
		char *slash = strrchr(path, '/');

		if (real)
			return real;
		if (str_equal(slash ? slash + 1 : path, "..") || !*path)
			return NULL;
		if (!slash)
			return resolve(".");
		*slash = '\0';
	}
}

static bool same(const char *real, const char *folder)
{
	_auto_free_ char *other = resolve(folder);

	return other && str_equal(real, other);
}

static bool beneath(const char *real, const char *folder)
{
	_auto_free_ char *other = resolve(folder);

	/* everything is beneath the root folder: that says nothing */
	if (!other || str_equal(other, "/") || !str_starts(real, other))
		return false;
	return real[strlen(other)] == '\0' || real[strlen(other)] == '/';
}

bool work_dir_allowed(const char *dir)
{
	_auto_free_ char *real = real_part(dir);
	_auto_free_ char *whole = resolve(dir);
	const char *temporary = getenv("TMPDIR");

	if (!real || str_equal(real, "/"))
		return false;
	/* a folder that is not there yet is none of those */
	if (whole && (same(real, getenv("HOME")) || same(real, "/tmp") ||
		      same(real, temporary)))
		return false;
	return beneath(real, ".") || beneath(real, "/tmp") ||
	       beneath(real, temporary);
}
