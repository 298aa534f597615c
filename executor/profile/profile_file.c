/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads SHARE/profiles/NAME.conf and its parents into a struct profile. Every
 * key is a row here; a parent is applied where `inherit` stands, so later lines
 * win. What is wrong is an error with FILE:LINE, never a guess.
 */
#include "executor/profile/profile.h"

#include "executor/base/buf.h"
#include "executor/base/fd.h"
#include "executor/base/mem.h"
#include "executor/base/settings.h"
#include "executor/base/str.h"
#include "executor/profile/hostile.h"
#include "executor/profile/names.h"
#include "executor/profile/syscall_set.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX (256 * 1024)
#define DEPTH_MAX 4

struct reader {
	struct profile *p;
	const char *share;
	const char *name;
	unsigned depth;
	bool version_seen, body_seen;
	bool files_seen, syscalls_seen; /* this file's own lines */
};

static int read_profile(struct profile *p, const char *share, const char *name,
			unsigned depth, struct err *err);

static int key_version(struct reader *r, const struct settings_line *l,
		       struct err *err)
{
	if (!str_equal(l->value, "1"))
		return err_set(err, ERR_INVALID,
			       "version %.16s is not known; this Coop reads 1",
			       l->value);
	r->version_seen = true;
	return 0;
}

static void replace(char **slot, const char *value)
{
	mem_free(*slot);
	*slot = mem_strdup(value);
}

static int key_summary(struct reader *r, const struct settings_line *l,
		       struct err *err)
{
	replace(&r->p->summary, l->value);
	return 0;
}

/* The place that an inner file names would be lost to the outer one's. */
static int within(int rc, struct err *err)
{
	if (rc < 0 && err && strchr(err->field, ':'))
		err_prefix(err, "%s: ", err->field);
	return rc;
}

static int key_inherit(struct reader *r, const struct settings_line *l,
		       struct err *err)
{
	if (r->body_seen)
		return err_set(err, ERR_INVALID,
			       "inherit must stand first: what follows is "
			       "put over it");
	if (*r->p->parent && r->depth == 0)
		return err_set(err, ERR_INVALID, "inherit stands here twice");
	if (r->depth + 1 >= DEPTH_MAX)
		return err_set(err, ERR_INVALID,
			       "profiles inherit in a circle or too deep");
	if (r->depth == 0)
		str_copy(r->p->parent, sizeof(r->p->parent), l->value);
	return within(read_profile(r->p, r->share, l->value, r->depth + 1, err),
		      err);
}

static int key_hostname(struct reader *r, const struct settings_line *l,
			struct err *err)
{
	if (!names_valid(l->value))
		return err_set(err, ERR_INVALID,
			       "a host name has a-z, 0-9 and - only");
	replace(&r->p->hostname, l->value);
	return 0;
}

static int key_output_over(struct reader *r, const struct settings_line *l,
			   struct err *err)
{
	if (!str_equal(l->value, "keep") && !str_equal(l->value, "kill"))
		return err_set(err, ERR_INVALID, "output_over is keep or kill");
	r->p->output_over_kill = str_equal(l->value, "kill");
	return 0;
}

static int key_network(struct reader *r, const struct settings_line *l,
		       struct err *err)
{
	return network_key(&r->p->network, l->key, l->value, err);
}

/* `inherit = no` in a section whose lines add up: nothing of the parent's. */
static int check_inherit(const struct settings_line *l, bool seen,
			 struct err *err)
{
	if (!str_equal(l->value, "no"))
		return err_set(err, ERR_INVALID,
			       "inherit is no here, or left out");
	if (seen)
		return err_set(err, ERR_INVALID,
			       "inherit must stand first in its section");
	return 0;
}

static int key_files_inherit(struct reader *r, const struct settings_line *l,
			     struct err *err)
{
	struct profile *p = r->p;
	int rc = check_inherit(l, r->files_seen, err);

	if (rc < 0)
		return rc;
	while (p->path_count)
		mem_free(p->paths[--p->path_count].path);
	return 0;
}

static int key_syscalls_inherit(struct reader *r, const struct settings_line *l,
				struct err *err)
{
	struct profile *p = r->p;
	int rc = check_inherit(l, r->syscalls_seen, err);

	if (rc < 0)
		return rc;
	while (p->syscall_count)
		mem_free(p->syscalls[--p->syscall_count].name);
	return 0;
}

static int add_path(struct reader *r, const char *path, bool optional,
		    struct err *err)
{
	struct profile *p = r->p;

	r->files_seen = true;
	if (*path != '/' || strstr(path, "/../") || str_ends(path, "/.."))
		return err_set(err, ERR_INVALID,
			       "\"%.200s\" is not an absolute path without ..",
			       path);
	if (p->path_count == PROFILE_PATHS_MAX)
		return err_set(err, ERR_TOO_LARGE, "more than %d paths",
			       PROFILE_PATHS_MAX);
	p->paths[p->path_count++] = (struct profile_path){
		.path = mem_strdup(path),
		.optional = optional,
	};
	return 0;
}

static int key_read(struct reader *r, const struct settings_line *l,
		    struct err *err)
{
	return add_path(r, l->value, false, err);
}

static int key_read_optional(struct reader *r, const struct settings_line *l,
			     struct err *err)
{
	return add_path(r, l->value, true, err);
}

static struct profile_syscall *syscall_slot(struct profile *p, const char *name)
{
	/* hundreds of names at every start: most differ in the first letter */
	for (size_t i = 0; i < p->syscall_count; i++)
		if (*p->syscalls[i].name == *name &&
		    strcmp(p->syscalls[i].name, name) == 0)
			return &p->syscalls[i];
	return NULL;
}

struct adding {
	struct reader *r;
	enum syscall_verdict verdict;
};

static int add_syscall(void *arg, const char *name, struct err *err)
{
	struct adding *a = arg;
	struct profile *p = a->r->p;
	struct profile_syscall *slot = syscall_slot(p, name);

	if (a->verdict == SYSCALL_ALLOW && hostile_find(name)) {
		err_set(err, ERR_FORBIDDEN,
			"%s belongs to a hostile family that no profile can "
			"allow",
			name);
		return err_try(err, "leave it out");
	}
	if (slot) {
		slot->verdict = a->verdict;
		return 0;
	}
	if (p->syscall_count == PROFILE_SYSCALLS_MAX)
		return err_set(err, ERR_TOO_LARGE, "more than %d system calls",
			       PROFILE_SYSCALLS_MAX);
	p->syscalls[p->syscall_count++] = (struct profile_syscall){
		.name = mem_strdup(name),
		.verdict = a->verdict,
	};
	return 0;
}

/* "@base @files execveat": sets by @name, else system calls. */
static int add_syscalls(struct reader *r, const struct settings_line *l,
			enum syscall_verdict verdict, struct err *err)
{
	_auto_free_ char *copy = mem_strdup(l->value);
	struct adding adding = { r, verdict };
	char *rest = copy, *word;
	int rc = 0;

	r->syscalls_seen = true;
	while (rc >= 0 && (word = str_word(&rest))) {
		if (*word == '@')
			rc = within(syscall_set_read(r->share, word + 1,
						     add_syscall, &adding, err),
				    err);
		else
			rc = add_syscall(&adding, word, err);
	}
	return rc;
}

static int key_allow(struct reader *r, const struct settings_line *l,
		     struct err *err)
{
	return add_syscalls(r, l, SYSCALL_ALLOW, err);
}

static int key_eperm(struct reader *r, const struct settings_line *l,
		     struct err *err)
{
	return add_syscalls(r, l, SYSCALL_EPERM, err);
}

static int key_enosys(struct reader *r, const struct settings_line *l,
		      struct err *err)
{
	return add_syscalls(r, l, SYSCALL_ENOSYS, err);
}

static const struct key_row {
	const char *section, *key;
	int (*apply)(struct reader *r, const struct settings_line *l,
		     struct err *err);
} keys[] = {
	{ "", "version", key_version },
	{ "profile", "summary", key_summary },
	{ "profile", "inherit", key_inherit },
	{ "profile", "hostname", key_hostname },
	{ "profile", "output_over", key_output_over },
	{ "network", "mode", key_network },
	{ "network", "allow", key_network },
	{ "network", "deny", key_network },
	{ "network", "allow_private", key_network },
	{ "files", "inherit", key_files_inherit },
	{ "files", "read", key_read },
	{ "files", "read_optional", key_read_optional },
	{ "syscalls", "inherit", key_syscalls_inherit },
	{ "syscalls", "allow", key_allow },
	{ "syscalls", "eperm", key_eperm },
	{ "syscalls", "enosys", key_enosys },
};

bool profile_key_at(size_t i, const char **section, const char **key)
{
	if (i >= ARRAY_LEN(keys))
		return false;
	*section = keys[i].section;
	*key = keys[i].key;
	return true;
}

/* "256M..4G", or "16384" for a default that is its own ceiling; the ceiling
 * "all" is none. */
static int set_range(struct profile *p, const struct settings_line *l,
		     struct err *err)
{
	const struct limit_row *row = limit_find(l->key);
	_auto_free_ char *text = mem_strdup(l->value);
	char *dots = strstr(text, "..");
	uint64_t def, max = 0;
	int rc;

	if (!row)
		return err_set(err, ERR_UNKNOWN, "\"%.64s\" is not a limit",
			       l->key);
	if (dots)
		*dots = '\0';
	rc = limit_parse(row, text, &def, err);
	if (rc < 0)
		return rc;
	if (!dots)
		max = def;
	else if (!str_equal(dots + 2, "all"))
		rc = limit_parse(row, dots + 2, &max, err);
	if (rc < 0)
		return rc;
	if (max && max < def)
		return err_set(err, ERR_INVALID,
			       "the default is above the ceiling");
	limit_put(&p->limits.def, row, def);
	limit_put(&p->limits.max, row, max);
	return 0;
}

static int add_env(struct profile *p, const struct settings_line *l,
		   struct err *err)
{
	size_t len = strlen(l->key);

	if (!str_is_identifier(l->key))
		return err_set(err, ERR_INVALID,
			       "\"%.64s\" is not a variable's name", l->key);
	for (size_t i = 0; i < p->env_count; i++) {
		if (strncmp(p->env[i], l->key, len) || p->env[i][len] != '=')
			continue;
		mem_free(p->env[i]);
		p->env[i] = mem_printf("%s=%s", l->key, l->value);
		return 0;
	}
	if (p->env_count == PROFILE_ENV_MAX)
		return err_set(err, ERR_TOO_LARGE, "more than %d variables",
			       PROFILE_ENV_MAX);
	p->env[p->env_count++] = mem_printf("%s=%s", l->key, l->value);
	return 0;
}

static int unknown_key(const struct settings_line *l, struct err *err)
{
	const char *known[ARRAY_LEN(keys) + 1] = { 0 };
	const char *near;
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (str_equal(keys[i].section, l->section))
			known[n++] = keys[i].key;
	if (!n)
		return err_set(err, ERR_UNKNOWN, "there is no section [%.64s]",
			       l->section);
	err_set(err, ERR_UNKNOWN, "there is no key \"%.64s\" in [%.64s]",
		l->key, l->section);
	near = str_nearest(l->key, known);
	return near ? err_try(err, "%s", near) : -ERR_UNKNOWN;
}

static int apply(struct reader *r, const struct settings_line *l,
		 struct err *err)
{
	if (!r->version_seen && !str_equal(l->key, "version"))
		return err_set(err, ERR_INVALID,
			       "the first line must be \"version = 1\"");
	if (str_equal(l->section, "limits"))
		return set_range(r->p, l, err);
	if (str_equal(l->section, "environment"))
		return add_env(r->p, l, err);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (str_equal(keys[i].section, l->section) &&
		    str_equal(keys[i].key, l->key))
			return keys[i].apply(r, l, err);
	return unknown_key(l, err);
}

static int on_line(void *arg, const struct settings_line *l, struct err *err)
{
	struct reader *r = arg;
	int rc = apply(r, l, err);

	if (*l->section &&
	    !(str_equal(l->section, "profile") && str_equal(l->key, "inherit")))
		r->body_seen = true;
	return rc;
}

static int unknown_profile(const char *share, const char *name, struct err *err)
{
	char **known = names_list(share, "profiles", ".conf", err);
	int rc;

	if (!known)
		return -err->code;
	rc = names_unknown("profile", name, known, err);
	names_free(known);
	err_field(err, "profile");
	return rc;
}

static int read_profile(struct profile *p, const char *share, const char *name,
			unsigned depth, struct err *err)
{
	struct reader r = {
		.p = p, .share = share, .name = name, .depth = depth
	};
	_auto_free_ char *path = mem_printf("%s/profiles/%s.conf", share, name);
	struct buf text;
	int rc;

	if (!names_valid(name))
		return unknown_profile(share, name, err);
	buf_init(&text, FILE_MAX);
	rc = fd_slurp_path(AT_FDCWD, path, &text, err);
	if (rc < 0 && access(path, F_OK) < 0)
		rc = unknown_profile(share, name, err);
	else if (rc >= 0)
		rc = settings_parse(path, text.data, text.len, on_line, &r,
				    err);
	buf_finish(&text);
	return rc;
}

/* What a jail cannot do without. */
static int check_complete(const struct profile *p, struct err *err)
{
	for (const struct limit_row *row = limit_rows; row->name; row++) {
		if (limit_get(&p->limits.def, row) ||
		    str_equal(row->name, "cpu-time"))
			continue;
		return err_set(err, ERR_INVALID,
			       "the profile gives no default for %s",
			       row->name);
	}
	if (!p->syscall_count)
		return err_set(err, ERR_INVALID,
			       "the profile allows no system calls");
	return 0;
}

int profile_load(struct profile **out, const char *share, const char *name,
		 struct err *err)
{
	struct profile *p = mem_new(struct profile);
	struct err local = { 0 };
	int rc;

	str_copy(p->name, sizeof(p->name), name);
	replace(&p->hostname, "coop");
	rc = read_profile(p, share, name, 0, err ? err : &local);
	if (rc >= 0) {
		rc = check_complete(p, err);
		if (rc >= 0)
			rc = profile_put_proxy(p, err);
		if (rc < 0)
			err_field(err, "profile %s", name);
	}
	if (rc < 0) {
		profile_destroy(p);
		return rc;
	}
	*out = p;
	return 0;
}
