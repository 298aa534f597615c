/* SPDX-License-Identifier: Apache-2.0 */
/* Making and removing the guard; the picture is hostile_host_picture.c's. */
#include "tests/hostile/hostile_host.h"

#include "executor/base/fd.h"
#include "executor/base/str.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define ABSTRACT "coop-hostile-guard"

/* As root: what others mount, and their System V objects, do not concern us;
 * /tmp is ours unless what we need lies there. */
static void own_namespaces(struct hostile_host *h)
{
	char cwd[4096];

	if (geteuid() != 0 || unshare(CLONE_NEWNS | CLONE_NEWIPC) < 0)
		return;
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return;
	h->own_namespaces = true;
	if (!getcwd(cwd, sizeof(cwd)) || str_starts(cwd, "/tmp/") ||
	    str_starts(h->build, "/tmp/"))
		return;
	h->own_tmp = mount("hostile", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV,
			   "size=512m,mode=1777") == 0;
	if (h->own_tmp && mount("hostile", "/dev/shm", "tmpfs",
				MS_NOSUID | MS_NODEV, "size=64m") < 0)
		errno = 0; /* there is none */
}

static int make_file(const char *dir, const char *name, const char *text,
		     mode_t mode)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	_auto_close_ int fd =
		open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0 || fchmod(fd, mode) < 0)
		return -1;
	return fd_write_all(fd, text, strlen(text), NULL);
}

/* World-writable on purpose: only the jail's walls keep a box away. */
static int make_guard(struct hostile_host *h)
{
	char path[200];

	if (mkdir(h->guard, 0777) < 0 || chmod(h->guard, 0777) < 0)
		return -1;
	if (make_file(h->guard, "secret", h->secret, 0666) ||
	    make_file(h->guard, "program", "#!/bin/sh\n", 0777))
		return -1;
	snprintf(path, sizeof(path), "%s/folder", h->guard);
	if (mkdir(path, 0777) < 0 || chmod(path, 0777) < 0 ||
	    make_file(path, "file", h->secret, 0666))
		return -1;
	snprintf(path, sizeof(path), "%s/fifo", h->guard);
	return mkfifo(path, 0666);
}

static int listen_unix(const char *path, bool abstract)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	socklen_t len = sizeof(at);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (!str_copy(at.sun_path + abstract, sizeof(at.sun_path) - 1, path))
		return -1;
	if (abstract)
		len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
				  strlen(path));
	/* a second runner finds the abstract name taken: as good */
	if (fd >= 0 && bind(fd, (struct sockaddr *)&at, len) < 0 &&
	    errno != EADDRINUSE)
		fd_close(&fd);
	else if (fd >= 0)
		listen(fd, 8);
	return fd;
}

static int listen_inet(unsigned *port)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, len) < 0 ||
	    listen(fd, 8) < 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &len) < 0)
		return -1;
	*port = ntohs(at.sin_port);
	return fd;
}

static int make_listeners(struct hostile_host *h)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/socket", h->guard);
	h->socket = listen_unix(path, false);
	chmod(path, 0777);
	h->abstract = listen_unix(ABSTRACT, true);
	h->listener = listen_inet(&h->port);
	return h->socket < 0 || h->abstract < 0 || h->listener < 0 ? -1 : 0;
}

/* Brokers note themselves there; from their names we know their groups. */
static int watch_brokers(struct hostile_host *h)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/brokers", h->state);
	if (mkdir(h->state, geteuid() ? 0700 : 0755) < 0 ||
	    mkdir(path, 0700) < 0)
		return -1;
	h->inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	return inotify_add_watch(h->inotify, path, IN_CREATE) < 0 ? -1 : 0;
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *at)
{
	if (at->level > 0)
		remove(path);
	return 0;
}

static void empty_folder(const char *path)
{
	nftw(path, remove_one, 32, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

/* A process that removes the folder when we die without having done so. It is
 * an orphan from the start, so that it is not found among what a case left. */
static void keep_guardian(struct hostile_host *h)
{
	char byte;
	int ends[2];

	if (h->own_tmp || fd_pipe(ends, NULL) < 0)
		return; /* the folder lies in a file system that dies with us */
	if (fork() == 0) {
		setsid();
		if (fork())
			_exit(0);
		fd_close(&ends[1]);
		while (read(ends[0], &byte, 1) < 0)
			;
		empty_folder(h->dir);
		rmdir(h->dir);
		_exit(0);
	}
	while (wait(NULL) < 0 && errno == EINTR)
		;
	fd_close(&ends[0]);
	h->guardian = ends[1];
}

int hostile_host_open(struct hostile_host *h, const char *build,
		      struct err *err)
{
	char id[STR_ID_SIZE];

	memset(h, 0, sizeof(*h));
	h->listener = h->socket = h->abstract = h->inotify = -1;
	h->guardian = -1;
	h->build = build;
	buf_init(&h->brokers, 1U << 20);
	umask(022);
	own_namespaces(h);
	str_copy(h->dir, sizeof(h->dir), "/tmp/coop-hostile-XXXXXX");
	if (!mkdtemp(h->dir))
		return err_sys(err, errno, "making %s", h->dir);
	chmod(h->dir, 0755);
	keep_guardian(h);
	snprintf(h->guard, sizeof(h->guard), "%s/guard", h->dir);
	snprintf(h->state, sizeof(h->state), "%s/state", h->dir);
	snprintf(h->collect, sizeof(h->collect), "%s/collect", h->dir);
	str_random_id(id);
	snprintf(h->secret, sizeof(h->secret), "Secret%s", id);
	if (make_guard(h) || make_listeners(h) || watch_brokers(h) ||
	    mkdir(h->collect, 0777) < 0)
		return err_sys(err, errno, "making the guard in %s", h->dir);
	setenv("COOP_STATE", h->state, 1);
	setenv("COOP_HOSTILE_SECRET", h->secret, 1);
	return 0;
}

void hostile_host_visitors(struct hostile_host *h, struct buf *faults)
{
	const int fds[] = { h->listener, h->socket, h->abstract };
	static const char *const names[] = { "TCP", "unix", "abstract" };

	for (int i = 0; i < 3; i++) {
		_auto_close_ int fd = accept4(fds[i], NULL, NULL, SOCK_CLOEXEC);

		if (fd >= 0)
			buf_printf(faults,
				   "somebody reached the host's %s "
				   "listener\n",
				   names[i]);
	}
}

void hostile_host_close(struct hostile_host *h)
{
	fd_close(&h->listener);
	fd_close(&h->socket);
	fd_close(&h->abstract);
	fd_close(&h->inotify);
	empty_folder(h->dir);
	rmdir(h->dir);
	fd_close(&h->guardian);
	buf_finish(&h->brokers);
}

int hostile_host_begin(struct hostile_host *h, bool fill)
{
	char link[200];

	empty_folder(h->collect);
	if (fill &&
	    mount("hostile", h->collect, "tmpfs", MS_NOSUID, "size=128m") < 0)
		return -1;
	/* a folder of the box with this name must not lead into the guard */
	snprintf(link, sizeof(link), "%s/trap", h->collect);
	return symlink(h->guard, link);
}

void hostile_host_end(struct hostile_host *h, bool fill)
{
	if (fill)
		umount2(h->collect, MNT_DETACH);
}
