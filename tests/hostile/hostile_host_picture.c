/* SPDX-License-Identifier: Apache-2.0 */
/* The picture of the host, line by line, and what differs between two. */
#include "tests/hostile/hostile_host.h"

#include "executor/base/fd.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX (1U << 20)
#define DEPTH_MAX 8

/* Whole small files: what is mounted, what the kernel would run. */
static const char *const texts[] = {
	"/proc/self/mountinfo",
	"/proc/sys/kernel/core_pattern",
	"/proc/sys/kernel/modprobe",
	"/proc/sys/kernel/hostname",
	"/proc/sys/kernel/domainname",
	"/proc/sys/kernel/randomize_va_space",
	"/proc/sys/vm/overcommit_memory",
	"/proc/sys/fs/protected_symlinks",
	"/proc/sysvipc/shm",
	"/proc/sysvipc/sem",
	"/proc/sysvipc/msg",
	"/proc/swaps",
};

/* Any write, chmod, chown or link changes their status time. */
static const char *const files[] = {
	"/etc/passwd",   "/etc/shadow",         "/etc/group",
	"/usr/bin/bash", "/usr/bin/python3.11", "/usr/bin/node",
	"/usr/bin/env",  "/usr/bin/id",         "/usr/bin/su",
};

static const char *const programs[] = { "bin/coop", "libexec/coop/broker",
					"share/coop/profiles/default.conf",
					"share/coop/filters/default.bpf" };

static void add_text(const char *path, struct buf *out)
{
	_auto_free_ char *copy = NULL;
	struct buf text;
	char *rest, *end;

	buf_init(&text, FILE_MAX);
	fd_slurp_path(AT_FDCWD, path, &text, NULL);
	rest = text.data;
	while (*rest) {
		end = rest + strcspn(rest, "\n");
		if (*end)
			*end++ = '\0';
		/* a namespace that others pinned goes with its file, in
		 * every mount namespace */
		if (!strstr(rest, " - nsfs "))
			buf_printf(out, "%s: %s\n", path, rest);
		rest = end;
	}
	buf_finish(&text);
}

static void add_stat(const char *path, bool times, struct buf *out)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return;
	buf_printf(out, "%s %o %u:%u %lu", path, st.st_mode, st.st_uid,
		   st.st_gid, (unsigned long)st.st_nlink);
	if (times)
		buf_printf(out, " %lld %ld.%09ld", (long long)st.st_size,
			   (long)st.st_ctim.tv_sec, st.st_ctim.tv_nsec);
	buf_puts(out, "\n");
}

static int is_shown(const struct dirent *e)
{
	return !str_equal(e->d_name, ".") && !str_equal(e->d_name, "..");
}

/* A tree, in the order of names. */
static void add_tree(const char *path, int depth, const char *without,
		     struct buf *out)
{
	struct dirent **names;
	int n;

	if (without && str_equal(path, without))
		return;
	add_stat(path, depth < DEPTH_MAX, out);
	n = depth ? scandir(path, &names, is_shown, alphasort) : 0;
	for (int i = 0; i < n; i++) {
		_auto_free_ char *sub = mem_printf("%s/%s", path,
						   names[i]->d_name);

		if (names[i]->d_type == DT_DIR)
			add_tree(sub, depth - 1, without, out);
		else if (!without || !str_equal(sub, without))
			add_stat(sub, true, out);
		free(names[i]);
	}
	if (n > 0)
		free(names);
}

void hostile_host_picture(struct hostile_host *h, struct buf *out)
{
	char path[PATH_MAX];

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (h->own_namespaces || !strstr(texts[i], "mountinfo"))
			add_text(texts[i], out);
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		add_stat(files[i], true, out);
	for (size_t i = 0; i < ARRAY_LEN(programs); i++) {
		snprintf(path, sizeof(path), "%s/%s", h->build, programs[i]);
		add_stat(path, true, out);
	}
	/* what a broker notes about itself must be gone with it */
	snprintf(path, sizeof(path), "%s/brokers", h->state);
	DIR *brokers = opendir(path);
	for (struct dirent *e; brokers && (e = readdir(brokers));)
		if (is_shown(e))
			buf_printf(out, "%s/%s\n", path, e->d_name);
	if (brokers)
		closedir(brokers);
	add_tree(h->guard, DEPTH_MAX, NULL, out);
	if (!h->own_tmp)
		return;
	/* nothing but our own folder, whose parts are looked at above */
	add_tree("/tmp", DEPTH_MAX, h->dir, out);
	add_tree("/dev/shm", DEPTH_MAX, NULL, out);
}

/* Whether text has the line that starts at `line`. */
static bool has_line(const struct buf *text, const char *line, size_t len)
{
	const char *at = text->data;

	while (*at) {
		size_t n = strcspn(at, "\n");

		if (n == len && memcmp(at, line, len) == 0)
			return true;
		at += n + (at[n] == '\n');
	}
	return false;
}

static void compare(const struct buf *a, const struct buf *b, const char *word,
		    struct buf *faults)
{
	const char *at = a->data;
	unsigned said = 0;

	while (*at) {
		size_t n = strcspn(at, "\n");

		if (!has_line(b, at, n) && said++ < 6)
			buf_printf(faults, "the host %s: %.*s\n", word, (int)n,
				   at);
		at += n + (at[n] == '\n');
	}
}

void hostile_host_compare(const struct buf *before, const struct buf *after,
			  struct buf *faults)
{
	if (str_equal(before->data, after->data))
		return;
	compare(before, after, "lost", faults);
	compare(after, before, "got", faults);
}

/* ---- control groups ---- */

static void note_brokers(struct hostile_host *h)
{
	char piece[4096] __attribute__((aligned(8)));
	ssize_t n;

	while ((n = read(h->inotify, piece, sizeof(piece))) > 0) {
		const char *at = piece;

		while (at < piece + n) {
			const struct inotify_event *e = (const void *)at;

			if (e->len &&
			    !has_line(&h->brokers, e->name, strlen(e->name)))
				buf_printf(&h->brokers, "%s\n", e->name);
			at += sizeof(*e) + e->len;
		}
	}
}

static void find_groups(const struct hostile_host *h, const char *path,
			int depth, struct buf *faults)
{
	DIR *dir = opendir(path);

	for (struct dirent *e; dir && (e = readdir(dir));) {
		_auto_free_ char *sub = NULL;

		if (e->d_type != DT_DIR || e->d_name[0] == '.')
			continue;
		sub = mem_printf("%s/%s", path, e->d_name);
		if (str_starts(e->d_name, "coop-") &&
		    has_line(&h->brokers, e->d_name + 5, strlen(e->d_name + 5)))
			buf_printf(faults, "a control group is left: %s\n",
				   sub);
		else if (depth)
			find_groups(h, sub, depth - 1, faults);
	}
	if (dir)
		closedir(dir);
}

void hostile_host_groups(struct hostile_host *h, struct buf *faults)
{
	note_brokers(h);
	find_groups(h, "/sys/fs/cgroup", DEPTH_MAX, faults);
}

/* ---- memory ---- */

static unsigned long long number_of(const char *path, const char *key)
{
	unsigned long long n = 0;
	struct buf text;
	const char *at;

	buf_init(&text, FILE_MAX);
	fd_slurp_path(AT_FDCWD, path, &text, NULL);
	at = strstr(text.data, key);
	if (at)
		n = strtoull(at + strlen(key), NULL, 10);
	buf_finish(&text);
	return n;
}

void hostile_host_memory(struct hostile_memory *m)
{
	m->slab = number_of("/proc/meminfo", "SUnreclaim:") * 1024;
	m->shared = number_of("/proc/meminfo", "Shmem:") * 1024;
	m->swapped = number_of("/proc/vmstat", "pswpout ") * 4096;
}
