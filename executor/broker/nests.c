/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Starting a nest for a profile, hearing it, ending it. What its packets mean is
 * broker.c.
 */
#include "executor/broker/nests.h"

#include "executor/base/fd.h"
#include "executor/base/loop.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/broker/nest.h"
#include "executor/jail/uids.h"
#include "executor/jail/userns.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <linux/securebits.h>
#include <sched.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* No net, ipc and uts of its own: it talks to nobody by them, each costs
 * every cold start, and boxes get theirs from their own user namespace. */
#define NEST_NAMESPACES (CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID)

#define NEST_END_MS 2000

struct nest_watch {
	struct nest_link link; /* first: freed as one */
	const struct nests_events *events;
};

static struct nest_link *find(const struct server *s, const char *profile)
{
	for (struct nest_link *n = s->nests; n; n = n->next)
		if (str_equal(n->profile->name, profile))
			return n;
	return NULL;
}

static void on_packet(void *arg, uint32_t ready)
{
	struct nest_watch *w = arg;
	struct server *s = w->link.server;
	struct wire_packet *p = &s->packet;
	struct err err = { 0 };
	int op = wire_recv(w->link.sock, p, &err);

	if (op == -ERR_BUSY)
		return;
	if (op == NEST_READY && !p->error.err.code) {
		w->link.ready = true;
		return;
	}
	if (op == NEST_READY) {
		err = p->error.err;
		w->events->dead(&w->link, &err);
		return;
	}
	if (op <= 0) {
		if (op == 0)
			err_set(&err, ERR_UNAVAILABLE, "the nest died");
		w->events->dead(&w->link, &err);
		return;
	}
	w->events->packet(&w->link, p);
	wire_drop(p);
}

static pid_t clone_nest(int cgroup)
{
	struct clone_args args = {
		.flags = NEST_NAMESPACES,
		.exit_signal = SIGCHLD,
	};

	if (cgroup >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)cgroup;
	}
	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

/*
 * Whoever makes a user namespace is charged for what boxes take (inotify
 * instances, queues, pending signals): that must not be the host's root, who
 * would soon have none left. So he is somebody else meanwhile, and keeps his
 * rights: those the new namespace gets are its own in any case.
 */
static pid_t clone_as(uid_t uid, int cgroup)
{
	pid_t pid;

	prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0);
	if (setresuid((uid_t)-1, uid, (uid_t)-1) < 0)
		return -1;
	pid = clone_nest(cgroup);
	if (pid != 0) {
		int kept = errno;

		if (setresuid((uid_t)-1, 0, (uid_t)-1) < 0 ||
		    prctl(PR_SET_SECUREBITS, 0, 0, 0, 0) < 0)
			_exit(1);
		errno = kept;
	}
	return pid;
}

/* v2: the nest must live below Coop's root, where it may write. */
static int nest_group(const struct server *s)
{
	const struct cgroup_root *root = &s->groups;

	if (!root->driver || !root->driver->attach_by_clone)
		return -1;
	if (mkdirat(root->fd[0], "inits", 0755) < 0 && errno != EEXIST)
		return -1;
	return openat(root->fd[0], "inits", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int map_nest(const struct server *s, pid_t pid, struct err *err)
{
	const struct machine *m = &s->machine;
	struct userns_map map = {
		.inside = 0,
		.outside_uid = m->root ? UIDS_BASE : m->uid,
		.outside_gid = m->root ? UIDS_BASE : m->gid,
		.count = m->root ? UIDS_COUNT : 1,
		.deny_groups = !m->root,
	};
	struct userns_range uids = { m->uid, m->sub_uids.first,
				     m->sub_uids.count };
	struct userns_range gids = { m->gid, m->sub_gids.first,
				     m->sub_gids.count };

	if (m->sub_uids.count)
		return userns_write_ranges(pid, &uids, &gids, err);
	return userns_write(-1, pid, &map, err);
}

static int spawn(struct nest_link *n, struct err *err)
{
	struct server *s = n->server;
	int pair[2], go[2];
	int rc = fd_socketpair(pair, err);

	if (rc)
		return rc;
	n->sock = pair[0];
	rc = fd_pipe(go, err);
	if (rc) {
		fd_close(&pair[1]);
		return rc;
	}
	int group = nest_group(s);
	n->pid = s->machine.root ? clone_as(UIDS_BASE, group)
				 : clone_nest(group);
	if (n->pid == 0) {
		struct nest_args args = {
			.sock = pair[1],
			.go = go[0],
			.profile = n->profile,
			.filter = &n->filter,
			.machine = &s->machine,
			.title = s->title,
			.title_len = s->title_len,
			.watch = s->watch,
		};
		nest_main(&args);
	}
	if (n->pid < 0)
		rc = machine_no_userns(&s->machine, errno, err);
	else
		rc = map_nest(s, n->pid, err);
	if (!rc)
		rc = fd_write_all(go[1], "x", 1, err);
	fd_close(&group);
	fd_close(&pair[1]);
	fd_close(&go[0]);
	fd_close(&go[1]);
	return rc;
}

static void reap(struct nest_link *n)
{
	fd_close(&n->sock);
	if (n->pid <= 0)
		return;
	kill(n->pid, SIGKILL);
	/* Its end waits for all of its pid namespace, where one may hang in
	 * the kernel: then we do not wait, but go on. */
	_auto_close_ int fd = pidfd_open(n->pid, 0);
	struct pollfd p = { fd, POLLIN, 0 };

	poll(&p, 1, NEST_END_MS);
	while (waitpid(n->pid, NULL, WNOHANG) < 0 && errno == EINTR)
		;
	n->pid = -1;
}

/* Files may promise ids that the mappers then refuse: without them a box has
 * the caller's uid, and says so. */
static int spawn_best(struct nest_link *n, struct err *err)
{
	struct server *s = n->server;
	int rc = spawn(n, err);

	if (rc != -ERR_FORBIDDEN || !s->machine.sub_uids.count || s->nests)
		return rc;
	reap(n);
	s->machine.sub_uids.count = s->machine.sub_gids.count = 0;
	uids_close(s->uids);
	s->uids = NULL;
	return spawn(n, err);
}

int nests_get(struct server *s, const char *profile,
	      const struct nests_events *events, struct nest_link **out,
	      struct err *err)
{
	struct nest_link *n = find(s, profile);
	struct nest_watch *w;
	int rc;

	if (n) {
		*out = n;
		return 0;
	}
	w = mem_new(struct nest_watch);
	w->events = events;
	n = &w->link;
	n->server = s;
	n->sock = -1;
	n->pid = -1;
	rc = profile_load(&n->profile, s->share, profile, err);
	if (!rc)
		rc = filter_load(&n->filter, s->share, n->profile, err);
	if (!rc)
		rc = spawn_best(n, err);
	if (!rc)
		rc = fd_set_nonblock(n->sock, true, err);
	if (!rc) {
		n->watch = loop_watch(s->loop, n->sock, EPOLLIN, on_packet, w,
				      err);
		rc = n->watch ? 0 : -ERR_SYSTEM;
	}
	n->next = s->nests;
	s->nests = n;
	if (rc)
		nests_end(n);
	else
		*out = n;
	return rc;
}

void nests_end(struct nest_link *n)
{
	struct nest_link **at = &n->server->nests;

	while (*at && *at != n)
		at = &(*at)->next;
	if (*at)
		*at = n->next;
	loop_unwatch(n->watch);
	reap(n);
	filter_finish(&n->filter);
	profile_destroy(n->profile);
	mem_free(n);
}
