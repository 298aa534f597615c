/* SPDX-License-Identifier: Apache-2.0 */
/* Tries places in order; the first that holds what is needed is taken. */
#include "executor/run/places.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct place {
	const char *what, *variable, *needs, *option;
	const char *beside[3]; /* relative to the program's folder */
	const char *usual[3];
};

static const struct place libexec = {
	"helper programs",
	"COOP_LIBEXEC",
	"broker",
	"COOP_LIBEXEC",
	{ "../libexec/coop", ".", NULL },
	{ "/usr/local/libexec/coop", "/usr/libexec/coop", NULL },
};

static const struct place share = {
	"profiles and languages",
	"COOP_SHARE",
	"profiles",
	"--share DIR",
	{ "../share/coop", "../../share/coop", NULL },
	{ "/usr/local/share/coop", "/usr/share/coop", NULL },
};

static bool holds(const char *dir, const struct place *p)
{
	_auto_free_ char *path = mem_printf("%s/%s", dir, p->needs);

	return access(path, F_OK) == 0;
}

/* The folder of a file, or NULL. */
static char *folder_of(const char *file)
{
	const char *slash = file ? strrchr(file, '/') : NULL;

	return slash ? mem_strndup(file, (size_t)(slash - file)) : NULL;
}

static char *program_folder(void)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (n <= 0)
		return NULL;
	path[n] = '\0';
	return folder_of(path);
}

/* The folder of libcoop.so; of the program when it is linked statically. */
static char *library_folder(void)
{
	Dl_info info;

	if (!dladdr((const void *)places_share, &info))
		return NULL;
	return folder_of(info.dli_fname);
}

static char *beside(const char *folder, const struct place *p)
{
	for (size_t i = 0; folder && p->beside[i]; i++) {
		_auto_free_ char *path = mem_printf("%s/%s", folder,
						    p->beside[i]);
		char *real;

		if (!holds(path, p))
			continue;
		real = realpath(path, NULL);
		if (real) {
			char *copy = mem_strdup(real);

			free(real); /* not ours: libc made it */
			return copy;
		}
	}
	return NULL;
}

static char *named(const char *dir, const char *by, const struct place *p,
		   struct err *err)
{
	if (holds(dir, p))
		return mem_strdup(dir);
	err_set(err, ERR_NOT_FOUND, "%s holds no %s", dir, p->needs);
	err_field(err, "%s", by);
	return NULL;
}

static char *find(const char *chosen, const struct place *p, struct err *err)
{
	const char *variable = getenv(p->variable);
	_auto_free_ char *program = NULL;
	_auto_free_ char *library = NULL;
	char *found;

	if (chosen)
		return named(chosen, p->option, p, err);
	if (variable && *variable)
		return named(variable, p->variable, p, err);
	program = program_folder();
	found = beside(program, p);
	if (!found) {
		library = library_folder();
		found = beside(library, p);
	}
	for (size_t i = 0; !found && p->usual[i]; i++)
		if (holds(p->usual[i], p))
			found = mem_strdup(p->usual[i]);
	if (!found) {
		err_set(err, ERR_NOT_FOUND, "Coop's %s are not installed",
			p->what);
		err_try(err, "%s", p->option);
	}
	return found;
}

char *places_libexec(const char *chosen, struct err *err)
{
	return find(chosen, &libexec, err);
}

char *places_share(const char *chosen, struct err *err)
{
	return find(chosen, &share, err);
}
