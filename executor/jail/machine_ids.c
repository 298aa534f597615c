/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which further uids an ordinary user may give to boxes: a range in each of
 * /etc/subuid and /etc/subgid, and the two programs that map them for him.
 */
#include "executor/jail/machine.h"

#include "executor/base/buf.h"
#include "executor/base/fd.h"
#include "executor/base/str.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define IDS_TEXT_MAX (4U << 20)
#define IDS_NAME_MAX 64
#define IDS_FEWEST 256U /* less would bound the number of boxes too soon */
#define IDS_MOST 65535U /* more than boxes that one broker can hold */

/* The number at *at, which ends at a colon or with the line; moves behind it.
 * -1: none. */
static long long take_number(const char **at)
{
	char *end;
	long long n;

	if (**at < '0' || **at > '9')
		return -1;
	n = strtoll(*at, &end, 10);
	if (*end != ':' && *end != '\n' && *end)
		return -1;
	*at = end + (*end == ':');
	return n > UINT32_MAX ? -1 : n;
}

/* Whether the line begins with `word` and a colon; moves behind it. */
static bool take_word(const char **at, const char *word)
{
	size_t len = strlen(word);

	if (!len || strncmp(*at, word, len) != 0 || (*at)[len] != ':')
		return false;
	*at += len + 1;
	return true;
}

static const char *next_line(const char *line)
{
	line += strcspn(line, "\n");
	return line + (*line == '\n');
}

bool machine_parse_subids(const char *text, const char *name, uint32_t uid,
			  struct machine_range *out)
{
	char number[16];

	snprintf(number, sizeof(number), "%u", uid);
	for (const char *line = text; *line; line = next_line(line)) {
		const char *at = line;

		if (!take_word(&at, name) && !take_word(&at, number))
			continue;
		long long first = take_number(&at);
		long long count = take_number(&at);
		/* 0 would be the host's root, whatever the file says */
		if (first <= 0 || count < (long long)IDS_FEWEST ||
		    first + count > UINT32_MAX)
			continue;
		out->first = (uint32_t)first;
		out->count = count > IDS_MOST ? IDS_MOST : (uint32_t)count;
		return true;
	}
	return false;
}

/* "" when the file does not name him: then only his number counts. */
static void name_of(uint32_t uid, char name[IDS_NAME_MAX])
{
	struct buf text;

	name[0] = '\0';
	buf_init(&text, IDS_TEXT_MAX);
	fd_slurp_path(AT_FDCWD, "/etc/passwd", &text, NULL);
	for (const char *line = text.data; *line; line = next_line(line)) {
		size_t len = strcspn(line, ":\n");
		const char *at = line + len;

		if (*at != ':' || len >= IDS_NAME_MAX)
			continue;
		at++;
		at += strcspn(at, ":\n");
		at += *at == ':';
		if (take_number(&at) != uid)
			continue;
		snprintf(name, IDS_NAME_MAX, "%.*s", (int)len, line);
		break;
	}
	buf_finish(&text);
}

static bool find_range(const char *path, const char *name, uint32_t uid,
		       struct machine_range *out)
{
	struct buf text;
	bool found;

	buf_init(&text, IDS_TEXT_MAX);
	fd_slurp_path(AT_FDCWD, path, &text, NULL);
	found = machine_parse_subids(text.data, name, uid, out);
	buf_finish(&text);
	return found;
}

void machine_probe_subids(struct machine *m)
{
	struct machine_range uids, gids;
	char name[IDS_NAME_MAX];

	/* a setuid program gives nothing to whoever gave up new rights */
	if (m->root || access(MACHINE_NEWUIDMAP, X_OK) < 0 ||
	    access(MACHINE_NEWGIDMAP, X_OK) < 0 ||
	    prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 0)
		return;
	name_of(m->uid, name);
	if (!find_range("/etc/subuid", name, m->uid, &uids) ||
	    !find_range("/etc/subgid", name, m->uid, &gids))
		return;
	/* a box has one number, as user and as group */
	if (uids.count > gids.count)
		uids.count = gids.count;
	gids.count = uids.count;
	m->sub_uids = uids;
	m->sub_gids = gids;
}
