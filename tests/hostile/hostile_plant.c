/* SPDX-License-Identifier: Apache-2.0 */
/* A row per kind of plant. */
#include "tests/hostile/hostile_plant.h"

#include "executor/base/fd.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define GROUP_ID "hostileplantedgroup0"

/* An orphan that would never end; the runner kills what it finds. */
static int plant_process(struct hostile_host *h, int terminal)
{
	if (fork() == 0) {
		if (fork() == 0)
			for (;;)
				pause();
		_exit(0);
	}
	return 0;
}

/* As if a broker had noted itself, made a group and died without a trace. */
static int plant_group(struct hostile_host *h, int terminal)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/brokers/" GROUP_ID, h->state);
	_auto_close_ int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || unlink(path) < 0)
		return -1;
	if (mkdir("/sys/fs/cgroup/pids/coop-" GROUP_ID, 0755) == 0)
		return 0;
	return mkdir("/sys/fs/cgroup/coop-" GROUP_ID, 0755);
}

static void remove_group(struct hostile_host *h)
{
	rmdir("/sys/fs/cgroup/pids/coop-" GROUP_ID);
	rmdir("/sys/fs/cgroup/coop-" GROUP_ID);
}

static int plant_broker(struct hostile_host *h, int terminal)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/brokers/left", h->state);
	_auto_close_ int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	return fd < 0 ? -1 : 0;
}

static void remove_broker(struct hostile_host *h)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/brokers/left", h->state);
	unlink(path);
}

static int plant_mount(struct hostile_host *h, int terminal)
{
	if (!h->own_namespaces)
		return -1;
	return mount("planted", h->state, "tmpfs", 0, "size=64k");
}

static void remove_mount(struct hostile_host *h)
{
	umount2(h->state, MNT_DETACH);
}

/* Same size, same time of change: only the status time tells. */
static int plant_write(struct hostile_host *h, int terminal)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/folder/file", h->guard);
	_auto_close_ int fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd < 0 || write(fd, "s", 1) != 1 ? -1 : 0;
}

static int plant_chmod(struct hostile_host *h, int terminal)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/program", h->guard);
	return chmod(path, 04777);
}

static int plant_file(struct hostile_host *h, int terminal)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/folder/new", h->guard);
	_auto_close_ int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	return fd < 0 ? -1 : 0;
}

static void remove_file(struct hostile_host *h)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/folder/new", h->guard);
	unlink(path);
}

static int plant_visit(struct hostile_host *h, int terminal)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)h->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	_auto_close_ int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	return connect(fd, (struct sockaddr *)&at, sizeof(at));
}

static int plant_terminal(struct hostile_host *h, int terminal)
{
	return write(terminal, "x", 1) == 1 ? 0 : -1;
}

static const struct plant {
	const char *name;
	int (*make)(struct hostile_host *h, int terminal);
	void (*remove)(struct hostile_host *h);
} plants[] = {
	{ "process", plant_process, NULL },
	{ "group", plant_group, remove_group },
	{ "broker", plant_broker, remove_broker },
	{ "mount", plant_mount, remove_mount },
	{ "write", plant_write, NULL },
	{ "chmod", plant_chmod, NULL },
	{ "file", plant_file, remove_file },
	{ "visit", plant_visit, NULL },
	{ "terminal", plant_terminal, NULL },
};

static const struct plant *find(const struct hostile_row *row)
{
	const char *name = hostile_value(row, KEY_PLANT);

	for (size_t i = 0; name && i < ARRAY_LEN(plants); i++)
		if (str_equal(plants[i].name, name))
			return &plants[i];
	return NULL;
}

void hostile_plant(const struct hostile_row *row, struct hostile_host *h,
		   int terminal, struct buf *faults)
{
	const struct plant *p = find(row);

	if (p && p->make(h, terminal) < 0)
		buf_puts(faults, "it could not be planted here\n");
	else if (!p && hostile_value(row, KEY_PLANT))
		buf_puts(faults, "there is no such plant\n");
}

void hostile_plant_remove(const struct hostile_row *row, struct hostile_host *h)
{
	const struct plant *p = find(row);

	if (p && p->remove)
		p->remove(h);
}
