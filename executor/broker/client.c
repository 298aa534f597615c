/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The front's side: the process, and boxes as the caller sees them. Files are
 * client_files.c. Never blocks but for broker_stop() and a full socket.
 */
#include "executor/broker/client.h"

#include "executor/base/clock.h"
#include "executor/base/fd.h"
#include "executor/base/loop.h"
#include "executor/base/mem.h"
#include "executor/broker/client_box.h"
#include "executor/broker/command.h"
#include "executor/broker/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define BROKER_FD 3
#define SEND_WAIT_MS 1000
#define STOP_MS 5000

struct broker {
	struct loop *loop;
	int sock;
	struct loop_fd *watch;
	pid_t pid;
	struct broker_box *boxes;
	uint32_t next;
	bool dead;
	struct err why; /* it said so before it died */
	struct wire_packet packet;
};

static struct broker_box *find(const struct broker *b, uint32_t number)
{
	for (struct broker_box *x = b->boxes; x; x = x->next)
		if (x->number == number)
			return x;
	return NULL;
}

static int send_broker(struct broker *b, const struct wire_out *out,
		       struct err *err)
{
	struct pollfd p = { b->sock, POLLOUT, 0 };
	int rc;

	if (b->dead) {
		if (err)
			*err = b->why;
		return -(int)b->why.code;
	}
	rc = wire_send(b->sock, out, err);
	/* The broker never waits for us, so a full socket drains at once. */
	if (rc == -ERR_BUSY && poll(&p, 1, SEND_WAIT_MS) == 1)
		rc = wire_send(b->sock, out, err);
	return rc;
}

/* ---- what the broker says ---- */

static void tell_lost(struct broker_box *x, const struct err *err)
{
	bool made = x->made;

	x->lost = true;
	x->made = true;
	if (!made && x->events.made)
		x->events.made(x->events.arg, NULL, err);
	else if (made && x->events.lost)
		x->events.lost(x->events.arg, err);
}

static void broker_died(struct broker *b, const struct err *why)
{
	loop_unwatch(b->watch);
	b->watch = NULL;
	b->dead = true;
	if (!b->why.code)
		b->why = *why;
	/* a callback may end any box: begin again after each */
	for (;;) {
		struct broker_box *x = b->boxes;

		while (x && x->lost)
			x = x->next;
		if (!x)
			return;
		tell_lost(x, &b->why);
	}
}

static void on_made(struct broker_box *x, struct wire_packet *p)
{
	struct err err = p->made.err;
	struct broker_box_info info = {
		.tier = p->made.tier,
		.missing = p->made.missing,
		.limits = p->made.limits,
	};

	if (x->made)
		return;
	if (!err.code && p->nfds != 1)
		err_set(&err, ERR_INTERNAL, "the box has no init");
	if (!err.code) {
		x->device = p->made.device;
		x->limits = p->made.limits;
		client_files_begin(x, x->broker->loop, fd_take(&p->fds[0]),
				   &err);
	}
	wire_drop(p);
	x->made = true;
	if (err.code)
		x->events.made(x->events.arg, NULL, &err);
	else
		x->events.made(x->events.arg, &info, NULL);
}

static void on_started(struct broker_box *x, struct wire_packet *p)
{
	const struct err *err = p->error.err.code ? &p->error.err : NULL;

	client_denied_begin(x, x->broker->loop,
			    p->nfds ? fd_take(&p->fds[0]) : -1);
	wire_drop(p);
	x->events.started(x->events.arg, err);
}

static void on_ended(struct broker_box *x, const struct wire_ended *e)
{
	struct broker_end end = {
		.wait_status = e->wait_status,
		.broken = e->err.code != 0,
		.oom_kill = e->oom_kill,
		.memory_at_limit = e->memory_at_limit,
		.leftover = e->leftover,
		.cpu_ns = e->cpu_ns,
		.memory_peak = e->memory_peak,
		.processes_peak = e->processes_peak,
		.wall_ns = e->wall_ns,
	};

	client_denied_end(x);
	memcpy(end.denied_syscall, x->denied, sizeof(end.denied_syscall));
	memcpy(end.why, e->err.text, sizeof(end.why) - 1);
	for (unsigned i = 0; i < e->reason_count && i < REASONS_MAX; i++)
		end.reasons[end.reason_count++] = (enum reason)e->reasons[i];
	x->events.ended(x->events.arg, &end);
}

static void on_broker(void *arg, uint32_t events)
{
	struct broker *b = arg;
	struct wire_packet *p = &b->packet;
	struct err err = { 0 };
	int op = wire_recv(b->sock, p, &err);

	if (op == -ERR_BUSY)
		return;
	if (op <= 0) {
		if (op == 0 || !err.code)
			err_set(&err, ERR_UNAVAILABLE, "the broker died");
		broker_died(b, &err);
		return;
	}
	struct broker_box *x = find(b, p->head.seq);
	if (op == WIRE_LOST && p->head.seq == 0)
		b->why = p->error.err;
	else if (!x || x->lost)
		wire_drop(p); /* ended here already */
	else if (op == WIRE_MADE)
		on_made(x, p);
	else if (op == WIRE_STARTED)
		on_started(x, p);
	else if (op == WIRE_ENDED)
		on_ended(x, &p->ended);
	else if (op == WIRE_LOST)
		tell_lost(x, &p->error.err);
	/* descriptors are taken by now; a callback may have freed us */
}

/* ---- the process ---- */

/* The broker needs nothing of our environment but where state is kept. */
static void pick_env(char *env[4])
{
	static const char *const names[] = { "COOP_STATE", "XDG_RUNTIME_DIR" };
	int n = 0;

	for (int i = 0; i < 2; i++) {
		const char *value = getenv(names[i]);

		if (value)
			env[n++] = mem_printf("%s=%s", names[i], value);
	}
	env[n] = NULL;
}

static int spawn(struct broker *b, const struct broker_options *o, int theirs,
		 struct err *err)
{
	char *argv[] = { (char *)o->program, (char *)o->share, NULL };
	char *env[4];
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t set;
	int rc;

	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	/* its standard streams are nobody's: who reads ours would otherwise
	 * wait for its end, too */
	for (int fd = 0; fd < 3; fd++)
		posix_spawn_file_actions_addopen(&files, fd, "/dev/null",
						 O_RDWR, 0);
	posix_spawn_file_actions_adddup2(&files, theirs, BROKER_FD);
	sigemptyset(&set);
	posix_spawnattr_setsigmask(&attr, &set);
	sigfillset(&set);
	posix_spawnattr_setsigdefault(&attr, &set);
	/* own session: a Ctrl-C of the terminal is ours to handle */
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK |
						POSIX_SPAWN_SETSIGDEF |
						POSIX_SPAWN_SETSID);
	pick_env(env);
	rc = posix_spawn(&b->pid, o->program, &files, &attr, argv, env);
	for (int i = 0; env[i]; i++)
		mem_free(env[i]);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	if (rc) {
		b->pid = -1;
		return err_sys(err, rc, "starting %s", o->program);
	}
	return 0;
}

int broker_start(struct broker **out, struct loop *l,
		 const struct broker_options *o, struct err *err)
{
	struct broker *b = mem_new(struct broker);
	int pair[2];
	int rc;

	b->loop = l;
	b->pid = -1;
	b->next = 1;
	b->sock = -1;
	rc = fd_socketpair(pair, err);
	if (!rc) {
		b->sock = pair[0];
		rc = spawn(b, o, pair[1], err);
		fd_close(&pair[1]);
	}
	if (!rc)
		rc = fd_set_nonblock(b->sock, true, err);
	if (!rc) {
		b->watch = loop_watch(l, b->sock, EPOLLIN, on_broker, b, err);
		rc = b->watch ? 0 : -ERR_SYSTEM;
	}
	if (rc) {
		broker_stop(b);
		return rc;
	}
	*out = b;
	return 0;
}

static void wait_end(pid_t pid)
{
	_auto_close_ int fd = pidfd_open(pid, 0);
	struct pollfd p = { fd, POLLIN, 0 };

	if (fd >= 0 && poll(&p, 1, STOP_MS) == 0)
		kill(pid, SIGKILL);
	/* ECHILD: the program reaps everybody's children */
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

void broker_stop(struct broker *b)
{
	if (!b)
		return;
	loop_unwatch(b->watch);
	while (b->boxes)
		broker_box_end(b->boxes);
	fd_close(&b->sock);
	if (b->pid > 0)
		wait_end(b->pid);
	mem_free(b);
}

/* ---- boxes ---- */

int broker_box_make(struct broker_box **out, struct broker *b,
		    const struct broker_wish *wish, struct err *err)
{
	struct wire_make make = {
		.tier = wish->tier,
		.no_network = wish->no_network,
		.limits = *wish->limits,
	};
	const char *profile = wish->profile;
	struct wire_out packet = { .op = WIRE_MAKE, .body = &make };
	struct broker_box *x;
	int rc;

	if (strlen(profile) >= sizeof(make.profile)) {
		err_set(err, ERR_UNKNOWN, "the profile's name is too long");
		return err_field(err, "profile");
	}
	memcpy(make.profile, profile, strlen(profile));
	packet.seq = b->next++;
	rc = send_broker(b, &packet, err);
	if (rc)
		return rc;
	x = mem_new(struct broker_box);
	x->broker = b;
	x->number = packet.seq;
	x->events = *wish->events;
	x->control = x->listener = -1;
	x->last = &x->first;
	x->next = b->boxes;
	b->boxes = x;
	*out = x;
	return 0;
}

int broker_box_start(struct broker_box *x, const struct broker_program *p,
		     struct err *err)
{
	struct wire_start start = { .time_ms = p->time_ms };
	int fds[4] = { p->stdio[0], p->stdio[1], p->stdio[2], -1 };
	struct wire_out out = {
		.op = WIRE_START,
		.seq = x->number,
		.body = &start,
		.fds = fds,
		.nfds = 4,
	};
	int rc;

	if (x->lost || !x->made)
		return err_set(err, ERR_CONFLICT, "the box is not ready");
	fds[3] = command_pack(p->argv, p->env, err);
	if (fds[3] < 0)
		return fds[3];
	rc = send_broker(x->broker, &out, err);
	fd_close(&fds[3]);
	return rc;
}

int broker_box_kill(struct broker_box *x, enum reason why, struct err *err)
{
	struct wire_kill kill = { .why = (uint32_t)why };
	struct wire_out out = {
		.op = WIRE_KILL,
		.seq = x->number,
		.body = &kill,
	};

	return send_broker(x->broker, &out, err);
}

void broker_box_end(struct broker_box *x)
{
	struct broker_box **at;

	if (!x)
		return;
	struct wire_out out = { .op = WIRE_END, .seq = x->number };
	if (!x->broker->dead)
		send_broker(x->broker, &out, NULL);
	at = &x->broker->boxes;
	while (*at && *at != x)
		at = &(*at)->next;
	if (*at)
		*at = x->next;
	client_files_end(x);
	client_denied_end(x);
	mem_free(x);
}
