/* SPDX-License-Identifier: Apache-2.0 */
/* Spawning, telling, hearing of its death. */
#include "executor/broker/egress_link.h"

#include "executor/base/buf.h"
#include "executor/base/fd.h"
#include "executor/base/loop.h"
#include "executor/base/mem.h"
#include "executor/broker/egress_log.h"
#include "executor/egress/egress_wire.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIST_MAX (256 * 1024)
#define SOCK_FD 3
#define LOG_FD 4
#define LOG_LOOK_MS 60000

struct egress_link {
	struct server *server;
	pid_t pid;
	int sock, log;
	struct loop_fd *watch;
	struct loop_timer *timer;
	egress_link_fn *added;
};

/* ---- life ---- */

void egress_link_stop(struct server *s)
{
	struct egress_link *e = s->egress_link;

	if (!e)
		return;
	s->egress_link = NULL;
	loop_unwatch(e->watch);
	loop_timer_cancel(e->timer);
	fd_close(&e->sock);
	fd_close(&e->log);
	if (e->pid > 0) {
		kill(e->pid, SIGKILL);
		while (waitpid(e->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	mem_free(e);
}

/* Boxes that wait for it hear so; the others have no network any more. */
static void on_dead(struct egress_link *e)
{
	struct server *s = e->server;
	egress_link_fn *added = e->added;
	struct err err = { 0 };

	err_set(&err, ERR_UNAVAILABLE, "the network's proxy died");
	egress_link_stop(s);
	for (struct box *x = s->boxes, *next; x; x = next) {
		next = x->next;
		if (x->proxy != BOX_PROXY_ASKED)
			continue;
		x->proxy = BOX_PROXY_NONE;
		added(x, &err);
	}
}

static void on_proxy(void *arg, uint32_t events)
{
	struct egress_link *e = arg;
	struct egress_packet p;
	int none[2];
	int op = egress_wire_recv(e->sock, &p, none, NULL);

	if (op == -ERR_BUSY)
		return;
	if (op != EGRESS_ADDED) {
		on_dead(e);
		return;
	}
	for (struct box *x = e->server->boxes; x; x = x->next)
		if (x->number == p.box && x->proxy == BOX_PROXY_ASKED) {
			x->proxy = BOX_PROXY_SERVED;
			e->added(x, p.err.code ? &p.err : NULL);
			return;
		}
}

/* A log that is full, or turned by another broker, is opened anew. */
static void look_at_log(void *arg)
{
	struct egress_link *e = arg;
	struct egress_packet p = { .op = EGRESS_LOG };
	const char *state = e->server->state.dir;

	e->timer = loop_at(e->server->loop, deadline_in_ms(LOG_LOOK_MS),
			   look_at_log, e);
	if (e->log >= 0 && !egress_log_is_old(state, e->log))
		return;
	fd_close(&e->log);
	e->log = egress_log_open(state, NULL);
	if (e->log >= 0)
		egress_wire_send(e->sock, &p, &e->log, 1, NULL);
}

static int spawn(struct egress_link *e, int theirs, struct err *err)
{
	char *argv[] = { (char *)e->server->egress, NULL };
	char *env[] = { NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t set;
	int rc;

	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	for (int fd = 0; fd < 3; fd++)
		posix_spawn_file_actions_addopen(&files, fd, "/dev/null",
						 O_RDWR, 0);
	posix_spawn_file_actions_adddup2(&files, theirs, SOCK_FD);
	if (e->log >= 0)
		posix_spawn_file_actions_adddup2(&files, e->log, LOG_FD);
	else
		posix_spawn_file_actions_addclose(&files, LOG_FD);
	sigemptyset(&set);
	posix_spawnattr_setsigmask(&attr, &set);
	sigfillset(&set);
	posix_spawnattr_setsigdefault(&attr, &set);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK |
						POSIX_SPAWN_SETSIGDEF);
	rc = posix_spawn(&e->pid, argv[0], &files, &attr, argv, env);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	if (!rc)
		return 0;
	e->pid = -1;
	return err_sys(err, rc, "starting %s", argv[0]);
}

/* Above the numbers that the program finds them at, so that placing one does
 * not cover the other. */
static int raise_fd(int *fd, struct err *err)
{
	int high = fcntl(*fd, F_DUPFD_CLOEXEC, LOG_FD + 1);

	if (high < 0)
		return err_sys(err, errno, "placing a descriptor");
	fd_close(fd);
	*fd = high;
	return 0;
}

static int connect_proxy(struct egress_link *e, struct err *err)
{
	int pair[2];
	int rc = fd_socketpair(pair, err);

	if (rc)
		return rc;
	e->sock = pair[0];
	rc = raise_fd(&pair[1], err);
	if (!rc && e->log >= 0)
		rc = raise_fd(&e->log, err);
	if (!rc)
		rc = spawn(e, pair[1], err);
	fd_close(&pair[1]);
	if (!rc)
		rc = fd_set_nonblock(e->sock, true, err);
	if (rc)
		return rc;
	e->watch = loop_watch(e->server->loop, e->sock, EPOLLIN, on_proxy, e,
			      err);
	return e->watch ? 0 : -ERR_SYSTEM;
}

int egress_link_start(struct server *s, struct err *err)
{
	struct egress_link *e;
	int rc;

	if (s->egress_link)
		return 0;
	if (!s->egress)
		return err_set(err, ERR_UNAVAILABLE,
			       "there is no proxy for an open network here");
	e = mem_new(struct egress_link);
	s->egress_link = e;
	e->server = s;
	e->pid = -1;
	e->sock = -1;
	/* a log that cannot be written is no reason to have no network */
	e->log = egress_log_open(s->state.dir, NULL);
	rc = connect_proxy(e, err);
	if (rc) {
		egress_link_stop(s);
		return rc;
	}
	e->timer = loop_at(s->loop, deadline_in_ms(LOG_LOOK_MS), look_at_log,
			   e);
	return 0;
}

/* ---- boxes ---- */

static int list_fd(const struct network *n, struct err *err)
{
	struct buf text;
	int fd;

	buf_init(&text, LIST_MAX);
	network_format(n, &text);
	fd = text.overflow ? err_set(err, ERR_TOO_LARGE,
				     "the list of hosts is too long")
			   : fd_memfd("coop-network", text.data, text.len, err);
	buf_finish(&text);
	return fd;
}

int egress_link_add(struct box *x, int listener, egress_link_fn *fn,
		    struct err *err)
{
	struct server *s = x->server;
	struct egress_packet p = { .op = EGRESS_ADD, .box = x->number };
	int fds[2] = { listener, -1 };
	int rc = egress_link_start(s, err);

	if (rc)
		return rc;
	s->egress_link->added = fn;
	snprintf(p.box_id, sizeof(p.box_id), "%s-%u", s->state.id, x->number);
	fds[1] = list_fd(&x->nest->profile->network, err);
	if (fds[1] < 0)
		return fds[1];
	rc = egress_wire_send(s->egress_link->sock, &p, fds, 2, err);
	fd_close(&fds[1]);
	if (!rc)
		x->proxy = BOX_PROXY_ASKED;
	return rc;
}

void egress_link_end(struct box *x)
{
	struct egress_link *e = x->server->egress_link;
	struct egress_packet p = { .op = EGRESS_END, .box = x->number };

	if (!e || x->proxy == BOX_PROXY_NONE)
		return;
	x->proxy = BOX_PROXY_NONE;
	/* one that hears nothing would keep the box's network alive; its end
	 * is told by its socket */
	if (egress_wire_send(e->sock, &p, NULL, 0, NULL))
		kill(e->pid, SIGKILL);
}
