/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the cgroup controllers live, from two texts of /proc and by nothing
 * else: v1, v2 and mixtures of both differ per controller. Touches no file.
 */
#include "executor/jail/machine.h"

#include "executor/base/str.h"

#include <stdio.h>
#include <string.h>

static const char *const controller_names[CONTROLLER_COUNT] = {
	[CONTROLLER_MEMORY] = "memory",   [CONTROLLER_PIDS] = "pids",
	[CONTROLLER_CPU] = "cpu",         [CONTROLLER_CPUACCT] = "cpuacct",
	[CONTROLLER_FREEZER] = "freezer",
};

const char *controller_name(enum controller c)
{
	return controller_names[c];
}

/* Whether `word` stands in a list separated by `sep` that is `len` long. */
static bool list_has(const char *list, size_t len, char sep, const char *word)
{
	size_t want = strlen(word), i = 0;

	while (i < len) {
		const char *end = memchr(list + i, sep, len - i);
		size_t n = end ? (size_t)(end - (list + i)) : len - i;

		if (n == want && !memcmp(list + i, word, n))
			return true;
		i += n + 1;
	}
	return false;
}

/* The k-th blank-separated field of a line; its length in *len, 0 if none. */
static const char *field(const char *line, size_t size, int k, size_t *len)
{
	const char *end = line + size;

	for (;;) {
		const char *blank = memchr(line, ' ', (size_t)(end - line));

		*len = (size_t)((blank ? blank : end) - line);
		if (k-- == 0)
			return line;
		if (!blank)
			break;
		line = blank + 1;
	}
	*len = 0;
	return end;
}

static int octal_at(const char *s, size_t left)
{
	if (left < 4 || s[0] != '\\')
		return -1;
	for (int i = 1; i < 4; i++)
		if (s[i] < '0' || s[i] > '7')
			return -1;
	return (s[1] - '0') * 64 + (s[2] - '0') * 8 + (s[3] - '0');
}

/* Copies a path of mountinfo, which writes blanks as \040; false: too long. */
static bool unescape(char *dst, size_t size, const char *s, size_t len)
{
	size_t o = 0;

	for (size_t i = 0; i < len; o++) {
		int code = octal_at(s + i, len - i);

		if (o + 1 >= size)
			return false;
		dst[o] = code >= 0 ? (char)code : s[i];
		i += code >= 0 ? 4 : 1;
	}
	dst[o] = '\0';
	return true;
}

struct mount_line {
	bool readonly;
	char root[MACHINE_PATH_MAX], point[MACHINE_PATH_MAX];
	const char *type, *options; /* into the text */
	size_t type_len, options_len;
};

static bool parse_mount(struct mount_line *m, const char *line, size_t len)
{
	size_t n;
	const char *s = field(line, len, 3, &n);

	if (!n || !unescape(m->root, sizeof(m->root), s, n))
		return false;
	s = field(line, len, 4, &n);
	if (!n || !unescape(m->point, sizeof(m->point), s, n))
		return false;
	s = field(line, len, 5, &n);
	m->readonly = list_has(s, n, ',', "ro");
	/* optional fields end with a single "-" */
	for (int k = 6; k < 32; k++) {
		s = field(line, len, k, &n);
		if (!n)
			return false;
		if (n != 1 || *s != '-')
			continue;
		m->type = field(line, len, k + 1, &m->type_len);
		m->options = field(line, len, k + 3, &m->options_len);
		return m->type_len && m->options_len;
	}
	return false;
}

/* Our group's path in the hierarchy of `name` ("" for v2); false if absent. */
static bool own_group(const char *cgroup, const char *name, char *out,
		      size_t size)
{
	for (const char *line = cgroup; *line;) {
		size_t len = strcspn(line, "\n");
		const char *one = memchr(line, ':', len);
		const char *two = one ? memchr(one + 1, ':',
					       len - (size_t)(one + 1 - line))
				      : NULL;

		if (two) {
			size_t list = (size_t)(two - one - 1);
			size_t path = len - (size_t)(two + 1 - line);
			bool hit = *name ? list_has(one + 1, list, ',', name)
					 : list == 0;

			if (hit && path < size) {
				memcpy(out, two + 1, path);
				out[path] = '\0';
				return true;
			}
		}
		line += len + (line[len] == '\n');
	}
	return false;
}

/* mount point + (group path - what of the tree is mounted there) */
static bool join(char *out, size_t size, const struct mount_line *m,
		 const char *group)
{
	const char *rest = group;
	size_t root = strlen(m->root);

	if (strcmp(m->root, "/") != 0) {
		if (strncmp(group, m->root, root) != 0 ||
		    (group[root] && group[root] != '/'))
			return false;
		rest = group + root;
	}
	/* a path that leaves the mount starts with "/.." */
	if (str_starts(rest, "/.."))
		return false;
	if (!strcmp(rest, "/"))
		rest = "";
	int n = snprintf(out, size, "%s%s", m->point, rest);
	return n > 0 && (size_t)n < size;
}

static void take_v1(struct machine *m, const struct mount_line *mount,
		    const char *cgroup)
{
	char group[MACHINE_PATH_MAX];

	for (int i = 0; i < CONTROLLER_COUNT; i++) {
		struct machine_controller *c = &m->controllers[i];
		const char *name = controller_names[i];

		if (!list_has(mount->options, mount->options_len, ',', name) ||
		    !own_group(cgroup, name, group, sizeof(group)))
			continue;
		if (join(c->path, sizeof(c->path), mount, group))
			c->version = 1;
	}
}

void machine_parse_cgroups(struct machine *m, const char *cgroup,
			   const char *mountinfo)
{
	struct mount_line mount;
	char group[MACHINE_PATH_MAX];

	for (const char *line = mountinfo; *line;) {
		size_t len = strcspn(line, "\n");

		if (parse_mount(&mount, line, len)) {
			if (mount.type_len == 6 &&
			    !memcmp(mount.type, "cgroup", 6))
				take_v1(m, &mount, cgroup);
			if (mount.type_len == 7 &&
			    !memcmp(mount.type, "cgroup2", 7) &&
			    own_group(cgroup, "", group, sizeof(group)) &&
			    join(m->v2_path, sizeof(m->v2_path), &mount, group))
				str_copy(m->v2_root, sizeof(m->v2_root),
					 mount.point);
		}
		line += len + (line[len] == '\n');
	}
}

void machine_parse_v2(struct machine *m, const char *v2_controllers)
{
	size_t len = strcspn(v2_controllers, "\n");

	if (!m->v2_path[0])
		return;
	for (int i = 0; i < CONTROLLER_COUNT; i++) {
		struct machine_controller *c = &m->controllers[i];
		/* accounting and freezing need no controller in v2 */
		bool core = i == CONTROLLER_CPUACCT || i == CONTROLLER_FREEZER;

		if (c->version)
			continue;
		if (core ||
		    list_has(v2_controllers, len, ' ', controller_names[i])) {
			c->version = 2;
			str_copy(c->path, sizeof(c->path), m->v2_path);
		}
	}
	/* a hybrid whose controllers are all v1: the v2 tree has nothing that
	 * v1 lacks, and one driver serves a box */
	if (m->controllers[CONTROLLER_MEMORY].version == 1)
		for (int i = 0; i < CONTROLLER_COUNT; i++)
			if (m->controllers[i].version == 2)
				m->controllers[i].version = 0;
}

bool machine_parse_proc(const char *mountinfo)
{
	struct mount_line mount;
	bool visible = false;

	for (const char *line = mountinfo; *line;) {
		size_t len = strcspn(line, "\n");

		if (parse_mount(&mount, line, len)) {
			if (!strcmp(mount.point, "/proc"))
				visible = mount.type_len == 4 &&
					  !memcmp(mount.type, "proc", 4) &&
					  !strcmp(mount.root, "/") &&
					  !mount.readonly;
			/* empty folders made for mounting do not hide
			 * anything (binfmt_misc, nfsd) */
			else if (str_starts(mount.point, "/proc/") &&
				 !str_starts(mount.point, "/proc/sys/fs/") &&
				 !str_starts(mount.point, "/proc/fs/"))
				visible = false;
		}
		line += len + (line[len] == '\n');
	}
	return visible;
}
